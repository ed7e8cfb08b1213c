"""A recording, played back into a terminal, shows what the picture of the same session shows."""

import json

from headless import Headless
from screen import Screen

SCRIPT = "train 40\nwait 0.5\nspace\nwait 0.4\nresize 90x26\n?\nwait 0.2\nEscape\nwait 0.1\n"


class Recording(Headless):
    def test_both_versions_end_with_the_picture(self):
        self.write("keys", SCRIPT)
        options = ("render", "--keys", "keys", "--size", "80x24", "--particles", "256")
        picture = self.succeeds(*options, "--out", "-")
        for version in ("2", "3"):
            self.succeeds(*options, "--out", "s.cast", "--cast", version, "--force")
            lines = self.read("s.cast").decode().splitlines()
            header = json.loads(lines[0])
            self.assertEqual(header["version"], int(version))
            screen, time = Screen(80, 24), 0.0
            for line in lines[1:]:
                seconds, code, data = json.loads(line)
                time = time + seconds if version == "3" else seconds
                if code == "r":
                    screen.resize(*map(int, data.split("x")))
                else:
                    self.assertEqual(code, "o")
                    screen.feed(data)
            self.assertAlmostEqual(time, 1.2, delta=0.11)
            shown = [row.rstrip() for row in screen.text().split("\n")]
            self.assertEqual(shown, picture.rstrip("\n").split("\n"))
