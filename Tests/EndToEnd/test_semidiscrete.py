"""The semidiscrete coupling: its certificate, training, and what it refuses."""

import json
import os
import unittest

from headless import Headless

try:
    import numpy
    from scipy.optimize import minimize
    from scipy.stats import norm, qmc
except ImportError:
    numpy = None


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


@unittest.skipIf(numpy is None or os.environ.get("CI"), "an oracle by hand: needs NumPy and SciPy")
class Oracle(Headless):
    def test_the_dual_of_finitely_many_points_by_lbfgs_on_sobol_draws(self):
        places = numpy.random.default_rng(5).normal((1, -0.5), (2, 0.7), (17, 2))
        self.write("p.csv", "x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in places.tolist()))
        ours = json.loads(self.succeeds("transport", "--data", "p.csv", "--json", "-q"))
        draws = norm.ppf(qmc.Sobol(2, seed=1).random_base2(16))
        cost = ((draws[:, None] - places) ** 2).sum(2)

        def negative(g):
            left = cost - g
            mass = numpy.bincount(left.argmin(1), minlength=17) / len(draws)
            return -(left.min(1).mean() + g.mean()), mass - 1 / 17

        best = minimize(negative, numpy.zeros(17), jac=True, method="L-BFGS-B")
        self.assertLess(abs(best.jac).max(), 1e-3)
        self.assertAlmostEqual(ours["dual"], -best.fun, delta=4 * ours["dual_standard_error"])
        self.assertAlmostEqual(ours["primal"], -best.fun, delta=4 * ours["primal_standard_error"])
        # |x₀ − x|² − g′ is least where ⟨x₀, x⟩ − ½|x|² + ½g′ is greatest.
        points = numpy.array([cell["point"] for cell in ours["cells"]])
        order = [int(((places - point) ** 2).sum(1).argmin()) for point in points]
        potentials = numpy.array([cell["potential"] for cell in ours["cells"]])
        theirs = best.x[order] / 2
        self.assertLess(abs(potentials - theirs + theirs.mean()).max(), 0.05)


if __name__ == "__main__":
    unittest.main()
