# SPDX-License-Identifier: Apache-2.0
"""The figures of scripts/synthesis: cells are counted and the deepest way is found in netlists that
are small enough to see it, and growth is said at the bar and not before."""

import contextlib
import io
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from synthesizing import main, netlist, place, results, sources
from synthesizing.netlist import Depth
from testing import synthesis


def cell(kind, inputs, outputs):
    """A cell of a netlist; a port's bits are a list."""
    return {"type": kind, "connections": {**inputs, **outputs},
            "port_directions": {**{name: "input" for name in inputs},
                                **{name: "output" for name in outputs}}}


def register(data, output):
    return cell("FDRE", {"C": [2], "CE": ["1"], "R": ["0"], "D": [data]}, {"Q": [output]})


def lut(first, second, output):
    return cell("LUT2", {"I0": [first], "I1": [second]}, {"O": [output]})


def module(cells, netnames):
    ports = {"clk_i": {"direction": "input", "bits": [2]},
             "in_i": {"direction": "input", "bits": [3]},
             "out_o": {"direction": "output", "bits": [9]}}
    return {"ports": ports, "cells": cells,
            "netnames": {name: {"bits": [bit]} for name, bit in netnames.items()}}


# in_i -> first_q -> two LUTs and a carry -> last_q -> out_o
CHAIN = {"a": register(3, 4), "b": lut(4, 3, 5),
         "c": cell("CARRY4", {"CI": ["0"], "S": [5, "0", "0", "0"]}, {"O": [6], "CO": [7]}),
         "d": lut(6, "1", 8), "e": register(8, 9)}
NAMES = {"first_q": 4, "last_q": 9, "chain.longer.last_q": 9}


class DepthOfLogic(unittest.TestCase):
    def test_counts_luts_and_carries_from_register_to_register(self):
        found = netlist.deepest(module(CHAIN, NAMES))
        self.assertEqual((found.levels, found.carries, found.end), (2, 1, "last_q"))
        self.assertIn(found.start, ("first_q", "port in_i"))

    def test_does_not_count_inverters_and_wide_multiplexers(self):
        cells = {"a": register(3, 4), "b": cell("INV", {"I": [4]}, {"O": [5]}),
                 "c": cell("MUXF7", {"I0": [5], "I1": [5], "S": [4]}, {"O": [6]}),
                 "d": register(6, 9)}
        found = netlist.deepest(module(cells, NAMES))
        self.assertEqual((found.levels, found.carries), (0, 0))

    def test_ends_at_what_a_memory_is_told_to_write_and_goes_on_where_it_reads(self):
        memory = cell("RAM64X1D", {"WCLK": [2], "D": [5], "WE": ["1"], "A0": [4], "DPRA0": [4]},
                      {"DPO": [6]})
        cells = {"a": register(3, 4), "b": lut(4, 4, 5), "m": memory, "c": lut(6, 6, 7),
                 "d": register(7, 9)}
        found = netlist.deepest(module(cells, NAMES))
        self.assertEqual((found.levels, found.start, found.end), (2, "first_q", "last_q"))

    def test_refuses_a_loop(self):
        cells = {"a": lut(5, 3, 4), "b": lut(4, 3, 5)}
        with self.assertRaises(netlist.UnknownCell):
            netlist.deepest(module(cells, {}))

    def test_is_nothing_without_logic(self):
        empty = {"ports": {}, "cells": {}, "netnames": {}}
        self.assertEqual(netlist.deepest(empty), Depth())


class Resources(unittest.TestCase):
    def test_are_counted_by_kind(self):
        cells = {**CHAIN, "m": cell("RAM64M8", {}, {}), "n": cell("RAM64X1D", {}, {}),
                 "s": cell("SRL16E", {}, {}), "h": cell("RAMB18E2", {}, {}),
                 "f": cell("RAMB36E2", {}, {}), "u": cell("URAM288", {}, {})}
        self.assertEqual(netlist.resources(module(cells, {})), {
            "lut": 2, "lut_memory": 10, "shift": 1, "ff": 2, "carry": 1, "bram": 1.5, "uram": 1,
            "dsp": 0})

    def test_of_an_unknown_cell_are_not_guessed(self):
        with self.assertRaises(netlist.UnknownCell):
            netlist.resources(module({"x": cell("NEW9", {}, {})}, {}))


def row(block, **figures):
    return {"block": block, **{key: 0 for key in results.COLUMNS}, "carries": 0, "start": "a",
            "end": "b", **figures}


