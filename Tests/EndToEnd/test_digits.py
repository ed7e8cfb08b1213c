"""Latents of small grey pictures: train, resume, sample, measure, and what is refused."""

import json
import struct
import unittest

from headless import Prepared, flowscope
from hostile_files import pictures


def read(name):
    """The shape and the numbers of an npy file of eight-byte floats."""
    with open(name, "rb") as file:
        data = file.read()
    length = 10 + struct.unpack("<H", data[8:10])[0]
    shape = eval(data[10:length].decode())["shape"]
    return shape, struct.unpack(f"<{(len(data) - length) // 8}d", data[length:])


class Digits(Prepared):
    @classmethod
    def prepare(cls):
        # Bars of three rows, upright or lying, 40 to 50 where they are light.
        pixels, labels = [], []
        for j in range(60):
            labels.append(j % 2)
            for i in range(12):
                light = i % 3 == j % 3 if j % 2 else i // 3 == j % 4
                pixels.append(40 + (10 if light else (j * 7 + i) % 3))
        with open("bars.npy", "wb") as file:
            file.write(pictures(pixels, (60, 4, 3)))
        with open("kinds.csv", "w") as file:
            file.write("kind\n" + "".join(f"{'upright' if label else 'lying'}\n" for label in labels))
        cls.trained("--preset", "digits", "--steps", "300", "--widths", "64,64", "--quiet",
                    "--out", "digits.safetensors")
        cls.trained("--data", "bars.npy", "--labels", "kinds.csv", "--latent", "3", "--steps", "60", "--quiet",
                    "--widths", "32,32", "--out", "bars.safetensors")

    def test_samples(self):
        """Pictures come as n×h×w in the numbers of their file; a table has a column for each pixel."""
        self.told("sample", "bars.safetensors", "-n", "7", "--label", "upright", "--guidance", "2",
                  "--out", "drawn.npy", "--quiet")
        shape, numbers = read("drawn.npy")
        self.assertEqual(shape, (7, 4, 3))
        self.assertTrue(all(30 < number < 60 for number in numbers))
        self.assertGreater(max(numbers) - min(numbers), 5)
        rows = self.told("sample", "digits.safetensors", "-n", "3", "--quiet").splitlines()
        self.assertEqual(len(rows), 4)
        self.assertEqual(rows[0].split(",")[63], "pixel_64")
        self.assertEqual(len(rows[1].split(",")), 64)

    def test_measures(self):
        told = json.loads(self.told("evaluate", "digits.safetensors", "--steps", "8", "--json", "--quiet"))
        self.assertEqual((told["latent"], told["guidance"], told["nfe"]), (8, 2, 16))
        self.assertLess(told["reconstruction_error"], 0.8 * told["principal_axes_error"])
        self.assertLess(told["principal_axes_error"], 0.026)
        self.assertTrue(0.3 < told["nearest_neighbour_accuracy"] < 0.95)
        self.assertGreater(told["right_class_of_held_out"], 0.98)
        self.assertGreater(told["nearest_training_distance"], 0)

    def test_resume(self):
        """What was trained in two pieces is what was trained in one, autoencoder and pictures included."""
        for name, steps in [("one", "90"), ("two", "90")]:
            self.told("train", "--resume", "bars.safetensors", "--steps", "75" if name == "two" else steps,
                      "--out", name + ".safetensors", "--quiet")
        self.told("train", "--resume", "two.safetensors", "--steps", "90", "--quiet")
        with open("one.safetensors", "rb") as one, open("two.safetensors", "rb") as two:
            self.assertEqual(one.read(), two.read())

    def test_inspection(self):
        told = json.loads(self.told("inspect", "bars.safetensors", "--json"))
        names = {tensor["name"]: tensor["shape"] for tensor in told["tensors"]}
        self.assertEqual(names["data.pictures"], [60, 4, 3])
        self.assertEqual(names["data.points"], [48, 3])
        self.assertEqual(names["autoencoder.decoder.4.weight"], [12, 128])
        self.assertEqual(told["experiment"]["latent"], 3)

    def test_refusals(self):
        self.refused(["64 pixels", "--latent"], "train", "--dataset", "digits", "--latent", "65")
        self.refused(["no pictures"], "train", "--dataset", "moons", "--latent", "2")
        self.refused(["--from"], "sample", "digits.safetensors", "--from", "bars.npy")
        self.refused(["--reverse"], "sample", "digits.safetensors", "--reverse")
        self.refused(["held out"], "evaluate", "digits.safetensors", "--data", "bars.npy")
        for name, shape, pixels, words in [
            ("large.npy", (2, 17, 16), 544, ["256 pixels"]),
            ("few.npy", (5, 2, 2), 20, ["5 pictures"]),
            ("grey.npy", (30, 2, 2), 120, ["every pixel"]),
        ]:
            with open(name, "wb") as file:
                file.write(pictures([3] * pixels, shape))
            self.refused([name, *words], "train", "--data", name, "--steps", "1", code=65)


if __name__ == "__main__":
    unittest.main()
