"""The benchmark as a script uses it: no terminal of its own, figures as JSON."""

import json
import subprocess
import unittest

from session import BINARY, environment


def bench(*arguments):
    return subprocess.run(
        [BINARY, "bench", *arguments],
        env=environment({"TERM": None}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


class Figures(unittest.TestCase):
    def test_json_has_the_keys_that_scripts_rely_on(self):
        result = bench("--quick", "--json", "--only", "assignment-256")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        report = json.loads(result.stdout)
        self.assertGreater(report["peak_gflops"], 0)
        self.assertIn(report["instruction_set"], ("baseline", "avx2", "avx512", "neon"))
        (figure,) = report["figures"]
        self.assertEqual((figure["name"], figure["unit"]), ("assignment-256", "ms"))
        self.assertLessEqual(figure["low"], figure["value"])
        self.assertLessEqual(figure["value"], figure["high"])
        # As if every pair were looked at once.
        self.assertGreater(figure["share_of_peak"], 0)
        self.assertLess(figure["share_of_peak"], 0.1)
        self.assertIsNone(figure["share_of_memory"])
        self.assertGreater(report["cache_gigabytes"], 0)
        self.assertGreater(report["memory_gigabytes"], 0)

    def test_an_unchanged_frame_sends_nothing(self):
        result = bench("--quick", "--repeats", "1", "--json", "--only", "frame")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        figures = {figure["name"]: figure for figure in json.loads(result.stdout)["figures"]}
        self.assertGreater(figures["frame-bytes"]["value"], 0)
        self.assertEqual(figures["frame-unchanged"]["high"], 0)

    def test_the_viewer_answers_the_keys_that_are_timed(self):
        result = bench("--quick", "--json", "--only", "key-latency")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        names = [figure["name"] for figure in json.loads(result.stdout)["figures"]]
        self.assertEqual(names, ["key-latency", "key-latency-median"])

    def test_an_unknown_figure_is_a_usage_error_that_names_the_nearest(self):
        result = bench("--only", "fraem")
        self.assertEqual((result.returncode, result.stdout), (64, ""))
        self.assertIn("did you mean frame?", result.stderr)
