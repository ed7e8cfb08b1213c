"""Points of mean 1000 and any spread: every command gives finite numbers in seconds."""

import json
import math
import os
import random

from headless import Headless


def numbers(value):
    """Every number of a JSON document."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return [number for item in value for number in numbers(item)]
    return [value] if isinstance(value, float) else []


class Scales(Headless):
    def report(self, *arguments):
        """A report in JSON, which has no NaN; what it does not know is null."""
        def refuse(name):
            self.fail(f"{name} in {arguments}")

        # 1 says that a check failed; whatever it found is in the report.
        result = self.run_program(*arguments, "--json", "--quiet")
        self.assertIn(result.returncode, (0, 1), result.stderr)
        report = json.loads(result.stdout, parse_constant=refuse)
        self.assertTrue(all(math.isfinite(number) for number in numbers(report)))
        return report

    def test_every_command_takes_points_of_any_scale(self):
        draw = random.Random(1)
        self.write("keys", "train 20\nv\nwait 0.1\nv\nwait 0.1\nv\nwait 0.1\nv\nwait 0.1\nv\nwait 0.1\nv\n")
        for spread in (1e-3, 1, 1e6):
            rows = [(draw.gauss(1000, spread), draw.gauss(1000, spread)) for _ in range(60)]
            self.write("p.csv", "".join(f"{x!r},{y!r}\n" for x, y in rows))
            for standardised in ((), ("--standardise",)):
                with self.subTest(spread=spread, standardised=bool(standardised)):
                    self.train("run.safetensors", "--data", "p.csv", *standardised)
                    self.every_command(standardised, spread)

    def every_command(self, standardised, spread):
        drawn = self.succeeds("sample", "run.safetensors", "--count", "20").splitlines()[1:]
        values = [float(text) for row in drawn for text in row.split(",")]
        self.assertTrue(all(math.isfinite(value) for value in values))
        if standardised:
            # In units of the file, however little was learned.
            self.assertLess(max(abs(value - 1000) for value in values), 30 * spread)
        logs = self.report("likelihood", "run.safetensors", "--data", "p.csv")
        self.assertTrue(logs)
        found = self.report("evaluate", "run.safetensors", "--data", "p.csv")
        self.assertEqual(found["count"], 60)
        self.report("compare", "run.safetensors", "--nfe", "8", "--tolerances", "1e-2")
        # What is standardised is a cloud of scale 1 to these.
        if not standardised:
            theory = self.report("theory", "--checkpoint", "run.safetensors")
            self.assertTrue(all(check["residual"] is not None for check in theory["checks"]), theory)
            exact = self.report("theory", "--data", "p.csv")
            self.assertEqual([check for check in exact["checks"] if not check["passes"]], [])
            self.report("render", "--keys", "keys", "--size", "80x24", "--data", "p.csv",
                        "--widths", "8", "--batch", "16", "--particles", "256")  # fmt: skip
        os.remove(self.path("run.safetensors"))
