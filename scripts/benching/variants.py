# SPDX-License-Identifier: Apache-2.0
"""In: the programs that were chosen. Out: Ridley's own among them built in other ways too, by
Meson's own options: across object files (LTO), and after a look at where they run (PGO)."""

from dataclasses import replace
from pathlib import Path

from benching import programs, rounds
from benching.programs import Program
from benching.rounds import Entry

# A program trained by another's profile warns of every function that it does not share.
OPTIONS = ["-Dwerror=false"]


def own_of(entries: list[Entry]) -> list[Entry]:
    """Other people's code is measured as it comes."""
    return [entry for entry in entries if entry.program.contender.startswith("ridley")]


def moved(entries: list[Entry], folder: Path, variant: str) -> list[Entry]:
    return [replace(entry, program=replace(entry.program, folder=folder), variant=variant)
            for entry in entries]


def programs_of(entries: list[Entry]) -> list[Program]:
    return list(dict.fromkeys(entry.program for entry in entries))


def with_lto(entries: list[Entry], folder: Path) -> list[Entry]:
    found = moved(own_of(entries), folder, "lto")
    programs.configured(folder, [*OPTIONS, "-Db_lto=true", "-Db_pgo=off"])
    programs.build(folder, programs_of(found), generator=False)
    return found


def with_pgo(entries: list[Entry], folder: Path, short_day: Path, core: int) -> list[Entry]:
    """Each program is trained once; those of ITCH on a short day that is not the one measured."""
    found = moved(own_of(entries), folder, "pgo")
    programs.configured(folder, [*OPTIONS, "-Db_lto=false", "-Db_pgo=generate"])
    # A profile of other sources is worse than none.
    for profile in folder.rglob("*.gcda"):
        profile.unlink()
    programs.build(folder, programs_of(found), generator=False)
    trained = [Entry(program, None, short_day if program.days else None, "training")
               for program in programs_of(found)]
    failures = rounds.run_all(trained, 1, core).failures
    if failures:
        raise OSError("training failed: " + "; ".join(failures))
    programs.configured(folder, [*OPTIONS, "-Db_lto=false", "-Db_pgo=use"])
    programs.build(folder, programs_of(found), generator=False)
    return found
