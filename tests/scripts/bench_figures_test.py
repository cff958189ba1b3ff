# SPDX-License-Identifier: Apache-2.0
"""scripts/bench: medians, ratios within a round, a wrong digest that fails, the page and the JSON.
No time is judged."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_sample import (  # noqa: E402
    BOOK, CONDITIONS, DECODE, HOT, MAP, MOLD, WALK, entry, find, report, three_rounds)
from benching import conditions, days, figures, main, page, rounds, variants  # noqa: E402
from benching.rounds import Entry, Results  # noqa: E402
from testing import benchmarks  # noqa: E402


class Figures(unittest.TestCase):
    def setUp(self):
        self.measured = figures.measured(three_rounds())

    def test_are_medians_with_the_least_and_the_greatest(self):
        book = find(self.measured, BOOK).figure("message")
        self.assertEqual((book.value, book.least, book.greatest), (44, 40, 80))

    def test_are_ratios_within_the_round(self):
        # 4/2, 8/4 and 4/4: of the medians it would be 4/4.
        self.assertEqual(find(self.measured, DECODE).figure("message").ratio_to_walk, 2)
        self.assertEqual(find(self.measured, WALK).figure("message").ratio_to_walk, 1)

    def test_of_another_day_are_ratios_to_the_walk_of_the_big_one(self):
        self.assertEqual(find(self.measured, HOT).figure("message").ratio_to_walk, 7.5)

    def test_of_memory_are_no_ratio(self):
        self.assertIsNone(find(self.measured, BOOK).figure("rss").ratio_to_walk)

    def test_of_others_are_ratios_to_our_own(self):
        # 120 by 40, 80 and 44
        self.assertAlmostEqual(find(self.measured, MAP).figure("message").ratio_to_own, 120 / 44)

    def test_keep_the_higher_percentiles(self):
        row = {"name": "way", "unit": "ns", "value": 5}
        one = entry("ring", "ridley", None)
        results = Results({one: [{"rows": [row | {"p99": p99}]} for p99 in (9, 7, 8)]})
        self.assertEqual(find(figures.measured(results), one).figure("way").more, {"p99": 8})

    def test_without_a_walk_have_no_ratio(self):
        results = three_rounds()
        del results.reports[WALK]
        self.assertIsNone(find(figures.measured(results), BOOK).figure("message").ratio_to_walk)

    def test_meet_bars_at_the_bar_and_miss_them_one_beyond(self):
        bar = figures.Bar("itch_book", "ridley", "big", "message", 28, 19)
        for ratio, verdict in ((19, "aim met"), (19.01, "within"), (28, "within"),
                               (28.01, "MISSED")):
            figure = figures.Figure("message", "ns", 1, 1, 1, ratio_to_walk=ratio, bar=bar)
            self.assertEqual(figure.verdict(), verdict)

    def test_of_short_days_meet_no_bars(self):
        for one in figures.measured(three_rounds(), barred=False):
            self.assertEqual([figure.bar for figure in one.figures], [None] * len(one.figures))


class Right(unittest.TestCase):
    def outcome(self, change) -> dict[Entry, bool | None]:
        results = three_rounds()
        change(results.reports)
        return {one.entry: one.digest_ok for one in figures.measured(results)}

    def test_is_what_every_round_says(self):
        self.assertEqual(set(self.outcome(lambda reports: None).values()), {True})

    def test_is_not_what_one_round_denies(self):
        def change(reports):
            reports[BOOK][1] = reports[BOOK][1] | {"digest_ok": False}
        outcome = self.outcome(change)
        self.assertIs(outcome[BOOK], False)
        self.assertIs(outcome[MAP], True)

    def test_is_not_what_differs_from_another_contender(self):
        def change(reports):
            reports[MOLD] = [one | {"digest": "x"} for one in reports[MOLD]]
        outcome = self.outcome(change)
        self.assertIs(outcome[MOLD], False)
        self.assertIs(outcome[DECODE], False)
        self.assertIs(outcome[WALK], True)
        self.assertIs(outcome[BOOK], True)

    def test_is_unknown_where_nothing_was_checked(self):
        one = entry("ring", "ridley", None)
        self.assertIsNone(figures.done_right(Results({one: [report(1)]}), one))


class Outcome(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def run_main(self, results: Results, *words: str) -> tuple[int, str, str]:
        out, errors = io.StringIO(), io.StringIO()
        with mock.patch.object(main, "prepare", return_value=([], [days.BIG])), \
                mock.patch.object(main.conditions, "of_run", return_value=CONDITIONS), \
                mock.patch.object(rounds, "run_all", return_value=results), \
                mock.patch.object(main, "RESULTS", self.folder), \
                mock.patch.object(main.builds, "ROOT", self.folder), \
                contextlib.redirect_stdout(out), contextlib.redirect_stderr(errors):
            return main.main(list(words)), out.getvalue(), errors.getvalue()

    def test_is_a_page_and_a_json_file(self):
        code, out, _ = self.run_main(three_rounds())
        self.assertEqual(code, 0)
        self.assertIn("itch_book", out)
        text = (self.folder / "intel-xeon-gold-6338-8-cores.md").read_text()
        for part in ("# Benchmarks on Intel", "28 walks, aim 19: within", "scripts/bench",
                     "all of it", "made by `itch_generator`", "c++ 12", "march=native"):
            self.assertIn(part, text)
        said = json.loads((self.folder / "intel-xeon-gold-6338-8-cores.json").read_text())
        book = next(one for one in said["programs"]
                    if (one["contender"], one["day"]) == ("ridley", "big"))
        self.assertEqual(book["rows"][0]["ratio_to_walk"], 20)
        self.assertEqual(book["rows"][0]["verdict"], "within")

    def test_of_quick_is_flat_json_and_no_page(self):
        file = self.folder / "quick.json"
        code, _, _ = self.run_main(three_rounds(), "--quick", "--json", str(file),
                                   "--machine", "here")
        self.assertEqual(code, 0)
        said = json.loads(file.read_text())
        self.assertEqual(said["machine"], "here")
        self.assertEqual(said["rows"][3], {
            "name": "itch_book/ridley", "ns_per_message": 44, "ratio_to_walk": 20,
            "rss_mb": 250, "digest_ok": True})
        self.assertEqual(list(self.folder.glob("*.md")), [])

    def test_is_json_alone_where_it_goes_to_the_standard_output(self):
        code, out, errors = self.run_main(three_rounds(), "--task", "itch_book", "--json", "-")
        self.assertEqual(code, 0)
        self.assertEqual(json.loads(out)["programs"][0]["contender"], "walk")
        self.assertIn("itch_book", errors)

    def test_is_bad_when_a_digest_is_wrong(self):
        results = three_rounds()
        results.reports[HOT][2] = report(1, 1, digest_ok=False)
        code, out, errors = self.run_main(results)
        self.assertEqual(code, 1)
        self.assertIn("FAILED itch_book ridley hot: what came out is wrong", errors)
        self.assertIn("NO", out)

    def test_is_bad_when_a_program_failed(self):
        results = three_rounds()
        results.failures.append("ring ours: exit code 1")
        code, _, errors = self.run_main(results)
        self.assertEqual(code, 1)
        self.assertIn("FAILED ring ours: exit code 1", errors)

    def test_is_bad_when_nothing_was_measured(self):
        self.assertEqual(self.run_main(Results())[0], 1)


class Page(unittest.TestCase):
    def test_names_the_machine_by_processor_and_cores(self):
        self.assertEqual(conditions.slug(CONDITIONS), "intel-xeon-gold-6338-8-cores")
        self.assertEqual(conditions.slug({"processor": "AMD EPYC 7B13", "cores": 1}),
                         "amd-epyc-7b13-1-core")

    def test_writes_figures_with_three_digits_that_matter(self):
        for value, text in ((2, "2"), (0.01234, "0.0123"), (2.345, "2.35"), (45.67, "45.7"),
                            (1234.5, "1,234"), (40_000_003, "40,000,003"), (0, "0")):
            self.assertEqual(page.number(value), text)

    def test_comes_with_json_that_has_a_line_for_each_row(self):
        full = {"days": [], "programs": [{"task": "ring", "rows": [
            {"name": "way", "value": 5}, {"name": "back", "value": None}]}]}
        text = page.json_text(full)
        self.assertEqual(json.loads(text), full)
        self.assertEqual(text.splitlines(), [
            '{', ' "days": [],', ' "programs": [', '  {', '   "task": "ring",', '   "rows": [',
            '    {"name": "way", "value": 5},', '    {"name": "back", "value": null}', '   ]',
            '  }', ' ]', '}'])

    def test_says_when_the_machine_was_not_quiet(self):
        busy = CONDITIONS | {"quiet": False, "load_at_start": 9}
        text = page.markdown(figures.measured(three_rounds()), busy, [], [])
        self.assertIn("not quiet", text)

    def test_has_a_table_for_every_other_task(self):
        results = three_rounds()
        for contender, value in (("ridley", 5), ("boost", 10)):
            results.reports[entry("ring_one_way", contender, None)] = [
                {"timed": "a slot", "rows": [{"name": "way", "unit": "ns", "value": value,
                                              "p99": 2 * value}]}]
        text = page.markdown(figures.measured(results), CONDITIONS, [], [])
        self.assertIn("## Ring one way", text)
        self.assertIn("| boost | way | 10 | ns | 10 to 10 | 20 | 2.00 |", text)

    def test_sets_contenders_of_the_same_things_side_by_side(self):
        results = three_rounds()
        for contender, value in (("boost", 10), ("ridley", 5), ("other", 7)):
            name = "another_way" if contender == "other" else "way"
            results.reports[entry("ring", contender, None)] = [
                {"digest_ok": True, "rows": [{"name": name, "unit": "ns", "value": value}]}]
        text = page.markdown(figures.measured(results), CONDITIONS, [], [])
        self.assertIn("## Ring\n\n| what | unit | ridley | boost |", text)
        self.assertIn("| way | ns | 5 | 10 (2.00x) |", text)
        self.assertIn("| work done right | - | yes | yes |", text)
        self.assertIn("## Ring: other\n", text)
        self.assertIn("| other | another_way | 7 | ns |", text)


class Variants(unittest.TestCase):
    def setUp(self):
        self.results = three_rounds()
        (self.lto,) = variants.moved([DECODE], Path("/lto"), "lto")
        right = {"digest": "a", "digest_ok": True}
        self.results.reports[self.lto] = [report(ns, **right) for ns in (3, 6, 3)]

    def test_are_of_our_own_programs_only(self):
        self.assertEqual(variants.own_of([WALK, DECODE, MAP, BOOK, HOT]), [DECODE, BOOK, HOT])

    def test_come_from_their_own_folder(self):
        self.assertEqual(self.lto.program.path, Path("/lto/bench/itch_decode_ridley_file"))
        self.assertEqual(self.lto.contender, "ridley_file+lto")

    def test_are_compared_with_the_same_program_built_as_usual(self):
        figure = find(figures.measured(self.results), self.lto).figure("message")
        self.assertEqual(figure.ratio_to_own, 0.75)
        self.assertIsNone(figure.bar)

    def test_have_a_table_of_their_own(self):
        text = page.markdown(figures.measured(self.results), CONDITIONS, [], [])
        self.assertIn("| itch_decode | ridley_file | big | lto | message | 3 | ns | 0.75 | yes |",
                      text)
        self.assertNotIn("ridley_file+lto", text)

    def test_that_work_wrong_are_bad(self):
        self.results.reports[self.lto][0]["digest"] = "x"
        self.assertIs(find(figures.measured(self.results), self.lto).digest_ok, False)


class SmokeTest(unittest.TestCase):
    row = {"name": "itch_book/ridley", "ns_per_message": 5.0, "digest_ok": True}

    def test_wants_a_right_row_of_every_program(self):
        said = {"rows": [self.row]}
        self.assertEqual(benchmarks.judge(said, ["itch_book/ridley"]).exit_code, 0)
        self.assertEqual(benchmarks.judge(said, ["itch_book/map"]).failed, 1)
        wrong = {"rows": [self.row | {"digest_ok": False}]}
        self.assertEqual(benchmarks.judge(wrong, ["itch_book/ridley"]).failed, 1)
