"""Broken files of every kind and wrong command lines, drawn by a seeded generator."""

import json
import os
import struct

HOSTILE = "a\x1b]2;pwned\x07\x1b[31m\x7f\x9b2J\x85\u202e\u2066\u2028\u2029\ue000z"
WORDS = (
    b"NaN", b"-inf", b"1e999", b"1e308", b"-1e-320", b"1e39", b"99999999999999999999", b"-1", b"0",
    b"1e18", b"9223372036854775807", b"9223372036854775808", b"-9223372036854775809", b"null",
    b"true", b"[]", b"{}", b'""', b'"', b"[" * 200, b"{" * 200, b"\\u0000", b"\\ud800", b",", b",,",
    b"\n", b"\r", b"\0", b"\xef\xbb\xbf", b"\xff\xfe", b"\xc0\x80", b"1_000_000_000", b"0x10", b"=",
    HOSTILE.encode(), b"4294967296", b"18446744073709551615", b"1000000000000", b"F64", b"BF16",
)  # fmt: skip
TABLE = b"dataset = \"moons\"\nwidths = [16, 16]\nbatch = 64\nseed = 7\nsolver = \"rk4\"\n"
KEYS = b"train 20\nwait 0.1\nv\nv\nresize 60x20\nclick 10,5\nEnd\nspace\n|\nh\n?\nwait 0.2\n"

# What is typed into the viewer: keys, halves of keys, mouse, pastes and commands.
TYPED = (
    "v", "vv", " ", "o", "u", "h", "k", "|", "M", "j", "E", "f", "G", "z", "+", "-", "=", "i",
    "V", "T", "?", "\t", "\r", "\x1b", "n", "N", "1", "2", "x", "X", "R", "L", "\x1b[A",
    "\x1b[1;2C", "\x1b[F", "\x1b[<0;10;10M", "\x1b[<64;5;5M", "\x1b[200~" + HOSTILE + "\x1b[201~",
    "/" + HOSTILE, ":data points.csv\r", ":lane ours.safetensors\r", ":dataset moons\r",
    ":size 1e999\r", ":lane globe.safetensors\r", ":lane letters.safetensors\r", ":preset words\r",
    ":preset three-processes\r", ":lane interpolant.safetensors\r", ":preset dw4\r", ":preset digits\r", ":latent 3\r",
    ":preset visible-turn\r", ":lane molecules.safetensors\r",
    ":preset land\r", "((((", "))))", "HJKL", "??", "d", "\x1b[", "\x1bO", "\x1b[999999999999999999;5~", "\x1b]11;rgb:zz\x07",
    "\x1b[<99999999999;99999999999;99999999999M", "é𝒳\u202e",
)  # fmt: skip


def foreign():
    shapes = [("net.0.weight", [8, 3]), ("net.0.bias", [8]), ("net.2.weight", [2, 8]), ("net.2.bias", [2])]
    header, data = {"__metadata__": {"activation": "silu", "prediction": "velocity"}}, b""
    for name, shape in shapes:
        count = shape[0] * (shape[1] if len(shape) > 1 else 1)
        raw = struct.pack(f"<{count}f", *((i % 7 - 3) / 10 for i in range(count)))
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    return safetensors(header, data)


def safetensors(header, data):
    text = json.dumps(header).encode()
    return struct.pack("<Q", len(text)) + text + data


def npy(points, kind="<f8"):
    text = f"{{'descr': '{kind}', 'fortran_order': False, 'shape': ({len(points)}, 2), }}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return (b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text
            + b"".join(struct.pack(f"<2{'d' if kind == '<f8' else 'f'}", *row) for row in points))  # fmt: skip


def pictures(pixels, shape):
    text = f"{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}".encode()
    text += b" " * (-(len(text) + 11) % 64) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text + bytes(pixels)


