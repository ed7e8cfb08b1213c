"""The command line that people expect: command lines with the output that they must give."""

import json
import os
import re
import struct
import time

from headless import Headless

ONE_LINE = "train --steps 5 --widths 8,8 --batch 16"

# A command line, its status, and what its output (64 and so on: standard error) must match. Those
# that fail print one line; %s is a file of settings.
USAGE = (
    ("trian --steps 5", r"unknown command “trian”; did you mean train\?"),
    ("help bogus", r"unknown command “bogus”; .*one of: watch, train"),
    ("smaple run.safetensors", r"did you mean sample\?"),
    ("train --bogus", r"Unknown option '--bogus'.* [Ss]ee flowscope train --help"),
    ("train --datset moons", r"--datset.*--dataset"),
    ("train --steps many", r"--steps.*whole number such as 20000, 50_000, 100k or 1e6"),
    ("train --steps 1.5", r"--steps.*whole number"),
    ("train --steps 1e-3", r"--steps.*whole number"),
    ("train --steps 5_", r"--steps.*whole number"),
    ("train --steps", r"--steps"),
    ("train --batch 0", r"--batch must be 1 to 1048576, not 0"),
    ("train --batch 2M", r"--batch must be 1 to 1048576, not 2000000"),
    ("train --train-steps 0", r"--train-steps must be 1 to 1000000000, not 0"),
    ("train --learning-rate=-1", r"--learning-rate must be a positive number, such as 1e-3"),
    ("train --seed -1", r"--seed.*from 0 to 18446744073709551615"),
    ("train --threads 65", r"--threads must be 1 to 64, not 65"),
    ("train --dataset mons", r"--dataset: unknown data set “mons”; did you mean moons\?"),
    ("train --scheduler cosin", r"--scheduler: unknown scheduler .*did you mean cosine\?"),
    ("train --activation relo", r"--activation: unknown activation .*did you mean relu\?"),
    ("train --preset solver-rase", r"--preset: unknown preset .*did you mean solver-race\?"),
    ("train --data p.csv --dataset moons", r"--data FILE and --dataset NAME are two targets"),
    ("render --keys k --data p.csv --dataset moons", r"are two targets"),
    ("watch --data p.csv --dataset moons", r"are two targets"),
    ("train --steps 5 --train-steps 6", r"--steps and --train-steps are the same thing"),
    ("train --data p.csv --columns x,x", r"--columns names one column twice"),
    ("train --json --metrics -", r"--json and --metrics - share standard output"),
    ("train --out - --json", r"--json and --out - share standard output"),
    ("train --out - --checkpoint-every 5", r"--checkpoint-every needs --out FILE"),
    ("train --force --no-clobber", r"--force replaces a file, --no-clobber keeps it"),
    ("train --resume - --steps 5", r"--resume - needs --out FILE"),
    ("sample run.safetensors --solver rk5", r"--solver: unknown solver .*did you mean rk4"),
    ("sample run.safetensors --tolerance 9", r"--tolerance must be between 1e-12 and 0.1"),
    ("compare run.safetensors --nfe 1k,many", r"--nfe needs numbers from 1.0 to 100000.0"),
    ("compare run.safetensors --nfe 1M", r"--nfe needs numbers from 1.0 to 100000.0"),
    ("theory --data p.csv --dataset moons", r"--data FILE and --dataset NAME are two targets"),
    ("theory --checkpoint run.safetensors --dataset moons", r"with, 8gaussians: .*out --dataset"),
    ("theory --checkpoint run.safetensors --scheduler cosine", r"conditional-ot: .*--scheduler"),
    ("theory --columns x,y", r"--columns needs --data FILE"),
    ("theory --activation selu", r"--activation .* needs --checkpoint FILE"),
    ("theory --dataset mons", r"--dataset: unknown data set “mons”; did you mean moons\?"),
    ("compare run.safetensors --solvers euler,rk5", r"--solvers: unknown solver .*mean rk4"),
    ("compare run.safetensors --dataset mons", r"--dataset: unknown data set .*did you mean moons"),
    ("compare run.safetensors --out w.png", r"--out: w.png must end in .svg"),
    ("evaluate run.safetensors --dataset mons", r"--dataset: unknown data set .*mean moons"),
    ("sample run.safetensors --prediction targt", r"--prediction: unknown prediction .*mean target"),
    ("sample run.safetensors --scheduler cosin", r"--scheduler: unknown scheduler .*mean cosine"),
    ("sample run.safetensors --activation relo", r"--activation: unknown activation .*mean relu"),
    ("sample run.safetensors --input-order time-pont", r"--input-order: unknown .*mean time-point"),
    ("sample run.safetensors -op.txt", r"--out: p.txt must end in .npy or .csv"),
    ("bench --only frme", r"--only: unknown benchmark .*did you mean frame"),
    ("list --quiet --verbose", r"--quiet and --verbose: give one"),
    ("config --bacth 3", r"unknown setting “--bacth”; did you mean --batch\?"),
    ("train --model realnvp --objective flow-matching --dry-run", r"trained by likelihood alone"),
    ("train --likelihood-steps 1001", r"--likelihood-steps must be 1 to 1000, not 1001"),
    ("train --seed many", r"--seed must be a whole number from 0 to 18446744073709551615"),
    ("watch --theme blue", r"--theme: unknown background “blue”; one of: auto, dark, light"),
    ("config --no-batch", r"unknown setting “--no-batch”"),
    ("config --batch many", r"--batch must be an integer, not “many”"),
)

