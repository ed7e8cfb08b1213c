"""Files of other programs: read as what they are, or refused with a line that says what to do."""

import gzip
import io
import json
import math
import pickle
import struct
import zipfile

from headless import Headless


def network(layers, metadata=None, extra=()):
    """A safetensors file of (name, rows of weights, bias or None) and of other named tensors."""
    header, data = {"__metadata__": metadata or {}}, b""

    def add(name, shape, values):
        nonlocal data
        raw = struct.pack(f"<{len(values)}f", *values)
        place = [len(data), len(data) + len(raw)]
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": place}
        data += raw

    for name, rows, bias in layers:
        add(name + ".weight", [len(rows), len(rows[0])], [x for row in rows for x in row])
        if bias is not None:
            add(name + ".bias", [len(bias)], bias)
    for name, shape, values in extra:
        add(name, shape, values)
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


class Networks(Headless):
    def table(self, *arguments):
        lines = self.succeeds("sample", *arguments, "--solver", "rk4", "--steps", "200").splitlines()
        return [[float(number) for number in line.split(",")] for line in lines[1:]]

    def test_a_network_that_takes_its_time_first_is_read_so_where_it_is_said(self):
        # v = 2x of (t, x, y): what Meta's standalone notebook saves.
        layers = [("net.0", [[0, 2, 0], [0, 0, 2]], [0, 0])]
        self.write("t.safetensors", network(layers, {"activation": "elu"}))
        self.write("m.safetensors",
                   network(layers, {"activation": "elu", "input_order": "time-point"}))  # fmt: skip
        self.write("points.csv", "1,0\n0,-1\n")
        for arguments in (("t.safetensors", "--input-order", "time-point"), ("m.safetensors",)):
            rows = self.table(*arguments, "--from", "points.csv")
            for row, right in zip(rows, [(math.e**2, 0), (0, -(math.e**2))]):
                for x, y in zip(row, right):
                    self.assertAlmostEqual(x, y, places=4)
        result = self.run_program("sample", "t.safetensors", "--count", "1")
        self.assertEqual(len(result.stderr.splitlines()), 1)
        self.assertIn("read net, 3→2, linear, inputs x, y, t, predicts the velocity", result.stderr)
        quiet = self.run_program("sample", "t.safetensors", "--count", "1", "--quiet")
        self.assertEqual(quiet.stderr, "")
        self.fails(64, "did you mean time-point?", "sample", "t.safetensors", "--input-order",
                   "time-poin")  # fmt: skip

    def test_reflow_reads_a_foreign_network_by_the_same_options(self):
        # v = (3, 0) or (9, 0): what the pairs were made with shows in a network that learned them.
        layers = [("ema_model.net.0", [[0, 0, 0], [0, 0, 0]], [3, 0]),
                  ("online_model.net.0", [[0, 0, 0], [0, 0, 0]], [9, 0])]  # fmt: skip
        self.write("net.safetensors", network(layers, {"activation": "silu"}))
        self.write("points.csv", "1,0\n0,-1\n2,2\n")
        common = ("train", "--reflow", "net.safetensors", "--data", "points.csv", "--steps", "300",
                  "--widths", "8", "--learning-rate", "1e-2")  # fmt: skip
        for options, shift, said in (
            ((), 3, "read ema_model.net"),
            (("--network", "online"), 9, "read online_model.net"),
        ):
            result = self.run_program(*common, *options, "--out", "r.safetensors", "--force")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(said, result.stderr)
            rows = self.table("r.safetensors", "--count", "400")
            self.assertAlmostEqual(sum(x for x, _ in rows) / len(rows), shift, delta=0.6)
        # A network in standardised units is learned in the data's: 1 + 2 (3 + x₀), 1 + 2 x₀.
        self.succeeds(*common, "--data-scale", "1,2", "--out", "r.safetensors", "--force")
        rows = self.table("r.safetensors", "--count", "400")
        for k, mean in enumerate((7, 1)):
            self.assertAlmostEqual(sum(row[k] for row in rows) / len(rows), mean, delta=0.6)
        result = self.run_program(*common, "--input-order", "time-point", "--steps", "1")
        self.assertIn("inputs t, x, y", result.stderr)
        self.fails(64, "--reflow", "train", "--steps", "1", "--network", "online")

    def test_a_comparison_says_its_units_and_takes_the_data_in_them(self):
        # Nothing moves: 100 + 0.5 x₀ is √2 · 100 from data about 0, of which its own unit is the half.
        self.write("net.safetensors", network(
            [("net.0", [[0, 0, 0], [0, 0, 0]], [0, 0])], {"activation": "silu"}))
        for scale, units, least, most in (
            (("--data-scale", "100,0.5"), "standardised", 280, 286), ((), "file", 0.5, 3)
        ):  # fmt: skip
            common = ("compare", "net.safetensors", "--dataset", "8gaussians", *scale,
                      "--solvers", "euler", "--nfe", "4", "-q")  # fmt: skip
            found = json.loads(self.succeeds(*common, "--json"))
            self.assertEqual(found["units"], units)
            self.assertTrue(least <= found["lanes"][0]["w2"] <= most, found)
            said = "lengths in units of the standardised points" in self.succeeds(*common)
            self.assertEqual(said, units == "standardised")

    def test_every_command_that_opens_one_says_what_was_read_and_left(self):
        layers = [("ema_model.net.0", [[0, 0, 0], [0, 0, 0]], [3, 0]),
                  ("online_model.net.0", [[0, 0, 0], [0, 0, 0]], [9, 0])]  # fmt: skip
        self.write("net.safetensors", network(layers, {"activation": "silu"}))
        self.write("points.csv", "1,0\n0,-1\n2,2\n")
        self.write("keys", "wait 1\n")
        for command in (
            ("sample", "net.safetensors", "--count", "1"),
            ("likelihood", "net.safetensors", "--data", "points.csv"),
            ("evaluate", "net.safetensors", "--data", "points.csv"),
            ("compare", "net.safetensors", "--nfe", "4", "--tolerances", "1e-1"),
            ("train", "--reflow", "net.safetensors", "--steps", "1", "--data", "points.csv"),
        ):
            with self.subTest(command):
                result = self.run_program(*command)
                self.assertEqual(result.returncode, 0, result.stderr)
                said = [line for line in result.stderr.splitlines() if "read ema_model.net" in line]
                self.assertEqual(len(said), 1, result.stderr)
                self.assertIn("left online_model.net.0.bias, online_model.net.0.weight", said[0])
        online = self.table("net.safetensors", "--network", "online", "--from", "points.csv")
        self.assertAlmostEqual(online[0][0], 10, places=5)

    def test_metadata_say_what_is_predicted(self):
        # It always predicts the target 0, and log p is that of N(0, .01² I) where t is held at .99.
        self.write("net.safetensors", network([("net.0", [[0] * 3] * 2, [0, 0])],
                                              {"activation": "silu", "prediction": "target"}))  # fmt: skip
        self.write("points.csv", "0.5,0\n")
        rows = self.table("net.safetensors", "--from", "points.csv")
        self.assertLess(abs(rows[0][0]), 0.01)
        self.fails(65, "did you mean target?", "sample", self.changed("targe"))

    def changed(self, prediction):
        self.write("bad.safetensors", network([("net.0", [[0] * 3] * 2, [0, 0])],
                                              {"activation": "silu", "prediction": prediction}))  # fmt: skip
        return "bad.safetensors"

    def test_buffers_are_the_units_of_the_data(self):
        extra = [("mean", [2], [100, -3]), ("std", [2], [5, 0.25])]
        layer = ("net.0", [[0, 0, 0], [0, 0, 0]], [0, 0])
        self.write("net.safetensors", network([layer], {"activation": "silu"}, extra))
        rows = self.table("net.safetensors", "--count", "2000")
        self.assertAlmostEqual(sum(row[0] for row in rows) / 2000, 100, delta=0.5)
        self.assertAlmostEqual(sum(row[1] for row in rows) / 2000, -3, delta=0.03)
        self.write("points.csv", "100,-3\n")
        out = self.succeeds("likelihood", "net.safetensors", "--data", "points.csv", "--json")
        result = json.loads(out)
        self.assertAlmostEqual(result["nll"], math.log(2 * math.pi * 5 * 0.25), places=4)
        self.assertEqual((result["units"], result["lost"]), ("file", 0))

    def test_points_are_measured_by_themselves(self):
        # v = (3, 0): N((3, 0), I), exactly.
        self.write("net.safetensors", network([("net.0", [[0] * 3] * 2, [3, 0])],
                                              {"activation": "silu"}))  # fmt: skip
        points = self.table("net.safetensors", "--count", "300", "--seed", "8")
        self.write("points.csv", "".join(f"{x},{y}\n" for x, y in points))
        density = ("floor", "excess_loss", "entropy_floor", "kl", "field_error")
        for more in ((), ("--dataset", "8gaussians")):
            result = self.run_program(
                "evaluate", "net.safetensors", "--data", "points.csv", "--json", *more)
            report = json.loads(result.stdout)
            self.assertEqual({report[key] for key in density}, {None})
            self.assertAlmostEqual(report["nll"], math.log(2 * math.pi) + 1, delta=0.2)
            self.assertLess(report["w2"], report["w2_noise_floor"] + 6 * report["w2_noise_deviation"])
            self.assertLess(report["energy_distance"], 0.2)
            self.assertEqual((report["units"], report["dataset"]), ("file", "points.csv"))
            self.assertEqual("is no sample of 8gaussians" in result.stderr, bool(more))

    def test_lost_points_are_counted(self):
        self.write("net.safetensors", network([("net.0", [[0] * 3] * 2, [3, 0])],
                                              {"activation": "silu"}))  # fmt: skip
        self.write("wild.safetensors", network([("net.0", [[3e38, 0, 0], [0] * 3], [0, 0])],
                                               {"activation": "silu"}))  # fmt: skip
        self.write("points.csv", "0,0\n9e17,0\n")
        result = self.run_program("likelihood", "wild.safetensors", "--data", "points.csv", "--json")
        self.assertEqual(json.loads(result.stdout)["lost"], 1, result.stderr)

    def test_networks_that_are_none_are_refused_before_their_data_are_read(self):
        header = {f"net.{2 * i}.weight": {"dtype": "F32", "shape": [0, 3], "data_offsets": [0, 0]}
                  for i in range(5000)}  # fmt: skip
        text = json.dumps(header).encode()
        self.write("many.safetensors", struct.pack("<Q", len(text)) + text)
        self.fails(65, "5000 layers", "sample", "many.safetensors")
        self.write("long.safetensors", struct.pack("<Q", 90_000_000) + b"{" + b" " * 100)
        self.fails(65, "longer than", "sample", "long.safetensors")


