"""A newcomer's first ten seconds: once, and only where nothing was asked for."""

import os
import tempfile
import unittest

from headless import Headless
from session import BINARY, Session

FIRST = "any key to begin"


class Introduction(Headless):
    def test_it_comes_once_and_the_key_that_ends_it_acts(self):
        with tempfile.TemporaryDirectory() as folder:
            with Session(XDG_STATE_HOME=folder) as session:
                session.until_text(FIRST)
                session.send("?")
                session.until_text("solver step forward")
                self.assertNotIn(FIRST, session.screen.text())
                session.send("q")
            self.assertTrue(os.path.exists(os.path.join(folder, "flowscope", "introduced")))
            self.assert_absent(XDG_STATE_HOME=folder)

    def test_it_stays_away_where_something_was_asked_for_or_nothing_can_be_remembered(self):
        with tempfile.TemporaryDirectory() as folder:
            self.assert_absent(command=(BINARY, "--particles", "500"), XDG_STATE_HOME=folder)
            self.assert_absent(columns=80, rows=24, XDG_STATE_HOME=folder)
            self.assertFalse(os.path.exists(os.path.join(folder, "flowscope")))
            # A relative folder counts as none.
            self.assert_absent(XDG_STATE_HOME="here", HOME="/dev/null")

    def test_a_replay_has_it_where_it_is_asked_for(self):
        script = os.path.join(self.folder, "script")
        with open(script, "w", encoding="utf-8") as file:
            file.write("wait 1\n")
        plain = self.succeeds("render", "--keys", script, "--size", "100x30", "--out", "-")
        self.assertNotIn(FIRST, plain)
        shown = self.succeeds("render", "--keys", script, "--size", "100x30", "--intro", "--out", "-")
        self.assertIn(FIRST, shown)
        self.fails(64, "100x30", "render", "--keys", script, "--size", "80x24", "--intro")
        self.fails(64, "leave out", "render", "--keys", script, "--intro", "--dataset", "moons")

    def assert_absent(self, **changes):
        with Session(**changes) as session:
            session.until_picture()
            session.until_text("q quit")
            self.assertNotIn(FIRST, session.screen.text())


if __name__ == "__main__":
    unittest.main()
