# SPDX-License-Identifier: Apache-2.0
"""The main job with played programs: what it says and leaves behind when all is well, when a
process dies, hangs or disagrees, and when it is interrupted."""

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

TESTS = Path(__file__).resolve().parent
MAIN_JOB = TESTS.parents[1] / "scripts" / "main_job.py"


class MainJob(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-job-"))
        self.addCleanup(shutil.rmtree, self.folder)
        for name in ("ridleyd", "ridley", "ridley-venue"):
            shutil.copy(TESTS / "fake_program.py", self.folder / name)
            (self.folder / name).chmod(0o755)

    def command(self, seconds: str = "0.2", run: str = "run",
                more: list[str] | None = None) -> list[str]:
        return [sys.executable, str(MAIN_JOB), "--programs", str(self.folder), "--seconds", seconds,
                "--run-folder", str(self.folder / run), "--report-folder",
                str(self.folder / "report"), "--json", *(more or [])]

    def environment(self, fault: str) -> dict:
        return {**os.environ, "FAKE_FAULT": fault, "FAKE_SAMPLES": str(TESTS)}

    def job(self, fault: str = "", **options) -> subprocess.CompletedProcess:
        done = subprocess.run(
            self.command(**options), capture_output=True, text=True, check=False, timeout=60,
            env=self.environment(fault))
        self.assertEqual(self.left_over(), [])
        return done

    def left_over(self) -> list[str]:
        """Processes that were started from our folder and still run."""
        found = []
        for entry in Path("/proc").glob("[0-9]*/cmdline"):
            try:
                words = entry.read_bytes().decode(errors="replace").split("\0")
            except OSError:
                continue
            if any(word.startswith(str(self.folder)) for word in words[:2]):
                found.append(" ".join(words))
        return found

    def begin(self, fault: str = "") -> subprocess.Popen:
        job = subprocess.Popen(self.command("60"), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               text=True, env=self.environment(fault))
        self.addCleanup(job.stdout.close)
        self.addCleanup(job.stderr.close)
        deadline = time.monotonic() + 20
        while not (self.folder / "run" / "verbs").exists():
            self.assertLess(time.monotonic(), deadline)
            time.sleep(0.01)
        return job

    def test_trades_and_reports(self):
        done = self.job()
        self.assertEqual(done.returncode, 0, done.stderr)
        report = json.loads(done.stdout)
        self.assertTrue(report["agree"])
        self.assertTrue((self.folder / "report" / "index.html").exists())
        self.assertEqual((self.folder / "run" / "verbs").read_text().split(),
                         ["arm", "disarm", "cancel-all", "stop"])

    def test_a_scenario_brings_its_market_and_all_that_helps(self):
        day = self.folder / "day.toml"
        day.write_text('name = "day"\nshows = "What?"\n[market]\nseed = 5\nrate = 7_000\n')
        done = self.job(more=["--scenario", str(day)])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("day: What?", done.stderr)
        words = (self.folder / "run" / "venue" / "words").read_text()
        for said in (f"--scenario\n{day}", "--seed\n5", "--rate\n7000", "--instruments\n20"):
            self.assertIn(said, words)
        config = (self.folder / "run" / "ridleyd.toml").read_text()
        for said in ('rerequest = ["127.0.0.1:40125"]', 'glimpse = "127.0.0.1:40124"',
                     "port = 40126"):
            self.assertIn(said, config)
        self.assertEqual(json.loads(done.stdout)["session"]["scenario"]["name"], "day")

    def test_whoever_was_disarmed_on_a_bad_day_is_armed_again(self):
        done = self.job("disarmed", seconds="1.5", more=["--scenario", "b_line_dead"])
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual((self.folder / "run" / "verbs").read_text().split(),
                         ["arm", "arm", "disarm", "cancel-all", "stop"])
        self.assertIn("disarmed, and the session for orders is back", done.stderr)

    def test_an_unknown_scenario_is_told_with_those_there_are(self):
        done = self.job(more=["--scenario", "nonsense"])
        self.assertEqual(done.returncode, 2)
        self.assertIn("there is no scenario nonsense; shipped are b_line_dead,", done.stderr)

    def test_leaves_nothing_of_an_earlier_session(self):
        self.job()
        (self.folder / "run" / "telemetry" / "summary.json").write_text("{}")
        (self.folder / "run" / "feed.sock").touch()
        again = self.job()
        self.assertEqual(again.returncode, 0, again.stderr)
        self.assertFalse((self.folder / "run" / "feed.sock").exists())

    def test_counts_that_differ_end_with_1(self):
        done = self.job("counts differ")
        self.assertEqual(done.returncode, 1)
        self.assertIn("Fills: 431 here, 1 at the venue", done.stderr)
        self.assertFalse(json.loads(done.stdout)["agree"])

    def test_a_venue_that_crashes_is_named_with_its_log(self):
        done = self.job("venue crashes", seconds="30")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ridley-venue ended with SIGABRT", done.stderr)
        self.assertIn("logs/ridley-venue.log", done.stderr)
        self.assertIn("boom", done.stderr)
        self.assertFalse((self.folder / "report" / "index.html").exists())

    def test_an_appliance_that_refuses_its_configuration_is_named(self):
        done = self.job("appliance refuses")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ridleyd ended with exit code 78", done.stderr)
        self.assertIn("ridleyd.toml:1:1: no", done.stderr)

    def test_a_verb_that_fails_ends_the_job(self):
        done = self.job("disarm fails")
        self.assertEqual(done.returncode, 1)
        self.assertIn("ridley disarm ended with exit code 70: refused", done.stderr)

    def test_a_second_one_in_the_same_folder_is_turned_away(self):
        first = self.begin()
        second = subprocess.run(self.command(), capture_output=True, text=True, check=False,
                                env=self.environment(""), timeout=30)
        self.assertEqual(second.returncode, 75)
        self.assertIn(f"in use by process {first.pid}", second.stderr)
        other = subprocess.run(self.command(run="other"), capture_output=True, text=True,
                               check=False, env=self.environment(""), timeout=30)
        self.assertEqual(other.returncode, 0, other.stderr)
        first.send_signal(signal.SIGINT)
        self.assertEqual(first.wait(30), 130)

    def test_an_interrupt_stops_both_processes(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            job = self.begin()
            job.send_signal(number)
            self.assertEqual(job.wait(30), 130)
            self.assertEqual(self.left_over(), [])
            (self.folder / "run" / "verbs").unlink()

    def test_no_process_outlives_a_job_that_is_killed(self):
        job = self.begin()
        job.kill()
        job.wait(30)
        deadline = time.monotonic() + 10
        while self.left_over():
            self.assertLess(time.monotonic(), deadline, self.left_over())
            time.sleep(0.01)

    def test_a_very_long_run_folder_still_gets_its_sockets(self):
        done = self.job(run="long/" + "x" * 120)
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_missing_programs_are_named(self):
        (self.folder / "ridleyd").unlink()
        done = self.job()
        self.assertEqual(done.returncode, 1)
        self.assertIn("there is no ridleyd", done.stderr)

    def test_refuses_senseless_options(self):
        for option in (["--seconds", "0"], ["--rate", "-1"], ["--instruments", "0"]):
            done = subprocess.run([sys.executable, str(MAIN_JOB), *option], capture_output=True,
                                  text=True, check=False)
            self.assertEqual(done.returncode, 2, option)


class Processes(unittest.TestCase):
    def setUp(self):
        self.folder = Path(tempfile.mkdtemp(prefix="ridley-child-"))
        self.addCleanup(shutil.rmtree, self.folder)

    def child(self, script: str):
        from session.child import Child
        child = Child("sleeper", ["bash", "-c", script], self.folder / "log", self.folder)
        self.addCleanup(child.kill)
        return child

    def test_one_that_does_not_get_ready_is_named(self):
        from session.child import SessionFailed
        with self.assertRaisesRegex(SessionFailed, "did not get ready within 0.1 s; see .*/log"):
            self.child("sleep 60").wait_until(lambda: False, 0.1, "get ready")

    def test_one_that_ignores_its_end_is_killed(self):
        from session.child import SessionFailed
        child = self.child("trap '' TERM; touch deaf; while :; do sleep 0.05; done")
        child.wait_until((self.folder / "deaf").exists, 10, "start")
        child.ask_to_stop()
        with self.assertRaisesRegex(SessionFailed, "did not stop within 0.2 s and was killed"):
            child.wait_end(0.2)
        self.assertIsNotNone(child.process.poll())


class ProgressLine(unittest.TestCase):
    def test_tells_what_is_known(self):
        import io

        from session.progress import Progress
        stream = io.StringIO()
        progress = Progress(20, stream)
        progress.show({"orders_sent": 1210, "gaps": 0})
        self.assertIn("sent 1,210  gaps 0\n", stream.getvalue())
        self.assertFalse(progress.due())


if __name__ == "__main__":
    unittest.main()
