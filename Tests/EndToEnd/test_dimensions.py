"""Points of more than two coordinates: trained, resumed, drawn, measured, and what people do wrong."""

import csv
import io
import json
import random
import unittest

from headless import Prepared
from test_labels import npy

SMALL = ("--widths", "16,16", "--batch", "64", "--quiet")
NAMES = ["weight", "height, cm", "age", "pulse", "iron"]
SCALES = [1, 2, 1e-3, 1e3, 3]
MEANS = [0, 5, 1000, 1e6, 0]


class Dimensions(Prepared):
    @classmethod
    def prepare(cls):
        drawn = random.Random(1)
        cls.rows = [[drawn.gauss(m, s) for m, s in zip(MEANS, SCALES)] for _ in range(300)]
        with open("five.csv", "w", newline="") as file:
            table = csv.writer(file)
            table.writerow(NAMES + ["kind"])
            table.writerows(row + ["cat" if k % 2 else "dog"] for k, row in enumerate(cls.rows))
        with open("five.npy", "wb") as file:
            file.write(npy(sum(cls.rows, []), "<f8", (300, 5), "d"))
        cls.own = ("--data", "five.csv", "--labels", "kind", "--columns", "all", "--standardise")
        for name, arguments in {
            "own": (*cls.own, "--steps", "60"),
            "array": ("--data", "five.npy", "--columns", "1,2,5", "--steps", "20"),
            "box": ("--dataset", "gaussians-16d", "--steps", "60"),
            "plane": ("--dataset", "moons", "--steps", "20"),
        }.items():
            cls.trained(*arguments, *SMALL, "--out", f"{name}.safetensors")

    def refused(self, code, words, *arguments, **options):
        super().refused(words, *arguments, code=code, **options)

    def test_resume(self):
        """Sixty steps are thirty, a file, and thirty, byte for byte."""
        out = ("--out", "half.safetensors")
        self.told("train", *self.own, *SMALL, "--steps", "30", *out)
        self.told("train", "--resume", "half.safetensors", "--steps", "60", "--quiet")
        with open("half.safetensors", "rb") as half, open("own.safetensors", "rb") as whole:
            self.assertEqual(half.read(), whole.read())

    def test_reflow(self):
        """A flow's own pairs have its coordinates, names and units."""
        self.told("train", "--reflow", "own.safetensors", *SMALL, "--steps", "3", "--out",
                  "straight.safetensors")
        rows = list(csv.reader(io.StringIO(
            self.told("sample", "straight.safetensors", "-n", "3", "--quiet"))))
        self.assertEqual((rows[0], len(rows)), (NAMES, 4))

    def test_samples(self):
        """They have the file's columns, names and units, and go there and back."""
        text = self.told("sample", "own.safetensors", "-n", "400", "--label", "cat", "--quiet")
        rows = list(csv.reader(io.StringIO(text)))
        self.assertEqual(rows[0], NAMES)
        for name, column, mean, scale in zip(NAMES, zip(*rows[1:]), MEANS, SCALES):
            values = [float(value) for value in column]
            self.assertLess(abs(sum(values) / 400 - mean), scale, name)
        self.told("sample", "own.safetensors", "--from", "five.npy", "--reverse", "--tolerance", "1e-6",
                  "--solver", "dopri5", "--out", "noise.csv", "--quiet")
        with open("noise.csv") as file:
            self.assertEqual(next(csv.reader(file)), NAMES)
        self.told("sample", "own.safetensors", "--from", "noise.csv", "--tolerance", "1e-6", "--solver",
                  "dopri5", "--out", "back.csv", "--quiet")
        with open("back.csv") as file:
            back = [[float(value) for value in row] for row in list(csv.reader(file))[1:]]
        worst = max(abs(a - b) / s for row, other in zip(back, self.rows)
                    for a, b, s in zip(row, other, SCALES))
        self.assertLess(worst, 1e-3)
        names = self.told("sample", "array.safetensors", "-n", "1", "--quiet").splitlines()[0]
        self.assertEqual(names, "x1,x2,x3")

    def test_measures(self):
        """Every distance has its floor; log p is exact up to sixteen coordinates, or estimated."""
        found = json.loads(self.told("evaluate", "box.safetensors", "-n", "100", "--json", "--quiet",
                                     "--likelihood-solver", "rk4", "--likelihood-steps", "8"))
        for key in ("w2", "sliced_w2", "energy_distance"):
            self.assertGreater(found[key], 0)
            self.assertGreater(found[key + "_noise_floor"], 0)
            self.assertGreater(found[key + "_noise_deviation"], 0)
        self.assertEqual(found["entropy_floor"], 13.68816)
        self.assertGreater(found["kl"], 0)
        estimated = json.loads(self.told(
            "evaluate", "box.safetensors", "-n", "100", "--json", "--quiet", "--divergence",
            "hutchinson", "--likelihood-solver", "rk4", "--likelihood-steps", "8"))
        self.assertNotEqual(found["nll"], estimated["nll"])
        self.assertLess(abs(found["kl"] - estimated["kl"]),
                        4 * (found["kl_standard_error"] + estimated["kl_standard_error"]))
        known = json.loads(self.told("likelihood", "own.safetensors", "--data", "five.npy", "--json",
                                     "--solver", "rk4", "--steps", "8", "--quiet"))
        self.assertEqual(known["points"], 300)
        lanes = json.loads(self.told("compare", "box.safetensors", "--nfe", "8", "--solvers", "rk4",
                                     "--json", "--quiet"))["lanes"]
        self.assertGreater(lanes[0]["w2"], 0)
        shown = json.loads(self.told("inspect", "own.safetensors", "--json"))
        self.assertEqual(shown["experiment"]["dimension"], 5)
        self.assertEqual(json.loads(shown["metadata"]["columns"]), NAMES)

    def test_exact_field(self):
        """A number for every coordinate, in the units of the file."""
        origin = ",".join(["0"] * 16) + "\n"
        found = json.loads(self.told("field", "--dataset", "gaussians-16d", "--at", "-", "--t", "0.5",
                                     "--json", input=origin))
        self.assertEqual(found["columns"], [f"dx{k}" for k in range(1, 17)])
        # The box is its own mirror image.
        self.assertLess(max(abs(value) for value in found["values"][0]), 1e-12)

    def test_mistakes_with_files(self):
        """Each is one line that says what to do."""
        train = ("train", *SMALL, "--steps", "2", "--columns")
        five = "".join(f"{k},{k * k},{k % 7},{k % 2},{-k}\n" for k in range(20))
        self.refused(65, ["line 3", "4 columns where the first line has 5"], *train, "all", "--data",
                     self.table("ragged.csv", "1,2,3,4,5\n1,2,3,4,6\n1,2,3,4\n"))
        self.refused(65, ["65 columns", "at most 64"], *train, "all", "--data",
                     self.table("wide.csv", ",".join("1" * 65) + "\n"))
        with open("wide.npy", "wb") as file:
            file.write(npy([0.5] * 130, "<f8", (2, 65), "d"))
        self.refused(65, ["(2, 65)", "at most 64"], *train, "all", "--data", "wide.npy")
        self.refused(65, ["kind", "holds the labels"], *train, "age,pulse,kind", "--data", "five.csv",
                     "--labels", "kind")
        self.refused(65, ["line 2, column 6", "no number"], *train, "all", "--data", "five.csv")
        self.refused(65, ["5 columns beside the labels", "--columns all"], *train[:-1], "--data",
                     "five.csv", "--labels", "kind")
        self.refused(65, ["6 columns", "--columns all"], *train[:-1], "--data", "five.csv")
        self.refused(65, ["(300, 5)", "--columns all"], *train[:-1], "--data", "five.npy")
        self.refused(65, ["the name “a” occurs twice"], *train, "all", "--data",
                     self.table("twice.csv", "a,b,a,c,d\n" + five))
        self.refused(65, ["line 21, column 3", "not a finite number"], *train, "all", "--data",
                     self.table("nan.csv", five + "1,2,nan,4,5\n"))
        self.refused(65, ["line 21, column 4", "a number is missing"], *train, "all", "--data",
                     self.table("gap.csv", five + "1,2,3,,5\n"))
        self.refused(65, ["no column “salt”", "weight"], *train, "age,pulse,salt", "--data", "five.csv")
        self.refused(65, ["no column “6”", "1 to 5"], *train, "1,2,6", "--data", "five.npy")
        self.refused(64, ["names one column twice"], *train, "age,pulse,age", "--data", "five.csv")
        self.refused(65, ["the same for all", "standardised"], *train, "all", "--standardise", "--data",
                     self.table("flat.csv", "1,2,3\n2,2,5\n3,2,1\n"))
        self.refused(65, ["(300, 5)", "(n, 16)"], *train[:-1], "--dataset", "gaussians-16d", "--source",
                     "five.npy")

    def test_mistakes_with_dimensions(self):
        """What does not have the flow's coordinates, and what is of the plane."""
        three = self.table("three.csv", "1,2,3\n4,5,6\n")
        wide = self.table("sixteen.csv", (",".join(["0.5"] * 16) + "\n") * 3)
        self.refused(65, ["3 columns", "16 coordinates"], "likelihood", "box.safetensors", "--data",
                     three)
        self.refused(65, ["(300, 5)", "(n, 16)"], "sample", "box.safetensors", "--from", "five.npy")
        self.refused(65, ["16 columns"], "evaluate", "plane.safetensors", "--data", wide)
        self.refused(64, ["--columns needs 16 names or numbers"], "evaluate", "box.safetensors",
                     "--data", wide, "--columns", "1,2")
        self.refused(65, ["6 columns", "choose 5"], "likelihood", "own.safetensors", "--data",
                     "five.csv")
        self.refused(64, ["2 coordinates, the flow 16"], "evaluate", "box.safetensors", "--dataset",
                     "moons")
        self.refused(64, ["2 coordinates, the flow 16"], "compare", "box.safetensors", "--dataset",
                     "moons")
        self.refused(64, ["16 coordinates, the flow 2"], "doctor", "plane.safetensors", "--dataset",
                     "gaussians-16d")
        self.refused(65, ["3 columns", "16 coordinates"], "doctor", "box.safetensors", "--data", three)
        self.refused(64, ["--integral", "plane"], "likelihood", "box.safetensors", "--data", wide,
                     "--integral")
        self.refused(64, ["moons", "use gaussian"], "train", "--dataset", "gaussians-16d", "--source",
                     "moons", *SMALL)
        self.refused(64, ["rotation", "turns the plane"], "train", "--dataset", "gaussians-16d",
                     "--coupling", "rotation:90", *SMALL)
        self.refused(64, ["omit --data"], "train", "--resume", "box.safetensors", "--data", "five.csv",
                     *SMALL)


if __name__ == "__main__":
    unittest.main()
