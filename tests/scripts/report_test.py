# SPDX-License-Identifier: Apache-2.0
"""The report says yes only to a session that both sides counted alike."""

import contextlib
import io
import json
import re
import shutil
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock
from xml.etree import ElementTree

sys.path.insert(0, str(Path(__file__).resolve().parent))

import session_sample  # noqa: E402
from report import histogram, numbers, plot, series, verdict  # noqa: E402

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "report.py"
# 1, 100, 1000, three times 5000, 1000000 and 123456789, written by the telemetry room.
PAYLOAD = ("HISTFAAAADF4nJNpmSzMwMAgyAABzFCaEYiZQrifMNh/gIowHWZkauVj+qjM9ruK6WMeEwCy3Akf")


def load_report():
    """scripts/report.py, which shares its name with its folder."""
    import importlib.util

    specification = importlib.util.spec_from_file_location("report_script", SCRIPT)
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


class Folder(unittest.TestCase):
    def setUp(self):
        self.run_folder = Path(tempfile.mkdtemp(prefix="ridley-report-"))
        self.addCleanup(shutil.rmtree, self.run_folder)

    def report(self, **changes) -> dict:
        session_sample.write(self.run_folder, **changes)
        return load_report().write(self.run_folder, self.run_folder / "report")

    def page(self) -> str:
        return (self.run_folder / "report" / "index.html").read_text()


