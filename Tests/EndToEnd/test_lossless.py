"""Work is never lost: divergence, files that exist, two processes on one file."""

import csv
import io
import json
import math
import os
import re
import time

from headless import Headless

TINY = ("--batch", "16", "--widths", "8,8", "--quiet")


class Lossless(Headless):
    def metadata(self, name):
        return json.loads(self.succeeds("inspect", name, "--json"))["metadata"]

    def until(self, condition, what):
        deadline = time.monotonic() + 20
        while not condition():
            self.assertLess(time.monotonic(), deadline, f"never came: {what}")
            time.sleep(0.01)

    def all_samples_are_finite(self, name):
        rows = list(csv.reader(io.StringIO(self.succeeds("sample", name))))[1:]
        self.assertEqual(len(rows), 1000)
        self.assertTrue(all(math.isfinite(float(x)) for row in rows for x in row))


class Divergence(Lossless):
    def test_whatever_the_rate_the_file_can_be_sampled_and_gone_on_from(self):
        for seed, rate in enumerate(("7000", "1e30", "30", "1", "1e12")):
            with self.subTest(rate=rate):
                name = f"{seed}.safetensors"
                result = self.run_program(
                    "train", "--learning-rate", rate, "--seed", str(seed), "--steps", "3000",
                    "--batch", "16", "--widths", "32,32,32", "--out", name)  # fmt: skip
                if result.returncode == 0:
                    continue  # Adam's steps are bounded: not every rate ends in a NaN
                self.assertEqual(result.returncode, 1, result.stderr)
                self.assertIn("last good weights", result.stderr)
                self.all_samples_are_finite(name)
                self.succeeds("train", "--resume", name, "--learning-rate", "1e-3", "--steps",
                              str(3100), "--quiet")  # fmt: skip
                self.assertEqual(self.metadata(name)["step"], "3100")

    def test_points_too_large_for_the_numbers_are_named_as_the_reason(self):
        self.write("p.csv", "".join(f"{i % 7 + 1}e22,{i + 1}e22\n" for i in range(50)))
        result = self.fails(
            65, "--standardise", "train", "--data", "p.csv", "--steps", "9", "--out", "r.safetensors")
        self.assertNotIn("--learning-rate", result.stderr)
        self.assertEqual(os.listdir(self.folder), ["p.csv"])
        self.succeeds("train", "--data", "p.csv", "--standardise", "--steps", "9", *TINY,
                      "--out", "r.safetensors")  # fmt: skip

    def test_the_whole_state_that_was_saved_stays_and_other_settings_go_on_from_it(self):
        self.train()
        before = self.read("run.safetensors")
        self.fails(1, "goes on", "train", "--resume", "run.safetensors", "--learning-rate", "1e30",
                   "--steps", "500", "--quiet")  # fmt: skip
        self.assertEqual(self.read("run.safetensors"), before)
        self.succeeds("train", "--resume", "run.safetensors", "--learning-rate", "1e-4",
                      "--weight-decay", "0.01", "--steps", "80", "--quiet")  # fmt: skip
        held = self.metadata("run.safetensors")
        experiment = json.loads(held["experiment"])
        self.assertEqual((experiment["learningRate"], experiment["weightDecay"]), (1e-4, 0.01))
        self.assertEqual(
            held["optimizer_changes"],
            "step 50: learning rate 0.001 to 0.0001, weight decay 0.0 to 0.01")
        self.succeeds("train", "--resume", "run.safetensors", "--steps", "90", "--quiet")
        self.assertIn("step 50", self.metadata("run.safetensors")["optimizer_changes"])
        for option, value in (("--batch", "32"), ("--seed", "5"), ("--dataset", "moons")):
            self.fails(64, option + " cannot change", "train", "--resume", "run.safetensors",
                       option, value)  # fmt: skip

    def test_an_option_that_says_what_holds_anyway_is_no_change(self):
        self.train("run.safetensors", "--batch", "256")
        # 256 is the default: whoever types it for a run of 16 means it.
        self.train("other.safetensors")
        self.succeeds("train", "--resume", "run.safetensors", "--batch", "256", "--steps", "60")
        self.fails(64, "--batch cannot change", "train", "--resume", "other.safetensors",
                   "--batch", "256")  # fmt: skip
        # What the environment says is not typed, and the checkpoint knows better.
        self.succeeds("train", "--resume", "other.safetensors", "--steps", "60",
                      env={"FLOWSCOPE_BATCH": "99"})  # fmt: skip


