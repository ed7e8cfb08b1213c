"""Four particles in the plane: learned, resumed, sampled, weighed, and compared with what knows no symmetry."""

import json
import math

from headless import Headless

TINY = ("--widths", "12,12,12", "--batch", "32", "--quiet")


class Particles(Headless):
    def learn(self, name, steps, *options):
        self.succeeds("train", "--dataset", "dw4", *TINY, "--steps", steps, "--out", name, *options)

    def rows(self, *arguments):
        text = self.succeeds("sample", *arguments, "-n", "50", "--quiet")
        return [[float(x) for x in row.split(",")] for row in text.splitlines()[1:]]

    def test_it_is_kept_resumed_sampled_and_weighed(self):
        self.learn("part.safetensors", "40")
        self.succeeds("train", "--resume", "part.safetensors", "--steps", "60", "--quiet")
        self.learn("whole.safetensors", "60")
        self.assertEqual(self.read("whole.safetensors"), self.read("part.safetensors"))
        file = json.loads(self.succeeds("inspect", "whole.safetensors", "--json"))
        self.assertEqual(file["metadata"]["model"], "equivariant")
        shapes = {tensor["name"]: tensor["shape"] for tensor in file["tensors"]}
        self.assertEqual(shapes["net.2.weight"], [12, 36])
        rows = self.rows("whole.safetensors")
        self.assertEqual({len(row) for row in rows}, {8})
        for row in rows:
            self.assertLess(abs(sum(row[0::2])) + abs(sum(row[1::2])), 1e-9)
        # log p is that of the molecule, wherever it lies and however it is turned.
        moved = [[y + 1000 if k % 2 == 0 else 5 - x for k, (x, y) in enumerate(
            (row[2 * (k // 2)], row[2 * (k // 2) + 1]) for k in range(8))] for row in rows]  # fmt: skip
        values = []
        for name, points in (("a.csv", rows), ("b.csv", moved)):
            with open(self.path(name), "w") as stream:
                stream.writelines(",".join(map(repr, row)) + "\n" for row in points)
            report = self.succeeds("likelihood", "whole.safetensors", "--data", name, "--columns", "all", "--json", "--quiet")
            values.append(json.loads(report)["nll"])
        self.assertLess(abs(values[0] - values[1]), 2e-3)
        report = json.loads(self.succeeds("evaluate", "whole.safetensors", "-n", "60", "--solver", "rk4", "--steps", "6",
                                          "--json", "--quiet"))  # fmt: skip
        self.assertEqual(report["entropy_floor"], 7.125)
        self.assertGreater(report["nll"], 7.125)
        for key in ("mean_energy", "reweighted_energy", "log_partition"):
            self.assertTrue(math.isfinite(report[key]) and report[key + "_standard_error"] > 0, key)
        self.assertTrue(1 / 60 <= report["effective_sample_size"] <= 1)

    def test_what_does_not_go_with_particles_is_refused_in_a_line(self):
        for more in (("--coupling", "orbit", "--dataset", "moons"), ("--model", "equivariant"),
                     ("--dataset", "dw4", "--source", "gaussian"), ("--dataset", "dw4", "--objective", "likelihood"),
                     ("--dataset", "dw4", "--coupling", "sinkhorn:2")):  # fmt: skip
            self.fails(64, "four particles", "train", *more, "--steps", "1", "--quiet")
