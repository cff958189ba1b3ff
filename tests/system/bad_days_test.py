# SPDX-License-Identifier: Apache-2.0
"""The shipped scenarios traded through by whole processes: an appliance with two lines,
re-requests, snapshots and a drop copy, and an exchange that misbehaves as the scenario says. Both
sides agree on every count, position and cent. All of them by night; otherwise the shortest that
show what no other does."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

from session import scenario  # noqa: E402

PROGRAMS = Path(os.environ["RIDLEY_BUILD_FOLDER"]) / "src" / "app"
# The longest has a minute.
SECONDS_MAX = 240
BY_DAY = ("exchange_restart", "fills_before_acknowledgements", "repairs_that_get_lost",
          "strangers_on_the_line")


class BadDays(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-days-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def trade(self, name: str) -> dict:
        done = subprocess.run(
            [sys.executable, str(SCRIPTS / "main_job.py"), "--programs", str(PROGRAMS), "--json",
             "--scenario", name, "--run-folder", str(self.folder / name),
             "--report-folder", str(self.folder / name / "report")],
            capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def holds(self, name: str) -> None:
        report = self.trade(name)
        self.assertTrue(report["agree"])
        self.assertEqual(report["session"]["scenario"]["name"], name)
        self.assertEqual(report["hot_allocations"], 0)
        self.assertEqual(report["drop_copy"]["unmatched"], 0, report["drop_copy"])
        self.assertEqual(report["drop_copy"]["matched"], report["orders_filled"])
        for check in [check for check in (getattr(self, f"of_{name}", None),) if check]:
            check(report)

    def of_exchange_restart(self, report: dict) -> None:
        self.assertEqual(report["order_logins"], 2)

    def of_half_open_connection(self, report: dict) -> None:
        self.assertEqual(report["order_logins"], 2)

    def of_repairs_that_get_lost(self, report: dict) -> None:
        self.assertGreater(report["recovery"]["timeouts"], 0)
        # Who was asked twenty times in vain, or for five seconds, has it from a snapshot.
        self.assertEqual(report["recovery"]["snapshots"] > 0, report["missing_messages"] > 0)

    def of_double_gap_at_open(self, report: dict) -> None:
        self.assertEqual(report["gaps_filled"], report["gaps"])
        self.assertGreater(report["recovery"]["answers"], 0)

    def of_strangers_on_the_line(self, report: dict) -> None:
        self.assertEqual(report["missing_messages"], 0)

    def of_b_line_dead(self, report: dict) -> None:
        self.assertEqual(report["missing_messages"], 0)
        self.assertEqual(report["recovery"]["requests"], 0)


def _add(name: str) -> None:
    wanted = name in BY_DAY or "RIDLEY_NIGHTLY" in os.environ

    @unittest.skipUnless(wanted, "by night: scripts/test --nightly")
    def test(self):
        self.holds(name)

    setattr(BadDays, f"test_{name}", test)


for each in scenario.names():
    _add(each)

if __name__ == "__main__":
    unittest.main()
