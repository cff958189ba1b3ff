# SPDX-License-Identifier: Apache-2.0
"""scripts/wave writes what the signals of the whole card did."""

import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

WAVE = Path(__file__).resolve().parents[2] / "scripts" / "wave"
BUILD = os.environ["RIDLEY_BUILD_FOLDER"]


def wave(*words: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, str(WAVE), *words], capture_output=True, text=True,
                          check=False, timeout=120)


class Wave(unittest.TestCase):
    def test_one_command_gives_a_waveform(self):
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "card.fst"
            done = wave(str(file), "--no-build", "--build", BUILD, "--messages", "50")
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            # An FST begins with its header's block, whose length is 329.
            self.assertEqual(file.read_bytes()[:9], bytes([0, 0, 0, 0, 0, 0, 0, 1, 73]))
            self.assertGreater(file.stat().st_size, 10_000)

    def test_what_is_no_build_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            done = wave("card.fst", "--build", folder)
            self.assertEqual(done.returncode, 1)
            self.assertIn("is no build", done.stderr)


if __name__ == "__main__":
    unittest.main()
