#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Builds the benchmarks and runs them in turn, each in a fresh process pinned to one core, round
after round; prints medians and ratios and writes a page and a JSON file about them."""

import argparse
import os
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benching import conditions, days, figures, page, programs, rounds, variants  # noqa: E402
from benching.figures import ITCH_TASKS, Measured  # noqa: E402
from benching.programs import Program  # noqa: E402
from benching.rounds import Entry, Results  # noqa: E402
from testing import builds  # noqa: E402

FOLDER = builds.ROOT / "build" / "bench"
RESULTS = builds.ROOT / "bench" / "results"
ROUNDS = 5
STANDARD_OUTPUT = Path("-")
EXIT_FAILED, EXIT_USAGE, EXIT_INTERRUPTED = 1, 64, 130


class Parser(argparse.ArgumentParser):
    """Wrong words end with the code that sysexits.h has for them."""

    def error(self, message: str):
        self.print_usage(sys.stderr)
        self.exit(EXIT_USAGE, f"{self.prog}: {message}\n")


def at_least_one(word: str) -> int:
    value = int(word)
    if value < 1:
        raise ValueError
    return value


at_least_one.__name__ = "number above 0"


def parse(words: list[str]) -> argparse.Namespace:
    parser = Parser(
        prog="scripts/bench", description=__doc__,
        epilog="Days of ITCH messages are generated once into build/bench/days (1.5 GB). The exit "
               "code is 0 only when every program ran and everything it timed was also done "
               "right. A full run writes bench/results/MACHINE.md and .json.")
    parser.add_argument("--list", action="store_true", help="print tasks and contenders and stop")
    parser.add_argument("--task", action="append", default=[], metavar="NAME",
                        help="only this task (may be repeated); writes no page")
    parser.add_argument("--quick", action="store_true",
                        help="ITCH decoding and books only, on a day of 4 million messages, in "
                             "less than a minute; writes no page")
    parser.add_argument("--json", type=Path, metavar="FILE",
                        help="write the figures to FILE as well; with - they are all that goes "
                             "to the standard output")
    parser.add_argument("--rounds", type=at_least_one, default=ROUNDS, metavar="N",
                        help=f"how often each program is run ({ROUNDS})")
    parser.add_argument("--core", type=int, metavar="N", help="to pin to (the last one)")
    parser.add_argument("--machine", metavar="NAME",
                        help="name of the page (processor and cores)")
    parser.add_argument("--messages", type=at_least_one, metavar="N",
                        help="size of the day of --quick")
    parser.add_argument("--lto", action="store_true",
                        help="build Ridley's own across object files too and say what it gains")
    parser.add_argument("--pgo", action="store_true",
                        help="build Ridley's own with a profile of a short day too")
    options = parser.parse_args(words)
    allowed = os.sched_getaffinity(0)
    if options.core is None:
        options.core = max(allowed)
    if options.core not in allowed:
        parser.error(f"core {options.core} may not be used; these may: "
                     f"{' '.join(map(str, sorted(allowed)))}")
    if options.messages and not options.quick:
        parser.error("--messages goes with --quick")
    if options.quick and options.task:
        parser.error("--quick has its own tasks")
    if options.machine and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", options.machine):
        parser.error(f"'{options.machine}' is no name for a file")
    if options.json and not options.json.parent.is_dir():
        parser.error(f"there is no folder {options.json.parent}")
    options.parser = parser
    return options


def chosen(options: argparse.Namespace, known: list[Program]) -> list[Program]:
    """With a task of ITCH comes the walk that it is measured in."""
    tasks = set(ITCH_TASKS) if options.quick else set(options.task)
    unknown = tasks - {program.task for program in known}
    if unknown:
        options.parser.error(f"no such task: {' '.join(sorted(unknown))} (see --list)")
    if not tasks:
        return known
    is_walk = (figures.WALK_TASK, figures.WALK_CONTENDER)
    return [program for program in known
            if program.task in tasks
            or (tasks & set(ITCH_TASKS) and (program.task, program.contender) == is_walk)]


def wanted_days(options: argparse.Namespace, programs_chosen: list[Program]) -> list[days.Day]:
    if options.quick:
        if options.messages and options.messages != days.QUICK.messages:
            return [days.Day("big", options.messages, days.QUICK.instruments, days.QUICK.seed)]
        return [days.QUICK]
    names = {name for program in programs_chosen for name in program.days}
    return [day for day in (days.BIG, days.HOT) if day.name in names]


def entries_of(programs_chosen: list[Program], files: dict[str, Path]) -> list[Entry]:
    entries = []
    for program in programs_chosen:
        if not program.days:
            entries.append(Entry(program, None, None))
        entries += [Entry(program, day, files[day]) for day in program.days if day in files]
    return entries


def say(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def prepare(options: argparse.Namespace) -> tuple[list[Entry], list[days.Day]]:
    say(f"building in {FOLDER.relative_to(builds.ROOT)}")
    programs_chosen = chosen(options, programs.configured(FOLDER, []))
    programs.build(FOLDER, programs_chosen)
    needed = wanted_days(options, programs_chosen)
    files = {day.name: days.make(FOLDER / programs.GENERATOR, FOLDER / "days", day)
             for day in needed}
    entries = entries_of(programs_chosen, files)
    return entries + built_otherwise(options, entries), needed


def built_otherwise(options: argparse.Namespace, entries: list[Entry]) -> list[Entry]:
    found = []
    if options.lto:
        say("building again, across object files")
        found += variants.with_lto(entries, FOLDER.with_name("bench-lto"))
    if options.pgo:
        say("building again, with a profile: twice")
        short = days.make(FOLDER / programs.GENERATOR, FOLDER / "days", days.TRAINING)
        found += variants.with_pgo(entries, FOLDER.with_name("bench-pgo"), short, options.core)
    return found


def failures_of(results: Results, measured: list[Measured]) -> list[str]:
    wrong = [f"{one.entry.told()}: what came out is wrong"
             for one in measured if one.digest_ok is False]
    return results.failures + wrong


def write_json(file: Path, figures_told: dict) -> None:
    text = page.json_text(figures_told) + "\n"
    if file == STANDARD_OUTPUT:
        print(text, end="", flush=True)
    else:
        file.write_text(text)


def write(options: argparse.Namespace, text: str, full: dict) -> None:
    name = options.machine or conditions.slug(full["conditions"])
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(text)
    write_json(RESULTS / f"{name}.json", full)
    say(f"wrote {RESULTS.relative_to(builds.ROOT) / name}.md and .json")


def run(options: argparse.Namespace, words: list[str]) -> int:
    this_run = conditions.Run(words, options.core, options.rounds, os.getloadavg()[0])
    entries, needed = prepare(options)
    start = conditions.of_run(this_run, FOLDER)
    if not start["quiet"]:
        say(f"load {start['load_at_start']}: this machine is not quiet; ratios count, times do not")
    say(f"{options.rounds} rounds of {len(entries)} programs on core {options.core}")
    results = rounds.run_all(entries, options.rounds, options.core)
    measured = figures.measured(results, barred=not options.quick)
    failures = failures_of(results, measured)
    full = page.json_object(measured, start, needed, failures)
    print(page.terminal(measured), end="", flush=True,
          file=sys.stderr if options.json == STANDARD_OUTPUT else sys.stdout)
    if options.json:
        quick = page.quick_object(measured, options.machine or conditions.slug(start))
        write_json(options.json, quick if options.quick else full)
    if not options.quick and not options.task:
        write(options, page.markdown(measured, start, needed, failures), full)
    for failure in failures:
        say(f"FAILED {failure}")
    return EXIT_FAILED if failures or not measured else 0


def list_programs() -> int:
    for program in programs.configured(FOLDER, []):
        print(f"{program.task:<20}{program.contender:<24}{' '.join(program.days)}".rstrip())
    return 0


def main(words: list[str]) -> int:
    options = parse(words)
    try:
        return list_programs() if options.list else run(options, words)
    except (builds.BuildFailed, days.NoDay, OSError) as failure:
        rounds.progress("")
        say(str(failure))
        return EXIT_FAILED
    except KeyboardInterrupt:
        rounds.progress("")
        say("interrupted; nothing was written")
        return EXIT_INTERRUPTED


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
