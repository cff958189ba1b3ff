# SPDX-License-Identifier: Apache-2.0
"""Coverage of the card: what counts as reached, at the bar and one point below it, and exclusions
that are wrong."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from testing import builds, coverage_points, hardware_coverage  # noqa: E402
from testing.coverage_points import Exclusion, Point, WrongExclusion  # noqa: E402

FILE = "hw/rtl/base/ridley_fifo.sv"


def row(name: str, times: int, page: str = "v_toggle", hier: str = "fifo", line: int = 7) -> str:
    keys = {"f": f"../{FILE}", "l": line, "n": 3, "page": f"{page}/ridley_fifo", "o": name,
            "h": hier}
    return "C '" + "".join(f"\x01{key}\x02{one}" for key, one in keys.items()) + f"' {times}\n"


def bits(reached: int, total: int, name: str = "count_q") -> dict[Point, bool]:
    return {Point(FILE, 7, 3, "toggle", name, bit): bit < reached for bit in range(total)}


class Reading(unittest.TestCase):
    def gather(self, *files: str) -> dict[Point, bool]:
        with tempfile.TemporaryDirectory() as folder:
            for number, text in enumerate(files):
                (Path(folder) / f"{number}.dat").write_text("# SystemC::Coverage-3\n" + text)
            return coverage_points.gather(sorted(Path(folder).glob("*.dat")))

    def test_a_bit_is_reached_when_it_was_1_and_0_again(self):
        self.assertEqual(list(self.gather(row("count_q[3]", 2)).values()), [True])
        self.assertEqual(list(self.gather(row("count_q[3]", 1)).values()), [False])

    def test_half_a_toggle_in_each_of_two_runs_or_instances_is_none(self):
        self.assertEqual(list(self.gather(row("rst_i", 1), row("rst_i", 1)).values()), [False])
        once = row("rst_i", 1, hier="a") + row("rst_i", 1, hier="b")
        self.assertEqual(list(self.gather(once).values()), [False])

    def test_reached_in_one_instance_or_run_is_reached(self):
        found = self.gather(row("rst_i", 0, hier="a") + row("rst_i", 2, hier="b"), row("rst_i", 0))
        self.assertEqual(list(found.values()), [True])

    def test_a_line_is_reached_when_it_ran_once(self):
        found = self.gather(row("if", 1, "v_branch") + row("else", 0, "v_branch"))
        self.assertEqual({point.name: one for point, one in found.items()},
                         {"if": True, "else": False})
        self.assertEqual({point.kind for point in found}, {"line"})

    def test_a_point_knows_its_module_signal_and_bit(self):
        (point,) = self.gather(row("count_q[12]", 0))
        self.assertEqual((point.module, point.name, point.bit, point.line),
                         ("ridley_fifo", "count_q", 12, 7))


class Exclusions(unittest.TestCase):
    def read(self, text: str) -> list[Exclusion]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "coverage.toml"
            file.write_text(text)
            return coverage_points.read_exclusions(file)

    def refused(self, exclusion: Exclusion, reached: dict[Point, bool]) -> str:
        with self.assertRaises(WrongExclusion) as caught:
            coverage_points.excluded(reached, [exclusion], {})
        return str(caught.exception)

    def test_bits_of_a_signal_are_left_out_from_the_high_to_the_low_one(self):
        exclusions = self.read('[[excluded]]\nmodule = "ridley_fifo"\nsignals = ["count_q"]\n'
                               'bits = "6:5"\nreason = "why"\n')
        left_out = coverage_points.excluded(bits(5, 8), exclusions, {})
        self.assertEqual(sorted(point.bit for point in left_out), [5, 6])

    def test_one_that_matches_nothing_is_an_error(self):
        self.assertIn("no such thing", self.refused(
            Exclusion("ridley_fifo", "why", ("other_q",)), bits(5, 8)))
        self.assertIn("no such thing", self.refused(
            Exclusion("ridley_other", "why", ("count_q",)), bits(5, 8)))
        self.assertIn("no such thing", self.refused(
            Exclusion("ridley_fifo", "why", ("count_q", "other_q")), bits(5, 8)))

    def test_one_of_what_is_reached_is_an_error(self):
        self.assertIn("is reached", self.refused(
            Exclusion("ridley_fifo", "why", ("count_q",), bits=((4, 0),)), bits(5, 8)))

    def test_bits_may_be_those_of_each_member_of_a_vector(self):
        exclusions = self.read('[[excluded]]\nmodule = "ridley_fifo"\nsignals = ["count_q"]\n'
                               'bits = "3:2"\nmember_bits = 4\nreason = "why"\n')
        left_out = coverage_points.excluded(bits(0, 8), exclusions, {})
        self.assertEqual(sorted(point.bit for point in left_out), [2, 3, 6, 7])

    def test_lines_are_named_by_their_text(self):
        reached = {Point(FILE, 9, 1, "line", "if"): False, Point(FILE, 9, 2, "line", "else"): True}
        exclusions = self.read('[[excluded]]\nmodule = "ridley_fifo"\ntext = "default:"\n'
                               'reason = "why"\n')
        text = {(FILE, 9): "      default: next = 0;"}
        self.assertEqual(len(coverage_points.excluded(reached, exclusions, text)), 2)
        with self.assertRaises(WrongExclusion):
            coverage_points.excluded(reached, exclusions, {(FILE, 9): "other"})

    def test_one_without_a_reason_or_with_an_unknown_key_is_an_error(self):
        for text in ('module = "ridley_fifo"\nsignals = ["count_q"]\n',
                     'module = "ridley_fifo"\nreason = "why"\n',
                     'module = "ridley_fifo"\nsignals = ["a"]\nbit = 3\nreason = "why"\n'):
            with self.assertRaises(WrongExclusion):
                self.read(f"[[excluded]]\n{text}")

    def test_those_of_the_card_can_be_read(self):
        self.assertTrue(coverage_points.read_exclusions(hardware_coverage.EXCLUSIONS))


class Verdict(unittest.TestCase):
    def judge(self, reached: dict[Point, bool], left_out: dict | None = None,
              known: set[str] | None = None):
        rows, total = coverage_points.count(reached, left_out or {})
        with contextlib.redirect_stdout(io.StringIO()) as said:
            totals = hardware_coverage.judge(rows, total, known or set())
        return totals, said.getvalue()

    def test_a_module_is_good_at_the_bar_and_bad_one_bit_below(self):
        self.assertEqual(self.judge(bits(9, 10))[0].failed, 0)
        totals, said = self.judge(bits(89, 100))
        self.assertEqual(totals.failed, 2, "the module and all of it")
        self.assertIn("ridley_fifo: toggle coverage is 89.0 %, 90 % are needed", said)

    def test_lines_are_judged_by_themselves(self):
        reached = bits(1000, 1000) | {Point(FILE, 9, 1, "line", "if"): False}
        self.assertIn("line coverage is 0.0 %", self.judge(reached)[1])

    def test_a_bad_module_is_not_hidden_by_good_ones(self):
        other = {Point("hw/rtl/nic/ridley_other.sv", 1, 1, "toggle", "a"): False}
        totals, _ = self.judge(bits(1000, 1000) | other)
        self.assertEqual(totals.failures,
                         ["coverage: ridley_other: toggle coverage is 0.0 %, 90 % are needed"])

    def test_what_is_excluded_counts_neither_way(self):
        reached = bits(9, 11)
        out = coverage_points.excluded(reached, [Exclusion("ridley_fifo", "why", ("count_q",),
                                                           bits=((10, 10),))], {})
        self.assertEqual(self.judge(reached, out)[0].failed, 0)

    def test_a_module_that_nothing_measures_is_bad(self):
        totals, said = self.judge(bits(1, 1), known={"ridley_fifo", "ridley_forgotten"})
        self.assertEqual(totals.failed, 1)
        self.assertIn("ridley_forgotten: nothing measures it", said)


class Report(unittest.TestCase):
    def report(self, reached: dict[Point, bool], exclusions: list[Exclusion]):
        with tempfile.TemporaryDirectory() as folder, \
                contextlib.redirect_stdout(io.StringIO()):
            totals = hardware_coverage.report(reached, exclusions, Path(folder), set())
            return (totals, (Path(folder) / "coverage.md").read_text(),
                    json.loads((Path(folder) / "coverage.json").read_text()))

    def test_says_what_is_left_worst_first_and_what_is_excluded(self):
        spare = {Point(FILE, 7, 3, "toggle", "spare"): False}
        reached = bits(95, 100) | bits(0, 2, "other_q") | spare
        exclusions = [Exclusion("ridley_fifo", "tied to 0", ("spare",))]
        totals, page, content = self.report(reached, exclusions)
        self.assertEqual(totals.failed, 0)
        self.assertIn("| `ridley_fifo` | 0 / 0 | - | 95 / 102 | 93.1 | 0 | 1 |", page)
        self.assertIn(f"| {FILE}:7 | 5 | `count_q`, bits 99:95 |", page)
        self.assertLess(page.index("`count_q`"), page.index("`other_q`"))
        self.assertIn(f"| {FILE}:7 | 1 | `spare` | tied to 0 |", page)
        self.assertEqual(content["total"]["reached"], {"line": 0, "toggle": 95})
        self.assertEqual([gap["points"] for gap in content["left"]], [5, 2])

    def test_bits_are_named_in_ranges_and_read_so(self):
        self.assertEqual(coverage_points.ranges([0, 1, 2, 5, 9, 8]), "9:8, 5, 2:0")
        self.assertEqual(coverage_points.read_bits("9:8, 5, 2:0"), ((9, 8), (5, 5), (2, 0)))


class Stage(unittest.TestCase):
    """With a build that is made of files."""

    def run_with(self, code: int, text: str = "") -> tuple[str, list[str]]:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            program = hardware_coverage.card_chain.program(folder)
            program.parent.mkdir(parents=True)
            program.write_text("#!/bin/sh\nprintf '%s' \"$POINTS\" > $RIDLEY_COVERAGE/one.dat\n"
                               f"exit {code}\n")
            program.chmod(0o755)
            exclusions = folder / "coverage.toml"
            exclusions.write_text(text)
            points = row("count_q[0]", 2).replace("../", f"{builds.ROOT}/")
            with mock.patch.multiple(hardware_coverage, EXCLUSIONS=exclusions,
                                     build=lambda _: ["fifo_bench"],
                                     modules=lambda _: {"ridley_fifo"}), \
                    mock.patch.dict("os.environ", {"POINTS": points}), \
                    contextlib.redirect_stdout(io.StringIO()):
                totals = hardware_coverage.run(folder)
            return totals.last_line(), totals.failures

    def test_a_card_that_fails_and_benches_that_fail_are_failures(self):
        line, failures = self.run_with(1)
        self.assertEqual(line, "2 passed, 2 failed")
        self.assertIn("benches failed", failures[0])  # it is no build of Meson's
        self.assertIn("card failed", failures[1])

    def test_a_wrong_exclusion_is_a_failure(self):
        _, failures = self.run_with(
            0, '[[excluded]]\nmodule = "ridley_fifo"\nsignals = ["gone"]\nreason = "why"\n')
        self.assertIn("ridley_fifo: gone: there is no such thing", failures[-1])

    def test_a_build_without_a_card_says_so(self):
        with mock.patch.object(builds, "configure"), \
                mock.patch.object(builds, "introspect", return_value=[]), \
                contextlib.redirect_stdout(io.StringIO()) as said:
            totals = hardware_coverage.run(Path("build"))
        self.assertEqual(totals.last_line(), "0 passed, 0 failed, 1 skipped")
        self.assertIn("SKIPPED", said.getvalue())


if __name__ == "__main__":
    unittest.main()
