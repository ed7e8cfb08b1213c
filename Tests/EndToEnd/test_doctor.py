"""The doctor on networks that PyTorch trained with one slip each on purpose: Benchmarks/doctor_networks.py."""

import glob
import json
import os
import shlex
import struct

from headless import Headless

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "doctor")
SAYS = {
    "sound": ["as-is"],
    "reversed": ["time-reversed"],
    "flipped": ["sign-flipped"],
    "swapped": ["time-reversed", "sign-flipped"],
    "ignored": ["time-ignored"],
    "scaled1000": ["time-scaled"],
    "scaled999": ["time-scaled"],
    "target": ["predicts-target"],
    "source": ["predicts-source"],
    "score": ["predicts-score"],
    "unscaled": ["data-unscaled"],
    "polynomial2": ["schedule-polynomial-2"],
    "polynomial3": ["schedule-polynomial-3"],
    "cosine": ["schedule-cosine"],
    "linearvp": ["schedule-linear-vp"],
    "vp": ["schedule-vp"],
    "shifted": ["shifted-twice"],
    "first": ["inputs-time-first"],
    "first-swapped": ["inputs-time-first", "time-reversed", "sign-flipped"],
    "first-reversed": ["inputs-time-first", "time-reversed"],
    "source-reversed": ["time-reversed", "predicts-source"],
    "target-reversed": ["time-reversed", "predicts-target"],
    "untrained": [],
    "unpaired": [],
}


def parts(path):
    data, rest = os.path.basename(path).removesuffix(".safetensors").split("-", 1)
    return data, rest.rsplit("-", 1)[0]


def network(slip, data="8gaussians"):
    (path,) = glob.glob(os.path.join(FOLDER, f"{data}-{slip}-[0-9].safetensors"))
    return path


def target(data):
    if data == "cloud":
        return ["--data", os.path.join(FOLDER, "cloud.csv")]
    return ["--dataset", data]