class Existing(Lossless):
    def test_a_file_that_exists_is_refused_with_the_ways_out(self):
        self.train()
        self.write("keys", "space\nsnapshot shot.txt\n")
        self.write("points.csv", "1,2\n3,4\n")
        render = ("render", "--keys", "keys", "--size", "40x12")
        for name, arguments in (
            ("run.safetensors", ("train", "--steps", "10", *TINY)),
            ("s.npy", ("sample", "run.safetensors")),
            ("s.csv", ("sample", "run.safetensors")),
            ("work.svg", ("compare", "run.safetensors", "--nfe", "4", "--solvers", "euler")),
            ("p.npy", ("likelihood", "run.safetensors", "--data", "points.csv")),
            ("picture.svg", render),
            ("picture.cast", render),
        ):
            with self.subTest(name):
                kept = name == "run.safetensors" and self.read(name) or b"mine\n"
                self.write(name, kept)
                self.write("shot.txt", "")
                result = self.fails(73, "--force", *arguments, "--out", name)
                self.assertIn("exists", result.stderr)
                if arguments[0] == "train":
                    self.assertIn("--resume", result.stderr)
                self.assertEqual(self.read(name), kept)
                stem, ending = name.split(".")
                self.succeeds(*arguments, "--out", name, "--no-clobber")
                self.assertEqual(self.read(name), kept)
                self.assertGreater(len(self.read(f"{stem}-1.{ending}")), 10)
                os.remove(self.path(f"{stem}-1.{ending}"))
                self.write("shot.txt", "")
                self.succeeds(*arguments, "--out", name, "--force")
                self.assertNotEqual(self.read(name), kept)

    def test_an_empty_file_is_nothing_to_lose(self):
        self.write("s.safetensors", "")
        self.succeeds("train", "--steps", "5", *TINY, "--out", "s.safetensors")

    def test_metrics_of_another_run_are_refused_and_other_files_never_written(self):
        self.train("run.safetensors", "--metrics", "m.csv")
        before = self.read("m.csv")
        self.fails(73, "--force", "train", "--steps", "5", *TINY, "--metrics", "m.csv")
        self.assertEqual(self.read("m.csv"), before)
        self.write("points.csv", "x,y\n1,2\n")
        for more in (("--resume", "run.safetensors", "--steps", "70"), ("--force",)):
            self.fails(73, "something else", "train", *TINY[-1:], "--metrics", "points.csv", *more)
        self.assertEqual(self.read("points.csv"), b"x,y\n1,2\n")

    def test_a_script_writes_beside_out_and_over_nothing_unless_forced(self):
        os.mkdir(self.path("inside"))
        self.write("mine.txt", "mine\n")
        for script, words in (
            ("snapshot mine.txt", "exists"),
            ("snapshot ../outside.txt", "leaves the folder"),
            (f"snapshot {self.folder}-x.txt", "leaves the folder"),
        ):
            with self.subTest(script):
                self.write("keys", script + "\n")
                self.fails(73, words, "render", "--keys", "keys", "--size", "40x12")
        self.assertEqual(self.read("mine.txt"), b"mine\n")
        self.write("keys", "snapshot inside/a.txt\nsnapshot inside/a.txt\n")
        self.succeeds("render", "--keys", "keys", "--size", "40x12", "--quiet")
        self.fails(73, "leaves the folder", "render", "--keys", "keys", "--out", "inside/b/c.txt")
        self.succeeds("render", "--keys", "keys", "--out", "inside/c.txt", "--force")
        self.assertGreater(len(self.read("inside/a.txt")), 100)


