"""The viewer on networks from files: opened once, or followed while another program trains them."""

import json
import os
import random
import re
import struct
import tempfile

from headless import Headless
from session import BINARY, Session


def save(path, tensors, **metadata):
    """The README's ten lines: a safetensors file by hand, replaced in one move."""
    header, data = {"__metadata__": metadata}, b""
    for name, (shape, values) in tensors.items():
        raw = struct.pack(f"<{len(values)}f", *values)
        header[name] = {
            "dtype": "F32", "shape": shape, "data_offsets": [len(data), len(data) + len(raw)]
        }  # fmt: skip
        data += raw
    text = json.dumps(header).encode()
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + data)
    os.replace(path + ".part", path)


def network(seed, width=8):
    draw = random.Random(seed).gauss
    shapes = {
        "net.0.weight": [width, 3], "net.0.bias": [width],
        "net.2.weight": [2, width], "net.2.bias": [2],
    }  # fmt: skip
    return {
        name: (shape, [draw(0, 0.5) for _ in range(shape[0] * (shape + [1])[1])])
        for name, shape in shapes.items()
    }


def shown_step(text):
    """The step whose weights are shown, from the pane of the run or of the doctor."""
    found = re.search(r"(?:weights +|doctor ─+ )step (\d[\d ]*\d) ", text)
    return int(found[1].replace(" ", "")) if found else None


