"""What a save does to the disk: its order of calls, and what a full one leaves."""

import os
import re
import shutil
import subprocess
import unittest

from headless import Headless
from session import BINARY


class Order(Headless):
    @unittest.skipUnless(shutil.which("strace"), "needs strace")
    def test_write_fsync_rename_fsync_of_the_folder(self):
        self.train()
        log = self.path("log")
        result = subprocess.run(
            ["strace", "-f", "-o", log, "-e", "trace=openat,write,fsync,rename,renameat,renameat2,flock",
             BINARY, "train", "--steps", "5", "--out", "run.safetensors", "--quiet",
             "--force"],
            cwd=self.folder, capture_output=True, timeout=120, check=False)  # fmt: skip
        if result.returncode != 0:
            self.skipTest("strace is not allowed to trace here")
        calls = []
        names = {}
        with open(log, encoding="utf-8", errors="replace") as file:
            for line in file:
                opened = re.search(r'openat\(AT_FDCWD, "([^"]*)", [^)]*\)\s*= (\d+)', line)
                if opened:
                    names[opened[2]] = opened[1]
                    continue
                call = re.search(r"(write|fsync|flock)\((\d+)", line)
                if call:
                    calls.append((call[1], names.get(call[2], "")))
                elif "rename" in line:
                    calls.append(("rename", line))
        renamed = [i for i, call in enumerate(calls) if call[0] == "rename"]
        self.assertEqual(len(renamed), 1)
        at = renamed[0]
        temporary = re.search(r'"([^"]*flowscope-[^"]*)"', calls[at][1])[1]
        of_file = [call for call in calls[:at] if call[1] == temporary]
        self.assertEqual([call[0] for call in of_file], ["flock", "write", "fsync"])
        self.assertEqual(calls[at + 1], ("fsync", "."))


class FullDisk(Headless):
    def test_a_disk_that_fills_up_leaves_the_old_file_and_says_so(self):
        disk = self.path("disk")
        os.mkdir(disk)
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], capture_output=True,
            check=False)  # fmt: skip
        if mounted.returncode != 0:
            self.skipTest("mounting is not permitted here")
        try:
            self.train("disk/run.safetensors")
            before = self.read("disk/run.safetensors")
            result = self.fails(
                74, "the disk is full", "train", "--steps", "60", "--widths", "128,128", "--batch",
                "16", "--checkpoint-every", "20", "--out", "disk/run.safetensors", "--force")  # fmt: skip
            self.assertIn("training goes on", result.stderr)
            self.assertNotIn("saved", result.stderr)
            self.assertEqual(self.read("disk/run.safetensors"), before)
            self.fails(
                74, "the disk is full", "sample", "disk/run.safetensors", "--count", "100000",
                "--out", "disk/s.npy")  # fmt: skip
            self.assertEqual(os.listdir(disk), ["run.safetensors"])
        finally:
            subprocess.run(["umount", disk], check=False)
