# SPDX-License-Identifier: Apache-2.0
"""scripts/bench: its words, its days, and rounds of programs that fail in every way."""

import contextlib
import io
import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path
from unittest import mock

sys.path.insert(0, str(Path(__file__).resolve().parent))

from bench_sample import CONDITIONS, program  # noqa: E402
from benching import days, main, programs, rounds  # noqa: E402
from benching.days import Day  # noqa: E402
from benching.programs import Program  # noqa: E402
from benching.rounds import Entry, Results  # noqa: E402

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "scripts" / "benching" / "main.py"
USAGE = 64
LISTING = """itch_decode walk 1 big
itch_decode ridley_file 1 big
itch_book map 1 big hot
itch_book ridley 1 big hot
ring_one_way ridley 2
"""


class Words(unittest.TestCase):
    def start(self, *words: str) -> subprocess.CompletedProcess:
        return subprocess.run([sys.executable, str(SCRIPT), *words], capture_output=True,
                              text=True, timeout=60, check=False)

    def test_that_are_wrong_end_with_64_and_a_sentence(self):
        for words, said in (
                (["--nonsense"], "--nonsense"),
                (["--rounds", "0"], "number above 0"),
                (["--rounds", "many"], "many"),
                (["--core", "99999"], "core 99999 may not be used"),
                (["--messages", "5"], "goes with --quick"),
                (["--quick", "--task", "itch_book"], "has its own tasks"),
                (["--machine", "../x"], "no name for a file"),
                (["--json", "/no/such/folder/x"], "no folder /no/such/folder"),
                (["ring"], "ring")):
            with self.subTest(words=words):
                done = self.start(*words)
                self.assertEqual(done.returncode, USAGE, done.stderr)
                self.assertIn(said, done.stderr)
                self.assertNotIn("Traceback", done.stderr)

    def test_of_help_name_every_option(self):
        done = self.start("--help")
        self.assertEqual(done.returncode, 0)
        for word in ("--quick", "--json", "--list", "--task", "--rounds", "--core", "--machine"):
            self.assertIn(word, done.stdout)

    def test_choose_tasks_and_the_walk_with_those_of_itch(self):
        known = programs.parse(LISTING, Path("build"))
        def names(*words: str) -> list[str]:
            return [one.target for one in main.chosen(main.parse(list(words)), known)]
        self.assertEqual(len(names()), 5)
        self.assertEqual(names("--task", "ring_one_way"), ["bench/ring_one_way_ridley"])
        self.assertEqual(names("--task", "itch_book"), [
            "bench/itch_decode_walk", "bench/itch_book_map", "bench/itch_book_ridley"])
        self.assertEqual(len(names("--quick")), 4)

    def test_that_name_no_task_end_with_64(self):
        known = programs.parse(LISTING, Path("build"))
        with self.assertRaises(SystemExit) as ended, contextlib.redirect_stderr(io.StringIO()):
            main.chosen(main.parse(["--task", "rings"]), known)
        self.assertEqual(ended.exception.code, USAGE)


class Listing(unittest.TestCase):
    def test_tells_cores_and_days(self):
        known = programs.parse(LISTING, Path("build"))
        self.assertEqual(known[3].days, ("big", "hot"))
        self.assertEqual((known[4].cores, known[4].days), (2, ()))
        self.assertEqual(known[4].path, Path("build/bench/ring_one_way_ridley"))

    def test_makes_an_entry_for_each_day_there_is(self):
        known = programs.parse(LISTING, Path("build"))
        told = [one.told() for one in main.entries_of(known, {"big": Path("a"), "hot": Path("b")})]
        self.assertIn("itch_book map hot", told)
        self.assertIn("ring_one_way ridley", told)
        self.assertEqual(len(told), 7)


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def script(self, name: str, text: str) -> Path:
        file = self.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"#!{sys.executable}\n{text}\n")
        file.chmod(0o755)
        return file


class Days(Folder):
    day = Day("big", 10, 2, 1)

    def generator(self, messages: int = 13, code: int = 0) -> Path:
        """Writes as many bytes as it says, and counts how often it was started."""
        return self.script("generator", f"""
import json, sys
open({str(self.folder / "started")!r}, "a").write("x")
open(sys.argv[1], "w").write("0123456789")
print(json.dumps({{"messages": {messages}, "bytes": 10, "bbo_digest": "d"}}))
sys.exit({code})""")

    def make(self, generator: Path, day: Day | None = None) -> Path:
        with contextlib.redirect_stderr(io.StringIO()):
            return days.make(generator, self.folder, day or self.day)

    def started(self) -> int:
        return len((self.folder / "started").read_text())

    def test_are_made_once(self):
        generator = self.generator()
        file = self.make(generator)
        self.assertEqual(self.make(generator), file)
        self.assertEqual(self.started(), 1)

    def test_that_were_cut_off_are_made_again(self):
        generator = self.generator()
        self.make(generator).write_text("short")
        self.assertEqual(self.make(generator).stat().st_size, 10)
        self.assertEqual(self.started(), 2)

    def test_whose_facts_are_gone_are_made_again(self):
        generator = self.generator()
        days.facts_file(self.make(generator)).unlink()
        self.make(generator)
        self.assertEqual(self.started(), 2)

    def test_with_another_digest_than_the_known_one_are_refused(self):
        with self.assertRaisesRegex(days.NoDay, "another day"):
            self.make(self.generator(), Day("big", 10, 2, 1, "e"))

    def test_with_too_few_messages_are_refused(self):
        with self.assertRaisesRegex(days.NoDay, "another day"):
            self.make(self.generator(messages=12))

    def test_whose_generator_fails_leave_nothing(self):
        with self.assertRaisesRegex(days.NoDay, "failed"):
            self.make(self.generator(code=1))
        self.assertEqual(list(self.folder.glob("day*")), [])

    def test_whose_generator_takes_too_long_leave_nothing(self):
        with mock.patch.object(days, "SECONDS_MAX", 0.2), \
                self.assertRaisesRegex(days.NoDay, "not done within"):
            self.make(self.script("generator", "import time\ntime.sleep(30)"))
        self.assertEqual(list(self.folder.glob("day*")), [])

    def test_need_room_on_the_disk(self):
        usage = mock.Mock(free=300)
        with mock.patch("shutil.disk_usage", return_value=usage), \
                self.assertRaisesRegex(days.NoDay, "GB free"):
            self.make(self.generator())


