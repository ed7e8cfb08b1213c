"""Signals: what ends a command saves its work, removes what is half written, and leaves a terminal."""

import os
import signal
import time

from session import Session
import test_lossless


class Signals(test_lossless.Lossless):
    def begin(self, *arguments, **options):
        process = self.start("train", "--out", "run.safetensors", "--metrics", "m.csv", *arguments,
                             **options)  # fmt: skip
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        self.until(lambda: os.path.exists(self.path("m.csv"))
                   and self.read("m.csv").count(b"\n") > 2, "a measurement")  # fmt: skip
        return process

    def test_a_hang_up_and_a_quit_save_the_step_that_was_reached(self):
        def reset():
            for number in (signal.SIGHUP, signal.SIGQUIT):
                signal.signal(number, signal.SIG_DFL)

        for number in (signal.SIGHUP, signal.SIGQUIT):
            with self.subTest(number):
                process = self.begin("--batch", "16", "--force", preexec_fn=reset)
                process.send_signal(number)
                _, err = process.communicate(timeout=20)
                self.assertEqual(process.returncode, 128 + number, err)
                self.assertEqual(err.decode().count("\n"), 1, err)
                self.assertGreater(int(self.metadata("run.safetensors")["step"]), 0)
                os.remove(self.path("m.csv"))

    def test_under_nohup_a_hang_up_is_none(self):
        process = self.begin(
            "--steps", "3000", *test_lossless.TINY,
            preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))  # fmt: skip
        process.send_signal(signal.SIGHUP)
        process.communicate(timeout=60)
        self.assertEqual(process.returncode, 0)
        self.assertEqual(self.metadata("run.safetensors")["step"], "3000")

    def test_a_long_step_answers_ctrl_c_with_a_word_and_a_second_one_ends_it(self):
        process = self.start("train", "--out", "run.safetensors", "--batch", "1048576",
                             "--widths", "128,128,128", "--quiet")  # fmt: skip
        self.addCleanup(process.kill)
        lock = self.path(".run.safetensors.flowscope-lock")
        self.until(lambda: os.path.exists(lock), "the start")
        time.sleep(1)
        sent = time.monotonic()
        process.send_signal(signal.SIGINT)
        line = process.stderr.readline()
        waited = time.monotonic() - sent
        if b"long one" not in line:
            self.assertEqual((process.wait(), waited < 0.3), (130, True), line)
            self.skipTest("a step was shorter than the time to say so")
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(timeout=5), 130)
        self.assertEqual(os.listdir(self.folder), [])

    def test_samples_that_are_interrupted_leave_no_temporary(self):
        self.train()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT):
            process = self.start(
                "sample", "run.safetensors", "--count", "1e9", "--out", "s.npy",
                preexec_fn=lambda: [signal.signal(n, signal.SIG_DFL) for n in (2, 3)])  # fmt: skip
            self.addCleanup(process.kill)
            self.until(lambda: any(n.endswith(".tmp") for n in os.listdir(self.folder)), "a start")
            process.send_signal(number)
            _, err = process.communicate(timeout=10)
            self.assertEqual((process.returncode, err), (128 + number, b""))
            self.assertEqual(os.listdir(self.folder), ["run.safetensors"])

    def test_signals_that_nobody_expects_leave_a_sane_terminal(self):
        for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGALRM, signal.SIGVTALRM):
            with self.subTest(number), Session() as session:
                session.until_picture()
                session.signal(number)
                self.assertEqual(session.exit_status(within=5), 128 + number)
                self.assertEqual(session.complaints(), [])

    def test_a_crash_that_was_sent_ends_the_viewer(self):
        for number in (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS):
            for backtrace in (None, "enable=no"):
                with self.subTest(number), Session(SWIFT_BACKTRACE=backtrace) as session:
                    session.until_picture()
                    session.signal(number)
                    self.assertEqual(session.exit_status(within=15), -number)
                    self.assertEqual(session.complaints(), [])
