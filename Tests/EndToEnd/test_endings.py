"""Every way to end leaves a sane terminal, and the status says which way it was."""

import os
import signal
import subprocess
import termios
import time
import unittest

from session import BINARY, ROOT, Session, environment

DEBUG_BINARY = os.path.join(ROOT, ".build/debug/flowscope")


class Signals(unittest.TestCase):
    def ends(self, cause, status):
        with Session() as session:
            session.until_picture()
            cause(session)
            self.assertEqual(session.exit_status(within=2), status)
            self.assertEqual(session.complaints(), [])

    def test_ctrl_c_exits_130(self):
        self.ends(lambda session: session.send("\x03"), 130)

    def test_ctrl_backslash_exits_131(self):
        self.ends(lambda session: session.send("\x1c"), 131)

    def test_term_exits_143(self):
        self.ends(lambda session: session.signal(signal.SIGTERM), 143)

    def test_hup_exits_129(self):
        self.ends(lambda session: session.signal(signal.SIGHUP), 129)

    def test_int_exits_130(self):
        self.ends(lambda session: session.signal(signal.SIGINT), 130)

    def test_a_closed_window_ends_it_within_2_seconds(self):
        with Session() as session:
            session.until_picture()
            session.close_master()
            self.assertIsNotNone(session.exit_status(within=2))

    def test_a_terminal_that_takes_no_bytes_can_be_ended(self):
        with Session() as session:
            session.until_picture()
            time.sleep(2)  # nothing is read: the pty's buffer is full long before
            session.signal(signal.SIGTERM)
            deadline = time.monotonic() + 2
            while time.monotonic() < deadline:
                process, status = os.waitpid(session.process, os.WNOHANG)
                if process:
                    session.status = os.waitstatus_to_exitcode(status)
                    break
                time.sleep(0.02)
            self.assertEqual(session.status, 143)


class Suspension(unittest.TestCase):
    """Under a real shell: a process group without one may not be stopped."""

    def test_ctrl_z_gives_the_terminal_back_and_fg_draws_it_again(self):
        shell = ("/bin/bash", "--norc", "--noprofile", "--noediting", "-i")
        if not os.path.exists(shell[0]):
            self.skipTest("needs bash")
        with Session(command=shell, PS1="PROMPT> ") as session:
            session.until_text("PROMPT>")
            session.read(0.2)
            session.modes = termios.tcgetattr(session.master)
            session.send(f"'{BINARY}'\n")
            session.until_picture()
            session.send("\x1a")
            session.until_text("Stopped")
            session.read(0.2)
            self.assertEqual(session.complaints(), [])
            silent = len(session.raw)
            session.read(0.5)
            self.assertEqual(len(session.raw), silent, "a stopped program prints nothing")
            session.screen.resize(120, 36)
            session.send("fg\n")
            session.until_picture()
            session.until_text("q quit")
            self.assertTrue(session.screen.alternate)
            session.send("q")
            session.until_text("is lost.")
            session.send("q")
            session.until(lambda _: not session.screen.alternate, "the shell's screen")
            session.send("echo status=$?\n")
            session.until_text("status=0")
            self.assertEqual(session.complaints(), [])
            session.send("exit\n")
            self.assertEqual(session.exit_status(), 0)


class Crashes(unittest.TestCase):
    """FLOWSCOPE_FAULT traps after a second on the thread that it names, in debug builds alone."""

    def test_a_trap_leaves_a_sane_terminal_a_message_and_the_signal(self):
        if not os.access(DEBUG_BINARY, os.X_OK):
            self.skipTest(f"needs a debug build: {DEBUG_BINARY}")
        traps = (-signal.SIGILL, -signal.SIGTRAP)  # ud2 on x86-64, brk on arm64
        for thread in ("ui", "trainer"):
            for backtrace in (None, "enable=no"):
                with self.subTest(thread=thread, backtrace=backtrace):
                    changes = {"FLOWSCOPE_FAULT": thread, "SWIFT_BACKTRACE": backtrace}
                    with Session(command=(DEBUG_BINARY,), **changes) as session:
                        session.until_picture()
                        # Well below the 30 s that Swift's backtracer would wait for a key.
                        self.assertIn(session.exit_status(within=15), traps)
                        self.assertEqual(session.complaints(), [])
                        self.assertIn("flowscope: stopped by SIG", session.after_screen())
                        self.assertNotIn("\x1b[?2026h", session.after_screen())


class NoTerminal(unittest.TestCase):
    def test_without_a_terminal_it_exits_69_and_names_the_headless_command(self):
        result = subprocess.run(
            [BINARY], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=15,
            env=environment({}), start_new_session=True, check=False,
        )  # fmt: skip
        self.assertEqual(result.returncode, 69)
        self.assertEqual(result.stdout, "")
        self.assertIn("flowscope train", result.stderr)
        self.assertEqual(result.stderr.count("\n"), 1)

    def test_with_a_useless_term_it_exits_69_and_says_which(self):
        for term in (None, "", "dumb", "no-such-terminal", "evil\x1b[31m"):
            with self.subTest(term), Session(TERM=term) as session:
                self.assertEqual(session.exit_status(), 69)
                printed = session.raw.decode()
                self.assertIn("flowscope train", printed)
                self.assertNotIn("\x1b", printed)
                self.assertEqual(printed.count("\n"), 1)
                if term and term.isprintable():
                    self.assertIn(term, printed)
