"""The program on a pseudo-terminal: what it prints, what it is sent, and how it ends."""

import codecs
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

from screen import Screen

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BINARY = os.environ.get("FLOWSCOPE_BINARY", os.path.join(ROOT, ".build/release/flowscope"))
BRAILLE = re.compile("[\u2801-\u28ff]")
PATIENCE = 15  # seconds until a thing that never happens counts as that


def environment(changes):
    """A plain terminal's environment; a change to None removes a variable."""
    result = {
        name: value
        for name, value in os.environ.items()
        if name not in ("LINES", "COLUMNS", "COLORTERM", "NO_COLOR", "COLORFGBG", "TERMINFO")
        and not name.startswith("FLOWSCOPE_")
    }
    # Where nothing can be remembered nobody is a newcomer.
    result.update({"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "XDG_STATE_HOME": "/dev/null"})
    for name, value in changes.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = value
    return result


class Session:
    def __init__(self, columns=120, rows=36, command=(BINARY,), **changes):
        self.screen = Screen(columns, rows)
        self.raw = b""
        self.status = None
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")
        # The program begins when its terminal's modes are known: on a busy machine it may be first.
        waiting, known = os.pipe()
        self.process, self.master = pty.fork()
        if self.process == 0:
            try:
                os.close(known)
                os.read(waiting, 1)
                os.close(waiting)
                size = struct.pack("HHHH", rows, columns, 0, 0)
                fcntl.ioctl(0, termios.TIOCSWINSZ, size)
                # Under nohup the hang-up is ignored, in a shell's background Ctrl-C and Ctrl-\; a
                # child inherits that.
                for number in (signal.SIGHUP, signal.SIGINT, signal.SIGQUIT):
                    signal.signal(number, signal.SIG_DFL)
                os.execve(command[0], list(command), environment(changes))
            finally:
                os._exit(127)
        self.modes = termios.tcgetattr(self.master)
        os.close(waiting)
        os.close(known)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.status is None:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        if self.master is not None:
            os.close(self.master)

    def read(self, seconds=0.02):
        """Takes what the program prints within `seconds`."""
        deadline = time.monotonic() + seconds
        while True:
            left = deadline - time.monotonic()
            ready, _, _ = select.select([self.master], [], [], max(0, left))
            if not ready:
                return
            try:
                data = os.read(self.master, 65536)
            except OSError:
                return  # the other side is closed
            if not data:
                return
            self.raw += data
            self.screen.feed(self.decoder.decode(data))

    def send(self, text):
        os.write(self.master, text.encode())

    def signal(self, number):
        os.kill(self.process, number)

    def resize(self, columns, rows):
        self.screen.resize(columns, rows)
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def close_master(self):
        os.close(self.master)
        self.master = None

    def until(self, condition, what):
        """Reads until `condition(text on the screen)` is true; returns what it gave."""
        deadline = time.monotonic() + PATIENCE
        while True:
            result = condition(self.screen.text())
            if result:
                return result
            if time.monotonic() > deadline or self.ended():
                raise AssertionError(
                    f"never came: {what}; status {self.status}; on the screen:\n{self.screen.text()}"
                )
            self.read()

    def until_text(self, text):
        return self.until(lambda shown: text in shown, repr(text))

    def until_picture(self):
        return self.until(BRAILLE.search, "a braille character")

    def ended(self):
        if self.status is None:
            process, status = os.waitpid(self.process, os.WNOHANG)
            if process:
                self.status = os.waitstatus_to_exitcode(status)
                if self.master is not None:
                    self.read()
        return self.status is not None

    def exit_status(self, within=PATIENCE):
        """The exit status (minus the signal where one ended it); None if still running then."""
        deadline = time.monotonic() + within
        while not self.ended() and time.monotonic() < deadline:
            if self.master is None:
                time.sleep(0.01)
            else:
                self.read()
        return self.status

    def after_screen(self):
        """What was printed after the alternate screen was left."""
        return self.raw.rpartition(b"\x1b[?1049l")[2].decode(errors="replace")

    def complaints(self):
        """What is wrong with the state in which the terminal was left; empty when all is well."""
        checks = {
            "the modes differ": termios.tcgetattr(self.master) != self.modes,
            "the alternate screen is still shown": self.screen.alternate,
            "the cursor is hidden": not self.screen.cursor_visible,
            "a frame is still held back": self.raw.rfind(b"\x1b[?2026h")
            > self.raw.rfind(b"\x1b[?2026l"),
            "pastes are still marked": self.raw.rfind(b"\x1b[?2004h")
            > self.raw.rfind(b"\x1b[?2004l"),
            "there was no screen to leave": b"\x1b[?1049h" not in self.raw,
        }
        return [complaint for complaint, is_so in checks.items() if is_so]
