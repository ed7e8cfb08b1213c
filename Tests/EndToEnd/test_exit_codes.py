"""Every exit code, with one line that says what to do."""

import os
import unittest

from headless import Headless


class Usage(Headless):
    """64"""

    def test_values_that_no_option_takes(self):
        self.train()
        self.write("p.csv", "1,2\n3,4\n")
        cases = {
            "--batch must be": ("train", "--batch", "-5"),
            "--learning-rate must be": ("train", "--learning-rate", "-1e-3"),
            "--train-steps must be": ("train", "--steps", "-1"),
            "Unknown option": ("train", "--bogus"),
            "unknown data set": ("train", "--dataset", "\x1b[31mmoons"),
            "unknown solver": ("sample", "run.safetensors", "--solver", "rk5"),
            "unknown activation": ("sample", "run.safetensors", "--activation", "relo"),
            "equal steps": ("sample", "run.safetensors", "--solver", "rk4", "--tolerance", "1e-3"),
            "its own steps": ("sample", "run.safetensors", "--solver", "dopri5", "--steps", "9"),
            "--count must be": ("sample", "run.safetensors", "--count", "0"),
            "give one of them": ("sample", "run.safetensors", "--count", "1", "--from", "x.csv"),
            ".npy or .csv": ("sample", "run.safetensors", "--out", "x.txt"),
            "--columns needs --data": ("train", "--columns", "a,b"),
            "two names": ("train", "--data", "x.csv", "--columns", "a"),
            "--source-columns needs": ("train", "--source-columns", "a,b"),
            "--standardise is for": ("train", "--standardise"),
            "one to three files": ("watch", "--against", ","),
            "as many points": ("train", "--source", "p.csv", "--coupling", "pairs"),
            "cannot both read": ("train", "--source", "-", "--data", "-"),
            ".safetensors": ("train", "--out", "run.pt"),
            "--checkpoint-every": ("train", "--checkpoint-every", "0"),
            "cannot change with --resume": (
                "train", "--resume", "run.safetensors", "--batch", "99"),
            "--threads": ("train", "--threads", "0"),
        }  # fmt: skip
        for text, arguments in cases.items():
            with self.subTest(arguments):
                self.fails(64, text, *arguments)

    def test_a_variable_of_another_kind(self):
        self.fails(64, "FLOWSCOPE_SEED", "train", env={"FLOWSCOPE_SEED": "many"})


class Data(Headless):
    """65 and 66"""

    def test_bad_data(self):
        self.train()
        self.write("bad.csv", "x,y\n1,2\n3,\x1b[31mfour\n")
        self.write("bad.npy", b"\x93NUMPY\x01\x00\xff\xff")
        self.write("wide.npy", b"\x93NUMPY\x01\x00\x76\x00"
                   + b"{'descr': '<f8', 'fortran_order': False, 'shape': (1, 3), }".ljust(117)
                   + b"\n" + bytes(24))  # fmt: skip
        whole = self.read("run.safetensors")
        self.write("cut.safetensors", whole[:-1])
        self.write("nan.safetensors", whole[:-4] + b"\x00\x00\xc0\x7f")
        self.write("keys", "nonsense\n")
        cases = {
            "line 3, column 2": ("train", "--data", "bad.csv"),
            "header": ("sample", "run.safetensors", "--from", "bad.npy"),
            "(1, 3)": ("likelihood", "run.safetensors", "--data", "wide.npy"),
            "bytes of data": ("sample", "cut.safetensors"),
            "safetensors": ("inspect", "keys"),
            "cannot go on": ("train", "--resume", "nan.safetensors", "--steps", "90"),
            "keys, ": ("render", "--keys", "keys"),
        }
        for text, arguments in cases.items():
            with self.subTest(arguments):
                self.fails(65, text, *arguments)

    def test_a_settings_file_with_a_mistake(self):
        self.write("flowscope.toml", "seed = 1\nbatch = \n")
        self.fails(65, "flowscope.toml, line 2, column 9", "train")
        self.succeeds("list")

    def test_no_such_input(self):
        self.train()
        os.mkdir(self.path("folder"))
        cases = {
            "no such file": ("sample", "none.safetensors"),
            "it is a directory": ("render", "--keys", "folder"),
            "cannot read none.csv": ("train", "--data", "none.csv"),
            "none.npy": ("sample", "run.safetensors", "--from", "none.npy"),
            "cannot read": ("inspect", "a\x1b[31m"),
        }
        for text, arguments in cases.items():
            with self.subTest(arguments):
                self.fails(66, text, *arguments)


class Outputs(Headless):
    """73 and 74"""

    def test_what_cannot_be_created(self):
        self.train()
        os.mkdir(self.path("folder.npy"))
        cases = (
            ("train", "--steps", "5", "--out", "no/such/run.safetensors"),
            ("train", "--steps", "5", "--metrics", "no/such/m.csv"),
            ("sample", "run.safetensors", "--out", "no/such/x.npy"),
            ("sample", "run.safetensors", "--out", "folder.npy"),
        )
        for arguments in cases:
            with self.subTest(arguments):
                self.fails(73, "cannot create", *arguments)

    @unittest.skipUnless(os.path.exists("/dev/full"), "needs /dev/full")
    def test_a_full_disk(self):
        self.train()
        os.symlink("/dev/full", self.path("full.csv"))
        os.symlink("/dev/full", self.path("full.safetensors"))
        for arguments in (("list",), ("--help",), ("train", "--help"), ("--version",), ("config",),
                          ("train", "--steps", "5"), ("inspect", "run.safetensors"),
                          ("sample", "run.safetensors")):  # fmt: skip
            with self.subTest(arguments), open("/dev/full", "wb") as full:
                self.fails(74, "disk is full", *arguments, stdout=full)
        self.fails(74, "disk is full", "sample", "run.safetensors", "--out", "full.csv")
        self.fails(
            74, "disk is full", "train", "--steps", "5", "--out", "full.safetensors", "--quiet")
        self.fails(74, "disk is full", "train", "--steps", "50", "--metrics", "full.csv")

    def test_training_that_leaves_the_numbers_exits_1_and_keeps_the_last_good_weights(self):
        self.fails(1, "last good weights", "train", "--learning-rate", "1e30", "--batch", "16",
                   "--out", "run.safetensors")  # fmt: skip
        self.succeeds("sample", "run.safetensors", "--count", "3")
        self.succeeds("train", "--resume", "run.safetensors", "--steps", "9", "--learning-rate",
                      "1e-3")  # fmt: skip
