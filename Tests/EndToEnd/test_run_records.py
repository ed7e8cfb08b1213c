"""What follows a run beside its checkpoint: lines of JSON, TensorBoard's event files, the list of
runs."""

import csv
import io
import json
import os
import struct
import time
import unittest

from headless import Headless

try:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
except ImportError:
    EventAccumulator = None

TINY = ("--batch", "16", "--widths", "8,8", "--dataset", "moons")
TAGS = {"loss", "average_loss", "excess_loss", "floor", "w2"}


def crc32c(data):
    """CRC-32C, bit by bit: RFC 3720, appendix B.4."""
    rest = 0xFFFFFFFF
    for byte in data:
        rest ^= byte
        for _ in range(8):
            rest = rest >> 1 ^ (0x82F63B78 if rest & 1 else 0)
    return rest ^ 0xFFFFFFFF


def masked(data):
    crc = crc32c(data)
    return ((crc >> 15 | crc << 17) + 0xA282EAD8) & 0xFFFFFFFF


def fields(message):
    """The fields of a protocol buffer: (number, value), where a message is bytes."""
    place = 0

    def varint():
        nonlocal place
        value = shift = 0
        while True:
            byte = message[place]
            place += 1
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    while place < len(message):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size, form = {1: (8, "<d"), 5: (4, "<f"), 2: (None, None)}[key & 7]
        size = varint() if size is None else size
        value = message[place : place + size]
        place += size
        yield key >> 3, struct.unpack(form, value)[0] if form else value


def records(data):
    """The messages of a TFRecord file, whose checksums must be right."""
    while data:
        (length,) = struct.unpack("<Q", data[:8])
        assert struct.unpack("<I", data[8:12])[0] == masked(data[:8])
        message = data[12 : 12 + length]
        assert struct.unpack("<I", data[12 + length : 16 + length])[0] == masked(message)
        yield dict(fields(message)), message
        data = data[16 + length :]


def scalars(data):
    """(step, {tag: value}) for every summary, and the steps at which sessions start."""
    rows, starts = [], []
    for event, _ in records(data):
        if 7 in event:
            assert dict(fields(event[7])) == {1: 1}
            starts.append(event.get(2, 0))
        if 5 in event:
            values = {}
            for number, value in fields(event[5]):
                assert number == 1
                parts = dict(fields(value))
                values[parts[1].decode()] = parts[2]
            rows.append((event.get(2, 0), values))
    return rows, starts


class Records(Headless):
    def rows(self, name="m.jsonl"):
        return [json.loads(line) for line in self.read(name).decode().splitlines()]

    def events(self, folder="tb"):
        names = sorted(n for n in os.listdir(self.path(folder)) if "tfevents" in n)
        return [self.read(f"{folder}/{name}") for name in names]


class Metrics(Records):
    def test_lines_of_json_say_what_the_csv_says(self):
        self.train("a.safetensors", *TINY, "--metrics", "m.csv")
        self.train("b.safetensors", *TINY, "--metrics", "m.jsonl")
        table = list(csv.DictReader(io.StringIO(self.read("m.csv").decode())))
        rows = self.rows()
        self.assertGreater(len(rows), 2)
        self.assertEqual(len(rows), len(table))
        for row, line in zip(rows, table):
            self.assertEqual(list(row), sorted(line))
            for key, text in line.items():
                self.assertEqual(row[key], None if text == "" else float(text), key)
        self.assertIsNone(rows[0]["w2"])
        self.assertGreater(rows[-1]["w2"], 0)

    def test_no_step_comes_twice_after_a_resume_and_a_torn_line_is_dropped(self):
        self.train("run.safetensors", *TINY, "--metrics", "m.jsonl")
        first = self.read("m.jsonl")
        # What a run that was killed had measured behind its last save, the last line torn.
        self.write("m.jsonl", first + first.splitlines(True)[-1].replace(
            b'"step":50', b'"step":57') + b'{"average_loss":1.')  # fmt: skip
        self.succeeds(
            "train", "--resume", "run.safetensors", "--steps", "90", "--metrics", "m.jsonl")
        self.assertTrue(self.read("m.jsonl").startswith(first))
        steps = [row["step"] for row in self.rows()]
        self.assertEqual(steps, sorted(set(steps)))
        self.assertNotIn(57, steps)
        self.assertEqual(steps[-1], 90)

    def test_other_files_are_not_taken_for_metrics(self):
        self.train("run.safetensors", *TINY, "--metrics", "m.jsonl")
        self.fails(73, "m.jsonl exists", "train", "--steps", "5", *TINY, "--metrics", "m.jsonl")
        for text in ('{"x":1}\n', "step,loss,average_loss,excess_loss,w2\n"):
            self.write("o.jsonl", text)
            for more in (("--force", *TINY), ("--resume", "run.safetensors", "--steps", "70")):
                self.fails(73, "something else", "train", "--metrics", "o.jsonl", *more)
            self.assertEqual(self.read("o.jsonl").decode(), text)