WORKS = (
    ("version", r"^\d+\.\d+\.\d+\n$"),
    ("version --json", r'^\{"version":"\d+\.\d+\.\d+"\}\n$'),
    ("-V", r"^\d+\.\d+\.\d+\n$"),
    ("help train", r"USAGE: flowscope train"),
    ("train --steps 1e1 --batch 1_6 --widths 8,8 --json -q", r'"steps":10,'),
    ("train --steps .01k --batch 16 -jq", r'"steps":10,'),
    ("train --steps 5 --batch 16 -s 1e3 -j", r'"seed":1000,'),
    ("train --steps 5 --out /dev/null", r"steps +5"),
    ("train --steps 5 --batch 16 --metrics -", r"^step,loss,[^\n]*\n5,[^\n]*\n$"),
    ("sample run.safetensors -n3 -s7", r"^x,y\n(.*\n){3}$"),
    ("sample run.safetensors -n 1k -qj -o /dev/null", r'"count":1000,'),
    ("sample run.safetensors -n100 -s7 -qjo/dev/null", r'"count":100,.*"seed":7,'),
    ("evaluate run.safetensors -n100 -s7 -qj", r'"count":100,.*"seed":7,'),
    ("train --steps 5 --batch 16 -qjo/dev/null", r'"steps":5,'),
    ("compare run.safetensors --nfe 4 --solvers euler -qo/dev/null", r"euler"),
    ("likelihood run.safetensors --data p.csv -qjo/dev/null", r'"points":2,'),
    ("render --keys k --size 40x12 -qo/dev/null", r"^$"),
    ("render --keys k --size 40x12 --quiet", r"^$"),
    ("render --keys k --size 40x12 --out /dev/null", r"^$"),
    ("compare run.safetensors --nfe 4 --solvers euler --out /dev/null", r"euler"),
    ("compare run.safetensors --nfe .2k,1_0 --solvers euler --tolerances 1e-2", r"euler.*\n.*euler"),
    ("theory --checkpoint run.safetensors --dataset 8gaussians -q", r"8gaussians, run"),
    ("config --batch 100k --reduced-motion", r"batch +100k +--batch\n(.*\n)*reduced-motion +true"),
    ("train --preset solver-race --dry-run --steps 7", r"steps +7\n"),
)


