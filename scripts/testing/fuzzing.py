# SPDX-License-Identifier: Apache-2.0
"""In: libFuzzer programs of build/fuzz and the seeds in tests/fuzz/corpus/<name>. Out: one verdict
a program; a crash names the file that repeats it. What was found stays in build/fuzz/corpus."""

import re
import subprocess
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from testing import builds
from testing.totals import Totals

# Longer than any input that fits one frame or one session buffer takes under the sanitizers.
INPUT_SECONDS_MAX = 10
# The sanitizers keep freed memory for a while; an endless allocation is still found.
MEMORY_MB_MAX = 2048
# A fuzzer that walks through states, and not only over bytes, gets this long at least.
SECONDS_MIN = {"book_differential": 60}


def programs(folder: Path) -> list[Path]:
    """Fuzzers are the executables named <name>_fuzz."""
    found = []
    for target in builds.introspect(folder, "--targets"):
        if target["type"] == "executable" and target["name"].endswith("_fuzz"):
            found.append(Path(target["filename"][0]))
    return sorted(found)


def command_of(program: Path, folder: Path, seconds: int) -> list[str]:
    name = program.name.removesuffix("_fuzz")
    grown = folder / "corpus" / name
    grown.mkdir(parents=True, exist_ok=True)
    crashes = folder / "crashes"
    crashes.mkdir(parents=True, exist_ok=True)
    seeds = builds.ROOT / "tests" / "fuzz" / "corpus" / name
    return [
        str(program), f"-max_total_time={seconds}", f"-timeout={INPUT_SECONDS_MAX}",
        f"-rss_limit_mb={MEMORY_MB_MAX}", f"-artifact_prefix={crashes}/{name}-",
        "-print_final_stats=1", str(grown), *([str(seeds)] if seeds.is_dir() else []),
    ]


def seconds_of(program: Path, seconds: int) -> int:
    return max(seconds, SECONDS_MIN.get(program.name.removesuffix("_fuzz"), 0))


def reproducer_in(output: str) -> str | None:
    """The path libFuzzer wrote the failing input to."""
    for line in output.splitlines():
        if "Test unit written to " in line:
            return line.rsplit("Test unit written to ", 1)[1].strip()
    return None


def _run_one(program: Path, folder: Path, seconds: int) -> tuple[str, bool]:
    log = folder / "logs" / f"{program.name}.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    try:
        done = subprocess.run(
            command_of(program, folder, seconds), stdin=subprocess.DEVNULL, capture_output=True,
            text=True, errors="replace", timeout=seconds + 120, check=False,
        )
    except subprocess.TimeoutExpired:
        return f"{program.name}: did not stop after {seconds} s", False
    output = done.stdout + done.stderr
    log.write_text(output)
    if done.returncode == 0:
        runs = re.search(r"number_of_executed_units: *(\d+)", output)
        return f"{program.name}: {runs.group(1) if runs else '?'} inputs", True
    reproducer = reproducer_in(output)
    repeat = f", repeat with: {program} {reproducer}" if reproducer else ""
    return f"{program.name}: exit code {done.returncode}, see {log}{repeat}", False


def run(folder: Path, seconds: int, chosen: list[str]) -> Totals:
    """Builds the fuzzers with clang and both sanitizers and lets each look for a while."""
    builds.configure(
        folder,
        ["-Dfuzz=true", "-Dtests=false", "-Db_sanitize=address,undefined", "-Db_lundef=false",
         "-Dbuildtype=debugoptimized", builds.PORTABLE],
        clang=True,
    )
    found = programs(folder)
    if chosen:
        found = [program for program in found if program.name.removesuffix("_fuzz") in chosen]
    totals = Totals()
    if not found:
        return totals
    builds.build(folder, [str(program.relative_to(folder)) for program in found])
    with ThreadPoolExecutor(max_workers=2) as pool:
        for text, good in pool.map(
                lambda program: _run_one(program, folder, seconds_of(program, seconds)), found):
            totals.judge("fuzz", text, good)
    return totals