class Doctor(Headless):
    def report(self, path, *options):
        result = self.run_program("doctor", path, *options, "--json", "--quiet")
        self.assertIn(result.returncode, (0, 1), result.stderr)
        report = json.loads(result.stdout)
        self.assertEqual(result.returncode, 0 if report["outcome"] == "sound" else 1)
        return report

    def test_slips_of_trained_networks_are_named_and_their_commands_mend_them(self):
        # All of them are looked at by Benchmarks/doctor; here one of each slip, the data sets in turn.
        paths = {data: [] for data in ("8gaussians", "moons", "cloud")}
        for index, slip in enumerate(SAYS):
            data = list(paths)[index % 3]
            paths[data].append((slip, network(slip, data)))
        wrong, unsure = [], []
        for data, entries in paths.items():
            for slip, path in entries:
                report = self.report(path, *target(data))
                name = os.path.basename(path)
                names = [entry["names"] for entry in report["hypotheses"]]
                self.assertIn(["as-is"], names)
                self.assertEqual(len(names), len({tuple(name) for name in names}))
                if report["best"] != SAYS[slip]:
                    (wrong if report["best"] else unsure).append((name, report["verdict"]))
                elif slip == "untrained":
                    self.assertEqual(report["outcome"], "not-trained")
                elif slip == "unpaired":
                    self.assertEqual(report["outcome"], "undecided")
                elif slip == "shifted":
                    self.assertNotIn("command", report)
                elif slip in ("swapped", "target", "unscaled", "vp", "scaled1000", "first"):
                    # What it says to type reads the file so that nothing is wrong with it any more.
                    words = shlex.split(report["command"])
                    self.assertEqual(words[:4], ["flowscope", "watch", "--checkpoint", path])
                    again = self.report(path, *words[4:])
                    self.assertEqual(again["best"], ["as-is"], (name, again["verdict"]))
                    self.assertAlmostEqual(again["residual"], report["residual"], delta=0.2 * report["residual"])  # fmt: skip
        self.assertEqual(wrong, [])
        # Plain layers seldom learn from t × 1000, and what has not learned is not named.
        self.assertLessEqual(len(unsure), 2, unsure)
        self.assertTrue(all("scaled" in name for name, _ in unsure), unsure)

    def test_the_command_of_swapped_ends_samples_the_data(self):
        path = network("swapped")
        given = target(parts(path)[0])
        report = self.report(path, *given)
        self.succeeds("sample", path, *report["options"], "--count", "500", "--out", "right.csv")
        measured = json.loads(
            self.succeeds("evaluate", path, *report["options"], *given, "--json", "--count", "500"))
        self.assertLess(measured["w2"], 3 * measured["w2_noise_floor"])

    def test_a_table_goes_into_a_pipe_without_a_colour_and_its_command_in_one_piece(self):
        path = network("flipped")
        result = self.run_program("doctor", path, *target(parts(path)[0]))
        self.assertEqual(result.returncode, 1, result.stderr)
        self.assertNotIn("\x1b", result.stdout)
        self.assertIn("no motion, v = 0", result.stdout)
        self.assertIn("flowscope watch --checkpoint", result.stdout)
        # All but the command, which is to be copied in one piece.
        self.assertLessEqual(max(map(len, result.stdout.splitlines()[:-1])), 118)

    def test_networks_that_are_told_more_are_examined_by_what_they_share(self):
        classes = ("--labels", "classes", "--label-dropout", "0.5")
        for more, word in (
            (classes, "told classes"),
            (("--objective", "mean-flow"), "flow map"),
            ((*classes, "--objective", "shortcut"), "told classes"),
        ):
            self.succeeds("train", "--dataset", "two-classes", "--steps", "4000", "--widths",
                          "64,64", "--learning-rate", "3e-3", "--activation", "silu", *more, "--out",
                          "told.safetensors", "--force", "-q")  # fmt: skip
            told = json.loads(self.succeeds("doctor", "told.safetensors", "--json", "-q"))
            self.assertEqual(told["best"], ["as-is"], (more, told["verdict"]))
            self.assertTrue(any(word in found for found in told["file_findings"]), told)

    def test_what_cannot_be_read_or_compared_ends_with_its_code(self):
        self.write("bad.safetensors", b"nothing of the kind")
        self.fails(65, "bad.safetensors", "doctor", "bad.safetensors", "--dataset", "moons")
        self.fails(66, "cannot read", "doctor", "none.safetensors", "--dataset", "moons")
        path = network("sound")
        self.fails(64, "add --dataset NAME or --data FILE", "doctor", path)
        self.fails(64, "give one of them", "doctor", path, "--dataset", "moons", "--data", "x.csv")
        self.fails(64, "--time-scale is a number", "doctor", path, "--dataset", "moons",
                   "--time-scale", "much")  # fmt: skip
        self.fails(64, "--data-scale is a mean", "doctor", path, "--dataset", "moons",
                   "--data-scale=1,-2")  # fmt: skip

    def test_metadata_say_what_the_options_say(self):
        path = network("swapped")
        with open(path, "rb") as file:
            data = file.read()
        (length,) = struct.unpack("<Q", data[:8])
        header = json.loads(data[8 : 8 + length])
        activation = self.report(path, *target(parts(path)[0]))["activation"]
        header["__metadata__"] = {
            "activation": activation, "reversed_time": "true", "flipped_sign": "true"}  # fmt: skip
        text = json.dumps(header).encode()
        self.write("told.safetensors", struct.pack("<Q", len(text)) + text + data[8 + length :])
        self.assertEqual(
            self.report("told.safetensors", *target(parts(path)[0]))["outcome"], "sound"
        )
        common = ("--count", "3", "--seed", "4", "--quiet")
        told = self.succeeds("sample", "told.safetensors", *common)
        typed = self.succeeds("sample", path, "--activation", activation, "--reversed-time",
                              "--flipped-sign", *common)  # fmt: skip
        self.assertEqual(told, typed)


if __name__ == "__main__":
    import unittest

    unittest.main()
