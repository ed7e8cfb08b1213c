"""Action matching, and populations that were seen at several times: --time, evaluate, sample --until, resume."""

import json
import random
import unittest

from headless import Prepared, flowscope


def mean(values):
    values = list(values)
    return sum(values) / len(values)


class Snapshots(Prepared):
    @classmethod
    def prepare(cls):
        drawn = random.Random(3)
        # Cells of mean 1000 and spread 1e-3 beside a column of scale 1e6, seen on the days 2, 3 and 5.
        with open("cells.csv", "w") as file:
            file.write("day,height,weight\n")
            for day, height in [(2, 1000), (5, 1000.004), (3, 1000.002)]:
                for _ in range(200):
                    file.write(
                        f"{day},{drawn.gauss(height, 1e-3)},{drawn.gauss(1e6 * day, 1e5)}\n")
        small = ("--widths", "32,32", "--learning-rate", "5e-3", "--quiet")
        for arguments in [
            ("--data", "cells.csv", "--time", "day", "--standardise", "--coupling", "ot", "--steps",
             "800", "--out", "ot.safetensors"),
            ("--data", "cells.csv", "--time", "1", "--standardise", "--objective", "action",
             "--coupling", "ot", "--steps", "800", "--out", "action.safetensors"),
            ("--data", "cells.csv", "--time", "day", "--standardise", "--objective", "action",
             "--coupling", "ot", "--action-noise", "0.5", "--steps", "800", "--out",
             "noisy.safetensors"),
            ("--objective", "action", "--steps", "40", "--out", "plain.safetensors"),
        ]:
            cls.trained(*arguments, *small)

    def rows(self, *arguments):
        return [[float(x) for x in line.split(",")] for line in self.told(*arguments).splitlines()[1:]]

    def test_every_time(self):
        """Points are carried from the first day to each of the others, in the file's units."""
        for name in ["ot", "action", "noisy"]:
            report = json.loads(self.told("evaluate", f"{name}.safetensors", "--json", "-q"))
            self.assertEqual([at["time"] for at in report["snapshots"]], [3, 5])
            self.assertEqual(report["action_noise"], 0.5 if name == "noisy" else 0)
            for at in report["snapshots"]:
                self.assertLess(at["energy_distance"], 0.4 * at["energy_distance_standing_still"])
            for until, weight in [("3", 3e6), ("5", 5e6)]:
                rows = self.rows(
                    "sample", f"{name}.safetensors", "-n", "400", "-q", "--until", until)
                self.assertAlmostEqual(mean(row[1] for row in rows), weight, delta=2e5)
                self.assertAlmostEqual(
                    mean(row[0] for row in rows), 1000 + (int(until) - 2) ** 0.585 * 0.002,
                    delta=6e-4)

    def test_resume(self):
        common = ("--data", "cells.csv", "--time", "day", "--standardise", "--objective", "action",
                  "--action-noise", "1", "--widths", "16", "--quiet")
        self.trained(*common, "--steps", "8", "--out", "whole.safetensors")
        self.trained(*common, "--steps", "5", "--out", "half.safetensors")
        self.trained("--resume", "half.safetensors", "--steps", "8", "--quiet", "--out", "rest.safetensors")
        with open("whole.safetensors", "rb") as one, open("rest.safetensors", "rb") as other:
            self.assertEqual(one.read(), other.read())

    def test_potential(self):
        """From a Gaussian the potential is flow matching's own field, with its density."""
        report = json.loads(self.told("evaluate", "plain.safetensors", "--json", "-q", "-n", "200"))
        self.assertAlmostEqual(report["floor"], -1.1117, delta=1e-3)
        self.assertIsNotNone(report["nll"])
        self.assertIn("potential", self.told("inspect", "plain.safetensors"))
        self.told("sample", "plain.safetensors", "-n", "5", "-q", "--until", "0.5")
        self.told("sample", "plain.safetensors", "-n", "5", "-q", "--solver", "stochastic-heun")
        self.refused(["process with noise"], "compare", "noisy.safetensors", "-q")
        self.told("compare", "plain.safetensors", "--solvers", "euler", "--nfe", "4", "-q")

    def test_excess(self):
        """What evaluate says is above the least action is what training said, in 16 dimensions too, with noise."""
        trained = json.loads(self.told(
            "train", "--dataset", "gaussians-16d", "--action-noise", "0.7", "--steps", "60", "--widths", "16",
            "--out", "wide.safetensors", "--json", "-q"))
        measured = json.loads(self.told("evaluate", "wide.safetensors", "--json", "-q", "-n", "100"))
        self.assertAlmostEqual(measured["excess_loss"] / trained["excess_loss"], 1, delta=1e-6)
        self.assertNotAlmostEqual(measured["excess_loss"] / measured["field_error"], 1, delta=0.2)

    def test_a_single_point(self):
        """Of one point nothing is told of its halves."""
        self.trained("--data", self.table("single.csv", "t,x,y\n0,1,2\n1,2,2\n"), "--time", "t", "--steps", "2",
                     "--widths", "8", "--quiet", "--out", "single.safetensors")
        (at,) = json.loads(self.told("evaluate", "single.safetensors", "--json", "-q"))["snapshots"]
        self.assertNotIn("energy_distance_noise_floor", at)
        self.assertIn("unknown", self.told("evaluate", "single.safetensors", "-q"))

    def test_refusals(self):
        data = ("train", "--data", "cells.csv", "--steps", "2", "--out", "no.safetensors", "-q")
        self.refused(["no column", "hour", "--time"], *data, "--time", "hour", code=65)
        self.refused(["--time"], "train", "--time", "day", "--steps", "2", "--out", "no.safetensors")
        self.refused(["objective"], *data, "--time", "day", "--standardise", "--objective", "mean-flow")
        self.refused(["paired", "not by sinkhorn"], *data, "--time", "day", "--standardise", "--coupling", "sinkhorn")
        self.refused(["as many points"], "train", "--data", self.table(
            "odd.csv", "t,x,y\n0,1,2\n0,2,3\n1,2,2\n"), "--time", "t", "--coupling", "pairs", "--steps", "2",
            "--out", "no.safetensors", "-q")
        self.refused(["2 to 1000 times"], "train", "--data", self.table(
            "one.csv", "t,x,y\n0,1,2\n0,2,3\n"), "--time", "t", "--steps", "2", "--out",
            "no.safetensors", "-q", code=65)
        self.refused(["activation"], "train", "--objective", "action", "--activation", "relu",
                     "--steps", "2", "--out", "no.safetensors", "-q")
        self.refused(["--until"], "sample", "ot.safetensors", "-n", "5", "-q", "--until", "2")
        self.refused(["--solver"], "sample", "noisy.safetensors", "-n", "5", "-q", "--solver", "rk4")
        self.refused(["--log-density"], "sample", "noisy.safetensors", "-n", "5", "-q", "--log-density")
        self.refused(["leave out --solver"], "evaluate", "noisy.safetensors", "--tolerance", "1e-4", "-q")
        self.refused(["--objective action"], "train", "--action-noise", "1", "--objective",
                     "flow-matching", "--steps", "2", "--out", "no.safetensors", "-q")
        self.refused(["density of the source"], "likelihood", "noisy.safetensors", "--data", "cells.csv",
                     "--columns", "height,weight", "-q")


if __name__ == "__main__":
    unittest.main()
