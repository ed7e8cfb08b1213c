"""Flow maps and time grids, without a terminal."""

import json

from headless import Headless


class Maps(Headless):
    def map(self, name, *more):
        self.train(name, "--objective", "mean-flow", *more)

    def test_jumps_are_the_usual_solver_and_steps_count_them(self):
        self.map("m.safetensors")
        for arguments, solver, nfe in (
            ([], "map", 1),
            (["--steps", "4"], "map", 4),
            (["--solver", "map", "--steps", "2", "--time-grid", "shift:3"], "map", 2),
            (["--time-grid", "0.25,0.5"], "map", 3),
            (["--solver", "midpoint", "--steps", "4"], "midpoint", 8),
            (["--reverse"], "midpoint", 40),
        ):
            out = self.succeeds("sample", "m.safetensors", "-n", "10", "--out", "s.npy", "--force",
                                "--json", "-q", *arguments)  # fmt: skip
            said = json.loads(out)
            self.assertEqual((said["solver"], said["nfe"]), (solver, nfe), arguments)
        self.fails(64, "a map jumps forwards", "sample", "m.safetensors", "--solver", "map",
                   "--reverse")  # fmt: skip

    def test_a_run_that_goes_on_has_the_bytes_of_one_that_never_stopped(self):
        for objective in ("mean-flow", "improved-mean-flow", "shortcut", "lagrangian",
                          "consistency"):  # fmt: skip
            run = ("train", "--objective", objective, "--widths", "8,8", "--batch", "16", "-q",
                   "--map-power", "1", "--time-density", "logit-normal:-0.4,1")  # fmt: skip
            self.succeeds(*run, "--steps", "20", "--out", "whole.safetensors", "--force")
            self.succeeds(*run, "--steps", "10", "--out", "half.safetensors", "--force")
            self.succeeds("train", "--resume", "half.safetensors", "--steps", "20", "-q")
            self.assertEqual(self.read("half.safetensors"), self.read("whole.safetensors"))

    def test_a_map_is_told_classes(self):
        run = ("train", "--objective", "shortcut", "--dataset", "two-classes", "--labels",
               "classes", "--widths", "16,16", "--activation", "silu", "-q")  # fmt: skip
        self.succeeds(*run, "--steps", "400", "--out", "whole.safetensors", "--force")
        self.succeeds(*run, "--steps", "150", "--out", "half.safetensors", "--force")
        self.succeeds("train", "--resume", "half.safetensors", "--steps", "400", "-q")
        self.assertEqual(self.read("half.safetensors"), self.read("whole.safetensors"))
        means = []
        for label in ("right", "left"):
            told = json.loads(
                self.succeeds("sample", "whole.safetensors", "--label", label, "-n", "500", "--out",
                              "c.csv", "--force", "--json", "-q"))  # fmt: skip
            self.assertEqual((told["solver"], told["nfe"]), ("map", 1))
            rows = self.read("c.csv").decode().splitlines()[1:]
            means.append(sum(float(row.split(",")[0]) for row in rows) / len(rows))
        # The classes' own are .63 and −.63.
        self.assertGreater(means[0], 0.3)
        self.assertLess(means[1], -0.3)
        self.fails(64, "cannot be guided", "sample", "whole.safetensors", "--label", "left",
                   "--guidance", "2", "-q")  # fmt: skip

    def test_evaluate_and_compare_know_jumps(self):
        self.map("m.safetensors", "--dataset", "checkerboard-small")
        told = json.loads(self.succeeds("evaluate", "m.safetensors", "-n", "200", "--json", "-q"))
        self.assertEqual(told["nfe"], 1)
        self.assertGreater(told["histogram_kl"], told["histogram_kl_noise_floor"])
        self.assertLess(told["histogram_kl_noise_floor"], 0.02)
        report = json.loads(self.succeeds("compare", "m.safetensors", "--nfe", "1,4", "--json", "-q"))
        lanes = [(lane["solver"], lane["nfe"]) for lane in report["lanes"]]
        self.assertEqual(lanes[:4], [("map", 1), ("map", 4), ("euler", 1), ("euler", 4)])
        self.assertTrue(report["reference"]["exact"])

    def test_what_a_map_does_not_know_is_refused(self):
        for text, arguments in (
            ("use silu", ["--activation", "selu"]),
            ("leave out the prediction", ["--prediction", "target"]),
            ("--map-share must be between", ["--map-share", "0"]),
            ("flow matching alone", ["--dataset", "sphere-land"]),
            ("no data would enter", ["--objective", "shortcut", "--map-share", "1"]),
            ("no data would enter", ["--objective", "lagrangian", "--batch", "1"]),
            ("leave out map-tangent", ["--objective", "shortcut", "--map-tangent", "still"]),
            ("did you mean still", ["--map-tangent", "stil"]),
            (
                "a class has its own",
                ["--dataset", "two-classes", "--labels", "classes", "--map-teacher", "exact"],
            ),
        ):
            self.fails(64, text, "train", "--objective", "mean-flow", "--dry-run", *arguments)


class Grids(Headless):
    def test_the_best_grid_is_printed_as_times_and_as_sigmas(self):
        told = json.loads(self.succeeds("time-grid", "--steps", "4", "--json", "-q"))
        self.assertEqual((told["times"][0], told["times"][-1], len(told["times"])), (0, 1, 5))
        self.assertEqual(told["times"], sorted(set(told["times"])))
        for t, sigma in zip(told["times"], told["sigmas"]):
            self.assertAlmostEqual(t + sigma, 1)
        self.assertLess(told["error"], 0.8 * told["uniform_error"])

    def test_grids_are_taken_where_steps_are_fixed(self):
        self.train()
        plain = self.succeeds("sample", "run.safetensors", "-n", "5", "-q", "--steps", "4")
        same = self.succeeds("sample", "run.safetensors", "-n", "5", "-q", "--time-grid",
                             "0.25,0.5,0.75")  # fmt: skip
        self.assertEqual(plain, same)
        other = self.succeeds("sample", "run.safetensors", "-n", "5", "-q", "--steps", "4",
                              "--time-grid", "edm:7")  # fmt: skip
        self.assertNotEqual(plain, other)
        self.succeeds("evaluate", "run.safetensors", "-n", "50", "-q", "--steps", "3",
                      "--time-grid", "best")  # fmt: skip
        for status, text, arguments in (
            (64, "--time-grid must be", ["--time-grid", "0.5,0.4"]),
            (64, "did you mean cosine", ["--time-grid", "cosin"]),
            (64, "chooses its own steps", ["--time-grid", "shift:3", "--solver", "dopri5"]),
            (64, "has 3 steps, not 5", ["--time-grid", "0.2,0.6", "--steps", "5"]),
            (64, "was not learned as a map", ["--solver", "map"]),
        ):
            self.fails(status, text, "sample", "run.safetensors", *arguments)
        self.fails(64, "leave out --time-grid", "time-grid", "--time-grid", "best")
        self.fails(66, "", "time-grid", "nothing.safetensors")

    def test_a_density_of_t_is_in_the_file_and_of_paths_alone(self):
        self.train("d.safetensors", "--time-density", "u-shaped:2", "--time-weight", "velocity")
        shown = self.succeeds("inspect", "d.safetensors")
        self.assertIn("u-shaped:2", shown)
        for density in ("logit-normal:0", "power:-1", "cosine"):
            self.fails(64, "--time-density", "train", "--time-density", density)
        self.fails(64, "leave out time-density", "train", "--objective", "likelihood",
                   "--time-density", "power:2", "--dry-run")  # fmt: skip