class CommandLine(Headless):
    def setUp(self):
        super().setUp()
        self.train()
        self.write("p.csv", "x,y\n1,2\n3,4\n")
        self.write("k", "space\n")

    def test_what_cannot_be_meant_is_one_line_that_says_why(self):
        for line, pattern in USAGE:
            with self.subTest(line):
                result = self.fails(64, "", *line.split())
                self.assertRegex(result.stderr, pattern)
                self.assertEqual(result.stderr.count("\n"), 1, result.stderr)
                self.assertEqual(result.stdout, "")

    def test_the_same_under_json_is_an_object(self):
        for line, pattern in USAGE:
            arguments = line.split()
            if "--json" in line or "--quiet" in line or arguments[0] in ("help", "watch"):
                continue
            with self.subTest(line):
                result = self.fails(64, "", *arguments[:1], "--json", *arguments[1:])
                error = json.loads(result.stderr)["error"]
                self.assertEqual(error["code"], 64)
                if not re.search("json|share", error["message"]):
                    self.assertRegex(error["message"], pattern)

    def test_what_works(self):
        for line, pattern in WORKS:
            with self.subTest(line):
                self.assertRegex(self.succeeds(*line.split()), pattern)

    def test_an_error_of_a_file_names_file_line_and_column(self):
        self.write("bad.csv", "x,y\n1,2\n3,four\n")
        result = self.fails(65, "", "train", "--data", "bad.csv", "-j")
        error = json.loads(result.stderr)["error"]
        self.assertEqual(
            (error["code"], error["file"], error["line"], error["column"]), (65, "bad.csv", 3, 2))
        error = json.loads(self.fails(66, "", "inspect", "none", "-j").stderr)["error"]
        self.assertEqual((error["code"], error["file"]), (66, "none"))
        error = json.loads(self.fails(64, "", "sample", "run.safetensors", "-n0", "-j").stderr)
        self.assertEqual(error["error"]["option"], "--count")
        result = self.fails(73, "", "sample", "run.safetensors", "-j", "-o", "p.csv")
        self.assertEqual(json.loads(result.stderr)["error"]["option"], "--out")

    def test_an_error_of_a_setting_names_where_it_comes_from(self):
        self.write("flowscope.toml", "seed = 1\nbatch = 0\n")
        self.fails(64, "--batch must be 1 to 1048576, not 0 (as ./flowscope.toml, line 2 says)",
                   "train")  # fmt: skip
        error = json.loads(self.fails(64, "", "train", "-j").stderr)["error"]
        self.assertEqual(
            (error["option"], error["file"], error["line"]), ("--batch", "./flowscope.toml", 2))
        # What is typed comes from nowhere else.
        result = self.fails(64, "--batch", "train", "--batch", "0")
        self.assertNotIn("toml", result.stderr)
        self.write("flowscope.toml", "dataset = 'mons'\n")
        self.fails(64, "did you mean moons? ", "train")
        self.assertIn("flowscope.toml, line 1", self.fails(64, "", "train").stderr)
        self.write("flowscope.toml", "seed = 1\nbacth = 3\n")
        self.fails(65, "flowscope.toml, line 2, column 1: unknown setting “bacth”; did you mean "
                   "batch?", "train")  # fmt: skip
        os.remove(self.path("flowscope.toml"))
        self.fails(64, "FLOWSCOPE_BACTH; did you mean FLOWSCOPE_BATCH?", "train",
                   env={"FLOWSCOPE_BACTH": "16"})  # fmt: skip
        self.fails(64, "(as FLOWSCOPE_LOSS says)", "train", env={"FLOWSCOPE_LOSS": "best"})
        self.succeeds("list", env={"FLOWSCOPE_BACTH": "16"})

    def test_a_flag_wins_over_a_preset_that_over_the_environment_that_over_a_file(self):
        self.write("flowscope.toml", "batch = 32\nwidths = [8, 8]\ntrain-steps = 1e1\n")
        # The preset takes 64,64,64 and 256, which are the usual ones too.
        preset = ("train", "--preset", "solver-race", "--dry-run", "--json")
        env = {"FLOWSCOPE_BATCH": "16"}

        def planned(*more):
            plan = json.loads(self.succeeds(*more, env=env))
            return plan["batch"], plan["weights"], plan["steps"]

        self.assertEqual(planned("train", "--dry-run", "--json"), (16, 122, 10))
        batch, weights, steps = planned(*preset)
        self.assertEqual(batch, 256)
        self.assertGreater(weights, 8000)
        self.assertGreater(steps, 10)
        self.assertEqual(planned(*preset, "--batch", "8")[0], 8)
        # A default that is typed is typed.
        self.assertEqual(planned("train", "--batch", "256", "--dry-run", "-j")[0], 256)

    def test_a_file_has_a_key_for_every_option_and_a_switch_its_opposite(self):
        self.write("flowscope.toml", "objective = 'likelihood'\nlikelihood-steps = 3\n"
                   "likelihood-beside-matching = true\nwidths = [4, 4]\nbatch = 8\n")  # fmt: skip
        self.succeeds("train", "--steps", "2", "--no-likelihood-beside-matching", "-q",
                      "--out", "l.safetensors")  # fmt: skip
        held = json.loads(self.succeeds("inspect", "l.safetensors", "-j"))["experiment"]
        self.assertEqual(held["objective"], "likelihood")
        self.assertEqual(held["likelihood"]["steps"], 3)
        self.assertFalse(held["likelihood"]["beside_matching"])
        # What a checkpoint says is not the file's to change; what is typed is refused by its name.
        self.write("flowscope.toml", "likelihood-steps = 20\n")
        self.succeeds("train", "--resume", "l.safetensors", "--steps", "3", "-q")
        self.fails(64, "--likelihood-steps cannot change with --resume", "train", "--resume",
                   "l.safetensors", "--likelihood-steps", "20", "--steps", "4")  # fmt: skip

    def test_a_default_that_is_typed_beside_a_preset_counts(self):
        self.succeeds("train", "--preset", "stiff-field", "--scheduler", "conditional-ot", "-q",
                      "--steps", "2", "--batch", "8", "--out", "s.safetensors")  # fmt: skip
        held = json.loads(self.succeeds("inspect", "s.safetensors", "-j"))["experiment"]
        self.assertEqual(held["scheduler"], "conditional-ot")

    def test_a_preset_is_found_by_its_former_name(self):
        result = self.run_program("train", "--preset", "couplings", "--dry-run")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr.count("the preset couplings is called affine-layers now"), 1)

    def test_verbose_says_what_holds_and_why(self):
        self.write("flowscope.toml", "batch = 16\nwidths = [8, 8]\n")
        result = self.run_program("train", "--steps", "5", "-v", "--batch", "8")
        self.assertIn("--widths 8,8, as ./flowscope.toml, line 2 says\n", result.stderr)
        self.assertNotIn("--batch", result.stderr)

    def test_standard_input_and_output_stand_for_files(self):
        process = self.start("train", *ONE_LINE.split()[1:], "--out", "-", "-q")
        model, _ = process.communicate(timeout=60)
        self.write("piped.safetensors", model)
        self.succeeds("train", *ONE_LINE.split()[1:], "--out", "kept.safetensors", "-q")
        self.assertEqual(model, self.read("kept.safetensors"))
        for name in ("run.safetensors", "p.csv"):
            with open(self.path(name), "rb") as file:
                held = json.loads(self.succeeds("inspect", "-", "-j", stdin=file))
            self.assertEqual(held, json.loads(self.succeeds("inspect", name, "-j")))
        self.succeeds("sample", "run.safetensors", "-n", "5", "-o", "s.npy")
        with open(self.path("s.npy"), "rb") as file:
            self.assertEqual(json.loads(self.succeeds("inspect", "-", "-j", stdin=file))["shape"], [5, 2])

    def test_inspect_lists_every_tensor_of_a_long_header(self):
        names = [f"net.{k}.weight" for k in range(2500)]
        entries = {name: {"dtype": "U8", "shape": [2], "data_offsets": [2 * k, 2 * k + 2]}
                   for k, name in enumerate(names)}  # fmt: skip
        header = json.dumps({"__metadata__": {"k\u202e": "v\u009b"}, **entries}).encode()
        self.write("long.safetensors", struct.pack("<Q", len(header)) + header + bytes(5000))
        held = json.loads(self.succeeds("inspect", "long.safetensors", "-j"))
        self.assertEqual([tensor["name"] for tensor in held["tensors"]], names)
        self.assertEqual(held["metadata"], {"k\u202e": "v\u009b"})
        self.assertEqual(held["parameters"], 5000)
        lines = self.succeeds("inspect", "long.safetensors").splitlines()
        self.assertEqual(lines[-2500:], [name.ljust(len(names[-1]) + 2) + "U8    (2,)" for name in names])

    def test_a_dry_run_tells_what_would_be_refused_and_writes_nothing(self):
        self.write("m.csv", "step,loss\n")
        os.makedirs(self.path("logs"))
        self.write("logs/events.out.tfevents.1.x", "x")
        before = sorted(os.listdir(self.folder))
        plan = ("train", "--dry-run", "--batch", "16", "--widths", "8,8")
        asked = (*plan, "--out", "run.safetensors", "--metrics", "m.csv", "--tensorboard", "logs")
        told = json.loads(self.succeeds(*asked, "-j"))
        self.assertEqual([(r["option"], r["code"]) for r in told["refused"]],
                         [("--out", 73), ("--metrics", 73), ("--tensorboard", 73)])  # fmt: skip
        self.assertRegex(self.succeeds(*asked),
                         r"refused     run.safetensors exists: --resume goes on with it, --force "
                         r"replaces it, --no-clobber writes run-1.safetensors\n")  # fmt: skip
        self.assertEqual(json.loads(self.succeeds(*asked, "-j", "--force"))["refused"], [])
        told = json.loads(self.succeeds(*asked, "-j", "--no-clobber"))
        self.assertEqual((told["out"], told["refused"]), ("run-1.safetensors", []))
        told = json.loads(self.succeeds(*plan, "-jo", "none/run.safetensors", "--tensorboard", "m.csv"))
        self.assertEqual([r["code"] for r in told["refused"]], [73, 73])
        told = json.loads(self.succeeds("train", "--dry-run", "-jo", "run.safetensors", "--resume"))
        self.assertEqual((told["first_step"], told["refused"]), (50, []))
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_a_dry_run_names_who_writes_the_file(self):
        train = ("train", "--batch", "16", "--widths", "8,8", "--out", "busy.safetensors")
        process = self.start(*train, "--steps", "1e9", "--checkpoint-every", "1")
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        while not os.path.exists(self.path("busy.safetensors")):
            time.sleep(0.01)
        told = json.loads(self.succeeds(*train, "--dry-run", "-j"))
        self.assertEqual([r["code"] for r in told["refused"]], [73, 73])
        self.assertIn(f"process {process.pid}, since", told["refused"][1]["message"])

    def test_a_variable_that_is_none_of_its_words_names_them(self):
        for variable, words in (("COLORS", "24bit, direct, 256, 16, mono"), ("BACKGROUND", "dark, light"),
                                ("SYNC", "0, 1")):  # fmt: skip
            for arguments in ((), ("watch",), ("train", "--steps", "5"), ("config",)):
                self.fails(64, f"FLOWSCOPE_{variable} must be one of {words}, not “plaid”",
                           *arguments, env={f"FLOWSCOPE_{variable}": "plaid"})  # fmt: skip
            self.succeeds("train", "--steps", "5", "--batch", "16",
                          env={f"FLOWSCOPE_{variable}": words.split(", ")[0]})  # fmt: skip