class OneFile(Lossless):
    def test_a_second_process_is_told_who_writes_the_file(self):
        first = self.start("train", "--out", "run.safetensors", "--checkpoint-every", "50",
                           "--metrics", "m.csv", "--steps", "1000000000", *TINY)  # fmt: skip
        self.addCleanup(first.wait)
        self.addCleanup(first.kill)
        self.until(lambda: os.path.exists(self.path("run.safetensors")), "a save")
        os.symlink("run.safetensors", self.path("link.safetensors"))
        for more in (("--resume",), ("--force",), ()):
            for name in ("run.safetensors", "link.safetensors"):
                with self.subTest(name=name, more=more):
                    result = self.fails(
                        73, f"process {first.pid}, since 20", "train", "--out", name, *more)
                    self.assertIn("writes it", result.stderr)
        self.fails(73, "another process", "train", "--metrics", "m.csv", "--force", *TINY)
        first.kill()
        first.wait()
        step = int(self.metadata("run.safetensors")["step"])
        self.succeeds("train", "--out", "run.safetensors", "--resume", "--steps", str(step + 500),
                      "--metrics", "m.csv", "--quiet")  # fmt: skip
        steps = [int(row.split(b",")[0]) for row in self.read("m.csv").splitlines()[1:]]
        self.assertEqual(steps, sorted(set(steps)))
        self.assertEqual(steps[-1], step + 500)
        self.assertEqual(
            sorted(os.listdir(self.folder)), ["link.safetensors", "m.csv", "run.safetensors"])


class BeforeTraining(Lossless):
    def test_what_cannot_be_kept_is_said_before_the_first_step(self):
        result = self.run_program("train", "--steps", "5", *TINY[:4])
        self.assertIn("the result is not kept; --out", result.stderr)
        self.assertNotIn("not kept", self.run_program("train", "--steps", "5", *TINY).stderr)
        forever = ("train", "--steps", "1e9", *TINY)
        self.write("d.csv", "1,2\n3,4\n")
        long = "x" * 300
        for status, words, arguments in (
            (64, "same file", ("--out", "r.safetensors", "--metrics", "./r.safetensors")),
            (64, "same file", ("--data", "d.csv", "--metrics", f"{self.folder}/d.csv")),
            (73, "name is too long", ("--out", long + ".safetensors")),
            (73, "name is too long", ("--out", "a.safetensors", "--metrics", long)),
            (73, "no such file or directory", ("--out", "no/such/r.safetensors")),
            (73, "not a directory", ("--out", "d.csv/r.safetensors")),
            (73, "no such file or directory", ("--metrics", "no/such/m.csv")),
        ):
            with self.subTest(arguments):
                self.fails(status, words, *forever, *arguments)
        self.assertEqual(os.listdir(self.folder), ["d.csv"])

    def test_a_dry_run_tells_what_would_be_and_writes_nothing(self):
        text = self.succeeds("train", "--dry-run", "--steps", "100k", "--out", "r.safetensors")
        for words in (r"steps +100000", r"memory +at least", r"time +.*steps/s", r"r\.safetensors"):
            self.assertTrue(re.search(words, text), text)
        plan = json.loads(self.succeeds("train", "--dry-run", "--json"))
        self.assertEqual((plan["dataset"], plan["steps"]), ("8gaussians", 60000))
        self.assertGreater(plan["steps_per_second"], 0)
        self.assertEqual(os.listdir(self.folder), [])


class Links(Lossless):
    def test_another_users_link_in_a_shared_folder_is_not_followed(self):
        if os.getuid() != 0:
            self.skipTest("needs the right to give a link to another user")
        os.mkdir(self.path("shared"))
        os.chmod(self.path("shared"), 0o1777)
        self.write("mine.safetensors", "")
        for name in ("r.safetensors", "m.csv"):
            os.symlink(self.path("mine.safetensors"), self.path("shared/" + name))
            os.lchown(self.path("shared/" + name), 12345, 12345)
        for arguments in (("--out", "shared/r.safetensors"), ("--metrics", "shared/m.csv")):
            self.fails(73, "another user's link", "train", "--steps", "5", *TINY, *arguments)
        self.assertEqual(self.read("mine.safetensors"), b"")
        os.lchown(self.path("shared/r.safetensors"), 0, 0)
        self.succeeds("train", "--steps", "5", *TINY, "--out", "shared/r.safetensors")
        self.assertGreater(len(self.read("mine.safetensors")), 100)
