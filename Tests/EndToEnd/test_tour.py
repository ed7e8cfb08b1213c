"""The guided tour without a terminal: its list, its mistakes, and what render makes of a chapter."""

import json

from headless import Headless


class Tour(Headless):
    def test_chapters_are_listed_in_their_order(self):
        text = self.succeeds("tour", "--list")
        rows = [line.split()[:2] for line in text.splitlines()]
        self.assertEqual([row[0] for row in rows], [str(n + 1) for n in range(len(rows))])
        names = [row[1] for row in rows]
        self.assertEqual(names[0], "flow")
        chapters = json.loads(self.succeeds("tour", "--list", "--json"))["chapters"]
        self.assertEqual([chapter["name"] for chapter in chapters], names)

    def test_mistakes_are_one_line_that_says_what_to_do(self):
        self.fails(64, "unknown chapter", "tour", "flwo")
        self.fails(64, "flow", "tour", "flwo")
        self.fails(64, "--list", "tour", "--json")
        self.fails(69, "terminal", "tour")
        self.fails(64, "unknown chapter", "render", "--tour", "flwo")
        self.fails(64, "--tour CHAPTER", "render")
        self.write("keys", "wait 1\n")
        self.fails(64, "no --keys", "render", "--tour", "flow", "--keys", "keys")

    def test_a_chapter_is_rendered_to_its_last_scene(self):
        small = ("--widths", "8", "--batch", "16", "--train-steps", "60", "--particles", "256")
        text = self.succeeds("render", "--tour", "diffusion", "--size", "80x24", "--out", "-", *small)
        self.assertIn("3 of 3", text)
        self.assertIn("Diffusion, the noisy relative", text)
