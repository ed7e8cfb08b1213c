"""Commands for scripts: what they print, what they write, and that nothing is lost."""

import json
import os
import signal
import struct
import subprocess
import time

from headless import Headless
from session import BINARY


class Checkpoints(Headless):
    def test_a_resumed_run_ends_with_the_same_file_as_one_that_never_stopped(self):
        common = ("--batch", "16", "--widths", "8,8", "--seed", "9", "--dataset", "moons", "--json")
        whole = self.succeeds("train", "--steps", "400", "--out", "a.safetensors", *common)
        self.succeeds("train", "--steps", "150", "--out", "b.safetensors", *common)
        self.succeeds("train", "--out", "b.safetensors", "--resume", "--steps", "300")
        resumed = self.succeeds(
            "train", "--resume", "b.safetensors", "--steps", "400", "--out", "c.safetensors", "--json")
        self.assertEqual(self.read("a.safetensors"), self.read("c.safetensors"))
        self.assertNotEqual(self.read("a.safetensors"), self.read("b.safetensors"))
        drop = lambda text: {k: v for k, v in json.loads(text).items() if k != "steps_per_second"}
        self.assertEqual(drop(whole), drop(resumed))

    def test_the_number_of_threads_does_not_change_the_file(self):
        for threads in ("1", "3"):
            self.succeeds(
                "train", "--steps", "20", "--widths", "256,256", "--batch", "1024",
                "--threads", threads, "--out", threads + ".safetensors")  # fmt: skip
        self.assertEqual(self.read("1.safetensors"), self.read("3.safetensors"))

    def test_ctrl_c_saves_the_step_that_was_reached(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                process = self.start(
                    "train", "--out", "run.safetensors", "--metrics", "m.csv", "--force")
                deadline = time.monotonic() + 20
                while time.monotonic() < deadline and (
                    not os.path.exists(self.path("m.csv")) or self.read("m.csv").count(b"\n") < 3
                ):
                    time.sleep(0.02)
                process.send_signal(number)
                _, err = process.communicate(timeout=20)
                self.assertEqual(process.returncode, 128 + number)
                self.assertIn(b"is saved to run.safetensors", err)
                held = json.loads(self.succeeds("inspect", "run.safetensors", "--json"))
                self.assertGreater(int(held["metadata"]["step"]), 0)
                os.remove(self.path("m.csv"))

    def test_metrics_are_appended_and_a_torn_line_is_dropped(self):
        self.train("run.safetensors", "--metrics", "m.csv")
        first = self.read("m.csv")
        self.assertTrue(first.startswith(b"step,loss,average_loss,excess_loss,w2\n"))
        self.write("m.csv", first + b"51,0.")
        self.succeeds(
            "train", "--resume", "run.safetensors", "--steps", "90", "--metrics", "m.csv")
        lines = self.read("m.csv").decode().split("\n")
        self.assertEqual(lines[: first.count(b"\n")], first.decode().split("\n")[:-1])
        steps = [int(line.split(",")[0]) for line in lines[1:-1]]
        self.assertEqual(steps[-1], 90)
        self.assertEqual(sum(line.startswith("step") for line in lines), 1)

    def test_a_save_keeps_a_link_and_a_mode_and_removes_what_a_killed_one_left(self):
        self.train("real.safetensors")
        os.chmod(self.path("real.safetensors"), 0o640)
        os.symlink("real.safetensors", self.path("link.safetensors"))
        self.write(".real.safetensors.flowscope-x.tmp", b"half")
        self.train("link.safetensors", "--seed", "2")
        self.assertTrue(os.path.islink(self.path("link.safetensors")))
        self.assertEqual(os.stat(self.path("real.safetensors")).st_mode & 0o777, 0o640)
        self.assertEqual(
            sorted(os.listdir(self.folder)), ["link.safetensors", "real.safetensors"])

    def test_a_network_made_by_hand_is_sampled(self):
        # v(x, t) = (t, −2t): from any x₀ the flow adds (1/2, −1).
        weights = struct.pack("<6f", 0, 0, 1, 0, 0, -2)
        header = json.dumps({
            "main.0.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
            "main.0.bias": {"dtype": "F32", "shape": [2], "data_offsets": [24, 32]},
        }).encode()  # fmt: skip
        # A flow without a hidden layer is linear; the reader takes it.
        self.write(
            "net.safetensors", struct.pack("<Q", len(header)) + header + weights + bytes(8))
        self.write("points.csv", "x,y\n0,0\n1,2\n")
        out = self.succeeds(
            "sample", "net.safetensors", "--activation", "silu", "--from", "points.csv",
            "--solver", "midpoint", "--steps", "4")  # fmt: skip
        self.assertEqual(out, "x,y\n0.5,-1.0\n1.5,1.0\n")
        back = self.succeeds(
            "sample", "net.safetensors", "--activation", "silu", "--from", "-", "--reverse",
            "--solver", "midpoint", "--steps", "4", input=out)  # fmt: skip
        self.assertEqual(back, "x,y\n0.0,0.0\n1.0,2.0\n")
        logp = self.succeeds(
            "likelihood", "net.safetensors", "--activation", "silu", "--data", "points.csv",
            "--out", "-")  # fmt: skip
        # p₁ is N((1/2, −1), I): at the origin −ln 2π − (1/4 + 1)/2.
        self.assertAlmostEqual(float(logp.splitlines()[1].split(",")[2]), -2.462877, places=5)

    def test_a_network_that_predicts_the_target_is_converted(self):
        # It always predicts (3, -2): u = (x̂₁ − x)/(1 − t), and the last Euler step arrives there.
        header = json.dumps({
            "__metadata__": {"activation": "tanh"},
            "net.0.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]},
            "net.0.bias": {"dtype": "F32", "shape": [2], "data_offsets": [24, 32]},
        }).encode()  # fmt: skip
        self.write(
            "net.safetensors",
            struct.pack("<Q", len(header)) + header + bytes(24) + struct.pack("<2f", 3, -2))
        out = self.succeeds(
            "sample", "net.safetensors", "--prediction", "target", "--count", "5", "--solver",
            "euler", "--steps", "4")  # fmt: skip
        for row in out.splitlines()[1:]:
            x, y = map(float, row.split(","))
            self.assertAlmostEqual(x, 3, places=6)
            self.assertAlmostEqual(y, -2, places=6)
        self.fails(64, "did you mean target?", "sample", "net.safetensors", "--prediction", "targe")


class Ancestors(Headless):
    def test_a_flow_by_likelihood_is_trained_saved_read_and_resumed(self):
        common = ("--dataset", "moons", "--objective", "likelihood", "--quiet")
        self.train("whole.safetensors", *common, "--metrics", "m.csv")
        self.train("half.safetensors", *common, "--steps", "20")
        self.succeeds("train", "--out", "half.safetensors", "--resume", "--steps", "50", "--quiet")
        self.assertEqual(self.read("half.safetensors"), self.read("whole.safetensors"))
        self.assertEqual(self.read("m.csv").splitlines()[0].split(b",")[0], b"step")
        self.succeeds("sample", "whole.safetensors", "--count", "100", "--out", "s.npy")
        result = json.loads(self.succeeds(
            "likelihood", "whole.safetensors", "--data", "s.npy", "--integral", "--json"))
        self.assertAlmostEqual(result["integral"], 1, places=3)

    def test_what_has_a_kink_is_refused_with_the_reason(self):
        self.fails(64, "derivative jumps", "train", "--objective", "likelihood",
                   "--activation", "selu")  # fmt: skip

    def test_couplings_are_trained_saved_and_read(self):
        self.train("c.safetensors", "--model", "realnvp:3")
        held = json.loads(self.succeeds("inspect", "c.safetensors", "--json"))
        self.assertEqual(held["metadata"]["model"], "realnvp")
        self.succeeds("sample", "c.safetensors", "--count", "100", "--out", "s.npy")
        self.succeeds("sample", "c.safetensors", "--from", "s.npy", "--reverse", "--out", "z.npy")
        self.succeeds("sample", "c.safetensors", "--from", "z.npy", "--out", "t.npy")
        result = json.loads(
            self.succeeds("likelihood", "c.safetensors", "--data", "t.npy", "--json"))
        self.assertEqual(result["points"], 100)
        measured = json.loads(
            self.succeeds("evaluate", "c.safetensors", "--data", "t.npy", "--json"))
        self.assertAlmostEqual(measured["nll"], result["nll"], places=6)
        self.assertEqual((measured["nfe"], measured["path_energy"]), (3, None))
        self.fails(65, "RealNVP", "compare", "c.safetensors")

    def test_couplings_are_resumed_to_the_bit_and_keep_the_identities(self):
        common = ("--dataset", "moons", "--model", "realnvp:4", "--quiet")
        self.train("whole.safetensors", *common)
        self.train("half.safetensors", *common, "--steps", "20")
        self.succeeds("train", "--out", "half.safetensors", "--resume", "--steps", "50", "--quiet")
        self.assertEqual(self.read("half.safetensors"), self.read("whole.safetensors"))
        report = json.loads(
            self.succeeds("theory", "--checkpoint", "whole.safetensors", "--json"))
        self.assertEqual({check["number"] for check in report["checks"]}, {10, 11, 12, 13})
        self.assertEqual(report["dataset"], "moons")
        self.fails(64, "1 to 64", "train", "--model", "realnvp:65")
        self.fails(64, "did you mean realnvp", "train", "--model", "relnvp")


class Settings(Headless):
    def test_the_nearest_setting_wins_and_config_says_where_it_is_from(self):
        os.makedirs(self.path(".config/flowscope"))
        self.write(".config/flowscope/config.toml", "seed = 1\nbatch = 16\ndataset = 'moons'\n")
        self.write("flowscope.toml", "seed = 2\nwidths = [8, 8]\n")
        shown = json.loads(self.succeeds("config", "--json", env={"FLOWSCOPE_BATCH": "8"}))
        self.assertEqual(shown["seed"], {"value": "2", "origin": "./flowscope.toml"})
        self.assertEqual(shown["batch"], {"value": "8", "origin": "FLOWSCOPE_BATCH"})
        self.assertTrue(shown["dataset"]["origin"].endswith(".config/flowscope/config.toml"))
        self.assertEqual(shown["learning_rate"]["origin"], "default")
        for arguments, seed in (((), 2), (("--seed", "3"), 3)):
            report = json.loads(self.succeeds("train", "--steps", "10", "--json", *arguments))
            self.assertEqual((report["seed"], report["dataset"]), (seed, "moons"))


class Interrupted(Headless):
    def test_a_pipe_that_is_closed_ends_quietly(self):
        self.train()
        for arguments in (("list",), ("sample", "run.safetensors", "--count", "1000000"),
                          ("train", "--steps", "5", "--quiet"), ("--help",)):  # fmt: skip
            with self.subTest(arguments):
                process = self.start(*arguments)
                process.stdout.close()
                self.assertEqual(process.stderr.read(), b"")
                self.assertEqual(process.wait(timeout=60), 0)

    def test_a_file_size_limit_leaves_the_old_file(self):
        self.train()
        before = self.read("run.safetensors")
        command = f"ulimit -f 1; exec '{BINARY}' train --steps 20 --out run.safetensors --force --quiet"
        result = subprocess.run(
            ["bash", "-c", command], cwd=self.folder, capture_output=True, text=True, timeout=60,
            check=False)  # fmt: skip
        self.assertEqual(result.returncode, 74, result.stderr)
        self.assertIn("file-size limit", result.stderr)
        self.assertEqual(self.read("run.safetensors"), before)
        self.assertEqual(os.listdir(self.folder), ["run.safetensors"])


class Comparison(Headless):
    def test_solvers_are_compared_and_their_order_shows(self):
        self.succeeds("train", "--steps", "300", "--out", "run.safetensors")
        report = json.loads(self.succeeds(
            "compare", "run.safetensors", "--solvers", "euler,rk4,dopri5", "--nfe", "32,64",
            "--tolerances", "1e-3", "--json", "--out", "work.svg"))  # fmt: skip
        lanes = report["lanes"]
        self.assertEqual([lane["solver"] for lane in lanes],
                         ["euler", "euler", "rk4", "rk4", "dopri5"])  # fmt: skip
        self.assertEqual([lane["nfe"] for lane in lanes[:4]], [32, 64, 32, 64])
        self.assertAlmostEqual(lanes[1]["order"], 1, delta=0.2)
        self.assertGreater(lanes[3]["order"], 2.5)
        self.assertEqual(lanes[4]["tolerance"], 1e-3)
        self.assertIsNone(lanes[4]["steps"])
        self.assertTrue(all(lane["w2"] > 0 for lane in lanes))
        # All carry the same noise along nearly the same paths, so their energies agree.
        self.assertTrue(all(abs(lane["npe"] / lanes[3]["npe"] - 1) < 0.1 for lane in lanes))
        self.assertTrue(all(0 < lane["npe_standard_error"] < 0.2 for lane in lanes))
        reference = report["reference"]
        self.assertEqual((reference["solver"], reference["tolerance"]), ("dop853", 1e-10))
        self.assertLess(reference["error"], 0.1 * min(lane["endpoint_error"] for lane in lanes))
        self.assertTrue(all(lane["endpoint_error_at_most"] is None for lane in lanes))
        picture = self.read("work.svg")
        self.assertTrue(picture.startswith(b"<svg ") and picture.endswith(b"</svg>\n"))
        self.assertEqual(picture.count(b"<polyline"), 3)

    def test_evaluate_knows_every_measure_of_an_exact_target(self):
        self.succeeds("train", "--steps", "300", "--out", "run.safetensors")
        report = json.loads(self.succeeds("evaluate", "run.safetensors", "--json"))
        estimates = {
            "floor", "excess_loss", "nll", "kl", "path_energy", "npe", "straightness",
            "conditional_kinetic_energy", "marginal_kinetic_energy", "field_error",
            "energy_distance"}  # fmt: skip
        errors = {name + "_standard_error" for name in estimates}
        self.assertEqual(
            set(report) - errors,
            {"dataset", "divergence", "seed", "steps", "count", "nfe", "floor", "excess_loss", "w2",
             "units", "lost", "lost_samples", "w2_noise_floor", "w2_noise_deviation", "sliced_w2", "sliced_w2_error",
             "energy_distance", "nll", "entropy_floor", "log_p_error", "log_p_above_bound", "kl",
             "path_energy", "npe",
             "straightness", "conditional_kinetic_energy", "marginal_kinetic_energy",
             "field_error"})  # fmt: skip
        self.assertNotIn(None, report.values())
        self.assertTrue(
            all(report[name] > 0 for name in errors - {"floor_standard_error"}))
        self.assertGreaterEqual(report["floor_standard_error"], 0)
        self.assertLess(report["sliced_w2_error"], 1e-3 * report["sliced_w2"])
        self.assertEqual(report["steps"], 300)
        # Eight Gaussians, R = 2, s = 0.2: 2 + R² + 2s² and 2.22.
        self.assertAlmostEqual(report["conditional_kinetic_energy"], 6.08, delta=0.15)
        self.assertAlmostEqual(report["marginal_kinetic_energy"], 2.22, delta=0.1)
        self.assertAlmostEqual(report["kl"], report["nll"] - report["entropy_floor"], delta=0.05)

    def test_a_density_integrates_to_1(self):
        self.train()
        self.write("points.csv", "-2,-2\n2,2\n")
        report = json.loads(self.succeeds(
            "likelihood", "run.safetensors", "--data", "points.csv", "--integral", "--json"))
        self.assertAlmostEqual(report["integral"], 1, delta=1e-3)
