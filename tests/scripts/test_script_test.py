# SPDX-License-Identifier: Apache-2.0
"""Whatever goes wrong, scripts/test ends with its one line and a code that is not 0."""

import contextlib
import io
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path
from unittest import mock

from testing import benchmarks, budgets, builds, fuzzing, main, simulation
from testing.totals import Totals

ROOT = Path(__file__).resolve().parents[2]


def run_main(*arguments: str) -> tuple[int, list[str]]:
    output = io.StringIO()
    with mock.patch("sys.argv", ["test", *arguments]), contextlib.redirect_stdout(output):
        code = main.main()
    return code, output.getvalue().splitlines()


class LastLine(unittest.TestCase):
    def test_follows_a_setup_that_failed(self):
        folder = Path(tempfile.mkdtemp(prefix="ridley-test-"))
        self.addCleanup(shutil.rmtree, folder)
        (folder / "scripts").mkdir()
        shutil.copy(ROOT / "scripts" / "test", folder / "scripts" / "test")
        (folder / "scripts" / "setup").write_text("#!/bin/bash\nexit 1\n")
        (folder / "scripts" / "setup").chmod(0o755)
        done = subprocess.run(
            [str(folder / "scripts" / "test")], capture_output=True, text=True, check=False)
        self.assertEqual(done.returncode, 1)
        self.assertEqual(done.stdout.splitlines()[-1], "0 passed, 1 failed")

    def test_follows_a_build_that_failed(self):
        with mock.patch.object(main, "build_all", side_effect=builds.BuildFailed("no\nmore")):
            code, lines = run_main("--quick")
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed"))
        self.assertIn("FAILED build: no", lines)

    def test_follows_a_part_that_took_too_long_and_all_others(self):
        late = subprocess.TimeoutExpired("valgrind", 300)
        with mock.patch.object(main, "build_all", return_value=Totals()), \
                mock.patch.object(main, "run_tests", return_value=Totals(4)), \
                mock.patch.object(simulation, "run", return_value=Totals(1)), \
                mock.patch.object(budgets, "run", side_effect=late), \
                mock.patch.object(benchmarks, "run", return_value=Totals(1)), \
                mock.patch.object(main, "build_with_clang", return_value=Totals(1)), \
                mock.patch.object(fuzzing, "run", return_value=Totals(1)):
            code, lines = run_main()
        self.assertEqual((code, lines[-1]), (1, "8 passed, 1 failed"))
        self.assertIn(f"FAILED instruction budgets: {late}", lines)

    def test_follows_an_error_of_the_script_itself(self):
        with mock.patch.object(main, "build_all", side_effect=RuntimeError("odd")):
            code, lines = run_main("--quick")
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed"))

    def test_follows_an_interrupt(self):
        with mock.patch.object(main, "build_all", side_effect=KeyboardInterrupt):
            code, lines = run_main("--quick")
        self.assertEqual((code, lines[-1]), (1, "0 passed, 1 failed"))

    def test_sums_all_parts(self):
        with mock.patch.object(main, "build_all", return_value=Totals()), \
                mock.patch.object(main, "run_tests", return_value=Totals(4, 1, ["a"])), \
                mock.patch.object(simulation, "run", return_value=Totals(1, 0, ["e"])), \
                mock.patch.object(budgets, "run", return_value=Totals(1, 0, ["c"])), \
                mock.patch.object(benchmarks, "run", return_value=Totals(1, 0, ["d"])), \
                mock.patch.object(main, "build_with_clang", return_value=Totals(1)), \
                mock.patch.object(fuzzing, "run", return_value=Totals(2, 0, ["b"])):
            code, lines = run_main()
        self.assertEqual((code, lines[-1]), (1, "10 passed, 5 failed, 1 skipped"))
        self.assertEqual(lines[-6:-1],
                         ["FAILED a", "FAILED e", "FAILED c", "FAILED d", "FAILED b"])


class Fuzzing(unittest.TestCase):
    def test_finds_the_input_that_crashes(self):
        output = "==1==ERROR\nartifact_prefix='x'; Test unit written to /a/soup-crash-1\nBase64:"
        self.assertEqual(fuzzing.reproducer_in(output), "/a/soup-crash-1")
        self.assertIsNone(fuzzing.reproducer_in("Done 3 runs"))

    def test_gives_a_fuzzer_that_walks_through_states_longer(self):
        self.assertEqual(fuzzing.seconds_of(Path("book_differential_fuzz"), 30), 60)
        self.assertEqual(fuzzing.seconds_of(Path("book_differential_fuzz"), 600), 600)
        self.assertEqual(fuzzing.seconds_of(Path("book_fuzz"), 30), 30)

    def test_a_fuzzer_that_fails_is_a_failure_with_a_way_to_repeat_it(self):
        folder = Path(tempfile.mkdtemp(prefix="ridley-fuzz-"))
        self.addCleanup(shutil.rmtree, folder)
        program = folder / "soup_fuzz"
        program.write_text("#!/bin/bash\necho 'Test unit written to /a/b'\nexit 77\n")
        program.chmod(0o755)
        text, good = fuzzing._run_one(program, folder, 1)
        self.assertFalse(good)
        self.assertIn(f"{program} /a/b", text)


if __name__ == "__main__":
    unittest.main()
