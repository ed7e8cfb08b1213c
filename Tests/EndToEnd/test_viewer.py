"""The viewer at work: pictures, keys, sizes, colours."""

import re
import unittest

from session import BRAILLE, Session


def shown_time(text):
    """The t in the time pane's title, or nothing."""
    match = re.search(r"\bt (\d\.\d{3})", text)
    return match[1] if match else ""


class Viewer(unittest.TestCase):
    def quit(self, session):
        session.send("qq")
        self.assertEqual(session.exit_status(), 0)
        self.assertEqual(session.complaints(), [])

    def test_draws_answers_keys_and_leaves_no_trace(self):
        with Session() as session:
            session.until_picture()
            session.until_text("q quit")
            session.send("\x1b[H")
            session.until(lambda text: shown_time(text) == "0.000", "t = 0 after Home")
            session.send(" ")
            session.until(lambda text: shown_time(text) > "0.000", "a clock that runs")
            session.send(" ")
            session.read(0.5)
            parked = shown_time(session.screen.text())
            session.read(0.5)
            self.assertEqual(shown_time(session.screen.text()), parked, "space stops the clock")
            session.send("\x1b[H.")
            session.until(
                lambda text: shown_time(text) not in ("", "0.000", parked), "a step from the start"
            )
            before = session.screen.text()
            session.send("?")
            session.until(
                lambda text: sum(a != b for a, b in zip(text, before)) > 400, "help over the picture"
            )
            session.send("\x1b")
            session.until_picture()
            session.until_text("q quit")
            self.quit(session)

    def test_follows_the_size_down_to_a_message_and_back(self):
        with Session() as session:
            session.until_picture()
            session.resize(80, 24)
            session.until_picture()
            session.until_text("q quit")
            session.resize(30, 8)
            session.until_text("have 30×8, need 40×12")
            self.assertIsNone(BRAILLE.search(session.screen.text()))
            session.resize(120, 36)
            session.until_picture()
            self.quit(session)

    def test_q_works_where_nothing_fits(self):
        with Session(columns=30, rows=8) as session:
            session.until_text("have 30×8")
            session.send("q")
            self.assertEqual(session.exit_status(), 0)
            self.assertEqual(session.complaints(), [])

    def test_what_is_pasted_is_no_row_of_keys(self):
        with Session() as session:
            session.until_picture()
            session.send("\x1b[200~q|dqq\r\x1b[201~")
            session.read(0.5)
            self.assertFalse(session.ended())
            session.send(":\x1b[200~data points.csv\x1b[201~")
            session.until_text("data points.csv")
            session.send("\x1b")
            session.read(0.3)
            self.quit(session)

    def test_quits_while_a_stream_of_keys_and_sizes_comes_in(self):
        with Session() as session:
            session.until_picture()
            for i in range(40):
                session.send("\x1b[D\x1b[1;2C\x1b[<0;5;5M\x1b[Z\x1b[200~q\x1b[201~é")
                session.resize(60 + i, 20 + i % 9)
                session.read(0.01)
            session.resize(120, 36)
            session.send("\x1b\x1b\x1b")
            session.read(0.3)
            self.quit(session)


class Colours(unittest.TestCase):
    def colours(self, **changes):
        with Session(**changes) as session:
            session.until_picture()
            session.read(0.3)
            session.send("qq")
            self.assertEqual(session.exit_status(), 0)
            return {
                "24 bit": len(re.findall(rb"\x1b\[[0-9;]*[34]8;2;", session.raw)),
                "256": len(re.findall(rb"\x1b\[[0-9;]*[34]8;5;", session.raw)),
                "16": len(re.findall(rb"\x1b\[(?:\d\d?;)*[39][0-7]m", session.raw)),
            }

    def test_24_bit_where_the_environment_promises_it(self):
        for term in ("xterm-256color", "tmux-256color"):
            with self.subTest(term):
                seen = self.colours(TERM=term, COLORTERM="truecolor")
                self.assertGreater(seen["24 bit"], 20)
                self.assertEqual(seen["256"], 0)

    def test_256_otherwise(self):
        seen = self.colours()
        self.assertGreater(seen["256"], 20)
        self.assertEqual(seen["24 bit"], 0)

    def test_16_where_there_are_no_more(self):
        seen = self.colours(TERM="xterm")
        self.assertGreater(seen["16"], 5)
        self.assertEqual(seen["24 bit"] + seen["256"], 0)

    def test_none_with_no_color(self):
        for colorterm in (None, "truecolor"):
            seen = self.colours(NO_COLOR="1", COLORTERM=colorterm)
            self.assertEqual(seen, {"24 bit": 0, "256": 0, "16": 0})

    def test_no_synchronised_output_on_request(self):
        with Session(FLOWSCOPE_SYNC="0") as session:
            session.until_picture()
            session.send("qq")
            self.assertEqual(session.exit_status(), 0)
            self.assertNotIn(b"\x1b[?2026", session.raw)

    def test_ascii_alone_where_the_terminal_speaks_no_utf_8(self):
        # C.UTF-8 is tried first, so only the kernel's console is left to show it.
        with Session(TERM="linux") as session:
            session.until_text("q quit")
            session.read(0.5)
            session.send("qq")
            self.assertEqual(session.exit_status(), 0)
            self.assertIsNone(BRAILLE.search(session.raw.decode(errors="replace")))

    def test_ascii_alone_where_the_locale_names_another_character_set(self):
        for name in ("LC_ALL", "LANG"):
            changes = {"LC_ALL": None, "LC_CTYPE": None, name: "de_DE.ISO-8859-1"}
            with Session(**changes) as session:
                session.until_text("q quit")
                session.read(0.5)
                session.send("qq")
                self.assertEqual(session.exit_status(), 0)
                self.assertTrue(all(byte < 0x80 for byte in session.raw), name)
