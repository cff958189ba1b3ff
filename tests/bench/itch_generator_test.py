# SPDX-License-Identifier: Apache-2.0
"""The generator of days as it is started: the file it leaves, what it says, what it refuses; and
byte for byte against another program that makes the same days, where that one is."""

import filecmp
import json
import os
import shlex
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

PROGRAM = Path(os.environ.get("RIDLEY_BUILD_FOLDER", "build")) / "bench/support/itch_generator"
SOURCE = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", "."))
SHARED = Path(os.environ.get("RIDLEY_SHARED_DATA", SOURCE / "../shared/data"))
REFERENCE = SHARED / "../tools/itchgen.cpp"
SECONDS_MAX = 100
DIGEST = "708b7a57d4a8f245"  # 100,000 messages, 8,000 instruments, seed 1
USAGE, CANTCREAT = 64, 73


def generate(*words: object) -> subprocess.CompletedProcess:
    return subprocess.run([str(PROGRAM), *map(str, words)], capture_output=True, text=True,
                          timeout=SECONDS_MAX, check=False)


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)


class Day(Folder):
    def test_says_what_is_in_the_file(self):
        day = self.folder / "day.itch"
        done = generate(day, 100_000)
        self.assertEqual(done.returncode, 0, done.stderr)
        said = json.loads(done.stdout)
        self.assertEqual(said, {"messages": 100_003, "bytes": day.stat().st_size,
                                "live_orders": 5_248, "levels": 4_018, "bbo_digest": DIGEST})

    def test_defaults_are_8000_instruments_and_seed_1(self):
        one, other = self.folder / "one", self.folder / "other"
        self.assertEqual(generate(one, 50_000).stdout, generate(other, 50_000, 8000, 1).stdout)
        self.assertTrue(filecmp.cmp(one, other, shallow=False))

    def test_is_what_the_reference_program_makes(self):
        if not REFERENCE.exists():
            self.skipTest(f"needs {REFERENCE}, which is not part of the project")
        compiler = shlex.split(os.environ.get("CXX", "c++"))
        if shutil.which(compiler[0]) is None:
            self.skipTest(f"needs the compiler {compiler[0]}")
        reference = self.folder / "reference"
        subprocess.run([*compiler, "-O2", "-o", str(reference), str(REFERENCE)], check=True,
                       timeout=SECONDS_MAX)
        for words in ([100_000, 8_000, 1], [100_000, 20, 7], [1_000_000, 8_000, 2]):
            theirs, ours = self.folder / "theirs", self.folder / "ours"
            subprocess.run([str(reference), str(theirs), *map(str, words)], check=True,
                           capture_output=True, timeout=SECONDS_MAX)
            self.assertEqual(generate(ours, *words).returncode, 0)
            self.assertTrue(filecmp.cmp(theirs, ours, shallow=False), words)


class Refusal(Folder):
    def test_of_wrong_arguments_says_how_it_is_used(self):
        for words in ([], ["day"], ["day", "many"], ["day", "1x"], ["day", "1", "2", "3", "4"]):
            done = generate(*words)
            self.assertEqual(done.returncode, USAGE, words)
            self.assertIn("usage: itch_generator OUT MESSAGES", done.stderr)

    def test_of_too_many_instruments(self):
        done = generate(self.folder / "day", 1000, 65_536)
        self.assertEqual(done.returncode, USAGE)
        self.assertIn("65536 instruments", done.stderr)

    def test_of_a_file_that_cannot_be_written(self):
        done = generate(self.folder / "nowhere" / "day", 1000)
        self.assertEqual(done.returncode, CANTCREAT)
        self.assertIn("No such file", done.stderr)
