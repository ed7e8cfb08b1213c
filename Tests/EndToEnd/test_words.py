"""Words: learned from masks and from noise, kept, drawn and judged."""

import json

from headless import Headless

WORDS = "sing\nsong\nsand\nsaga\ngoad\n"


class Words(Headless):
    def learn(self, name, *options):
        self.write("five.txt", WORDS)
        report = self.succeeds(
            "train", "--words", "five.txt", "--widths", "32", "--learning-rate", "1e-2",
            "--steps", "400", "--out", name, "--json", "--quiet", *options)  # fmt: skip
        return json.loads(report)

    def test_a_list_is_learned_kept_and_drawn_from(self):
        report = self.learn("run.safetensors")
        self.assertGreater(report["share_on_support"], 0.9)
        self.assertIsNone(report["w2"])
        self.assertLess(report["excess_loss"], 0.05)
        words = self.succeeds("sample", "run.safetensors", "-n", "200", "--quiet").split()
        self.assertEqual(len(words), 200)
        real = sum(word in WORDS.split() for word in words)
        self.assertGreater(real, 180)
        # The same seed draws the same words, in every format.
        self.succeeds("sample", "run.safetensors", "-n", "200", "-o", "words.csv", "--quiet")
        rows = self.read("words.csv").decode().splitlines()
        self.assertEqual(rows[0], "letter_1,letter_2,letter_3,letter_4")
        self.assertEqual([row.replace(",", "") for row in rows[1:]], words)
        figures = json.loads(self.succeeds("evaluate", "run.safetensors", "-n", "500", "--json"))
        self.assertGreater(figures["share_on_support"], 0.9)
        self.assertLess(figures["total_variation"], 0.2)
        self.assertAlmostEqual(
            figures["loss"] - figures["floor"], figures["excess_loss"], places=9)  # fmt: skip

    def test_a_run_that_was_interrupted_ends_as_one_that_was_not(self):
        self.learn("whole.safetensors", "--source", "uniform")
        self.write("five.txt", WORDS)
        self.succeeds("train", "--words", "five.txt", "--widths", "32", "--learning-rate", "1e-2",
                      "--source", "uniform", "--steps", "150", "--out", "part.safetensors")  # fmt: skip
        self.succeeds("train", "--resume", "part.safetensors", "--steps", "400")
        one = self.read("whole.safetensors")
        two = self.read("part.safetensors")
        self.assertEqual(one, two)

    def test_lists_that_cannot_be_are_refused_by_line(self):
        for text, place in [
            ("sing\nsongs\n", "bad.txt, line 2: has 5 letters"),
            ("sing\n\nsong\n", "bad.txt, line 2: is empty"),
            ("sing\nso g\n", "bad.txt, line 2, column 3: is U+0020"),
            ("sing\nsong\nsing\n", "bad.txt, line 3: repeats"),
            (b"sing\nso\xffg\n", "bad.txt, line 2: it is no UTF-8"),
            ("sing\n", "at least two different words"),
            ("a\x1b\nbc\n", "bad.txt, line 1, column 2: is U+001B"),
        ]:
            self.write("bad.txt", text)
            for option in ["--words", "--tokens", "--data"]:
                self.fails(65, place, "train", option, "bad.txt", "--steps", "2")
        self.fails(66, "no such file", "train", "--words", "none.txt")

    def test_what_letters_do_not_know_is_said_in_one_line(self):
        self.learn("run.safetensors")
        for arguments, text in [
            (["sample", "run.safetensors", "--reverse"], "forwards only"),
            (["sample", "run.safetensors", "--solver", "euler"], "no solver"),
            (["sample", "run.safetensors", "--tolerance", "1e-3"], "equal steps"),
            (["sample", "run.safetensors", "--corrector", "1", "--stochasticity", "1"], "one of them"),
            (["sample", "run.safetensors", "--redraws", "2", "--steps", "0"], "must be"),
            (["evaluate", "run.safetensors", "--dataset", "moons"], "leave out --dataset"),
            (["compare", "run.safetensors", "--solvers", "rk4"], "unknown way"),
            (["train", "--dataset", "words", "--coupling", "ot"], "no path, coupling"),
            (["train", "--dataset", "words", "--loss", "squared"], "generalised-kl"),
            (["train", "--dataset", "moons", "--loss", "cross-entropy"], "loss of letters"),
            (["train", "--words", "five.txt", "--dataset", "moons"], "two targets"),
        ]:
            self.fails(64, text, *arguments)

    def test_ways_of_letters_are_compared(self):
        self.learn("run.safetensors")
        report = json.loads(
            self.succeeds("compare", "run.safetensors", "--solvers", "plain,redraw",
                          "--nfe", "2,16", "--json"))  # fmt: skip
        lanes = {(lane["solver"], lane["nfe"]): lane for lane in report["lanes"]}
        self.assertEqual(len(lanes), 4)
        few, many = lanes["plain", 2]["exact_off_support"], lanes["plain", 16]["exact_off_support"]
        self.assertGreater(few, 3 * many)
        # Drawing anew with the exact posterior ends on a word.
        self.assertLess(lanes["redraw", 16]["exact_off_support"], 0.02)