class Mutations:
    """Whole files of every kind, which `write` breaks one at a time."""

    def __init__(self, folder, random, run):
        self.folder, self.random = folder, random
        rows = [(random.gauss(3, 2), random.gauss(-1, 0.5)) for _ in range(60)]
        self.put("points.csv", b"x,y\n" + "".join(f"{x!r},{y!r}\n" for x, y in rows).encode())
        places = [(random.uniform(-180, 180), random.uniform(-90, 90)) for _ in range(60)]
        self.put("places.csv", b"lon,lat\n" + "".join(f"{x!r},{y!r}\n" for x, y in places).encode())
        many = (f"{j},{j * j},{random.gauss(0, 1)!r},{j % 7},0.{j},k{j % 3}\n" for j in range(60))
        self.put("many.csv", b"a,b,c,d,e,kind\n" + "".join(many).encode())
        letters = "abcdefghijklmnopqrstuvwxyz"
        words = {"".join(random.choice(letters) for _ in range(4)) for _ in range(30)}
        self.put("list.txt", "".join(f"{word}\n" for word in sorted(words)).encode())
        self.put("world.json", b'{"mixture": [{"weight": 1, "mean": [2, 0], "deviation": 0.2}, {"weight": 3, "mean": [-1, 1e3], "deviation": 0.5}]}')
        self.put("pictures.npy", pictures([random.randrange(17) for _ in range(30 * 12)], (30, 4, 3)))
        tiny = ("--steps", "4", "--batch", "16", "--widths", "8,8", "--quiet", "--force")
        for name, more in (
            ("ours", ("--data", "points.csv", "--standardise")),
            ("many", ("--data", "many.csv", "--columns", "all", "--labels", "kind", "--standardise")),
            ("built-in", ("--dataset", "8gaussians", "--coupling", "ot")),
            ("couplings", ("--model", "realnvp:2", "--dataset", "moons")),
            ("globe", ("--data", "places.csv", "--space", "sphere")),
            ("angles", ("--dataset", "torus-mixture", "--source", "wrapped-gaussian:0.5")),
            ("map", ("--objective", "mean-flow", "--time-density", "logit-normal:0,1")),
            ("jumps", ("--objective", "lagrangian", "--map-teacher", "exact", "--dataset", "checkerboard-small")), ("letters", ("--words", "list.txt")),
            ("classes", ("--dataset", "moons", "--labels", "classes", "--coupling", "ot")),
            ("interpolant", ("--objective", "interpolant", "--gamma", "sine:0.5", "--dataset", "moons")),
            ("mirror", ("--objective", "interpolant", "--gamma", "mirror:1", "--dataset", "moons")),
            ("posterior", ("--dataset", "two-moons-posterior", "--simulations", "100", "--time-density", "power:4")),
            ("own-posterior", ("--data", "many.csv", "--columns", "1,2", "--observations", "3")),
            ("class-map", ("--objective", "shortcut", "--dataset", "two-classes", "--labels", "classes")),
            ("board", ("--dataset", "tokens-checkerboard:8", "--source", "uniform")),
            ("molecules", ("--dataset", "dw4")),
            ("plain-molecules", ("--dataset", "dw4", "--model", "cnf", "--coupling", "ot")),
            ("latents", ("--data", "pictures.npy", "--latent", "2")),
            ("potential", ("--objective", "action")),
            ("cells", ("--data", "points.csv", "--coupling", "semidiscrete:8")),
            ("world", ("--data", "world.json")),
            ("population", ("--data", "many.csv", "--columns", "1,2", "--time", "3", "--objective", "action", "--action-noise", "0.5")),
            ("pairs", ("--data", "points.csv", "--source", "points.csv", "--coupling", "pairs")),
        ):
            run("train", *tiny, *more, "--out", name + ".safetensors")
        self.put("foreign.safetensors", foreign())
        self.put("points.npy", npy(rows))
        self.put("singles.npy", npy(rows, "<f4"))
        self.put("settings.toml", TABLE)
        self.put("session.keys", KEYS), self.put("state.json", state(folder))
        self.seeds = {name: self.get(name) for name in (
            "ours.safetensors", "latents.safetensors", "pictures.npy", "built-in.safetensors", "couplings.safetensors", "pairs.safetensors",
            "potential.safetensors", "population.safetensors", "cells.safetensors", "world.safetensors", "world.json",
            "molecules.safetensors", "plain-molecules.safetensors", "mirror.safetensors", "posterior.safetensors", "own-posterior.safetensors", "class-map.safetensors",
            "globe.safetensors", "angles.safetensors", "map.safetensors", "places.csv", "interpolant.safetensors", "jumps.safetensors",
            "classes.safetensors", "many.csv", "many.safetensors", "letters.safetensors", "board.safetensors", "list.txt", "foreign.safetensors", "points.csv", "points.npy", "singles.npy", "settings.toml",
            "session.keys", "state.json")}  # fmt: skip

    def put(self, name, data):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(data)

    def get(self, name):
        with open(os.path.join(self.folder, name), "rb") as file:
            return file.read()

    def forget(self, name):
        for left in (name, "flowscope.toml", "mutant.npy", "mutant.csv.npy", "mutant.svg"):
            if os.path.exists(os.path.join(self.folder, left)):
                os.remove(os.path.join(self.folder, left))

    def write(self):
        """The name of a broken file, the commands that read it, and whether a refusal has limits."""
        draw = self.random
        seed = draw.choice(list(self.seeds))
        ending = seed.rpartition(".")[2]
        data = self.seeds[seed]
        if draw.random() < 0.06:
            data = draw.choice(list(self.seeds.values()))  # another kind under this name
        elif ending == "safetensors" and draw.random() < 0.6:
            data = self.header(data)
        for _ in range(draw.choice((0, 1, 1, 2, 6)) if data is not self.seeds[seed] else draw.randint(1, 4)):
            data = self.broken(data, text=ending in ("csv", "toml", "keys", "json", "txt"))
        name = draw.choice(("mutant", "mutant", "mutant" + HOSTILE.replace("/", ""))) + "." + ending
        name = "flowscope.toml" if ending == "toml" else name
        self.put(name, data)
        return name, getattr(self, "read_" + ending)(name), ending in ("safetensors", "csv", "npy")

    def read_safetensors(self, name):
        draw = self.random
        some = [
            ("sample", name, "--count", "3", "--steps", "2", "--solver", "euler", "--out", "-"),
            ("likelihood", name, "--data", "points.csv", "--steps", "2", "--out", "-"),
            ("evaluate", name, "--count", "20", "--steps", "2"),
            ("compare", name, "--nfe", "4", "--tolerances", "1e-1"),
            ("sample", name, "--count", "3", "--time-grid", draw.choice(("0.5", "shift:3")), "--out", "-"),
            ("time-grid", name, "--steps", "2", "--json"),
            ("field", name, "--at", draw.choice(("points.csv", "places.csv")), "--t", "0.5"),
            ("doctor", name, "--data", "points.csv"),
            ("train", "--resume", name, "--steps", "6", "--quiet"),
            ("train", "--reflow", name, "--steps", "1", "--quiet"),
            ("sample", name, "--count", "3", "--steps", "2", "--out", "-",
             "--epsilon", draw.choice(("0", "1", "1e6")), *draw.choice(((), ("--reverse",)))),
            (draw.choice(("sample", "evaluate")), name, "--count", "20", "--steps", "2", "--label",
             draw.choice(("0", "upper", "7", HOSTILE)), *draw.choice(((), ("--guidance", "3"))),
             *draw.choice(((), ("--guide", "classes.safetensors"), ("--guide", "map.safetensors")))),
        ]  # fmt: skip
        return [("inspect", name, "--json"), ("inspect", name), *draw.sample(some, 2)]

    def read_npy(self, name):
        some = [
            ("train", "--data", name, "--steps", "2", "--batch", "8", "--widths", "8", "--quiet",
             *self.random.choice(((), ("--standardise",)))),
            ("sample", "ours.safetensors", "--from", name, "--steps", "2", "--out", "-"),
            ("likelihood", "ours.safetensors", "--data", name, "--steps", "2", "--out", "-"),
            ("evaluate", "ours.safetensors", "--data", name, "--steps", "2"),
            ("train", "--source", name, "--steps", "2", "--batch", "8", "--widths", "8", "--quiet"),
            ("train", "--data", name, *self.random.choice((("--space", "sphere"), ("--space", "torus"), ("--columns", "all"))),
             "--steps", "2", "--batch", "8", "--widths", "8", "--quiet"),
            ("sample", "globe.safetensors", "--from", name, "--steps", "2", "--out", "-"),
            ("likelihood", "globe.safetensors", "--data", name, "--steps", "2", "--out", "-"),
            ("field", "--dataset", "torus-mixture", "--at", name, "--t", "0.5", "--period", "360"),
            ("field", "--data", name, "--space", "sphere", "--at", "places.csv", "--t", "0.5"),
        ]  # fmt: skip
        return [("inspect", name), *self.random.sample(some, 2)]

    read_csv = read_npy

    def read_txt(self, name):
        some = [
            ("train", "--words", name, "--steps", "2", "--batch", "8", "--widths", "8", "--quiet"),
            ("train", "--data", name, "--steps", "2", "--batch", "8", "--widths", "8", "--quiet"),
            ("sample", "letters.safetensors", "--from", name, "--steps", "2", "--out", "-"),
            ("train", "--resume", "letters.safetensors", "--words", name, "--steps", "6", "--quiet"),
        ]
        return self.random.sample(some, 2)

    def read_toml(self, _):
        return [("config",), ("train", "--dry-run"), ("sample", "ours.safetensors", "--count", "2")]

    def read_keys(self, name):
        return [("render", "--keys", name, "--size", "60x20", "--batch", "16", "--widths", "8",
                 "--particles", "256", "--quiet", "--out", "mutant.svg", "--force")]  # fmt: skip

    def read_json(self, name):
        # Without a terminal a state is read, then refused.
        return [("--state", name), ("train", "--data", name, "--steps", "2", "--batch", "8", "--widths", "8", "--quiet")]

    def broken(self, data, text):
        """One change of bytes: flipped, cut, spliced, doubled, or a hostile word put in."""
        draw = self.random
        data = bytearray(data or draw.choice(WORDS))
        # Headers are small and lie in front: half of the changes go there.
        end = len(data) if draw.random() < 0.5 else min(len(data), 600)
        i, j = sorted((draw.randrange(end), draw.randrange(end)))
        what = draw.randrange(8)
        if what == 0:
            data[i] ^= 1 << draw.randrange(8)
        elif what == 1:
            del data[i:]
        elif what == 2:
            del data[i:j]
        elif what == 3:
            data[i:i] = data[i:j] * draw.choice((1, 1, 5))
        elif what == 4:
            other = draw.choice(list(self.seeds.values()))
            k = draw.randrange(len(other))
            data[i:] = other[k:]
        elif what == 5 and not text:
            data[i : i + 8] = struct.pack("<Q", draw.choice(
                (0, 1, 2**31, 2**32 - 1, 2**63, 2**64 - 1, 10**8, 10**8 + 1, len(data))))  # fmt: skip
        elif what == 6 and not text:
            data[i : i + 4] = struct.pack("<f", draw.choice((*map(float, ("nan", "inf", "-inf")), 3e38, 1e-45, -0.0)))
        else:
            # In place of a number or a word where there is one.
            word, j = draw.choice(WORDS), i
            while j < len(data) and bytes(data[j : j + 1]).isalnum():
                j += 1
            data[i:j] = word
        return bytes(data)

    def header(self, data):
        """A header that parses and says something else."""
        draw = self.random
        length = struct.unpack("<Q", data[:8])[0]
        header, rest = json.loads(data[8 : 8 + length]), data[8 + length :]
        names = [name for name in header if name != "__metadata__"]
        name, what = draw.choice(names), draw.randrange(8)
        if what == 0:
            header[HOSTILE] = header.pop(name)
        elif what == 1:
            header[name]["shape"] = draw.choice(
                ([], [0], [2**31, 2**31, 4], [2**63], [1] * 70, [-1], [4096, 0, 2**62], [3], [2, 2]))
        elif what == 2:
            header[name]["dtype"] = draw.choice(("F64", "F16", "BF16", "U64", "BOOL", HOSTILE, 3))
        elif what == 3:
            header[name]["data_offsets"] = draw.choice(([0, 2**63], [8, 4], [0, 0], [-4, 4], [0, 1, 2]))
        elif what == 4:
            del header[name]
        elif what == 5:
            # Thousands of tensors, layers or words.
            for i in range(draw.choice((50, 5000, 60000))):
                header[f"net.{2 * i + 20}.weight"] = {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}
        else:
            metadata = header.get("__metadata__", {})
            key = draw.choice(sorted(metadata) or ["step"])
            if key == "experiment" and draw.random() < 0.9:
                experiment = json.loads(metadata[key])
                field = draw.choice(sorted(experiment))
                experiment[field] = draw.choice(
                    (0, -1, 1e308, 2**62, "", HOSTILE, None, [], {}, [4096] * 16, "ot", 0.5, True))
                metadata[key] = json.dumps(experiment)
            else:
                metadata[key] = draw.choice(("", "0", "-1", "9" * 30, "1e3", "nan", HOSTILE, "{}", "x" * 10**6))
            header["__metadata__"] = metadata
        return safetensors(header, rest)


def state(folder):
    """What `w` writes in the viewer."""
    import session  # the binary is looked at there

    command = ("/bin/sh", "-c", 'cd "$1" && shift && exec "$@"', "sh", folder, session.BINARY)
    with session.Session(command=command, HOME=folder) as viewer:
        viewer.until_picture()
        viewer.send("w")
        deadline = session.time.monotonic() + session.PATIENCE
        path = os.path.join(folder, "flowscope-1.json")
        while not os.path.exists(path) and session.time.monotonic() < deadline:
            viewer.read()
        viewer.send("q")
        viewer.exit_status()
    with open(path, "rb") as file:
        return file.read()