class TensorBoard(Records):
    def test_event_files_hold_what_the_metrics_hold(self):
        self.train("run.safetensors", *TINY, "--metrics", "m.jsonl", "--tensorboard", "logs/tb")
        (data,) = self.events("logs/tb")
        (version, _), *_ = records(data)
        self.assertEqual(version[3], b"brain.Event:2")
        self.assertLess(abs(version[1] - time.time()), 600)
        events, starts = scalars(data)
        self.assertEqual(starts, [])
        rows = self.rows()
        self.assertEqual([step for step, _ in events], [row["step"] for row in rows])
        for (_, values), row in zip(events, rows):
            for tag in ("loss", "average_loss", "excess_loss", "w2"):
                if row[tag] is None:
                    self.assertNotIn(tag, values)
                else:
                    self.assertAlmostEqual(values[tag], row[tag], delta=1e-6 * abs(row[tag]))
        self.assertEqual(set(events[-1][1]), TAGS)
        # Nothing else stays in the folder, such as a lock.
        self.assertEqual(len(os.listdir(self.path("logs/tb"))), 1)

    def test_a_run_that_goes_on_says_from_where_earlier_files_no_longer_count(self):
        self.train("run.safetensors", *TINY, "--tensorboard", "tb")
        first = self.events()
        self.succeeds("train", "--resume", "run.safetensors", "--steps", "90", "--tensorboard",
                      "tb", "--quiet")  # fmt: skip
        kept, data = self.events()
        self.assertEqual([kept], first)
        rows, starts = scalars(data)
        self.assertEqual(starts, [51])
        self.assertTrue(all(step > 50 for step, _ in rows))
        self.assertEqual(rows[-1][0], 90)

    @unittest.skipUnless(EventAccumulator, "needs the Python package tensorboard")
    def test_tensorboard_reads_each_step_once(self):
        self.train("run.safetensors", *TINY, "--tensorboard", "tb", "--metrics", "m.jsonl")
        os.rename(self.path("run.safetensors"), self.path("early.safetensors"))
        for steps in ("90", "120"):
            # The second goes on from the same step: what the first did no longer counts.
            self.succeeds("train", "--resume", "early.safetensors", "--steps", steps, "--out",
                          "run.safetensors", "--force", "--tensorboard", "tb", "--metrics",
                          "m.jsonl", "--quiet")  # fmt: skip
        log = EventAccumulator(self.path("tb"))
        log.Reload()
        self.assertEqual(set(log.Tags()["scalars"]), TAGS)
        steps = [row["step"] for row in self.rows()]
        self.assertEqual([event.step for event in log.Scalars("loss")], steps)
        for event, row in zip(log.Scalars("excess_loss"), self.rows()):
            self.assertAlmostEqual(event.value, row["excess_loss"], places=5)

    def test_what_cannot_be_written_is_refused_before_training(self):
        self.train("run.safetensors", *TINY, "--tensorboard", "tb")
        new = ("train", "--steps", "1000000000", *TINY, "--tensorboard")
        self.fails(73, "tb exists: --resume goes on in it, --force begins anew in it, "
                   "--no-clobber writes tb-1", *new, "tb")  # fmt: skip
        self.write("file", "x")
        self.fails(73, "cannot create file", *new, "file")
        self.fails(73, "cannot create file/below", *new, "file/below")
        self.fails(73, "", *new, "x" * 300)
        self.fails(64, "they cannot be the same", *new, "m.csv", "--metrics", "m.csv")
        first = self.start(*new, "tb", "--force")
        self.addCleanup(first.wait)
        self.addCleanup(first.kill)
        while len(self.events()) < 2:
            time.sleep(0.02)
        self.fails(73, f"process {first.pid}, since 20", *new, "tb", "--force")
        self.assertEqual(len(self.events()), 2)
        self.assertFalse(os.path.exists(self.path("m.csv")))