class Follow(Headless):
    def test_a_file_that_python_rewrites_is_shown_anew(self):
        path = self.path("net.safetensors")
        with Session(command=(BINARY, "--follow", path)) as session:
            session.until_picture()
            session.until_text("waiting for net.safetensors")
            save(path, network(1), step="4321", activation="selu")
            session.until_text("4 321")
            self.assertNotIn("waiting", session.screen.text())
            # Half a file is passed over, and the whole one taken when it is there.
            whole = self.read("net.safetensors")
            self.write("net.safetensors", whole[: len(whole) // 2])
            session.read(0.5)
            self.assertIn("4 321", session.screen.text())
            save(path, network(2, width=16), step="8765", activation="selu")
            session.until_text("8 765")
            session.send("q")
            self.assertEqual(session.exit_status(), 0)
            self.assertEqual(session.complaints(), [])

    def test_losses_of_metadata_and_of_a_log_are_drawn_and_the_doctor_says_what_is_wrong(self):
        path = self.path("net.safetensors")
        save(path, network(1), step="400", loss="1.875", activation="selu")
        with Session(columns=160, rows=48, command=(BINARY, "--follow", path)) as session:
            session.until_text("EMA 1.875")
            session.until_text("no motion")
            session.until_text("● undecided")
            session.send("q")
            self.assertEqual(session.exit_status(), 0)
        self.write("log.csv", "epoch,step,val_loss,train_loss\n0,300,,2.5\n0,300,9,\n")
        command = (BINARY, "--follow", path, "--metrics", self.path("log.csv"))
        with Session(columns=160, rows=48, command=command) as session:
            session.until_text("EMA 2.500")
            with open(self.path("log.csv"), "a") as log:
                log.write("1,4000,,1.25\n")
            session.until_text("EMA 1.250")
            session.send("q")
            self.assertEqual(session.exit_status(), 0)
        self.fails(64, "needs --follow FILE", "--metrics", self.path("log.csv"))

    def test_our_own_training_can_be_followed(self):
        path = self.path("run.safetensors")
        trainer = self.start(
            "train", "--out", path, "--checkpoint-every", "100", "--batch", "16", "--quiet",
            "--steps", "100000000")  # fmt: skip
        self.addCleanup(trainer.wait)
        self.addCleanup(trainer.kill)
        with Session(command=(BINARY, "--follow", path)) as session:
            first = session.until(shown_step, "a step of the file")
            later = session.until(
                lambda text: (shown_step(text) or 0) > first and shown_step(text), "a later step")
            # How far the training is whenever the file is looked at depends on the machine.
            self.assertEqual((first % 100, later % 100), (0, 0))
            session.send("q")
            self.assertEqual(session.exit_status(), 0)


class Open(Headless):
    def test_a_checkpoint_is_shown_at_its_step_and_goes_on_when_told(self):
        self.succeeds("train", "--steps", "1234", "--batch", "16", "--dataset", "moons",
                      "--out", "run.safetensors")  # fmt: skip
        with Session(
            command=(BINARY, "--checkpoint", self.path("run.safetensors"))) as session:
            session.until_text("1 234")
            session.until_text("moons")
            session.send("q")
            self.assertEqual(session.exit_status(), 0)

    def test_other_checkpoints_stand_in_lanes_beside_it(self):
        for name, seed in (("one", "1"), ("two", "2")):
            self.succeeds("train", "--steps", "300", "--batch", "16", "--seed", seed,
                          "--out", name + ".safetensors")  # fmt: skip
        self.succeeds("train", "--steps", "20", "--batch", "16", "--source", "moons",
                      "--out", "moons.safetensors")  # fmt: skip
        arguments = ("--checkpoint", self.path("one.safetensors"), "--against")
        with Session(
            columns=160, rows=48, command=(BINARY, *arguments, self.path("two.safetensors"))
        ) as session:
            session.until_text("● two")
            session.until_text("seed 2")
            session.send(":lane " + self.path("one.safetensors") + "\r")
            session.until_text("● one")
            session.send("X")
            session.until(lambda text: "● one" not in text, "a lane that follows the newest")
            session.send("q")
            self.assertEqual(session.exit_status(), 0)
        for other, status, words in (
            ("moons.safetensors", 64, "it flows from moons"),
            ("none.safetensors", 66, "no such file"),
        ):
            with self.subTest(other):
                with Session(command=(BINARY, *arguments, self.path(other))) as session:
                    self.assertEqual(session.exit_status(), status)
                    self.assertIn(words, session.raw.decode())

    def test_the_curves_of_another_run_stand_behind(self):
        self.succeeds("train", "--steps", "300", "--batch", "16", "--metrics", "then.csv",
                      "--out", "then.safetensors")  # fmt: skip
        self.write("points.csv", b"x,y\n1,2\n3,4\n")
        # Another program's log, with names of its own, a value that is none and steps that start anew.
        rows = "".join(f"{k},{2 + 1 / (k + 1)}\n" for k in [*range(60), *range(40)])
        self.write("logger.csv", ("iter,mse_loss\n" + rows + "99,nan\n100,\n").encode())
        lines = "".join(f'{{"global_step":{9 * k},"train_loss":{3 - k / 50}}}\n{{"val_loss":1}}\n'
                        for k in range(50))  # fmt: skip
        self.write("logger.jsonl", (lines + '{"global_step":').encode())
        for file in ("then.safetensors", "then.csv", "logger.csv", "logger.jsonl"):
            command = (BINARY, "--overlay", self.path(file), "--batch", "16")
            with self.subTest(file), Session(columns=160, rows=48, command=command) as session:
                session.until_text(file)
                # It asks before it leaves where a step of training is done by then.
                session.send("qq")
                self.assertEqual(session.exit_status(), 0)
        for arguments, status, words in (
            (("points.csv",), 65, "it keeps no curve"),
            (("none.csv",), 66, "no such file"),
            (("then.safetensors", "--dataset", "rings"), None, "it learned 8gaussians, not rings"),
        ):
            command = (BINARY, "--overlay", self.path(arguments[0]), *arguments[1:])
            with self.subTest(arguments), Session(command=command) as session:
                if status is None:
                    session.until_picture()
                    session.send("qq")
                self.assertEqual(session.exit_status(), status or 0)
                self.assertIn(words, session.raw.decode(errors="replace"))

    def test_a_file_that_is_none_is_told_before_the_screen_is_taken(self):
        with tempfile.NamedTemporaryFile(suffix=".safetensors") as file:
            with Session(command=(BINARY, "--checkpoint", file.name)) as session:
                self.assertEqual(session.exit_status(), 65)
                self.assertNotIn("\x1b[?1049h", session.raw.decode())

    def test_what_is_read_of_a_foreign_network_is_said_before_the_screen_is_taken(self):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "net.safetensors")
            # Metadata without an activation: the viewer's own is taken, and said.
            save(path, {**network(2), "step": ([1], [3.0])})
            for option in ("--checkpoint", "--follow", "--against"):
                command = (BINARY, option, path, "--input-order", "time-point")
                with self.subTest(option), Session(command=command) as session:
                    session.until_picture()
                    before = session.raw.decode(errors="replace").split("\x1b[?1049h")[0]
                    self.assertIn("read net, 3→8→2, silu, inputs t, x, y", before)
                    self.assertIn("left step", before)
                    session.send("q")
                    session.send("q")
