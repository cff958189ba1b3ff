# SPDX-License-Identifier: Apache-2.0
"""Budgets are held at the bar and one step beyond, and are skipped where they cannot be counted."""

import contextlib
import io
import os
import shutil
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from testing import budgets, builds
from testing.budgets import Budget, Counts

REPORT = """desc: I1 cache: none
cmd: build/budget_work book 1000 day
events: Ir Bc Bcm Bi Bim
fn=main
summary: 130000 50000 1500 2000 500
"""
BOOK = Budget("book", "message", instructions_max=130, mispredicts_max=2.0, few=1000, many=1500)


def quietly(call, *arguments):
    with contextlib.redirect_stdout(io.StringIO()) as said:
        result = call(*arguments)
    return result, said.getvalue()


class Verdict(unittest.TestCase):
    few = Counts(1_000_000, 7_000)

    def judge(self, instructions: int, mispredicts: int) -> tuple[str, bool]:
        many = Counts(self.few.instructions + instructions, self.few.mispredicts + mispredicts)
        return budgets.judge(BOOK, self.few, many)

    def test_is_good_at_the_bar_and_bad_one_beyond(self):
        self.assertTrue(self.judge(500 * 130, 500 * 2)[1])
        self.assertFalse(self.judge(500 * 130 + 1, 500 * 2)[1])
        self.assertFalse(self.judge(500 * 130, 500 * 2 + 1)[1])

    def test_names_the_figures_of_one_unit(self):
        text, _ = self.judge(500 * 100, 700)
        self.assertIn("book: 100.0 instructions for each message (at most 130), 1.400 mis", text)

    def test_of_work_that_was_not_done_is_bad(self):
        self.assertFalse(self.judge(0, 0)[1])


class Counting(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-budget-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def program(self, name: str, text: str) -> Path:
        program = self.folder / name
        program.write_text("#!/bin/bash\n" + text)
        program.chmod(0o755)
        return program

    def test_adds_up_both_kinds_of_mispredicted_branches(self):
        self.assertEqual(budgets.counts_in(REPORT), Counts(130_000, 2_000))

    @unittest.skipUnless(shutil.which("valgrind"), "valgrind is not installed")
    def test_sees_what_a_program_does_more(self):
        work = self.program("work", 'for ((i = 0; i < $2; ++i)); do :; done\n')
        few = budgets.count(work, BOOK, 10, Path("/dev/null"))
        many = budgets.count(work, BOOK, 1010, Path("/dev/null"))
        self.assertGreater(many.instructions, few.instructions + 1_000)

    def test_of_a_program_that_fails_is_a_failure(self):
        valgrind = self.program("valgrind", "echo no such day >&2\nexit 65\n")
        path = f"{valgrind.parent}:{os.environ['PATH']}"
        with mock.patch.dict(os.environ, {"PATH": path}):
            with self.assertRaisesRegex(builds.BuildFailed, "book: exit code 65\nno such day"):
                budgets.count(self.folder / "work", BOOK, 10, Path("/dev/null"))

    def test_counts_one_verdict_a_budget(self):
        counted = {1000: Counts(0, 0), 1500: Counts(500 * 140, 0)}
        strict = Budget("decode", "message", 100, 1, few=1000, many=1500)
        loose = Budget("book", "message", 140, 1, few=1000, many=1500)
        with mock.patch.object(budgets, "count", side_effect=lambda _p, _b, n, _d: counted[n]):
            totals, said = quietly(
                budgets.measure, Path("work"), Path("day"), [strict, loose])
        self.assertEqual((totals.passed, totals.failed), (1, 1))
        self.assertIn("FAILED decode: 140.0", said)
        self.assertIn("ok     book: 140.0", said)

    def test_is_skipped_with_a_clear_line_where_valgrind_is_missing(self):
        with mock.patch.object(shutil, "which", return_value=None):
            totals, said = quietly(budgets.run, self.folder)
        self.assertEqual((totals.skipped, totals.failed), (len(budgets.BUDGETS), 0))
        self.assertIn("skipped: valgrind is not installed", said)


if __name__ == "__main__":
    unittest.main()
