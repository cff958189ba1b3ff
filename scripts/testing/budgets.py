# SPDX-License-Identifier: Apache-2.0
"""In: the hot work of tests/budget, run under valgrind. Out: one verdict a budget: instructions and
mispredicted branches for one unit of work. Two runs that differ only in how much they do are
subtracted, so that starting up, setting up and reading the input cancel out. The counts are
those of valgrind's own processor: the same on every machine and every day."""

import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benching import days
from testing import builds
from testing.totals import Totals

# Valgrind knows the instructions of this processor and of no much newer one.
MARCH = "-Dmarch=haswell"
SECONDS_MAX = 300


@dataclass(frozen=True)
class Budget:
    work: str  # as tests/budget/main.cpp calls it
    unit: str
    instructions_max: float
    mispredicts_max: float
    few: int = 1_000_000
    many: int = 1_500_000


# A bar is raised only with the reason in the commit. Mispredictions need some room: where the
# compiler puts a branch moves them by up to 5 %.
BUDGETS = [
    Budget("decode", "message", instructions_max=36, mispredicts_max=0.05),
    Budget("book", "message", instructions_max=130, mispredicts_max=1.4),
    Budget("gate", "order", instructions_max=385, mispredicts_max=0.1),
    Budget("ouch", "order", instructions_max=55, mispredicts_max=0.1),
    Budget("histogram", "value", instructions_max=25, mispredicts_max=0.1),
    Budget("log", "call", instructions_max=55, mispredicts_max=0.1),
    Budget("quiet_frame", "frame", instructions_max=815, mispredicts_max=2.4,
           few=20_000, many=60_000),
    Budget("street_order", "round", instructions_max=4_550, mispredicts_max=25,
           few=20_000, many=60_000),
]


@dataclass(frozen=True)
class Counts:
    instructions: int
    mispredicts: int


def counts_in(report: str) -> Counts:
    """What a cachegrind output file sums up: conditional and indirect branches together."""
    lines = dict(line.split(":", 1) for line in report.splitlines()
                 if line.startswith(("events:", "summary:")))
    sums = dict(zip(lines["events"].split(), map(int, lines["summary"].split()), strict=True))
    return Counts(sums["Ir"], sums["Bcm"] + sums["Bim"])


def count(program: Path, budget: Budget, units: int, day: Path) -> Counts:
    report = program.parent / f"cachegrind.{budget.work}.{units}"
    done = subprocess.run(
        ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--branch-sim=yes",
         f"--cachegrind-out-file={report}", str(program), budget.work, str(units), str(day)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
        timeout=SECONDS_MAX, check=False)
    if done.returncode != 0:
        raise builds.BuildFailed(
            f"{budget.work}: exit code {done.returncode}\n{done.stderr[-2000:]}")
    return counts_in(report.read_text())


def judge(budget: Budget, few: Counts, many: Counts) -> tuple[str, bool]:
    """The figures, and whether they keep within the budget."""
    units = budget.many - budget.few
    instructions = (many.instructions - few.instructions) / units
    mispredicts = (many.mispredicts - few.mispredicts) / units
    text = (f"{budget.work}: {instructions:.1f} instructions for each {budget.unit} "
            f"(at most {budget.instructions_max:g}), {mispredicts:.3f} mispredicted branches "
            f"(at most {budget.mispredicts_max:g})")
    # Work that costs nothing was not done.
    good = (0 < instructions <= budget.instructions_max
            and 0 <= mispredicts <= budget.mispredicts_max)
    return text, good


def measure(program: Path, day: Path, budgets: list[Budget]) -> Totals:
    totals = Totals()
    with ThreadPoolExecutor(max_workers=builds.jobs()) as pool:
        runs = [(budget, pool.submit(count, program, budget, budget.few, day),
                 pool.submit(count, program, budget, budget.many, day)) for budget in budgets]
        for budget, few, many in runs:
            totals.judge("budget", *judge(budget, few.result(), many.result()))
    return totals


def run(folder: Path) -> Totals:
    """Builds the work for valgrind's processor and holds every budget."""
    if shutil.which("valgrind") is None:
        print("  skipped: valgrind is not installed (scripts/setup installs it)", flush=True)
        totals = Totals()
        totals.skip(len(BUDGETS))
        return totals
    builds.configure(folder, ["-Dbudget=true", "-Dtests=false", "-Dfuzz=false", MARCH])
    programs = {Path(target["filename"][0]).name: Path(target["filename"][0])
                for target in builds.introspect(folder, "--targets")
                if target["type"] == "executable"}
    work, generator = programs["budget_work"], programs["itch_generator"]
    builds.build(folder, [str(path.relative_to(folder)) for path in (work, generator)])
    return measure(work, days.make(generator, folder, days.QUICK), BUDGETS)
