"""Posteriors from simulations: train, sample given an observation, measure, resume, and what is refused."""

import json
import random
import unittest

from headless import Prepared, flowscope


def mean(values):
    values = list(values)
    return sum(values) / len(values)


class Posterior(Prepared):
    @classmethod
    def prepare(cls):
        drawn = random.Random(1)
        # rate ~ N(1000, 1e-3²), seen with noise as large in two columns of scale 1e6 and 1.
        with open("sims.csv", "w") as file:
            file.write("seen,rate,offset,other\n")
            for _ in range(400):
                rate, offset = drawn.gauss(1000, 1e-3), drawn.gauss(-5, 2)
                seen = 1e9 * (rate - 1000 + drawn.gauss(0, 1e-3))
                file.write(f"{seen},{rate},{offset},{offset + drawn.gauss(0, 0.1)}\n")
        small = ("--widths", "32,32", "--quiet")
        for arguments in [
            ("--dataset", "two-moons-posterior", "--simulations", "500", "--steps", "40",
             "--out", "moons.safetensors"),
            ("--data", "sims.csv", "--observations", "seen,other", "--steps", "1500",
             "--learning-rate", "3e-3", "--out", "own.safetensors"),
            ("--dataset", "moons", "--steps", "5", "--out", "plain.safetensors"),
        ]:
            cls.trained(*arguments, *small)

    def rows(self, *arguments):
        result = flowscope(*arguments)
        self.assertEqual(result.returncode, 0, result.stderr)
        return [[float(x) for x in line.split(",")] for line in result.stdout.splitlines()[1:]]

    def test_given(self):
        """What is observed moves the parameters, in the file's own units, however they are scaled."""
        for seen, rate in [("1e6", 1000.0005), ("-1e6", 999.9995)]:
            rows = self.rows(
                "sample", "own.safetensors", "-n", "500", "--given", f"{seen},-5", "-q")
            self.assertAlmostEqual(mean(row[0] for row in rows), rate, delta=2e-4)
            self.assertAlmostEqual(mean(row[1] for row in rows), -5, delta=0.3)

    def test_observations_that_none_of_the_simulations_are_like(self):
        for given, words in [("0,0", []), ("100,0", ["x1 = 100.0", "never learned"])]:
            result = flowscope("sample", "moons.safetensors", "-n", "5", "-q", "--given", given, "--out", "-")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertEqual(bool(result.stderr), bool(words), result.stderr)
            for word in words:
                self.assertIn(word, result.stderr)

    def test_likelihood(self):
        """log p is that of the posterior in the file's units: a narrow one of 1e-3 has a large density."""
        with open("at.csv", "w") as file:
            file.write("rate,offset\n1000.0005,-5\n")
        told = json.loads(flowscope(
            "likelihood", "own.safetensors", "--data", "at.csv", "--given", "1e6,-5",
            "--json", "-q").stdout)
        # N(1000.0005, (1e-3/√2)²) × N(≈ -5, 0.1²): log density 7.25 - 0.92 + 2.30 - 0.92 at its middle.
        self.assertAlmostEqual(told["mean_log_p"], 7.72, delta=0.7)

    def test_evaluate(self):
        with open("at.csv", "w") as file:
            file.write("rate,offset\n1000.0005,-5\n")
        report = json.loads(flowscope(
            "evaluate", "own.safetensors", "--data", "sims.csv", "--columns", "rate,offset",
            "--json", "-q", "-n", "100", "--steps", "10").stdout)
        self.assertEqual(report["pairs"], 100)
        # The very rows that it learned; and no exact posterior is known.
        self.assertEqual((report["are_held_out"], report["learned_pairs"]), (False, 100))
        self.assertEqual((report["c2st"], report["exact_mean_log_p"]), (None, None))
        self.assertEqual(report["calibration_pairs"], 100)
        self.assertEqual(len(report["coverage"]), 6)
        own = json.loads(flowscope(
            "evaluate", "own.safetensors", "--json", "-q", "-n", "2000", "--steps", "4").stdout)
        self.assertEqual((own["pairs"], own["learned_pairs"]), (400, 400))
        moons = json.loads(flowscope(
            "evaluate", "moons.safetensors", "--json", "-q", "-n", "60", "--steps", "4").stdout)
        self.assertTrue(moons["are_held_out"])
        # An untrained network is told from the exact posterior at once.
        self.assertGreater(moons["c2st"], 0.9)
        self.assertGreater(moons["log_p_gap"], 1)
        self.assertAlmostEqual(moons["exact_mean_log_p"], 3.79, delta=0.5)
        self.refused(["needs --data"], "evaluate", "moons.safetensors", "--observations", "x1")
        self.refused(["name those of this file"], "evaluate", "own.safetensors", "--data", "at.csv",
                     code=65)
        given = json.loads(flowscope(
            "evaluate", "moons.safetensors", "--given", "-0.4,0.3", "-n", "60", "--json", "-q",
            "--steps", "4").stdout)
        self.assertGreater(given["w2"], 0)
        self.refused(["not known"], "evaluate", "own.safetensors", "--given", "0,0", "-q")

    def test_names(self):
        """Parameters have the names of their file, by which others are found too."""
        result = flowscope("sample", "own.safetensors", "-n", "1", "--given", "0,-5", "-q")
        self.assertEqual(result.stdout.splitlines()[0], "rate,offset")
        report = json.loads(flowscope(
            "evaluate", "own.safetensors", "--data", "sims.csv", "--json", "-q", "-n", "40",
            "--steps", "4").stdout)
        self.assertEqual(set(report["rank_histogram"]), {"rate", "offset"})
        told = json.loads(flowscope(
            "train", "--dataset", "two-moons-posterior", "--widths", "8", "--steps", "2", "--json",
            "-q").stdout)
        self.assertEqual(told["w2_given"], [0, 0])

    def test_resume(self):
        """A run that stopped and went on has the bytes of one that did not."""
        for data in [("--dataset", "two-moons-posterior", "--simulations", "300"),
                     ("--data", "sims.csv", "--observations", "1,other")]:
            common = ("train", *data, "--widths", "16", "--quiet", "--force")
            flowscope(*common, "--steps", "20", "--out", "whole.safetensors")
            flowscope(*common, "--steps", "10", "--out", "half.safetensors")
            result = flowscope(
                "train", "--resume", "half.safetensors", "--steps", "20", "--out",
                "half.safetensors", "--quiet")
            self.assertEqual(result.returncode, 0, result.stderr)
            with open("whole.safetensors", "rb") as one, open("half.safetensors", "rb") as other:
                self.assertEqual(one.read(), other.read())

    def test_inspect(self):
        report = json.loads(flowscope("inspect", "own.safetensors", "--json").stdout)
        names = [column["name"] for column in report["experiment"]["observations"]]
        self.assertEqual(names, ["seen", "other"])
        shapes = {tensor["name"]: tensor["shape"] for tensor in report["tensors"]}
        self.assertEqual(shapes["data.observations"], [400, 2])
        self.assertEqual(shapes["net.0.weight"], [32, 5])

    def test_one_parameter_of_an_array(self):
        """One parameter, one observed column."""
        result = flowscope(
            "train", "--data", "sims.csv", "--columns", "rate", "--observations", "seen",
            "--widths", "16", "--steps", "5", "--quiet", "--out", "one.safetensors", "--force")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(
            len(self.rows("sample", "one.safetensors", "-n", "7", "--given", "3", "-q")), 7)

    def test_refused(self):
        train = ("train", "--data", "sims.csv", "--steps", "2", "--quiet", "--observations")
        self.refused(["no column “nothing”", "seen, rate"], *train, "nothing", code=65)
        self.refused(["--observations too"], *train, "seen", "--columns", "seen,rate", code=65)
        self.refused(["twice"], *train, "seen,seen", code=65)
        self.refused(["no column left"], *train, "1,2,3,4", code=65)
        self.refused(["--space"], *train, "seen", "--space", "sphere")
        self.refused(["independent"], *train, "seen", "--coupling", "ot")
        self.refused(["simulations of its own"], *train, "seen", "--simulations", "9")
        self.refused(["--data FILE"], "train", "--observations", "x", "--steps", "2", "-q")
        self.refused(["simulations are of a posterior"], "train", "--simulations", "9", "--steps", "2", "-q")
        sample = ("sample", "moons.safetensors", "-n", "2", "-q")
        self.refused(["--given x1,x2"], *sample)
        self.refused(["2 numbers", "“1”"], *sample, "--given", "1")
        self.refused(["2 numbers"], *sample, "--given", "1,nan")
        self.refused(["units"], *sample, "--given", "1e30,0")
        self.refused(["no classes"], *sample, "--given", "0,0", "--label", "1")
        self.refused(["no posterior"], "sample", "plain.safetensors", "-n", "2", "--given", "0,0", "-q")
        for command in ("compare", "time-grid"):
            result = flowscope(command, "moons.safetensors", "--quiet")
            self.assertIn("learned a posterior", result.stderr)
            self.assertIn(result.returncode, (64, 65))
        self.refused(["posterior"], "train", "--reflow", "moons.safetensors", "--steps", "2", "-q")
        with open("flat.csv", "w") as file:
            file.write("a,b,c\n" + "".join(f"{k},{k * k},7\n" for k in range(20)))
        flat = ("train", "--data", "flat.csv", "--steps", "2", "--quiet")
        self.refused(["same for all its rows"], *flat, "--observations", "c", code=65)
        self.refused(["parameter is the same"], *flat, "--observations", "a", "--columns", "c", code=65)


if __name__ == "__main__":
    unittest.main()
