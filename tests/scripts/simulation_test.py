# SPDX-License-Identifier: Apache-2.0
"""The stage of simulated days: what it says of days without and with a violation, and of a program
that says nothing."""

import contextlib
import io
import json
import sys
import tempfile
import unittest
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from testing import builds, simulation  # noqa: E402

REPORT = {"seeds": 1000, "violations": 0, "faults_injected": 5, "orders": 7, "gaps_repaired": 3,
          "findings": []}
FINDING = {"seed": 42, "rule": "limits", "what": "too many",
           "reproduce": "ridley simulate --first 42 --seeds 1 --only 3"}


class Simulation(unittest.TestCase):
    def run_with(self, said: str, nightly: bool = False) -> tuple[simulation.Totals, str]:
        with tempfile.TemporaryDirectory() as folder:
            program = Path(folder) / "ridley"
            program.write_text(f"#!/bin/sh\necho $* > {folder}/words\ncat <<'END'\n{said}\nEND\n")
            program.chmod(0o755)
            with contextlib.redirect_stdout(io.StringIO()):
                totals = simulation.run(Path(folder), nightly)
            return totals, (Path(folder) / "words").read_text()

    def test_days_without_a_violation_are_one_test_that_passed(self):
        totals, words = self.run_with(json.dumps(REPORT))
        self.assertEqual(totals.last_line(), "1 passed, 0 failed")
        self.assertEqual(words, "simulate --first 1 --seeds 1000 --json --minimise\n")

    def test_a_violation_fails_with_the_line_that_shows_it_again(self):
        totals, _ = self.run_with(json.dumps(REPORT | {"violations": 1, "findings": [FINDING]}))
        self.assertEqual(len(totals.failures), 2)
        self.assertIn("--first 42 --seeds 1 --only 3", totals.failures[1])

    def test_a_program_that_says_nothing_is_a_failure(self):
        with self.assertRaises(builds.BuildFailed):
            self.run_with("")

    def test_no_two_nights_have_a_seed_in_common(self):
        _, words = self.run_with(json.dumps(REPORT), nightly=True)
        self.assertIn("--seeds 100000", words)
        first = simulation.first_seed(True, date(2026, 1, 1))
        self.assertGreater(first, simulation.DAYS)
        self.assertEqual(simulation.first_seed(True, date(2026, 1, 2)),
                         first + simulation.DAYS_NIGHTLY)


if __name__ == "__main__":
    unittest.main()
