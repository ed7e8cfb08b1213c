"""The program without a terminal, in a directory of its own."""

import os
import shutil
import subprocess
import tempfile
import unittest

from session import BINARY, environment


def flowscope(*arguments, input=None):
    """The program without a terminal in the present directory, with no settings of anybody."""
    changes = {"TERM": None, "HOME": os.getcwd(), "XDG_CONFIG_HOME": None}
    return subprocess.run(
        [BINARY, *arguments], capture_output=True, text=True, input=input or "", timeout=240,
        env=environment(changes))  # fmt: skip


class Prepared(unittest.TestCase):
    """Tests of one directory, the present one, which a class fills once by `prepare`."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.mkdtemp(prefix="flowscope-")
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.addClassCleanup(os.chdir, os.getcwd())
        os.chdir(cls.folder)
        cls.prepare()

    @staticmethod
    def trained(*arguments):
        result = flowscope("train", *arguments)
        assert result.returncode == 0, result.stderr

    def told(self, *arguments, **options):
        result = flowscope(*arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def refused(self, words, *arguments, code=64, **options):
        """Ends with the code and one line with all of the words."""
        result = flowscope(*arguments, **options)
        self.assertEqual(result.returncode, code, result.stderr)
        lines = result.stderr.strip().splitlines()
        self.assertEqual(len(lines), 1, result.stderr)
        for word in words:
            self.assertIn(word, lines[0])

    def table(self, name, text):
        with open(name, "w") as file:
            file.write(text)
        return name


class Headless(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="flowscope-")
        self.addCleanup(shutil.rmtree, self.folder, ignore_errors=True)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, data):
        with open(self.path(name), "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())

    def read(self, name):
        with open(self.path(name), "rb") as file:
            return file.read()

    def start(self, *arguments, **options):
        changes = {"TERM": None, "HOME": self.folder, "XDG_CONFIG_HOME": None}
        changes.update(options.pop("env", {}))
        defaults = {
            "cwd": self.folder,
            "env": environment(changes),
            "stdin": subprocess.DEVNULL,
            "stdout": subprocess.PIPE,
            "stderr": subprocess.PIPE,
        }
        return subprocess.Popen([BINARY, *arguments], **{**defaults, **options})

    def run_program(self, *arguments, **options):
        given = options.pop("input", None)
        if given is not None:
            options["stdin"] = subprocess.PIPE
        process = self.start(*arguments, **options)
        out, err = process.communicate(given.encode() if given is not None else None, timeout=60)
        result = subprocess.CompletedProcess(arguments, process.returncode)
        result.stdout = (out or b"").decode()
        result.stderr = (err or b"").decode()
        return result

    def succeeds(self, *arguments, **options):
        result = self.run_program(*arguments, **options)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def fails(self, status, text, *arguments, **options):
        """Ends with the status and one line that says why, without a character that acts."""
        result = self.run_program(*arguments, **options)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertIn(text, result.stderr)
        self.assertTrue(all(c.isprintable() or c == "\n" for c in result.stderr), result.stderr)
        return result

    def train(self, name="run.safetensors", *more):
        self.succeeds(
            "train", "--steps", "50", "--batch", "16", "--widths", "8,8", "--out", name,
            "--quiet", *(() if "--resume" in more or "--no-clobber" in more else ("--force",)),
            *more,
        )  # fmt: skip