class Verdict(Folder):
    def refused(self, word: str, **changes) -> None:
        report = self.report(**changes)
        self.assertFalse(report["agree"])
        self.assertTrue(any(word in problem for problem in report["problems"]), report["problems"])
        self.assertIn("does not count", self.page())

    def test_agrees_when_all_counts_are_equal(self):
        report = self.report()
        self.assertTrue(report["agree"], report["problems"])
        self.assertIn("Both sides agree", self.page())

    def test_every_differing_count_is_refused(self):
        for name in ("orders_received", "orders_acknowledged", "orders_filled", "shares_filled",
                     "orders_canceled", "cash_e4", "messages", "cancels_received"):
            changed = session_sample.VENUE[name] + 1
            self.refused("at the venue", venue={name: changed})

    def test_what_was_under_way_when_a_connection_broke_may_be_missing(self):
        broken = {"order_logins": 2, "orders_lost": 8}
        report = self.report(appliance=broken,
                             venue={"orders_received": 1202, "cancels_received": 639})
        self.assertTrue(report["agree"], report["problems"])
        for words in ("≈", "Lost with them", "Logins", "but for what was lost"):
            self.assertIn(words, self.page())
        for received in (1201, 1211):
            self.refused("Orders sent and received", appliance=broken,
                         venue={"orders_received": received})
        self.refused("Cancels sent", appliance=broken, venue={"cancels_received": 641})
        self.refused("Cancels sent", venue={"cancels_received": 639})

    def test_messages_that_a_snapshot_made_up_for_count(self):
        self.assertTrue(self.report(appliance={"missing_messages": 10},
                                    venue={"messages": 400_220})["agree"])
        self.refused("read or known to be missing", appliance={"missing_messages": 10})

    def test_a_bad_day_says_what_it_was(self):
        self.report(appliance={
            "drop_copy": {"matched": 31_415, "unmatched": 0, "alerts": 0},
            "recovery": {"requests": 2_718, "answers": 1, "snapshots": 1}},
            session={"scenario": {"name": "flash_crash", "shows": "A <name> is sold."}})
        for words in ("flash_crash", "A &lt;name&gt; is sold.", "31,415", "2,718", "Snapshots"):
            self.assertIn(words, self.page())

    def test_an_order_that_bypassed_the_gate_is_refused(self):
        self.refused("the gate let through", appliance={"orders_approved": 1209})

    def test_a_hot_allocation_is_refused(self):
        self.refused("allocated 1 times", appliance={"hot_allocations": 1})

    def test_a_card_that_agreed_is_shown_with_its_latency(self):
        report = self.report(appliance={"card": session_sample.CARD})
        self.assertTrue(report["agree"], report["problems"])
        page = self.page()
        for words in ("The card", "156.25 MHz", "The same, byte for byte", "399,001", "in_use"):
            self.assertIn(words, page)
        self.report()
        self.assertNotIn("The card", self.page())

    def test_several_lines_are_shown_one_by_one(self):
        line = {"line": "A", "alive": True, "packets": 1_001, "messages": 5, "won": 2_002,
                "duplicates": 3_003, "lost": 4_004, "malformed": 0,
                "late_ns": {"p50": 1_500, "p99": 2_500}}
        self.report(appliance={"lines": [line, line | {"line": "B", "late_ns": {}}],
                               "gaps_filled": 77})
        for words in ("late p50, p99", "1,001", "2,002", "3,003", "4,004", "1.5 µs", "Filled",
                      "77"):
            self.assertIn(words, self.page())
        self.report(appliance={"lines": [line]})
        self.assertNotIn("late p50", self.page())

    def test_a_card_that_did_not_agree_is_refused(self):
        for word, change in (
                ("1 events differ", {"different": 1}), ("found no room", {"records_dropped": 2}),
                ("packets found no room", {"packets_dropped": 3}),
                ("is refused at the end, fault hung", {"state": "refused", "fault": "hung"}),
                ("never used", {"events_used": 0}), ("were the same", {"same": 399_000})):
            self.refused(word, appliance={"card": session_sample.CARD | change})

    def test_a_card_hears_the_lines_and_no_repairs(self):
        lines = [{"line": "A", "won": 400_000}, {"line": "B", "won": 110}]
        card = session_sample.CARD | {"software_events": 399_101}
        report = self.report(appliance={"lines": lines, "card": card})
        self.assertTrue(report["agree"], report["problems"])
        self.refused("were the same", appliance={"card": card})

    def test_a_differing_position_is_refused(self):
        self.refused("Position AAAA", venue={"positions": {"AAAA": 299, "AAAB": -200}})
        self.refused("Position AAAD", venue={"positions": {"AAAA": 300, "AAAB": -200, "AAAD": 1}})

    def test_a_session_without_fills_or_rejects_is_refused(self):
        for name in verdict.MUST_HAPPEN:
            self.refused(f"{name} is 0", appliance={name: 0})

    def test_a_missing_number_is_refused(self):
        for name in verdict.REQUIRED:
            self.refused(f"lacks {name}", appliance={name: None})
        self.refused("lacks positions", venue={"positions": None})

    def test_a_missing_summary_is_refused(self):
        session_sample.write(self.run_folder)
        (self.run_folder / "venue" / "summary.json").unlink()
        report = load_report().write(self.run_folder, self.run_folder / "report")
        self.assertIn("the venue left no summary", report["problems"])

    def test_the_exit_code_follows_the_verdict(self):
        for change, code in (({}, 0), ({"orders_filled": 1}, 1)):
            session_sample.write(self.run_folder, appliance=change)
            with mock.patch("sys.argv", ["report", str(self.run_folder)]), \
                    contextlib.redirect_stdout(io.StringIO()), \
                    contextlib.redirect_stderr(io.StringIO()):
                self.assertEqual(load_report().main(), code)


class Page(Folder):
    def test_needs_nothing_from_outside(self):
        self.report()
        self.assertFalse(re.findall(r"(?:src|href|url)\s*[=(]", self.page()))
        self.assertNotIn("<script", self.page())

    def test_every_drawing_is_well_formed(self):
        self.report()
        drawings = re.findall(r"<svg.*?</svg>", self.page(), re.DOTALL)
        self.assertGreaterEqual(len(drawings), 6)
        for drawing in drawings:
            ElementTree.fromstring(drawing)
            self.assertNotIn("nan", drawing)

    def test_names_from_outside_are_escaped(self):
        self.report(appliance={"positions": {"<b>X": 5}}, venue={"positions": {}})
        self.assertNotIn("<b>X", self.page())

    def test_orders_without_an_answer_are_explained(self):
        self.report(venue={"orders_received": 1215}, appliance={"orders_approved": 1215})
        self.assertIn("5 replacements reached the venue", self.page())
        self.report()
        self.assertNotIn("replacements reached the venue", self.page())

    def test_says_that_hops_are_of_different_orders(self):
        self.report()
        self.assertIn("The hops before sent are stamped on one frame in eight, sent on every order",
                      self.page())
        self.assertIn("a percentile need not grow from one row to the next", self.page())

    def test_is_made_without_any_records(self):
        session_sample.write(self.run_folder)
        for name in ("hops.hlog", "snapshots.jsonl"):
            (self.run_folder / "telemetry" / name).unlink()
        report = load_report().write(self.run_folder, self.run_folder / "report")
        self.assertTrue(report["agree"])
        self.assertIn("Nothing was recorded", self.page())

    def test_the_json_file_holds_what_the_page_says(self):
        self.report()
        written = json.loads((self.run_folder / "report" / "report.json").read_text())
        self.assertEqual(written["orders_sent"], session_sample.APPLIANCE["orders_sent"])
        self.assertEqual(written["seed"], 7)
        self.assertEqual(set(written["hops"]), set(session_sample.HOPS))
        self.assertEqual(set(written["hops"]["sent"]), {"p50", "p99", "p999", "max"})
        for name in ("machine", "date", "commit", "timestamp_source", "venue", "comparison"):
            self.assertIn(name, written)


