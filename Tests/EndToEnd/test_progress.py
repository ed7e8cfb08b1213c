"""The line on a terminal that follows long work: one line, whatever the width, and none elsewhere."""

import re

from headless import Headless
from session import BINARY, Session


class Progress(Headless):
    def follow(self, columns, *arguments):
        """The program's standard error on a terminal of that width, to its end."""
        with Session(columns=columns, rows=24, command=(BINARY, *arguments),
                     HOME=self.folder) as session:  # fmt: skip
            self.assertEqual(session.exit_status(within=60), 0)
            return session

    def test_the_bar_of_training_stays_in_one_line_whatever_the_width(self):
        for columns in (20, 40, 60, 80, 132, 250):
            with self.subTest(columns):
                session = self.follow(
                    columns, "train", "--steps", "1500", "--batch", "16", "--widths", "16,16")
                lines = session.raw.decode().split("\r")
                drawn = [line.split("\x1b")[0] for line in lines if "/1500" in line]
                self.assertGreater(len(drawn), 0)
                self.assertLess(max(map(len, drawn)), columns)
                # Between what is said first and the report there is nothing but that line.
                before = session.raw.decode().partition("dataset")[0]
                self.assertEqual(before.count("\n"), 1)
                if columns >= 80:
                    self.assertRegex(drawn[-1], r"━+─* +\d+/1500  loss \d.*ETA \d+ s")
                if columns == 40:
                    self.assertRegex(drawn[-1], r"1500.*ETA \d+ s")

    def test_without_a_terminal_or_with_quiet_there_is_none(self):
        tiny = ("train", "--steps", "300", "--batch", "16", "--widths", "8,8", "--out")
        result = self.run_program(*tiny, "a.safetensors")
        self.assertEqual(result.stderr, "saved to a.safetensors\n")
        session = self.follow(80, *tiny, self.path("b.safetensors"), "--quiet")
        self.assertFalse(re.search("[━─]", session.raw.decode()))

    def test_sample_likelihood_and_evaluate_tell_the_time_that_is_left(self):
        self.train("run.safetensors")
        model = self.path("run.safetensors")
        self.succeeds("sample", model, "-n", "800k", "-o", "points.npy", "-q")
        points = self.path("points.npy")
        for arguments, words in (
            (("sample", model, "-n", "300k", "--steps", "500", "-o"), "sample"),
            (("sample", model, "-n", "1500k", "--log-density", "-o"), "sample"),
            (("likelihood", model, "--data", points, "-o"), "likelihood"),
            (("evaluate", model, "-n", "9000"), "evaluate"),
        ):
            with self.subTest(arguments[:1]):
                name = [self.path("out.npy"), "--force"] if arguments[-1] == "-o" else []
                session = self.follow(70, *arguments, *name)
                drawn = [line.split("\x1b")[0] for line in session.raw.decode().split("\r")]
                drawn = [line for line in drawn if re.match("━*─+  ", line)]
                self.assertGreater(len(drawn), 1)
                self.assertLess(max(map(len, drawn)), 70)
                for line in drawn:
                    self.assertRegex(line, r"^━*─+  .*\d+ %.*ETA (\d+ s|\d+m\d\ds)$")
                self.assertIn(words, drawn[0])
                self.assertFalse(re.search("[━─]", session.screen.text()))
                # And nothing of it where nobody looks.
                quiet = self.follow(70, *arguments, *name, "--quiet")
                self.assertFalse(re.search("[━─]", quiet.raw.decode()))
                self.assertNotIn("ETA", self.run_program(*arguments, *name).stderr)

    def test_a_long_file_of_points_is_not_read_in_silence(self):
        self.write("points.csv", "x,y\n" + "0.25,1.5\n-1.125,2.75\n3.5,-4.0625\n" * 1_000_000)
        session = self.follow(
            80, "train", "--data", self.path("points.csv"), "--dry-run", "--standardise")
        text = session.raw.decode()
        self.assertRegex(text, r"\r━*─+  read points.csv  \d+ %  ETA \d+ s")
        # The line is gone before what follows.
        self.assertRegex(text, r"\r\x1b\[K[^\r]*points.csv: standardised")
