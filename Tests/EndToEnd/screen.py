"""A terminal's screen, as far as ncurses uses it: characters and their places, no colours."""

import re

SEQUENCE = re.compile(
    r"\x1b\[(?P<private>[?>=]?)(?P<numbers>[0-9;:]*)(?P<final>[@-~])"  # CSI
    r"|\x1b\](?P<system>[^\x07\x1b]*)(?:\x07|\x1b\\)"  # OSC
    r"|\x1b[()][A-Z0-9]|\x1b[=>78M]"
)


class Screen:
    def __init__(self, columns, rows):
        self.alternate = False
        self.cursor_visible = True
        self.frames = 0
        self.pending = ""
        self.questions = []
        self.resize(columns, rows)

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.cells = [[" "] * columns for _ in range(rows)]
        self.x = self.y = 0
        self.top, self.bottom = 0, rows

    def lines(self):
        return ["".join(row).rstrip() for row in self.cells]

    def text(self):
        return "\n".join(self.lines())

    def feed(self, text):
        text = self.pending + text
        self.pending = ""
        at = 0
        while at < len(text):
            character = text[at]
            if character == "\x1b":
                match = SEQUENCE.match(text, at)
                if match:
                    self.sequence(match)
                    at = match.end()
                elif "\x1b" not in text[at + 1 :] and len(text) - at < 64:
                    self.pending = text[at:]  # cut by the end of what was read
                    return
                else:
                    at = text.find("\x1b", at + 1) if "\x1b" in text[at + 1 :] else at + 1
                continue
            at += 1
            self.put(character)

    def put(self, character):
        if character == "\r":
            self.x = 0
        elif character == "\n":
            self.down()
        elif character == "\b":
            self.x = max(0, self.x - 1)
        elif character == "\t":
            self.x = min(self.columns - 1, self.x // 8 * 8 + 8)
        elif character >= " ":
            if self.x >= self.columns:
                self.x = 0
                self.down()
            self.cells[self.y][self.x] = self.last = character
            self.x += 1

    def down(self):
        if self.y + 1 == self.bottom:
            self.scroll(self.top, 1)
        else:
            self.y = min(self.rows - 1, self.y + 1)

    def scroll(self, top, count):
        """Rows from `top` to the bottom margin move up by `count` (down where negative)."""
        blank = [[" "] * self.columns for _ in range(min(abs(count), self.bottom - top))]
        part = self.cells[top : self.bottom]
        part = part[count:] + blank if count > 0 else blank + part[: len(part) - len(blank)]
        self.cells[top : self.bottom] = part

    def sequence(self, match):
        if match["system"] is not None:
            self.questions.append(match["system"])
            return
        final = match["final"]
        if final is None:
            return
        if match["private"]:
            for number in match["numbers"].split(";"):
                self.mode(number, final)
            return
        numbers = [int(n) if n.isdigit() else 0 for n in match["numbers"].split(";")]
        first = numbers[0]
        n = max(1, first)
        row = self.cells[min(self.y, self.rows - 1)]
        x = min(self.x, self.columns - 1)
        if final in "Hf":
            self.y = min(self.rows, n) - 1
            self.x = min(self.columns, max(1, numbers[1] if len(numbers) > 1 else 1)) - 1
        elif final in "G`":
            self.x = min(self.columns, n) - 1
        elif final == "d":
            self.y = min(self.rows, n) - 1
        elif final == "A":
            self.y = max(0, self.y - n)
        elif final == "B":
            self.y = min(self.rows - 1, self.y + n)
        elif final == "C":
            self.x = min(self.columns - 1, self.x + n)
        elif final == "D":
            self.x = max(0, self.x - n)
        elif final == "K":
            for i in range(*((x, self.columns), (0, x + 1), (0, self.columns))[first]):
                row[i] = " "
        elif final == "J":
            rows = (range(self.y + 1, self.rows), range(0, self.y), range(0, self.rows))[first]
            for y in rows:
                self.cells[y] = [" "] * self.columns
            if first < 2:
                for i in range(*((x, self.columns), (0, x + 1))[first]):
                    row[i] = " "
        elif final == "X":
            for i in range(x, min(self.columns, x + n)):
                row[i] = " "
        elif final == "@":
            row[x:] = ([" "] * n + row[x:])[: self.columns - x]
        elif final == "P":
            row[x:] = (row[x + n :] + [" "] * n)[: self.columns - x]
        elif final == "L":
            self.scroll(self.y, -n)
        elif final == "M":
            self.scroll(self.y, n)
        elif final == "S":
            self.scroll(self.top, n)
        elif final == "T":
            self.scroll(self.top, -n)
        elif final == "b":
            for _ in range(n):
                self.put(self.last)
        elif final == "r":
            self.top = n - 1
            self.bottom = numbers[1] if len(numbers) > 1 and numbers[1] else self.rows

    def mode(self, number, final):
        on = final == "h"
        if number == "1049":
            self.alternate = on
        elif number == "25":
            self.cursor_visible = on
        elif number == "2026" and not on:
            self.frames += 1
