"""The identities as a script checks them."""

import json
import subprocess
import unittest

from session import BINARY, environment


def theory(*arguments):
    return subprocess.run(
        [BINARY, "theory", *arguments],
        env=environment({"TERM": None}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )


class Theory(unittest.TestCase):
    def test_json_has_the_keys_that_scripts_rely_on(self):
        result = theory("--json", "--scheduler", "cosine", "--seed", "7")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        report = json.loads(result.stdout)
        numbers = {check["number"] for check in report["checks"]}
        self.assertEqual(numbers, set(range(1, 16)) | set(range(30, 36)) | set(range(37, 49)))
        for check in report["checks"]:
            self.assertEqual(
                list(check), ["bound", "control", "name", "number", "passes", "residual"])
            self.assertIs(check["passes"], True)
            self.assertEqual(check["residual"] > check["bound"], check["control"])
        self.assertEqual(theory("--json", "--scheduler", "cosine", "--seed", "7").stdout, result.stdout)

    def test_the_table_names_every_check_with_its_verdict(self):
        result = theory()
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        rows = [line for line in result.stdout.splitlines() if line.startswith(" ")]
        self.assertGreater(len(rows), 20)
        self.assertTrue(all("  pass  " in row for row in rows))
        self.assertTrue(result.stdout.endswith(f"{len(rows)} of {len(rows)} pass\n"))

    def test_data_without_an_exact_field_are_refused_with_those_that_have_one(self):
        result = theory("--dataset", "pinwheel")
        self.assertEqual((result.returncode, result.stdout), (64, ""))
        self.assertIn("use one of: 8gaussians,", result.stderr)
        self.assertEqual(theory("--scheduler", "cosin").returncode, 64)
