"""What make install writes beside the program."""

import os
import shutil
import subprocess
import unittest

from headless import Headless
from session import BINARY, ROOT


class Install(Headless):
    def test_the_manual_page_has_a_section_for_every_command(self):
        page = subprocess.run(
            [os.path.join(ROOT, ".ci/manual-page"), BINARY], capture_output=True, text=True,
            check=True, timeout=60).stdout  # fmt: skip
        for command in ("watch", "train", "sample", "compare", "evaluate", "likelihood", "inspect",
                        "runs", "render", "theory", "config", "bench", "list"):  # fmt: skip
            self.assertIn(f"\n.SH FLOWSCOPE {command.upper()}\n", page)
        self.assertIn("\\-\\-checkpoint\\-every", page)

    @unittest.skipUnless(shutil.which("bash"), "needs bash")
    def test_completions_are_written_whatever_the_settings_hold(self):
        self.write("flowscope.toml", "broken\n")
        for shell in ("bash", "zsh", "fish"):
            script = self.succeeds("--generate-completion-script", shell)
            self.assertIn("checkpoint-every", script)
            if shell == "bash":
                checked = subprocess.run(["bash", "-n"], input=script, text=True, check=False)
                self.assertEqual(checked.returncode, 0)
        self.succeeds("train", "--help")
