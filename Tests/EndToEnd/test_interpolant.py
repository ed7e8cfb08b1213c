"""Stochastic interpolants: learned, resumed, and sampled by an ODE and by SDEs, forwards and back."""

import json
import math

from headless import Headless


class Interpolants(Headless):
    def learn(self, name, *options):
        report = self.succeeds(
            "train", "--objective", "interpolant", "--gamma", "sqrt:0.5", "--dataset", "8gaussians",
            "--widths", "32,32", "--learning-rate", "5e-3", "--steps", "300", "--out", name, "--json",
            "--quiet", *options)  # fmt: skip
        return json.loads(report)

    def rows(self, *arguments):
        text = self.succeeds("sample", *arguments, "-n", "400", "--quiet")
        return [[float(x) for x in row.split(",")] for row in text.splitlines()[1:]]

    def test_it_is_learned_kept_and_sampled_with_any_noise(self):
        report = self.learn("run.safetensors")
        self.assertIsNone(report["floor"])
        self.assertLess(report["excess_loss"], 0.6)
        file = json.loads(self.succeeds("inspect", "run.safetensors", "--json"))
        self.assertEqual(file["metadata"]["model"], "interpolant")
        names = {tensor["name"] for tensor in file["tensors"]}
        self.assertIn("drift.net.0.weight", names)
        self.assertIn("denoiser.net.0.weight", names)
        still = self.rows("run.safetensors", "--epsilon", "0")
        self.assertEqual(still, self.rows("run.safetensors"))
        noisy = self.rows("run.safetensors", "--epsilon", "1")
        self.assertNotEqual(still, noisy)
        for rows in (still, noisy):
            radii = [(x * x + y * y) ** 0.5 for x, y in rows]
            self.assertLess(abs(sum(radii) / len(radii) - 2), 0.4)
        # Back to the noise, from points of the data.
        self.succeeds("sample", "run.safetensors", "--epsilon", "1", "-n", "400", "-o", "there.csv",
                      "--quiet")  # fmt: skip
        text = self.succeeds("sample", "run.safetensors", "--from", "there.csv", "--reverse",
                             "--epsilon", "0.5", "--quiet")  # fmt: skip
        back = [[float(x) for x in row.split(",")] for row in text.splitlines()[1:]]
        variance = sum(x * x + y * y for x, y in back) / (2 * len(back))
        self.assertLess(abs(variance - 1), 0.4)

    def test_a_run_that_was_interrupted_ends_as_one_that_was_not(self):
        self.learn("whole.safetensors", "--batch", "33")
        self.succeeds("train", "--objective", "interpolant", "--gamma", "sqrt:0.5", "--dataset",
                      "8gaussians", "--widths", "32,32", "--learning-rate", "5e-3", "--batch", "33",
                      "--steps", "120", "--out", "part.safetensors", "--quiet")  # fmt: skip
        self.succeeds("train", "--resume", "part.safetensors", "--steps", "300", "--quiet")
        self.assertEqual(self.read("whole.safetensors"), self.read("part.safetensors"))

    def test_every_noise_is_read_back_from_its_checkpoint(self):
        for noise in ("sqrt:0.5", "sine:0.5", "product:1", "mirror:1"):
            self.succeeds("train", "--objective", "interpolant", "--gamma", noise, "--dataset", "moons", "--widths",
                          "8", "--steps", "3", "--out", "kept.safetensors", "--force", "--quiet")  # fmt: skip
            self.assertEqual(len(self.rows("kept.safetensors", "--epsilon", "0.5")), 400, noise)
            self.succeeds("train", "--resume", "kept.safetensors", "--steps", "6", "--quiet")

    def test_the_mirror_goes_from_the_data_to_the_data(self):
        self.learn("mirror.safetensors", "--gamma", "mirror:1")
        for epsilon in ("0", "1"):
            radii = [(x * x + y * y) ** 0.5 for x, y in self.rows("mirror.safetensors", "--epsilon", epsilon)]
            self.assertLess(abs(sum(radii) / len(radii) - 2), 0.25, epsilon)
        # Its exact field is the score alone, −γγ̇s of the clusters blurred by γ, and nothing half-way.
        points, t, scale = [(0.3, -1.1), (1.9, 0.2), (-0.8, 0.8)], 0.2, 1.5
        self.write("at.csv", "".join(f"{x},{y}\n" for x, y in points))
        for time in (t, 0.5):
            text = self.succeeds("field", "--exact", "--dataset", "8gaussians", "--gamma", f"mirror:{scale}",
                                 "--at", "at.csv", "--t", str(time), "--quiet")  # fmt: skip
            rows = [[float(v) for v in row.split(",")][-2:] for row in text.splitlines()[1:]]
            for (x, y), found in zip(points, rows, strict=True):
                for a, b in zip(found, self.mirrored(x, y, time, scale), strict=True):
                    self.assertLess(abs(a - b), 1e-9)

    @staticmethod
    def mirrored(x, y, t, scale):
        """b = −γγ̇s of eight clusters on a circle of radius 2, of deviation 0.2, in plain sums."""
        variance = 0.2**2 + scale**2 * t * (1 - t)
        means = [(2 * math.cos(k * math.pi / 4), 2 * math.sin(k * math.pi / 4)) for k in range(8)]
        logs = [-((x - m) ** 2 + (y - n) ** 2) / (2 * variance) for m, n in means]
        weights = [math.exp(value - max(logs)) for value in logs]
        total = sum(weights)
        score = [sum(w * (m[i] - (x, y)[i]) for w, m in zip(weights, means, strict=True)) / (total * variance)
                 for i in range(2)]  # fmt: skip
        return [-(scale**2) * (0.5 - t) * s for s in score]

    def test_what_has_no_meaning_is_refused_with_what_to_do(self):
        for words, options in [
            ("--gamma", ("--objective", "interpolant", "--path", "i-cfm:0.1")),
            ("a > 0", ("--gamma", "sqrt:0")),
            ("a > 0", ("--gamma", "sine:-1")),
            ("prediction", ("--objective", "interpolant", "--prediction", "target")),
            ("sqrt", ("--gamma", "cubic:1")),
            ("from the data itself", ("--gamma", "mirror:1", "--source", "8gaussians")),
            ("from the data itself", ("--gamma", "mirror:1", "--coupling", "ot")),
        ]:
            self.fails(64, words, "train", *options, "--steps", "2", "--dry-run")
        self.succeeds("train", "--steps", "2", "--widths", "8", "--out", "plain.safetensors", "--quiet")
        self.fails(64, "needs an interpolant", "sample", "plain.safetensors", "--epsilon", "1")
        self.fails(64, "0 to 1e6", "sample", "plain.safetensors", "--epsilon", "-1")
        self.fails(64, "two amounts", "sample", "plain.safetensors", "--epsilon", "1", "--added-noise",
                   "linear:1")  # fmt: skip
        self.fails(64, "without noise", "sample", "plain.safetensors", "--epsilon", "0", "--solver",
                   "euler-maruyama")  # fmt: skip
