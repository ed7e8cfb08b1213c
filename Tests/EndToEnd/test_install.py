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
                        "runs", "render", "theory", "config", "bench", "list", "tour"):  # fmt: skip
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

    @unittest.skipUnless(shutil.which("make"), "needs make")
    def test_install_and_uninstall_take_folders_with_blanks(self):
        def make(goal):
            # As it is built: what is tried here is where things go.
            subprocess.run(
                ["make", "-o", "build", "-o", "install-headers", goal, f"PROGRAM={BINARY}",
                 "PREFIX=/a b", f"DESTDIR={self.folder}/the root"],
                cwd=ROOT, capture_output=True, check=True, timeout=60)  # fmt: skip
            found = []
            for folder, _, names in os.walk(self.path("the root")):
                found += [os.path.join(folder, name) for name in names]
            return sorted(os.path.relpath(name, self.path("the root/a b")) for name in found)

        self.assertEqual(make("install"), [
            "bin/flowscope", "share/bash-completion/completions/flowscope",
            "share/fish/vendor_completions.d/flowscope.fish", "share/man/man1/flowscope.1",
            "share/zsh/site-functions/_flowscope"])  # fmt: skip
        program = self.path("the root/a b/bin/flowscope")
        version = subprocess.run([program, "version"], capture_output=True, text=True, check=True)
        self.assertEqual(version.stdout, self.succeeds("version"))
        self.assertEqual(make("uninstall"), [])

    def test_what_was_built_elsewhere_is_forgotten_and_nothing_else(self):
        def forget(place):
            done = subprocess.run([self.path(f"{place}/.ci/forget-moved-build")],
                                  capture_output=True, text=True, check=True)  # fmt: skip
            return done.stderr

        os.makedirs(self.path("old place/.ci"))
        shutil.copy(os.path.join(ROOT, ".ci/forget-moved-build"), self.path("old place/.ci"))
        self.assertEqual(forget("old place"), "")
        self.write("old place/.build/product", "x")
        self.assertEqual(forget("old place"), "")
        self.assertTrue(os.path.exists(self.path("old place/.build/product")))
        os.rename(self.path("old place"), self.path("new"))
        self.assertIn("has moved since it was built; building anew", forget("new"))
        self.assertEqual(os.listdir(self.path("new/.build")), ["checkout"])
        self.assertEqual(forget("new"), "")

    def test_a_build_without_make_is_known_by_its_lists(self):
        os.makedirs(self.path("a b/.ci"))
        shutil.copy(os.path.join(ROOT, ".ci/forget-moved-build"), self.path("a b/.ci"))
        products = "a b/.build/x/release/FileFormats.build"
        os.makedirs(self.path(products))
        for place, is_kept in ((self.path("a b"), True), ("/else where", False)):
            escaped = os.path.realpath(place).replace(" ", "\\ ")
            self.write(f"{products}/FileFormats.d", f"{escaped}/x.o : {escaped}/Sources/x.swift\n")
            subprocess.run([self.path("a b/.ci/forget-moved-build")], capture_output=True, check=True)
            self.assertEqual(os.path.exists(self.path(products)), is_kept)
            os.remove(self.path("a b/.build/checkout"))