class Histograms(unittest.TestCase):
    def test_reads_what_the_telemetry_room_writes(self):
        found = histogram.Histogram()
        histogram.decode(PAYLOAD, found)
        self.assertEqual(found.total(), 8)
        self.assertEqual(found.percentiles([0.0, 50.0, 99.0]), [1, 5003, 123469823])

    def test_agrees_with_the_sample_writer(self):
        found = histogram.Histogram()
        histogram.decode(session_sample.encode([5, 2047, 2048, 100_000]), found)
        self.assertEqual(sorted(found.counts), [5, 2047, 2049, 100_031])

    def test_refuses_what_is_cut(self):
        for length in (0, 7, 20, len(PAYLOAD) - 4):
            with self.assertRaises(histogram.BadHistogram):
                histogram.decode(PAYLOAD[:length], histogram.Histogram())


class Numbers(unittest.TestCase):
    def test_are_written_for_people(self):
        self.assertEqual(numbers.whole(-1234567), "−1,234,567")
        self.assertEqual(numbers.dollars(-12_345_600), "−$1,234.56")
        self.assertEqual(numbers.duration(999), "999 ns")
        self.assertEqual(numbers.duration(1_250), "1.25 µs")
        self.assertEqual(numbers.compact(20_000), "20k")
        self.assertEqual(numbers.whole(None), "–")

    def test_marks_enclose_the_values(self):
        for low, high in ((0, 1), (-3, 17), (0, 0), (-5, -1), (0, 1e9)):
            marks = numbers.linear_marks(low, high)
            self.assertTrue(marks[0] <= low and marks[-1] >= high, (low, high, marks))
        self.assertEqual(numbers.decade_marks(120, 4000), [100, 1000, 10000])


class Series(unittest.TestCase):
    def snapshots(self) -> series.Snapshots:
        return series.Snapshots([
            {"utc_ns": 10**9 * second, "interval_ns": 10**9,
             "counters": {"order.orders_sent": total},
             "positions": [{"symbol": "AAAA    ", "position": total, "realized_profit_e4": 10_000,
                            "unrealized_profit_e4": -5_000}]}
            for second, total in ((1, 5), (2, 25), (3, 25))])

    def test_rates_are_differences(self):
        self.assertEqual(self.snapshots().rate("orders_sent"), [(1, 5), (2, 20), (3, 0)])
        self.assertEqual(self.snapshots().rate("absent"), [(1, 0), (2, 0), (3, 0)])

    def test_profit_and_positions_are_summed(self):
        self.assertEqual(self.snapshots().profit()[0], (1, 0.5))
        self.assertEqual(self.snapshots().positions(5), {"AAAA": [(1, 5), (2, 25), (3, 25)]})

    def test_a_line_cut_short_is_left_out(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "snapshots.jsonl"
            path.write_text('{"utc_ns": 1000000000}\n{"utc_ns": 20')
            self.assertEqual(len(series.read(path).lines), 1)

    def test_nothing_to_draw_is_a_sentence(self):
        self.assertIn("Nothing", plot.lines("x", [], plot.time_axis([]), plot.value_axis([])))


if __name__ == "__main__":
    unittest.main()
