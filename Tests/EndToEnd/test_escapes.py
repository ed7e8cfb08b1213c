"""One hostile file opened with every command: nothing that acts on a terminal comes out."""

import json
import os
import struct
import unicodedata

from headless import Headless

HOSTILE = "a\x1b[31m\x07\x7f\x9b2J\x85\u202e\u2066\u200f\u2028\u2029\ue000z"


def safetensors(metadata, tensors):
    header, data = {"__metadata__": metadata}, b""
    for name, shape, values in tensors:
        raw = struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape,
                        "data_offsets": [len(data), len(data) + len(raw)]}  # fmt: skip
        data += raw
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


class Escapes(Headless):
    def assert_harmless(self, text):
        for character in text:
            if character != "\n":
                category = unicodedata.category(character)
                self.assertNotIn(category, ("Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"), repr(text))

    def opens(self, *arguments, status=None):
        """What a command prints is harmless, with --json too, and that is JSON."""
        for more in ((), ("--json",)):
            with self.subTest((arguments[0], *more)):
                result = self.run_program(*arguments, *more)
                self.assert_harmless(result.stdout + result.stderr)
                if status is not None:
                    self.assertEqual(result.returncode, status, result.stderr)
                self.assertNotIn(result.returncode, (70, -4, -5, -6, -11), result.stderr)
                if more and result.returncode == 0:
                    json.loads(result.stdout)

    def commands(self, name, *more):
        return (
            ("sample", name, "--count", "2", "--out", "s.npy", "--force", *more),
            ("likelihood", name, "--data", "points.csv", *more),
            ("evaluate", name, "--data", "points.csv", *more),
            ("compare", name, "--nfe", "4", "--tolerances", "1e-1", *more),
            ("theory", "--checkpoint", name, *more),
            ("inspect", name),
            ("train", "--reflow", name, "--steps", "1", "--data", "points.csv"),
            ("train", "--resume", name, "--steps", "60"),
        )

    def test_a_foreign_network_of_hostile_names(self):
        self.write("points.csv", "x,y\n1,0\n0,-1\n2,2\n")
        # Names of files too: a line end forges a line as well.
        name = "net" + HOSTILE + "\nflowscope: saved.safetensors"
        self.write(name, safetensors(
            {"activation": "silu", HOSTILE: HOSTILE, "step": "3"},
            [(HOSTILE + ".0.weight", [2, 3], [0.0] * 6), (HOSTILE + ".0.bias", [2], [1.0, 0.0]),
             ("left" + HOSTILE, [1], [0.0])]))  # fmt: skip
        for command in self.commands(name):
            self.opens(*command)
        held = self.run_program("inspect", name, "--json").stdout
        self.assertEqual(json.loads(held)["metadata"][HOSTILE], HOSTILE)
        said = self.run_program("sample", name, "--count", "1", "--out", "s.npy", "--force").stderr
        self.assertFalse(any(line.startswith("flowscope: saved") for line in said.splitlines()))
        for key in ("activation", "prediction", "input_order", "experiment", "data_units"):
            self.write("bad.safetensors", safetensors(
                {"activation": "silu", key: HOSTILE},
                [("net.0.weight", [2, 3], [0.0] * 6), ("net.0.bias", [2], [1.0, 0.0])]))  # fmt: skip
            self.opens("sample", "bad.safetensors", "--out", "s.npy", "--force", status=65)

    def test_a_checkpoint_of_ours_with_a_hostile_data_set(self):
        self.train()
        self.write("points.csv", "x,y\n1,0\n0,-1\n2,2\n")
        data = self.read("run.safetensors")
        length = struct.unpack("<Q", data[:8])[0]
        header = json.loads(data[8 : 8 + length])
        for hostile in (HOSTILE, "moons\nW2 0"):
            experiment = json.loads(header["__metadata__"]["experiment"])
            experiment["dataset"] = hostile
            changed = dict(header, __metadata__=dict(
                header["__metadata__"], experiment=json.dumps(experiment), seed=hostile))  # fmt: skip
            text = json.dumps(changed).encode()
            self.write("bad.safetensors",
                       struct.pack("<Q", len(text)) + text + data[8 + length :])  # fmt: skip
            for command in self.commands("bad.safetensors"):
                self.opens(*command)

    def test_points_of_hostile_names(self):
        self.write("p" + HOSTILE + ".csv", HOSTILE.replace("\x1b", "").replace("\x07", "") + ",y\n1,2\n")
        self.write("q.csv", "\u202ex,\u9b5b\n1,2\n3,4\n")
        for name in os.listdir(self.folder):
            self.opens("train", "--data", name, "--steps", "1")
            self.opens("inspect", name)
        self.write("names.csv", "x\u202e,b,c\n1,2,3\n")
        self.opens("train", "--data", "names.csv", "--columns", "x" + HOSTILE + ",b", status=65)
        self.opens("train", "--dataset", HOSTILE, status=64)
