#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: this checkout, its packages installed. Out: all suites built and run; the last line is
"N passed, N failed" over all of them and the exit code is 0 only when nothing failed."""

import argparse
import os
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benching import days  # noqa: E402
from testing import (  # noqa: E402
    benchmarks, budgets, builds, card_chain, fuzzing, hardware_coverage, simulation, synthesis,
    tidy)
from testing.totals import Totals, read_meson  # noqa: E402

FUZZ_SECONDS = 30
FUZZ_SECONDS_NIGHTLY = 600


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/test",
        description="Builds Ridley and runs every test. Results stay in build/.",
        epilog="Examples: scripts/test --quick    scripts/test book risk    scripts/test --nightly",
    )
    parser.add_argument(
        "--quick", action="store_true",
        help="no simulated days beside the tests', no budgets, no fuzzing, no build with clang")
    parser.add_argument(
        "--nightly", action="store_true",
        help=f"fuzz {FUZZ_SECONDS_NIGHTLY} s each, {simulation.DAYS_NIGHTLY:,} simulated days, run "
             "clang-tidy over everything, --coverage, and synthesise the card (build/synthesis)")
    parser.add_argument(
        "--coverage", action="store_true",
        help="only which lines and bits of the card its tests reach (build/coverage)")
    parser.add_argument("--list", action="store_true", help="print the names that can be given")
    parser.add_argument(
        "names", nargs="*", metavar="NAME",
        help="run these rooms or suites only")
    return parser.parse_args()


def stage(totals: Totals, title: str, work: Callable[[], Totals]) -> bool:
    """Runs one part, says how long it took and adds its counts. False when it failed."""
    print(f"== {title}", flush=True)
    start = time.monotonic()
    try:
        part = work()
    except (builds.BuildFailed, days.NoDay, subprocess.TimeoutExpired) as failure:
        part = Totals()
        print(failure, flush=True)
        part.fail(f"{title}: " + str(failure).split("\n", 1)[0])
    totals.add(part)
    seconds = time.monotonic() - start
    print(f"   {part.last_line()} ({seconds:.0f} s)", flush=True)
    return not part.failures


def build_all(folder: Path) -> Totals:
    builds.configure(folder, ["-Dtests=true", "-Dfuzz=false"])
    builds.build(folder, [])
    return Totals()


def run_tests(folder: Path, names: list[str]) -> Totals:
    """Runs what Meson knows. Old gtest files are removed: a program that dies writes none."""
    known = {test["name"] for test in builds.introspect(folder, "--tests")}
    unknown = [name for name in names if name not in known]
    if unknown:
        totals = Totals()
        totals.fail(f"tests: no such room or suite: {', '.join(unknown)} (see --list)")
        return totals
    for name in known:
        (folder / f"{name}.xml").unlink(missing_ok=True)
    logs = folder / "meson-logs"
    for stale in ("testlog.junit.xml", "testlog.json"):
        (logs / stale).unlink(missing_ok=True)
    output = builds.LOGS / "tests.log"
    builds.run_logged(
        ["meson", "test", "-C", str(folder), "--no-rebuild", "--print-errorlogs",
         "--num-processes", str(builds.jobs()), *names],
        output)
    totals = read_meson(logs)
    if totals.failures:
        print(output.read_text(errors="replace"), flush=True)
    return totals


def build_with_clang(folder: Path) -> Totals:
    """Compiles everything but the tests with the other compiler; its warnings are errors too."""
    builds.configure(folder, ["-Dtests=false", "-Dfuzz=false", builds.PORTABLE], clang=True)
    builds.build(folder, [])
    totals = Totals()
    totals.succeed()
    return totals


def cover(totals: Totals) -> None:
    stage(totals, "coverage of the card",
          lambda: hardware_coverage.run(builds.ROOT / "build" / "coverage"))


def run_all(options: argparse.Namespace, totals: Totals) -> None:
    if options.nightly:
        os.environ["RIDLEY_NIGHTLY"] = "1"  # tests that are for then look at it
    folder = builds.ROOT / "build"
    if options.coverage:
        cover(totals)
        return
    if not stage(totals, "build", lambda: build_all(folder)):
        return
    stage(totals, "tests", lambda: run_tests(folder, options.names))
    if options.quick or options.names:
        return
    stage(totals, "simulated days", lambda: simulation.run(folder, options.nightly))
    stage(totals, "instruction budgets", lambda: budgets.run(folder / "budget"))
    stage(totals, "benchmarks", lambda: benchmarks.run(folder / "bench"))
    stage(totals, "build with clang", lambda: build_with_clang(folder / "clang"))
    seconds = FUZZ_SECONDS_NIGHTLY if options.nightly else FUZZ_SECONDS
    stage(totals, f"fuzz, {seconds} s each",
          lambda: fuzzing.run(folder / "fuzz", seconds, options.names))
    if options.nightly:
        stage(totals, "clang-tidy", lambda: tidy.run(folder / "clang"))
        cover(totals)
        stage(totals, "synthesis of the card", synthesis.run)
        stage(totals, f"the whole card, {card_chain.MESSAGES:,} messages",
              lambda: card_chain.run(folder))


def list_names() -> int:
    folder = builds.ROOT / "build"
    builds.configure(folder, ["-Dtests=true", "-Dfuzz=false"])
    for test in sorted(builds.introspect(folder, "--tests"), key=lambda test: test["name"]):
        print(f"{test['name']:<16}{' '.join(test['suite'])}")
    return 0


def main() -> int:
    options = arguments()
    totals = Totals()
    try:
        if options.list:
            return list_names()
        run_all(options, totals)
    except KeyboardInterrupt:
        totals.fail("interrupted")
    except Exception:  # the last line is owed whatever happens
        traceback.print_exc(file=sys.stdout)
        totals.fail("scripts/test itself failed; see above")
    for failure in totals.failures:
        print(f"FAILED {failure}")
    sys.stdout.flush()
    sys.stderr.flush()
    print(totals.last_line(), flush=True)
    return totals.exit_code


if __name__ == "__main__":
    sys.exit(main())
