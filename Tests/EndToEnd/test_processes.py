"""One p_t by three processes, through the program: what its table says of flow, diffusion and jumps."""

import re

from headless import Headless


class Processes(Headless):
    def table(self, preset, steps):
        """The lanes' rows in a replay of a preset: name, total variation, × noise, mark, and where there is room the
        longest move and how many there are."""
        text = self.succeeds("render", "--preset", preset, "--size", "160x48", "--keys", "-", "--out", "-",
                             input=steps)  # fmt: skip
        row = re.compile(
            r"● (\S.*?)\s{2,}(\d\.\d+)\s+(\d+\.\d+) ([✓×])\s+\d+\.\d+\s+(\d+\.\d+)(?:\s+(\d+(?:\.\d)?) )?")
        return text, [
            (m[1], float(m[2]), float(m[3]), m[4], float(m[5]), float(m[6] or "nan"))
            for m in row.finditer(text)]  # fmt: skip

    def test_three_processes_end_in_the_same_distribution_each_by_its_nature(self):
        text, rows = self.table("three-processes", "Esc\nEnd\nwait 6\n")
        self.assertEqual(len(rows), 3, text)
        for name, distance, ratio, mark, _, _ in rows:
            self.assertLessEqual(ratio, 1.3, name)
            self.assertEqual(mark, "✓", name)
            self.assertLess(distance, 0.06, name)
        self.assertIn("✓ yes, within sampling noise", text)
        flow, diffusion, jumps = rows
        # Many moves, many more, and a few; none as long as a leap.
        self.assertEqual((flow[5], diffusion[5]), (48, 144))
        self.assertLess(jumps[5], 4)
        self.assertGreater(jumps[4], 5 * diffusion[4])
        self.assertGreater(jumps[4], 10 * flow[4])

    def test_a_process_with_another_p_t_is_told(self):
        text, rows = self.table("teleport", "Esc\nwait 6\n")
        self.assertEqual([row[3] for row in rows], ["✓", "×"], text)
        self.assertGreater(rows[1][2], 3)
        self.assertIn("× no", text)