class Growth(unittest.TestCase):
    def test_is_said_beyond_the_bar_and_not_at_it(self):
        before = [row("card", lut=100, levels=10)]
        self.assertEqual(results.grown(before, [row("card", lut=105, levels=10)], 5), [])
        self.assertEqual(results.grown(before, [row("card", lut=106, levels=11)], 5),
                         ["card: LUT 100 -> 106 (+6 %)", "card: levels of LUTs 10 -> 11 (+10 %)"])

    def test_from_nothing_and_new_blocks_are_said(self):
        self.assertEqual(results.grown([row("a")], [row("a", bram=0.5), row("b")], 5),
                         ["a: BRAM, 36 kbit 0 -> 0.5", "b: is new"])

    def test_what_shrinks_is_no_growth(self):
        self.assertEqual(results.grown([row("a", ff=10)], [row("a", ff=1)], 5), [])

    def test_rows_that_were_not_made_anew_are_kept(self):
        both = results.merged([row("a", ff=1), row("b", ff=2)], [row("b", ff=3)])
        self.assertEqual([(one["block"], one["ff"]) for one in both], [("a", 1), ("b", 3)])

    def test_results_are_read_as_they_were_written_and_the_page_has_them(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "synthesis.json"
            self.assertEqual(results.read(file), [])
            rows = [row("a", lut=7), row("b", bram=1.5)]
            results.write_json(file, {"tool": "none"}, rows)
            self.assertEqual(results.read(file), rows)
        self.assertIn("| b | 0 | 0 | 0 | 0 | 0 | 1.5 |", results.page({"tool": "none"}, rows))


class Blocks(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.files = [Path(folder.name) / f"ridley_{name}.sv" for name in ("low", "top", "x_pkg")]
        for file, text in zip(self.files, ("module ridley_low;", "  parameter int unsigned "
                                           "StreamBits = 64\n  ridley_low low (", "package x;")):
            file.write_text(text, encoding="utf-8")

    def test_have_their_parts_before_them_and_two_widths_with_streams(self):
        low, *tops = sources.blocks_of(self.files)
        self.assertEqual((low.name, low.parameters), ("low", {}))
        self.assertEqual([top.name for top in tops], ["top/64", "top/32"])
        self.assertEqual([file.stem for file in tops[1].files],
                         ["ridley_x_pkg", "ridley_low", "ridley_top"])

    def test_are_read_in_their_width_without_what_they_promise(self):
        text = sources.blocks_of(self.files)[2].reading
        self.assertTrue(text.startswith("read_verilog -sv -noassert -noassume "))
        self.assertTrue(text.endswith("; chparam -set StreamBits 32 ridley_top; "))

    def test_are_chosen_by_name_in_one_width_or_all(self):
        known = sources.blocks_of(self.files)
        self.assertEqual([one.name for one in sources.chosen(known, ["top"])], ["top/64", "top/32"])
        self.assertEqual([one.name for one in sources.chosen(known, ["top/32"])], ["top/32"])
        self.assertEqual(sources.chosen(known, []), known)
        with self.assertRaises(KeyError):
            sources.chosen(known, ["other"])

    def test_of_the_card_are_all_in_the_build_s_table(self):
        made = {name for name, _, _ in
                sources.MADE.findall((sources.HARDWARE / "meson.build").read_text("utf-8"))}
        self.assertLessEqual({"ridley_registers", "ridley_itch_event", "ridley_card_pkg"}, made)


class Place(unittest.TestCase):
    def test_a_block_stands_between_registers_with_three_pins(self):
        text = place.wrapper("block", {"Bits": 3}, {"clk_i": 1, "a_i": 3, "b_i": 1, "c_o": 5},
                             {"a_i", "b_i"})
        self.assertIn("block #(.Bits(3)) block (.clk_i(clk), .a_i(fed_q[0 +: 3]), "
                      ".b_i(fed_q[3 +: 1]), .c_o(given[0 +: 5]));", text)
        self.assertIn("folded_1_q[1] <= ^folded_0_q[4:4];", text)
        self.assertIn("assign out = folded_2_q[0];", text)

    def test_a_row_is_made_of_all_seeds(self):
        reports = [{"fmax": {"clk": {"achieved": mhz}},
                    "utilization": {"TRELLIS_COMB": {"used": 10, "available": 100},
                                    "TRELLIS_FF": {"used": 4, "available": 9}}}
                   for mhz in (90.0, 70.0, 80.0)]
        made = place.row_of("a", reports)
        self.assertEqual((made["mhz_min"], made["mhz_median"], made["mhz_max"], made["seeds"]),
                         (70.0, 80.0, 90.0, 3))
        self.assertEqual((made["lut"], made["lut_percent"], made["memory"]), (10, 10.0, 0))
        self.assertIn("| a | 70.0 | 80.0 | 90.0 | 3 |", place.page({}, [made]))

    def test_is_skipped_with_a_word_when_the_tool_cannot_be_had(self):
        said = io.StringIO()
        with mock.patch.object(place, "installed", return_value=None), \
                contextlib.redirect_stdout(said):
            self.assertEqual(place.run([], 5, False, "none"), 0)
        self.assertIn("SKIPPED place and route", said.getvalue())


class Script(unittest.TestCase):
    def test_names_a_block_that_is_not_there(self):
        said = io.StringIO()
        with mock.patch("sys.argv", ["synthesis", "--block", "none"]), \
                mock.patch.object(main, "blocks", return_value=[]), \
                contextlib.redirect_stderr(said):
            self.assertEqual(main.main(), 64)
        self.assertIn("no such block: none", said.getvalue())


class Nightly(unittest.TestCase):
    def verdict(self, *answers):
        with mock.patch.object(synthesis.subprocess, "run", side_effect=answers), \
                contextlib.redirect_stdout(io.StringIO()):
            totals = synthesis.run()
        return totals.passed, totals.failed, totals.skipped

    def test_counts_both_parts_and_skips_what_cannot_be_had(self):
        good = subprocess.CompletedProcess([], 0, "grew: a: LUT 1 -> 2\n", "")
        away = subprocess.CompletedProcess([], 0, "SKIPPED place and route: no network\n", "")
        bad = subprocess.CompletedProcess([], 1, "", "no yosys")
        self.assertEqual(self.verdict(good, good), (2, 0, 0))
        self.assertEqual(self.verdict(bad, away), (0, 1, 1))


if __name__ == "__main__":
    unittest.main()
