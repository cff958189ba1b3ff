# SPDX-License-Identifier: Apache-2.0
"""The main job with the programs of this build: an appliance and an exchange in two processes trade
for some seconds and agree on every count. Covers what only whole processes show: app/ridleyd.cpp,
app/ridley.cpp, app/ridley_venue.cpp, control/appliance.cpp, control/appliance_operations.cpp,
control/wires.cpp and engine/hot_loop.cpp."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

MAIN_JOB = Path(__file__).resolve().parents[2] / "scripts" / "main_job.py"
PROGRAMS = Path(os.environ["RIDLEY_BUILD_FOLDER"]) / "src" / "app"
# Long enough on two busy cores; a session itself lasts 3 s.
SECONDS_MAX = 120


class MainJob(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-system-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def command(self, name: str, seconds: float) -> list[str]:
        return [sys.executable, str(MAIN_JOB), "--programs", str(PROGRAMS), "--seconds",
                str(seconds), "--run-folder", str(self.folder / name), "--report-folder",
                str(self.folder / name / "report"), "--json", "--seed", "7"]

    def begin(self, name: str, seconds: float) -> subprocess.Popen:
        return subprocess.Popen(self.command(name, seconds), stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, start_new_session=True)

    def children_of(self, name: str) -> list[str]:
        """Programs that still run with anything of that session on their command line."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().decode(errors="replace")
            except OSError:
                continue
            if str(self.folder / name) in words and str(PROGRAMS) in words.split("\0")[0]:
                found.append(words.replace("\0", " "))
        return found

    def good_report(self, job: subprocess.Popen) -> dict:
        output, errors = job.communicate(timeout=SECONDS_MAX)
        self.assertEqual(job.returncode, 0, errors)
        return json.loads(output)

    def test_both_sides_agree_and_everything_happened(self):
        report = self.good_report(self.begin("one", 3))
        self.assertTrue(report["agree"])
        self.assertEqual(report["problems"], [])
        for name in ("orders_sent", "orders_acknowledged", "orders_filled", "orders_canceled",
                     "rejected_by_gate", "frames", "messages", "startup_ms", "rss_mb"):
            self.assertGreater(report[name], 0, name)
        self.assertEqual(report["orders_approved"], report["venue"]["orders_received"])
        self.assertEqual(report["hot_allocations"], 0)
        self.assertEqual(report["gaps"], 0)
        self.assertEqual(report["seed"], 7)
        self.assertEqual(
            list(report["hops"]), ["rx_stamp", "decoded", "book", "decided", "approved", "sent"])
        for hop in report["hops"].values():
            self.assertLessEqual(hop["p50"], hop["p99"])
            self.assertLessEqual(hop["p999"], hop["max"])
        page = (self.folder / "one" / "report" / "index.html").read_text()
        self.assertIn("Both sides agree", page)
        self.assertNotIn("Nothing was recorded", page)

    def test_two_sessions_at_once_do_not_meet(self):
        jobs = [self.begin(name, 3) for name in ("left", "right")]
        reports = [self.good_report(job) for job in jobs]
        self.assertNotEqual(reports[0]["venue"]["session"], "")
        for report in reports:
            self.assertEqual(report["venue"]["logins"], 1)

    def test_an_interrupt_leaves_no_process(self):
        job = self.begin("cut", 60)
        ready = self.folder / "cut" / "ridleyd.toml"
        deadline = time.monotonic() + SECONDS_MAX
        while not ready.exists() or len(self.children_of("cut")) < 2:
            self.assertLess(time.monotonic(), deadline)
            self.assertIsNone(job.poll())
            time.sleep(0.01)
        job.send_signal(signal.SIGINT)
        _, errors = job.communicate(timeout=SECONDS_MAX)
        self.assertEqual(job.returncode, 130, errors)
        self.assertEqual(self.children_of("cut"), [])


if __name__ == "__main__":
    unittest.main()