class Runs(Records):
    def test_checkpoints_are_listed_with_what_is_true_of_them_the_newest_first(self):
        os.makedirs(self.path("all/deep/er"))
        reports = {}
        for index, name in enumerate(("all/old", "all/deep/new", "all/deep/er/couplings")):
            model = ("--model", "realnvp:2") if "couplings" in name else ()
            reports[name[4:] + ".safetensors"] = json.loads(self.succeeds(
                "train", "--steps", "60", *TINY, *model, "--out", name + ".safetensors", "--json",
                "--quiet"))  # fmt: skip
            os.utime(self.path(name + ".safetensors"), (1.7e9 + index, 1.7e9 + index))
        listed = json.loads(self.succeeds("runs", "all", "--json"))
        self.assertEqual(
            [run["file"] for run in listed["runs"]],
            ["deep/er/couplings.safetensors", "deep/new.safetensors", "old.safetensors"])
        self.assertEqual(listed["runs"][2]["date"], "2023-11-14T22:13:20Z")
        for run in listed["runs"]:
            report = reports[run["file"]]
            for key in ("dataset", "steps", "loss", "excess_loss", "w2"):
                self.assertEqual(run[key], report[key], f"{run['file']}: {key}")
            self.assertIsNotNone(run["w2"])
        table = self.succeeds("runs", "all").splitlines()
        self.assertEqual(len(table), 4)
        for line, run in zip(table[1:], listed["runs"]):
            self.assertTrue(line.startswith(run["file"]))
            self.assertRegex(line, rf"moons +60 .* {run['w2']:.3f}  \d\d\d\d-\d\d-\d\d \d\d:\d\d$")
        quick = json.loads(self.succeeds("runs", "all", "--json", "--quick"))["runs"][0]
        self.assertEqual((quick["steps"], quick["w2"], quick["excess_loss"]), (60, None, None))

    def test_broken_and_foreign_files_are_named_and_do_not_end_it(self):
        self.train("run.safetensors", *TINY)
        whole = self.read("run.safetensors")
        self.write("torn.safetensors", whole[:-100])
        self.write("empty.safetensors", b"")
        self.write("run\u202e.safetensors", b"no tensors")
        header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
        self.write("other.safetensors", struct.pack("<Q", len(header)) + header + bytes(4))
        os.mkfifo(self.path("pipe.safetensors"))
        os.symlink(".", self.path("loop"))
        self.write("notes.txt", "none")
        listed = json.loads(self.succeeds("runs", ".", "--json"))
        self.assertEqual([run["file"] for run in listed["runs"]], ["run.safetensors"])
        kinds = {other["file"]: other["kind"] for other in listed["others"]}
        self.assertEqual(kinds, {
            "torn.safetensors": "broken", "empty.safetensors": "broken", "run\u202e.safetensors":
            "broken", "other.safetensors": "foreign", "pipe.safetensors": "broken"})  # fmt: skip
        table = self.succeeds("runs")
        self.assertEqual(table.count("\n"), 7)
        self.assertIn("other.safetensors: foreign: ", table)
        self.assertRegex(table, r"torn\.safetensors: broken: .+\n")
        self.assertNotIn("\u202e", table)

    def test_a_folder_that_is_not_there_or_holds_none(self):
        self.fails(66, "cannot read none: no such file or directory", "runs", "none")
        self.write("file", "x")
        self.fails(66, "cannot read file: it is no folder", "runs", "file")
        os.mkdir(self.path("empty"))
        self.assertEqual(self.succeeds("runs", "empty"), "no checkpoint below empty\n")
        self.assertEqual(
            json.loads(self.succeeds("runs", "empty", "--json")),
            {"folder": "empty", "others": [], "runs": []})