class Points(Headless):
    def test_what_holds_no_points_says_what_it_is(self):
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("points.npy", b"")
        torch = io.BytesIO()
        with zipfile.ZipFile(torch, "w") as file:
            file.writestr("net/data.pkl", b"")
        for name, data, text in (
            ("a.npz", archive.getvalue(), "npz archive"), ("a.pt", torch.getvalue(), "PyTorch"),
            ("a.csv.gz", gzip.compress(b"1,2\n"), "gzip"), ("a.pkl", pickle.dumps([1]), "pickle"),
        ):  # fmt: skip
            self.write(name, data)
            self.fails(65, text, "train", "--data", name, "--steps", "1")
            self.fails(65, text, "sample", name, "--count", "1")
            self.fails(65, text, "inspect", name)

    def test_points_that_cannot_be_squared_are_refused_at_every_door(self):
        self.train("run.safetensors")
        self.write("points.csv", "x,y\n1,2\n3,4\n1e39,5\n")
        for command in (
            ("train", "--steps", "1", "--data", "points.csv"),
            ("train", "--steps", "1", "--source", "points.csv"),
            ("sample", "run.safetensors", "--from", "points.csv"),
            ("likelihood", "run.safetensors", "--data", "points.csv"),
            ("evaluate", "run.safetensors", "--data", "points.csv"),
        ):
            with self.subTest(command):
                self.fails(65, "line 4, column 1: “1e39” is beyond 1e18", *command)
        self.succeeds("train", "--steps", "1", "--data", "points.csv", "--standardise", "--json")
        self.write("points.csv", "1,2\n3,4\n1e200,5\n")
        self.fails(65, "1e150", "train", "--steps", "1", "--data", "points.csv", "--standardise")

    def test_a_german_file_is_read_and_said_to_be_one(self):
        self.write("points.csv", "\ufeffx;y\r\n0,5;0,25\r\n1,5;-1,25\r\n2,5;-2,25\r\n")
        result = self.run_program("train", "--data", "points.csv", "--steps", "1", "--json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("points.csv: fields separated by semicolons, decimal commas", result.stderr)
        held = json.loads(self.succeeds("inspect", "points.csv", "--json"))
        self.assertEqual((held["shape"], held["names"]), ([3, 2], ["x", "y"]))