class Rounds(Folder):
    good = 'print(\'{"rows": [{"name": "message", "unit": "ns", "value": 2}]}\')'

    def entry(self, name: str, text: str, cores: int = 1) -> Entry:
        self.script(f"bench/task_{name}", text)
        return Entry(Program("task", name, cores, (), self.folder), None, None)

    def run_all(self, *entries: Entry, count: int = 2) -> Results:
        return rounds.run_all(list(entries), count, max(os.sched_getaffinity(0)))

    def test_start_each_program_once_in_turn(self):
        log = self.folder / "log"
        entries = [self.entry(name, f'open({str(log)!r}, "a").write("{name}")\n{self.good}')
                   for name in "ab"]
        results = self.run_all(*entries, count=3)
        self.assertEqual(log.read_text(), "ababab")
        self.assertEqual([len(reports) for reports in results.reports.values()], [3, 3])
        self.assertEqual(results.failures, [])

    def test_pin_the_program_to_the_core(self):
        text = ('import os\nprint(\'{"rows": [{"name": "message", "unit": "", "value": %d}]}\' % '
                'len(os.sched_getaffinity(0)))')
        one = self.entry("one", text)
        results = self.run_all(one, count=1)
        self.assertEqual(results.reports[one][0]["rows"][0]["value"], 1)

    def test_leave_out_programs_that_fail_and_say_why(self):
        good = self.entry("good", self.good)
        bad = [self.entry("dies", 'import sys\nsys.exit("no memory")'),
               self.entry("mumbles", 'print("fine")'),
               self.entry("empty", 'print("{}")'),
               Entry(program("task", "gone"), None, None)]
        results = self.run_all(good, *bad)
        self.assertEqual(list(results.reports), [good])
        self.assertEqual(len(results.reports[good]), 2)
        self.assertEqual(len(results.failures), 4)
        self.assertIn("task dies: exit code 1: no memory", results.failures)

    def test_keep_the_report_of_work_done_wrong(self):
        wrong = self.entry("wrong", 'import sys\nprint(\'{"digest_ok": false, "rows": []}\')\n'
                                    'sys.exit(65)')
        self.assertEqual(self.run_all(wrong, count=1).reports[wrong][0]["digest_ok"], False)

    def test_give_as_many_cores_as_there_are(self):
        self.assertEqual(rounds.cores_for(1, 1, {0, 1, 2}), {1})
        self.assertEqual(rounds.cores_for(1, 2, {0, 1, 2}), {1, 2})
        self.assertEqual(rounds.cores_for(0, 2, {0}), {0})

    def test_end_at_once_when_interrupted(self):
        started = self.folder / "started"
        sleeper = self.script("bench/task_sleeper", f"""
import pathlib, time
pathlib.Path({str(started)!r}).touch()
time.sleep(60)""")
        runner = self.script("runner", f"""
import sys
sys.path.insert(0, {str(ROOT / "scripts")!r})
from pathlib import Path
from unittest import mock
from benching import main
from benching.programs import Program
from benching.rounds import Entry
one = Entry(Program("task", "sleeper", 1, (), Path({str(sleeper.parents[1])!r})), None, None)
with mock.patch.object(main, "prepare", return_value=([one], [])), \\
        mock.patch.object(main.conditions, "of_run", return_value={CONDITIONS!r}):
    sys.exit(main.main(["--rounds", "1"]))""")
        with subprocess.Popen([str(runner)], stderr=subprocess.PIPE, stdout=subprocess.PIPE,
                              text=True, start_new_session=True) as child:
            end = time.monotonic() + 30
            while not started.exists() and time.monotonic() < end:
                os.sched_yield()
            os.killpg(child.pid, signal.SIGINT)
            _, errors = child.communicate(timeout=30)
        self.assertEqual(child.returncode, 130, errors)
        self.assertIn("interrupted; nothing was written", errors)
        self.assertNotIn("Traceback (most recent call last):\n  File \"" + str(SCRIPT), errors)
