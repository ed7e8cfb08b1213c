"""Classes of data, guidance, and the mistakes that people make with them."""

import json
import random
import struct

from headless import Prepared, flowscope


def npy(values, descr="<i8", shape=None, code="q"):
    """The bytes of an npy array."""
    shape = shape or (len(values),)
    text = repr({"descr": descr, "fortran_order": False, "shape": tuple(shape)})
    header = (text + " " * (117 - len(text)) + "\n").encode()
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header + b"".join(
        struct.pack("<" + code, value) for value in values)


class Labels(Prepared):
    @classmethod
    def prepare(cls):
        drawn = random.Random(1)
        rows = [(drawn.gauss(1000 if k % 2 else 1002, 1e-1), drawn.gauss(5, 1e-1), k % 2)
                for k in range(200)]
        with open("table.csv", "w") as file:
            file.write("x,y,kind\n")
            file.writelines(f"{x},{y},{'cat' if kind else 'dog'}\n" for x, y, kind in rows)
        with open("points.csv", "w") as file:
            file.writelines(f"{x},{y}\n" for x, y, _ in rows)
        with open("labels.npy", "wb") as file:
            file.write(npy([3 + 4 * kind for _, _, kind in rows]))
        cls.rows = rows
        small = ("--widths", "16,16", "--steps", "20", "--quiet")
        cls.small = small
        for arguments in [
            ("--dataset", "two-classes", "--labels", "classes", "--out", "c.safetensors"),
            ("--dataset", "two-classes", "--out", "plain.safetensors"),
            ("--dataset", "sphere-vmf", "--out", "sphere.safetensors"),
            ("--dataset", "two-classes", "--scheduler", "cosine", "--labels", "classes",
             "--out", "cosine.safetensors"),
            ("--dataset", "moons", "--labels", "classes", "--out", "moons.safetensors"),
            ("--data", "table.csv", "--labels", "kind", "--standardise", "--out", "own.safetensors"),
            ("--data", "points.csv", "--labels", "labels.npy", "--standardise", "--out",
             "numbers.safetensors"),
        ]:
            cls.trained(*arguments, *small)

    def train(self, words, *arguments, code=65):
        self.refused(words, "train", *arguments, *self.small, code=code)

    def train_small(self, name, *arguments):
        result = flowscope("train", "--dataset", "two-classes", *arguments, "--out", name, *self.small)
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_mistakes_with_files(self):
        """Each is one line that says what to do, with the exit code for usage or data."""
        points = "".join(f"{k},{k * k},{k % 2}\n" for k in range(9))
        self.table("three.csv", "a,b,c\n" + points)
        self.train(["2 columns", "line 4"], "--data",
                   self.table("ragged.csv", "a,b,c\n1,2,0\n3,4,1\n5,6\n"), "--labels", "c")
        self.train(["label is missing", "line 3"], "--data",
                   self.table("gap.csv", "a,b,c\n1,2,0\n3,4,\n5,6,1\n"), "--labels", "c")
        self.train(["holds the labels", "--columns"], "--data", "three.csv", "--labels", "c",
                   "--columns", "a,c")
        self.train(["holds the labels", "--columns"], "--data", "three.csv", "--labels", "3",
                   "--columns", "a,c")
        self.train(["no column", "kinds", "a, b, c"], "--data", "three.csv", "--labels", "kinds")
        self.train(["it has 3 labels", "the points are 9"], "--data", "three.csv", "--columns", "a,b",
                   "--labels", self.table("few.csv", "0\n1\n0\n"))
        self.train(["every label is"], "--data", "three.csv", "--columns", "a,b", "--labels",
                   self.table("same.csv", "1\n" * 9))
        many = self.table("many.csv", "".join(f"{k},{k * k % 97},{k / 7}\n" for k in range(400)))
        self.train(["different labels", "256"], "--data", many, "--labels", "3")
        with open("floats.npy", "wb") as file:
            file.write(npy([0.0, 1.0], "<f8", code="d"))
        self.train(["labels are integers"], "--data", "three.csv", "--columns", "a,b",
                   "--labels", "floats.npy")
        with open("pairs.npy", "wb") as file:
            file.write(npy([0] * 18, shape=(9, 2)))
        self.train(["(n,)"], "--data", "three.csv", "--columns", "a,b", "--labels", "pairs.npy")
        self.train(["--labels classes"], "--dataset", "moons", "--labels", "kind", code=64)
        self.train(["has no classes", "moons"], "--dataset", "checkerboard", "--labels", "classes",
                   code=64)
        self.train(["rotation", "--labels none"], "--dataset", "moons", "--labels", "classes",
                   "--coupling", "rotation:90", code=64)
        self.train(["label-dropout", "0.01 and 0.99"], "--dataset", "moons", "--labels", "classes",
                   "--label-dropout", "0", code=64)
        self.train(["twice"], "--data", "-", "--labels", "c", code=64)

    def test_mistakes_with_guidance(self):
        """Classes that are not there, weights that are none, and guides of another flow."""
        sample = ("sample", "c.safetensors", "-n", "4", "--quiet")
        self.refused(["knows no classes", "--labels"], "sample", "plain.safetensors", "--label", "1")
        self.refused(["unknown class", "right, left"], *sample, "--label", "up")
        self.refused(["unknown class"], *sample, "--label", "2")
        self.refused(["needs --label", "right, left"], *sample, "--guidance", "2")
        self.refused(["number from -1e6"], *sample, "--label", "0", "--guidance", "nan")
        self.refused(["number from -1e6"], *sample, "--label", "0", "--guidance", "inf")
        self.refused(["rise within 0 to 1"], *sample, "--label", "0", "--guidance", "2",
                     "--guidance-interval", "0.8,0.2")
        self.refused(["rise within 0 to 1"], *sample, "--label", "0", "--guidance", "2",
                     "--guidance-interval", "0.2")
        self.refused(["needs --guidance"], *sample, "--label", "0", "--guidance-interval", "0.2,0.8")
        self.refused(["needs --guidance"], *sample, "--guide", "plain.safetensors")
        guided = (*sample, "--label", "0", "--guidance", "2", "--guide")
        self.refused(["another space", "coordinates"], *guided, "sphere.safetensors")
        self.refused(["another path"], *guided, "cosine.safetensors")
        self.refused(["no class", "right"], *guided, "moons.safetensors")
        self.refused(["other units"], *guided, "own.safetensors")
        self.refused(["no such file"], *guided, "nothing.safetensors", code=66)
        self.refused(["--resume", "--labels"], "train", "--resume", "c.safetensors", "--labels",
                     "none")

    def test_classes_of_files(self):
        """A column of names and a file of numbers are asked for as they are called."""
        for file, label, mean in [("own", "cat", 1000), ("own", "dog", 1002),
                                  ("numbers", "7", 1000), ("numbers", "3", 1002)]:
            result = flowscope("field", f"{file}.safetensors", "--exact", "--at", "-", "--t", "0.999",
                               "--quantity", "target", "--label", label, "--json",
                               input="1001,5\n")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertLess(abs(json.loads(result.stdout)["values"][0][0] - mean), 1.2)
        metadata = json.loads(flowscope("inspect", "own.safetensors", "--json").stdout)
        self.assertIn('"classes":["cat","dog"]', json.dumps(metadata).replace("\\", "").replace(
            '": ', '":').replace('", "', '","'))

    def test_resume_has_the_same_bytes(self):
        """A run that stopped and went on is the run that did not, classes of a file and all."""
        arguments = ("--data", "table.csv", "--labels", "kind", "--widths", "8,8", "--quiet",
                     "--coupling", "ot", "--batch", "64")
        flowscope("train", *arguments, "--steps", "30", "--out", "whole.safetensors")
        flowscope("train", *arguments, "--steps", "12", "--out", "part.safetensors")
        result = flowscope("train", "--resume", "part.safetensors", "--out", "rest.safetensors",
                           "--steps", "30", "--quiet")
        self.assertEqual(result.returncode, 0, result.stderr)
        with open("whole.safetensors", "rb") as whole, open("rest.safetensors", "rb") as rest:
            self.assertEqual(whole.read(), rest.read())

    def test_evaluations_count_both_fields(self):
        """NFE is doubled by guidance, and only where it counts."""
        for more, nfe in [((), 40), (("--guidance", "3"), 80),
                          (("--guidance", "3", "--guidance-interval", "0.25,0.75"), 60),
                          (("--guidance", "0"), 40)]:
            result = flowscope("sample", "c.safetensors", "-n", "10", "--label", "left", "--solver",
                               "midpoint", "--steps", "20", "--out", "drawn.npy", "--force", "--json",
                               "--quiet", *more)
            self.assertEqual(json.loads(result.stdout)["nfe"], nfe, result.stderr)

    def test_only_velocities_are_guided(self):
        """A flow that learned a score, jumps or layers of its own would lose them by a guide."""
        self.train_small("jumps.safetensors", "--objective", "mean-flow")
        self.train_small("noise.safetensors", "--objective", "interpolant")
        self.train_small("layers.safetensors", "--model", "realnvp")
        for name in ["jumps", "noise", "layers"]:
            for command in [("sample", "-n", "4"), ("evaluate", "-n", "50")]:
                own = (command[0], f"{name}.safetensors", *command[1:], "--quiet", "--guidance", "2",
                       "--guide", "plain.safetensors")
                self.refused(["cannot be guided", "--guidance"], *own)
            self.refused(["has learned no velocity, or more"], "sample", "c.safetensors", "-n", "4",
                         "--quiet", "--label", "left", "--guidance", "2", "--guide",
                         f"{name}.safetensors")

    def test_evaluate_measures_the_class(self):
        """Samples, their price and what they are measured against are those of the class."""
        def evaluate(*arguments):
            result = flowscope("evaluate", "c.safetensors", "-n", "400", "--json", *arguments)
            self.assertEqual(result.returncode, 0, result.stderr)
            return json.loads(result.stdout)
        asked = ("--solver", "midpoint", "--steps", "20", "--label", "right")
        plain, guided = evaluate(*asked), evaluate(*asked, "--guidance", "3")
        self.assertEqual((plain["nfe"], guided["nfe"]), (40, 80))
        self.assertEqual(plain["dataset"], "two-classes/right")
        self.assertIsNotNone(plain["field_error"])
        # Points of the class alone have its density; those of both have not, and that is said.
        drawn = random.Random(3)
        means = [(0.45, 1.2), (0.45, -1.2), (1, 0)]
        points = [(x + drawn.gauss(0, 0.35), y + drawn.gauss(0, 0.35))
                  for x, y in (drawn.choice(means) for _ in range(400))]
        self.table("class.csv", "".join(f"{x},{y}\n" for x, y in points))
        result = flowscope("evaluate", "c.safetensors", "--json", *asked, "--data", "class.csv")
        self.assertEqual((result.returncode, result.stderr.count("no sample")), (0, 0), result.stderr)
        self.assertIsNotNone(json.loads(result.stdout)["field_error"])
        self.table("both.csv", "".join(f"{x if k % 2 else -x},{y}\n" for k, (x, y) in enumerate(points)))
        result = flowscope("evaluate", "c.safetensors", "--json", *asked, "--data", "both.csv")
        self.assertIn("no sample of two-classes/right", result.stderr)
        self.assertIsNone(json.loads(result.stdout)["field_error"])
        self.refused(["moons has no class", "--data"], "evaluate", "c.safetensors", "--quiet",
                     "--label", "right", "--dataset", "moons")

    def test_guided_commands(self):
        """sample, likelihood, field and evaluate take a class, a weight and a guide."""
        guidance = ("--label", "right", "--guidance", "2", "--guide", "plain.safetensors", "--quiet")
        for arguments in [
            ("sample", "c.safetensors", "-n", "5", "--solver", "euler-maruyama"),
            ("likelihood", "c.safetensors", "--data", "some.csv", "--json"),
            ("field", "c.safetensors", "--at", "some.csv", "--t", "0.5", "--quantity", "score"),
            ("evaluate", "c.safetensors", "-n", "50", "--json"),
        ]:
            self.table("some.csv", "0.5,1\n0,0\n")
            result = flowscope(*arguments, *guidance)
            self.assertEqual(result.returncode, 0, result.stderr)
        # w = 1 is the class, w = 0 all data, and the weight is between them a straight line.
        values = []
        for w in ["0", "1", "3"]:
            result = flowscope("field", "--dataset", "two-classes", "--at", "some.csv", "--t", "0.6",
                               "--label", "right", "--guidance", w, "--json")
            values.append(json.loads(result.stdout)["values"])
        for none, own, guided in zip(*values):
            for a, b, c in zip(none, own, guided):
                self.assertAlmostEqual(c, a + 3 * (b - a), places=9)
        self.refused(["log-density"], "field", "--dataset", "two-classes", "--at", "some.csv", "--t",
                     "0.5", "--label", "right", "--guidance", "2", "--quantity", "log-density")
