# SPDX-License-Identifier: Apache-2.0
"""In: the card's modules. Out: build/coverage/coverage.md and .json, which of their lines and bits
their benches and the whole card reach, and a verdict a module."""

import json
import os
import shutil
from dataclasses import asdict
from pathlib import Path

from synthesizing.results import table
from testing import builds, card_chain, coverage_points
from testing.coverage_points import BAR_PERCENT, KINDS, Exclusion, Gap, Point, Row
from testing.totals import Totals

EXCLUSIONS = builds.ROOT / "hw" / "coverage.toml"
# Of the generated day. What the card's own lines and bits need more of comes in its other tests.
MESSAGES = 20_000
SEED = "1"
# Counting makes a design so many times slower at most.
SLOWER = 10
BITSTREAMS = [f"drivers/xrt_sim/coverage_{bits}.bitstream" for bits in card_chain.WIDTHS]
INTRODUCTION = f"""# What the tests of the card reach of its modules

Written by `scripts/test --coverage`. A *line* is a block of statements or an arm of a branch,
reached when it ran; a *toggle* is a bit of a signal or a port, reached when it was 1 and then 0
again. A module's points are those of all its instances, in both widths of streams: reached in one
is reached. Modules are measured in their own bench, those without one in that of the block that
they are a part of, and the card in `card_chain`. Packages have nothing to run. {BAR_PERCENT:g} %
of each kind are needed in every module and in all; points that `hw/coverage.toml` excludes do not
count.
"""


def build(folder: Path) -> list[str]:
    """The benches and the card. The names of the benches; none where no card can be simulated."""
    builds.configure(folder, ["-Dtests=true", "-Dfuzz=false", "-Dhw_coverage=true"])
    programs = {Path(target["filename"][0]) for target in builds.introspect(folder, "--targets")
                if target["type"] == "executable"}
    if card_chain.program(folder) not in programs:
        return []
    benches = [program for program in programs if program.name.endswith("_bench")]
    builds.build(folder, [*BITSTREAMS, *(str(program.relative_to(folder)) for program in
                                         (*benches, card_chain.program(folder)))])
    return sorted(program.name for program in benches)


def run_designs(folder: Path, benches: list[str], data: Path) -> Totals:
    """Every bench and the card, each design with a file of its own in the folder of data."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    environment = card_chain.environment(folder, MESSAGES) | {
        "RIDLEY_COVERAGE": str(data), "RIDLEY_SEED": SEED, "RIDLEY_CARD_KIND": "coverage"}
    totals = Totals()
    for title, command in {
            "benches": ["meson", "test", "-C", str(folder), "--no-rebuild", "--print-errorlogs",
                        "--num-processes", str(builds.jobs()),
                        "--timeout-multiplier", str(SLOWER), *benches],
            "card": [str(card_chain.program(folder))]}.items():
        log = builds.LOGS / f"coverage-{title}.log"
        if builds.run_logged(command, log, environment) != 0:
            totals.fail(f"coverage: {title} failed, see {log}")
    return totals


def with_sources(reached: dict[Point, bool], folder: Path) -> dict[Point, bool]:
    """Files as the checkout names them; Verilator names them as the build does."""
    names: dict[str, str] = {}
    for point in reached:
        if point.file not in names:
            names[point.file] = os.path.relpath((folder / point.file).resolve(), builds.ROOT)
    return {Point(names[point.file], *list(asdict(point).values())[1:]): one
            for point, one in reached.items()}


def modules(folder: Path) -> set[str]:
    files = [*builds.ROOT.glob("hw/rtl/*/*.sv"), *folder.glob("hw/*.sv")]
    return {file.stem for file in files if not file.stem.endswith("_pkg")}


def text_of(reached: dict[Point, bool]) -> dict[tuple[str, int], str]:
    """The source of every line that is a point."""
    texts = {file: (builds.ROOT / file).read_text("utf-8").splitlines()
             for file in {point.file for point in reached}}
    return {(point.file, point.line): texts[point.file][point.line - 1]
            for point in reached if point.kind == "line"}


def judge(rows: list[Row], total: Row, known: set[str]) -> Totals:
    """A verdict a module, one for all."""
    totals = Totals()
    for module in sorted(known - {row.module for row in rows}):
        totals.judge("coverage", f"{module}: nothing measures it", False)
    for row in [*rows, total]:
        said = ", ".join(f"{kind} {row.reached[kind]:,} of {row.total[kind]:,}" for kind in KINDS)
        totals.judge("coverage", "; ".join(row.below) or f"{row.module}: {said}", not row.below)
    return totals


def cells(row: Row) -> list[str]:
    out = [f"`{row.module}`"]
    for kind in KINDS:
        percent = row.percent(kind)
        out += [f"{row.reached[kind]:,} / {row.total[kind]:,}",
                "-" if percent is None else f"{percent:.1f}"]
    return [*out, *(f"{row.excluded[kind]:,}" for kind in KINDS)]


def page(rows: list[Row], total: Row, left: list[Gap], left_out: list[Gap]) -> str:
    titles = ["module", "lines", "%", "toggles", "%", "lines excluded", "toggles excluded"]
    reached = table(titles, [cells(row) for row in [*rows, total]], 0)
    open_points = table(["where", "points", "not reached"],
                        [[f"{gap.file}:{gap.line}", f"{gap.points}", gap.what] for gap in left], 1)
    closed = table(["where", "points", "excluded", "why"],
                   [[f"{gap.file}:{gap.line}", f"{gap.points}", gap.what, gap.reason]
                    for gap in left_out], 2)
    return (f"{INTRODUCTION}\n{reached}\n## What is left, worst first\n\n{open_points}\n"
            f"## What is excluded\n\n{closed}")


def report(reached: dict[Point, bool], exclusions: list[Exclusion], out: Path,
           known: set[str]) -> Totals:
    left_out = coverage_points.excluded(reached, exclusions, text_of(reached))
    rows, total = coverage_points.count(reached, left_out)
    left = coverage_points.gaps(
        (point for point, one in reached.items() if not one and point not in left_out), {})
    closed = coverage_points.gaps(left_out, left_out)
    (out / "coverage.md").write_text(page(rows, total, left, closed), encoding="utf-8")
    content = {"bar_percent": BAR_PERCENT, "total": asdict(total),
               "modules": [asdict(row) for row in rows],
               "left": [asdict(gap) for gap in left], "excluded": [asdict(gap) for gap in closed]}
    (out / "coverage.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return judge(rows, total, known)


def run(folder: Path) -> Totals:
    benches = build(folder)
    if not benches:
        print("SKIPPED: this machine has not what the card is simulated with")
        totals = Totals()
        totals.skip()
        return totals
    data = folder / "data"
    totals = run_designs(folder, benches, data)
    reached = with_sources(coverage_points.gather(sorted(data.glob("*.dat"))), folder)
    try:
        totals.add(report(reached, coverage_points.read_exclusions(EXCLUSIONS), folder,
                          modules(folder)))
        print(f"   {folder / 'coverage.md'}", flush=True)
    except coverage_points.WrongExclusion as wrong:
        totals.fail(f"coverage: {wrong}")
    return totals
