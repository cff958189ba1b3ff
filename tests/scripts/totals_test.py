# SPDX-License-Identifier: Apache-2.0
"""The sum over all suites is true, above all when something fails."""

import unittest

from testing.totals import Totals, from_junit, from_meson

GTEST = """<testsuites><testsuite name="ridley.book.Book">
<testcase name="A" status="run"/>
<testcase name="B" status="run"><failure message="Expected: 1&#10;Actual: 2"/></testcase>
<testcase name="C" status="run"><skipped message="needs data"/></testcase>
</testsuite></testsuites>"""
TAP = """<testsuites><testsuite name="ridley.style">
<testcase name="1 licence"/><testcase name="2 length"><failure/></testcase>
</testsuite></testsuites>"""
PASSED = """<testsuites><testsuite name="ridley.book.Book"><testcase name="A"/></testsuite>
<testsuite name="ridley.bookend.X"><testcase name="B"><failure/></testcase></testsuite>
</testsuites>"""
# Meson lists a program that hung in the project's suite, without a word of failure.
HUNG = '<testsuites><testsuite name="ridley"><testcase name="loop"/></testsuite></testsuites>'


def program(name: str, result: str) -> dict:
    return {"name": name, "result": result}


class Sum(unittest.TestCase):
    def counts(self, totals: Totals) -> tuple[int, int, int]:
        return totals.passed, totals.failed, totals.skipped

    def test_counts_passed_failed_and_skipped_cases(self):
        self.assertEqual(self.counts(from_junit(GTEST)), (1, 1, 1))

    def test_names_what_failed_and_why(self):
        (failure,) = from_junit(GTEST).failures
        self.assertEqual(failure, "ridley.book.Book: B: Expected: 1")

    def test_a_failed_case_and_its_program_are_one_failure(self):
        totals = from_meson(GTEST, [program("book", "FAIL")])
        self.assertEqual(self.counts(totals), (1, 1, 1))

    def test_counts_each_line_of_tap(self):
        totals = from_meson(TAP, [program("style", "FAIL")])
        self.assertEqual(self.counts(totals), (1, 1, 0))

    def test_a_program_that_dies_behind_its_last_case_fails(self):
        totals = from_meson(PASSED, [program("book", "FAIL")])
        self.assertEqual(self.counts(totals), (1, 1, 0))
        self.assertIn("book: the program ended with FAIL", totals.failures)

    def test_a_program_that_dies_without_results_fails(self):
        totals = from_meson("<testsuites/>", [program("book", "FAIL"), program("feed", "OK")])
        self.assertEqual(self.counts(totals), (1, 1, 0))

    def test_a_program_that_hangs_fails(self):
        totals = from_meson(HUNG, [program("loop", "TIMEOUT")])
        self.assertEqual(self.counts(totals), (0, 1, 0))

    def test_a_program_that_cannot_run_here_is_skipped(self):
        totals = from_meson(HUNG, [program("loop", "SKIP")])
        self.assertEqual(self.counts(totals), (0, 0, 1))

    def test_an_unknown_result_is_a_failure(self):
        totals = from_meson(HUNG, [program("loop", "SOMETHING")])
        self.assertEqual(totals.failed, 1)

    def test_prints_one_last_line(self):
        totals = Totals(passed=12)
        self.assertEqual(totals.last_line(), "12 passed, 0 failed")
        totals.skip()
        totals.fail("x")
        self.assertEqual(totals.last_line(), "12 passed, 1 failed, 1 skipped")

    def test_only_passing_tests_and_no_failure_is_success(self):
        self.assertEqual(Totals(passed=1).exit_code, 0)
        self.assertEqual(Totals().exit_code, 1)
        self.assertEqual(Totals(passed=1, failures=["x"]).exit_code, 1)

    def test_adds_up(self):
        totals = Totals(passed=1, skipped=2)
        totals.add(Totals(passed=3, skipped=4, failures=["x"]))
        self.assertEqual(self.counts(totals), (4, 1, 6))


if __name__ == "__main__":
    unittest.main()
