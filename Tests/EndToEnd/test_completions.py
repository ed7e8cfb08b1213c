"""What bash, zsh and fish offer after Tab: names where an option takes names, files where it takes
files."""

import os
import shutil
import subprocess
import unittest

from headless import Headless
from session import BINARY, Session

# What is typed, and what must be among the offers: the names of a kind, or files of the folder.
LINES = (
    ("flowscope train --dataset moo", "moons"),
    ("flowscope train --dataset 8g", "8gaussians"),
    ("flowscope train --preset solver-r", "solver-race"),
    ("flowscope train --activation sof", "softplus"),
    ("flowscope sample --solver dopr", "dopri5"),
    ("flowscope evaluate --likelihood-solver dop8", "dop853"),
    ("flowscope theory --dataset checkerb", "checkerboard"),
    ("flowscope train --source 8g", "8gaussians"),
    ("flowscope train --source poi", "points.csv"),
    ("flowscope train --data poi", "points.csv"),
    ("flowscope train --resume ru", "run.safetensors"),
    ("flowscope sample ru", "run.safetensors"),
    ("flowscope likelihood run.safetensors --data poi", "points.csv"),
    ("flowscope inspect deep/ru", "deep/run.npy"),
    ("flowscope runs de", "deep/"),
    ("flowscope ru", "runs"),
    ("flowscope train --path lip", "lipman:0.0001"),
    ("flowscope train --model realn", "realnvp:8"),
    ("flowscope train --coupling sinkhorn-r", "sinkhorn-relative:0.05"),
)


class Completions(Headless):
    def setUp(self):
        super().setUp()
        os.makedirs(self.path("deep"))
        for name in ("points.csv", "run.safetensors", "deep/run.npy"):
            self.write(name, "x")

    def script(self, shell):
        name = self.path(f"completion.{shell}")
        with open(name, "w", encoding="utf-8") as file:
            file.write(self.succeeds("--generate-completion-script", shell))
        return name

    def offers(self, *command):
        done = subprocess.run(
            command, cwd=self.folder, capture_output=True, text=True, check=False, timeout=60,
            env={**os.environ, "PATH": os.path.dirname(BINARY) + ":" + os.environ["PATH"],
                 "HOME": self.folder})  # fmt: skip
        self.assertEqual(done.stderr, "")
        return done.stdout

    @unittest.skipUnless(shutil.which("bash"), "needs bash")
    def test_bash(self):
        script = self.script("bash")
        for line, offer in LINES:
            with self.subTest(line):
                words = line.split(" ")
                shown = self.offers("bash", "-c", f"""
                    source {script}
                    COMP_WORDS=({line}) COMP_CWORD={len(words) - 1}
                    COMP_LINE='{line}' COMP_POINT={len(line)}
                    _flowscope flowscope '{words[-1]}' '{words[-2]}'
                    printf '%s\\n' "${{COMPREPLY[@]}}"
                """)  # fmt: skip
                found = [word.strip().rstrip("/") for word in shown.splitlines()]
                self.assertIn(offer.rstrip("/"), found)

    @unittest.skipUnless(shutil.which("bash"), "needs bash")
    def test_bash_falls_back_to_files(self):
        self.assertRegex(self.succeeds("--generate-completion-script", "bash"),
                         r"\ncomplete -o default .*-F _flowscope flowscope\n")  # fmt: skip

    @unittest.skipUnless(shutil.which("fish"), "needs fish")
    def test_fish(self):
        script = self.script("fish")
        for line, offer in LINES:
            with self.subTest(line):
                shown = self.offers("fish", "-c", f"source {script}; complete -C '{line}'")
                self.assertIn(offer, [row.split("\t")[0] for row in shown.splitlines()])

    @unittest.skipUnless(shutil.which("zsh"), "needs zsh")
    def test_zsh(self):
        os.rename(self.script("zsh"), self.path("_flowscope"))
        self.write(".zshrc", f"PS1='>> '\nunset zle_bracketed_paste\ncd {self.folder}\nfpath=({self.folder} $fpath)\n"
                   "autoload -U compinit && compinit -u\nsetopt no_beep\n")
        with Session(columns=120, rows=40, command=(shutil.which("zsh"), "-i"), HOME=self.folder,
                     ZDOTDIR=self.folder, TERM="xterm") as session:  # fmt: skip
            session.until_text(">>")
            for line, offer in LINES:
                with self.subTest(line):
                    rest = line[: -len(line.split(" ")[-1])]
                    session.send("\x0c" + line + "\t")
                    session.until(lambda text: rest + offer in text, rest + offer)
                    session.send("\x15")
