"""The semidiscrete coupling: its certificate, training, and what it refuses."""

import json
import unittest

from headless import Headless


class Semidiscrete(Headless):
    def test_a_transport_is_proved_and_printed(self):
        found = json.loads(self.succeeds(
            "transport", "--dataset", "moons", "--coupling", "semidiscrete:24", "--json", "-q"))
        self.assertTrue(found["holds"])
        self.assertEqual(len(found["cells"]), 24)
        self.assertAlmostEqual(sum(cell["weight"] for cell in found["cells"]), 1)
        # No plan costs less than the dual, and batches cost more the smaller they are.
        self.assertLessEqual(found["dual"], found["primal"])
        costs = [rung["cost"] for rung in found["batches"]]
        self.assertEqual(costs, sorted(costs, reverse=True))
        self.assertGreater(costs[0], found["primal"])
        text = self.succeeds("transport", "--dataset", "moons", "--coupling", "semidiscrete:24", "-q")
        self.assertIn("24 fixed draws of moons", text)

    def test_points_far_from_0_and_near_each_other_are_learned_alike(self):
        rows = [(1000 + 0.001 * x, 1000 + 0.001 * y)
                for x, y in [(1, 1), (-1, 1), (-1, -1), (1, -1), (1, -1)]]
        self.write("far.csv", "x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows))
        found = json.loads(self.succeeds("transport", "--data", "far.csv", "--json", "-q"))
        self.assertTrue(found["holds"])
        # Two equal points are one of twice the weight.
        self.assertEqual(sorted(round(cell["weight"], 6) for cell in found["cells"]),
                         [0.2, 0.2, 0.2, 0.4])

    def test_training_is_resumed_to_the_bit(self):
        options = ["--coupling", "semidiscrete:16", "--widths", "8", "--batch", "32", "-q"]
        self.succeeds("train", *options, "--steps", "40", "--out", "one.safetensors")
        self.succeeds("train", *options, "--steps", "20", "--out", "two.safetensors")
        self.succeeds("train", "--out", "two.safetensors", "--resume", "--steps", "40", "-q")
        self.assertEqual(self.read("one.safetensors"), self.read("two.safetensors"))
        self.assertIn("semidiscrete:16", self.succeeds("inspect", "one.safetensors"))

    def test_what_makes_no_sense_is_refused_in_one_line(self):
        coupling = ["--coupling", "semidiscrete:16"]
        for word, options in [
            ("source", ["--source", "moons"]), ("classes", ["--labels", "classes"]),
            ("geodesic", ["--dataset", "sphere-land"]), ("letters", ["--dataset", "words"]),
            ("likelihood", ["--objective", "likelihood"]), ("score", ["--prediction", "score"]),
            ("4096", ["--coupling", "semidiscrete:0"]),
            ("4096", ["--coupling", "semidiscrete:5000"]),
        ]:  # fmt: skip
            chosen = options if "--coupling" in options else [*coupling, *options]
            self.fails(64, word, "train", *chosen, "--steps", "1", "-q")


if __name__ == "__main__":
    unittest.main()
