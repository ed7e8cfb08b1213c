"""Points of one's own: learned, paired, standardised, written and read."""

import json
import math
import os
import random

from headless import Headless


class OwnData(Headless):
    def test_points_of_a_file_are_learned_and_kept_in_the_checkpoint(self):
        rows = "".join(f"a,{i % 7},{-i},{i * 0.5}\n" for i in range(50))
        self.write("points.csv", "name,u,v,w\n" + rows)
        self.train("run.safetensors", "--data", "points.csv", "--columns", "w,u")
        os.remove(self.path("points.csv"))
        held = json.loads(self.succeeds("inspect", "run.safetensors", "--json"))
        shapes = {tensor["name"]: tensor["shape"] for tensor in held["tensors"]}
        self.assertEqual(shapes["data.points"], [50, 2])
        report = json.loads(
            self.succeeds("train", "--resume", "run.safetensors", "--steps", "60", "--json"))
        self.assertEqual((report["dataset"], report["steps"]), ("points.csv", 60))

    def test_rows_of_two_files_are_pairs(self):
        self.write("ends.csv", "".join(f"{i % 7},{-i}\n" for i in range(50)))
        self.write("both.csv", "a,b,c\n" + "".join(f"{i},1,{i % 5}\n" for i in range(50)))
        self.train("run.safetensors", "--data", "ends.csv", "--standardise", "--source", "both.csv",
                   "--source-columns", "a,c", "--coupling", "pairs")  # fmt: skip
        held = json.loads(self.succeeds("inspect", "run.safetensors", "--json"))
        shapes = {tensor["name"]: tensor["shape"] for tensor in held["tensors"]}
        self.assertEqual((shapes["data.points"], shapes["data.source"]), ([50, 2], [50, 2]))
        report = self.succeeds("train", "--resume", "run.safetensors", "--steps", "60", "--json")
        self.assertEqual(json.loads(report)["steps"], 60)
        # The flow starts from rows of the file, standardised too.
        starts = self.succeeds("sample", "run.safetensors", "--count", "9", "--steps", "1",
                               "--solver", "euler", "--out", "-")  # fmt: skip
        self.assertEqual(len(starts.splitlines()), 10)

    def test_what_is_standardised_comes_out_in_the_units_of_its_file(self):
        draw = random.Random(1).gauss
        rows = [(draw(100, 5), draw(-3, 0.25)) for _ in range(200)]
        means = [sum(column) / 200 for column in zip(*rows)]
        spreads = [
            (sum((x - mean) ** 2 for x in column) / 200) ** 0.5
            for column, mean in zip(zip(*rows), means)
        ]

        def scaled(row):
            return [(x - mean) / spread for x, mean, spread in zip(row, means, spreads)]

        def csv(rows):
            return "x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows)

        def table(name):
            lines = self.read(name).decode().splitlines()[1:]
            return [[float(number) for number in line.split(",")] for line in lines]

        self.write("x.csv", csv(rows))
        self.write("z.csv", csv(map(scaled, rows)))
        for model in ("cnf", "realnvp:2"):
            with self.subTest(model):
                # The same points scaled by hand: the same run, without units in its file.
                self.train("x.safetensors", "--data", "x.csv", "--standardise", "--model", model)
                self.train("z.safetensors", "--data", "z.csv", "--model", model)
                # Whoever goes on from it keeps them.
                for name in ("x", "z"):
                    self.succeeds("train", "--resume", "--out", name + ".safetensors",
                                  "--steps", "120", "--quiet")  # fmt: skip
                    self.succeeds("sample", name + ".safetensors", "--count", "50",
                                  "--out", name + "1.csv", "--force")  # fmt: skip
                for x, z in zip(table("x1.csv"), table("z1.csv")):
                    for a, b in zip(scaled(x), z):
                        self.assertAlmostEqual(a, b, delta=1e-3)
                nll = {}
                for name in ("x", "z"):
                    report = self.succeeds("likelihood", name + ".safetensors",
                                           "--data", name + ".csv", "--json")  # fmt: skip
                    nll[name] = json.loads(report)["nll"]
                self.assertAlmostEqual(
                    nll["x"] - nll["z"], math.log(spreads[0] * spreads[1]), delta=1e-3)
                self.succeeds("sample", "x.safetensors", "--from", "x.csv", "--reverse",
                              "--out", "n.csv", "--force")  # fmt: skip
                self.succeeds("sample", "x.safetensors", "--from", "n.csv", "--out", "back.csv",
                              "--force")  # fmt: skip
                for there, back in zip(rows, table("back.csv")):
                    for a, b, spread in zip(there, back, spreads):
                        self.assertAlmostEqual(a, b, delta=0.05 * spread)

    def test_npy_goes_out_and_comes_in(self):
        self.train()
        self.succeeds("sample", "run.safetensors", "--count", "70000", "--out", "s.npy")
        held = json.loads(self.succeeds("inspect", "s.npy", "--json"))
        self.assertEqual((held["shape"], held["type"]), ([70000, 2], "<f8"))
        result = json.loads(
            self.succeeds("likelihood", "run.safetensors", "--data", "s.npy", "--json",
                          "--solver", "euler", "--steps", "2"))  # fmt: skip
        self.assertEqual(result["points"], 70000)
        self.assertEqual(result["nll"], -result["mean_log_p"])
