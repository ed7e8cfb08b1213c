"""Flows on the sphere and the torus as a person meets them on the command line."""

import json
import math
import os
import random
import unittest

from headless import Headless

STEPS = ["--train-steps", "60", "--widths", "16,16", "--batch", "64", "-q"]


def places(count, seed=3):
    draw = random.Random(seed)
    return [(draw.uniform(-180, 180), draw.uniform(-89, 89)) for _ in range(count)]


def csv(rows, header=None):
    lines = ([header] if header else []) + [",".join(str(n) for n in row) for row in rows]
    return "\n".join(lines) + "\n"


def rows(text):
    return [[float(n) for n in line.split(",")] for line in text.strip().split("\n")[1:]]


class Curved(Headless):
    def test_a_data_set_is_trained_resumed_and_sampled_as_if_it_had_never_stopped(self):
        for name in ["sphere-land", "torus-mixture"]:
            given = ["train", "--dataset", name, *STEPS]
            self.succeeds(*given, "--out", f"{name}.safetensors")
            self.succeeds(*given[:3], *STEPS[2:], "--train-steps", "30", "--out", "half.safetensors")
            self.succeeds("train", "--out", "half.safetensors", "--resume", "--steps", "60", "-q")
            self.assertEqual(self.read(f"{name}.safetensors"), self.read("half.safetensors"))
            os.remove(self.path("half.safetensors"))
        text = self.succeeds("sample", "sphere-land.safetensors", "-n", "50")
        self.assertTrue(text.startswith("longitude,latitude\n"))
        self.assertTrue(all(abs(a) <= 180 and abs(b) <= 90 for a, b in rows(text)))
        text = self.succeeds("sample", "sphere-land.safetensors", "-n", "50", "--vectors")
        self.assertTrue(text.startswith("x,y,z\n"))
        for row in rows(text):
            self.assertLess(abs(math.hypot(*row) - 1), 1e-12)
        turns = rows(self.succeeds("sample", "torus-mixture.safetensors", "-n", "9"))
        degrees = rows(
            self.succeeds("sample", "torus-mixture.safetensors", "-n", "9", "--period", "360"))
        for a, b in zip(turns, degrees):
            for x, y in zip(a, b):
                self.assertLess(abs(math.degrees(x) - y), 1e-9)

    def test_places_of_a_file_come_back_in_its_units(self):
        self.write("places.csv", csv(places(40), "lon,lat"))
        given = ["train", "--data", "places.csv", "--space", "sphere", *STEPS]
        self.succeeds(*given, "--out", "p.safetensors")
        self.assertIn("longitude,latitude", self.succeeds("sample", "p.safetensors", "-n", "2"))
        vectors = []
        for a, b in places(40):
            a, b = math.radians(a), math.radians(b)
            vectors.append((math.cos(b) * math.cos(a), math.cos(b) * math.sin(a), math.sin(b)))
        self.write("vectors.csv", csv(vectors))
        self.succeeds(*["vectors.csv" if x == "places.csv" else x for x in given], "--out", "v.safetensors")
        self.assertIn("x,y,z", self.succeeds("sample", "v.safetensors", "-n", "2"))
        # The same data: the same densities, whichever way they are written.
        found = [
            json.loads(self.succeeds("likelihood", "p.safetensors", "--data", name, "--json", "-q"))
            for name in ["places.csv", "vectors.csv"]
        ]
        self.assertLess(abs(found[0]["nll"] - found[1]["nll"]), 1e-3)
        self.assertEqual(found[0]["units"], "sphere")
        # Noise and back.
        self.succeeds(
            "sample", "p.safetensors", "--from", "places.csv", "--reverse", "--solver", "dopri5",
            "--tolerance", "1e-7", "--out", "noise.csv", "-q")  # fmt: skip
        text = self.succeeds(
            "sample", "p.safetensors", "--from", "noise.csv", "--solver", "dopri5", "--tolerance",
            "1e-7", "-q")  # fmt: skip
        for (a, b), (c, d) in zip(rows(text), places(40)):
            away = math.hypot(((a - c + 180) % 360 - 180) * math.cos(math.radians(d)), b - d)
            self.assertLess(away, 1e-2)

    def test_columns_are_known_by_their_names_and_a_swap_is_said(self):
        swapped = [(b, a, 7) for a, b in places(40)]
        self.write("named.csv", csv(swapped, "lat,lon,depth"))
        common = ["train", "--space", "sphere", "--dry-run", "--data"]
        result = self.run_program(*common, "named.csv")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("columns by their names, lon, lat", result.stderr)
        self.write("swapped.csv", csv([row[:2] for row in swapped]))
        self.fails(65, "the columns look swapped", *common, "swapped.csv")
        result = self.run_program(*common, "swapped.csv", "--columns", "2,1")
        self.assertEqual(result.returncode, 0, result.stderr)

    def test_bad_points_are_refused_with_their_line(self):
        common = ["train", "--dry-run", "--data", "bad.csv", "--space"]
        for space, text, said in [
            ("sphere", "lon,lat\n1,2\n3,91\n200,5\n", "line 3, column 1: has the latitude 91.0°"),
            ("sphere", "lon,lat\n1,2\n-190,3\n", "line 3, column 1: has the longitude -190.0°"),
            ("sphere", "1,0,0\n0,2,0\n", "line 2, column 1: is a vector of length 2.0, not 1"),
            ("sphere", "1,2,3,4\n", "choose two or three with --columns"),
            ("torus", "1,2\n7,0\n", "line 2, column 1: has the angle 7.0"),
            ("torus", "1,2,3\n", "choose two with --columns"),
        ]:
            self.write("bad.csv", text)
            self.fails(65, said, *common, space)
        self.write("bad.csv", "1,2\n")
        self.fails(64, "--period is for angles on the torus", *common, "sphere", "--period", "9")
        self.fails(64, "--standardise", *common, "sphere", "--standardise")
        self.fails(64, "did you mean sphere?", *common, "spher")

    def test_choices_of_another_space_are_refused_in_one_line(self):
        for line, said in [
            ("train --dataset moons --space sphere --dry-run", "leave out the space"),
            ("train --dataset sphere-vmf --source moons --dry-run", "use uniform"),
            ("train --source uniform --dry-run", "use gaussian"),
            ("train --dataset sphere-vmf --scheduler cosine --dry-run", "geodesics"),
            ("train --dataset sphere-vmf --model realnvp --dry-run", "flow matching alone"),
            ("theory --dataset sphere-vmf --scheduler cosine", "leave out --scheduler"),
            ("field --dataset sphere-vmf --source wrapped-gaussian:0.5 --at - --t 0.5",
             "from the uniform distribution alone"),
        ]:  # fmt: skip
            self.fails(64, said, *line.split())

    def test_a_space_of_a_file_of_settings_is_for_points_of_files(self):
        self.write("flowscope.toml", 'space = "sphere"\n')
        self.assertIn("8gaussians", self.succeeds("train", "--dry-run", "--json"))
        self.write("places.csv", csv(places(5)))
        self.succeeds("train", "--data", "places.csv", "--dry-run")
        self.assertIn("./flowscope.toml", self.succeeds("config"))

    def test_every_command_measures_or_says_why_not(self):
        self.succeeds("train", "--dataset", "torus-checkerboard", *STEPS, "--out", "t.safetensors")
        report = json.loads(
            self.succeeds("evaluate", "t.safetensors", "-n", "400", "--json", "-q"))
        for key in ["geodesic_w2", "nll", "kl", "field_error", "share_on_support"]:
            self.assertIsInstance(report[key], float, key)
        self.assertNotIn("w2", report)
        self.assertLess(abs(report["entropy_floor"] - math.log(2 * math.pi**2)), 1e-5)
        self.assertLess(abs(report["source_share_on_support"] - 0.5), 0.12)
        lanes = json.loads(
            self.succeeds("compare", "t.safetensors", "--solvers", "rk4", "--nfe", "4,8", "--json"))
        self.assertGreater(lanes["lanes"][-1]["order"], 3)
        checks = json.loads(self.succeeds("theory", "--dataset", "torus-mixture", "--json", "-q"))
        self.assertEqual({check["number"] for check in checks["checks"]}, {16, 17, 18, 19})
        self.assertTrue(all(check["passes"] for check in checks["checks"]))
        self.write("angles.csv", csv([(0.1, -2), (3, 1)]))
        mass = json.loads(
            self.succeeds(
                "likelihood", "t.safetensors", "--data", "angles.csv", "--integral", "--json", "-q",
                "--solver", "rk4", "--steps", "20"))  # fmt: skip
        self.assertLess(abs(mass["integral"] - 1), 1e-3)
        self.fails(
            64, "choose a solver without noise", "sample", "t.safetensors", "--solver",
            "euler-maruyama")  # fmt: skip
        self.fails(64, "reflow", "train", "--reflow", "t.safetensors", "--out", "r.safetensors")
        self.fails(64, "another space", "evaluate", "t.safetensors", "--dataset", "moons")
        self.assertIn("torus-checkerboard", self.succeeds("runs", "."))
        self.assertIn("notation", self.succeeds("inspect", "t.safetensors"))

    def test_a_learned_field_is_told_at_points(self):
        self.succeeds("train", "--dataset", "sphere-vmf", *STEPS, "--out", "s.safetensors")
        self.write("at.csv", csv([(1, 0, 0), (0, 0.6, 0.8)]))
        common = ["field", "s.safetensors", "--at", "at.csv", "--t", "0.4"]
        for row, x in zip(rows(self.succeeds(*common)), [(1, 0, 0), (0, 0.6, 0.8)]):
            self.assertLess(abs(sum(a * b for a, b in zip(row, x))), 1e-12)
        for quantity in ["divergence", "log-density", "target", "source"]:
            self.succeeds(*common, "--quantity", quantity)
        self.fails(64, "score", *common, "--quantity", "score")
        result = self.run_program(*common, "--exact")
        self.assertIn("quadrature", result.stderr)
        self.fails(64, "--t must be 0 to 1", *common[:-1], "1.5")
        self.fails(64, "leave out --dataset", *common, "--dataset", "moons")
        self.fails(65, "no number", "field", "--at", "-", "--t", "0.5", input="1,2\nx,3\n")

    def test_log_p_of_a_learned_field_is_that_of_likelihood(self):
        self.succeeds("train", "--dataset", "moons", *STEPS, "--out", "m.safetensors")
        self.write("at.csv", csv([(0.1, -0.4), (1.2, 0.3)]))
        field = self.succeeds(
            "field", "m.safetensors", "--at", "at.csv", "--t", "1", "--quantity", "log-density")
        self.succeeds("likelihood", "m.safetensors", "--data", "at.csv", "--out", "lp.csv", "-q")
        wanted = [row[2] for row in rows(self.read("lp.csv").decode())]
        for (found,), log in zip(rows(field), wanted):
            self.assertLess(abs(found - log), 2e-3)


if __name__ == "__main__":
    unittest.main()
