# SPDX-License-Identifier: Apache-2.0
"""The nightly run of the whole card: what it says of a program that agrees, that does not, and that
is not there."""

import contextlib
import io
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "scripts"))

from testing import card_chain  # noqa: E402

PROGRAM = """#!/bin/sh
echo "day, $RIDLEY_CARD_MESSAGES messages of $1"
exit {code}
"""


class CardChain(unittest.TestCase):
    def run_with(self, code: int | None) -> tuple[str, str]:
        with tempfile.TemporaryDirectory() as folder:
            if code is not None:
                program = Path(folder) / "tests" / "card_chain" / "card_chain_test"
                program.parent.mkdir(parents=True)
                program.write_text(PROGRAM.format(code=code))
                program.chmod(0o755)
            output = io.StringIO()
            with contextlib.redirect_stdout(output):
                totals = card_chain.run(Path(folder), 123)
            return totals.last_line(), output.getvalue()

    def test_both_widths_are_run_with_as_many_messages(self):
        line, output = self.run_with(0)
        self.assertEqual(line, "2 passed, 0 failed")
        for bits in (64, 32):
            self.assertIn(f"day, 123 messages of --gtest_filter=*AGeneratedDayOnBothLines*/{bits}",
                          output)

    def test_a_difference_is_a_failure(self):
        line, output = self.run_with(1)
        self.assertEqual(line, "0 passed, 2 failed")
        self.assertIn("FAILED", output)

    def test_a_build_without_a_card_says_so(self):
        line, output = self.run_with(None)
        self.assertEqual(line, "0 passed, 0 failed, 1 skipped")
        self.assertIn("SKIPPED", output)


if __name__ == "__main__":
    unittest.main()
