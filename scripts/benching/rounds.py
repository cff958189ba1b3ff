# SPDX-License-Identifier: Apache-2.0
"""In: programs and days. Out: what every program said in every round. The programs take turns, each
in a fresh process on the same core, so that a disturbance meets all of them alike."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from benching.programs import Program

SECONDS_MAX = 600
# The report stands, but the work was not done right.
EXIT_WRONG = 65


@dataclass(frozen=True)
class Entry:
    """A program with one of its days, or with none."""

    program: Program
    day: str | None
    file: Path | None
    variant: str = ""  # how it was built, where that is not as usual

    @property
    def contender(self) -> str:
        return self.program.contender + (f"+{self.variant}" if self.variant else "")

    def told(self) -> str:
        return " ".join(filter(None, (self.program.task, self.contender, self.day)))


@dataclass
class Results:
    """Reports in the order of the rounds. An entry that failed once has none any more."""

    reports: dict[Entry, list[dict]] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)


class Failed(Exception):
    pass


def cores_for(core: int, count: int, allowed: set[int]) -> set[int]:
    """The core asked for and as many others as the program wants, where there are any."""
    others = sorted(allowed - {core}, reverse=True)
    return {core, *others[:max(0, count - 1)]}


def parsed(text: str) -> dict:
    report = json.loads(text)
    rows = report["rows"]
    for row in rows:
        row["name"], row["unit"], float(row["value"])  # pylint: disable=expression-not-assigned
    return report


def run_once(entry: Entry, cores: set[int]) -> dict:
    command = [str(entry.program.path), "--json", *([str(entry.file)] if entry.file else [])]
    with subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, errors="replace",
            preexec_fn=lambda: os.sched_setaffinity(0, cores)) as process:
        try:
            out, errors = process.communicate(timeout=SECONDS_MAX)
        except subprocess.TimeoutExpired:
            process.kill()
            raise Failed(f"not done within {SECONDS_MAX} s") from None
        except BaseException:
            process.kill()
            raise
    if process.returncode not in (0, EXIT_WRONG):
        said = errors.strip()[-500:]
        raise Failed(f"exit code {process.returncode}" + (f": {said}" if said else ""))
    try:
        return parsed(out)
    except (ValueError, KeyError, TypeError) as error:
        raise Failed(f"no report: {error!r}") from None


def run_all(entries: list[Entry], rounds: int, core: int) -> Results:
    allowed = os.sched_getaffinity(0)
    results = Results({entry: [] for entry in entries})
    for number in range(1, rounds + 1):
        for entry in list(results.reports):
            progress(f"round {number} of {rounds}: {entry.told()}")
            try:
                cores = cores_for(core, entry.program.cores, allowed)
                results.reports[entry].append(run_once(entry, cores))
            except (Failed, OSError) as failure:
                del results.reports[entry]
                results.failures.append(f"{entry.told()}: {failure}")
    progress("")
    return results


def progress(text: str) -> None:
    """The line is written over on a terminal, and left out elsewhere."""
    if sys.stderr.isatty():
        print(f"\r\033[K{text}", end="", file=sys.stderr, flush=True)
