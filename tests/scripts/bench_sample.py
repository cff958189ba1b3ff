# SPDX-License-Identifier: Apache-2.0
"""Three rounds of ITCH programs as scripts/bench sees them, and a machine they were run on."""

from pathlib import Path

from benching import figures
from benching.programs import Program
from benching.rounds import Entry, Results

CONDITIONS = {
    "processor": "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", "cores": 8, "virtual": True,
    "memory_gb": 31.2, "huge_pages": 0, "kernel": "6.1", "system": "Debian 12",
    "date": "2026-01-02 03:04 UTC", "commit": "abc", "compiler": "c++ 12", "flags": "march=native",
    "transparent_huge_pages": "madvise", "governor": "", "core": 7, "rounds": 3,
    "load_at_start": 0.1, "quiet": True, "command": "scripts/bench",
}


def program(task: str, contender: str, *on_days: str, cores: int = 1) -> Program:
    return Program(task, contender, cores, on_days, Path("/nowhere"))


def entry(task: str, contender: str, day: str | None = "big") -> Entry:
    return Entry(program(task, contender, *([day] if day else [])), day, None)


def report(ns: float, rss: float | None = None, **more) -> dict:
    rows = [{"name": "message", "unit": "ns", "value": ns}]
    if rss is not None:
        rows.append({"name": "rss", "unit": "MB", "value": rss})
    return {"timed": "all of it", "rows": rows, **more}


WALK = entry("itch_decode", "walk")
DECODE = entry("itch_decode", "ridley_file")
MOLD = entry("itch_decode", "ridley_mold")
BOOK = entry("itch_book", "ridley")
MAP = entry("itch_book", "map")
HOT = entry("itch_book", "ridley", "hot")


def three_rounds() -> Results:
    """The machine is twice as slow in the second round, and something hits the walk in the third.
    """
    right = {"digest_ok": True}
    return Results({
        WALK: [report(2, **right), report(4, **right), report(4, **right)],
        DECODE: [report(4, digest="a", **right), report(8, digest="a", **right),
                 report(4, digest="a", **right)],
        MOLD: [report(6, digest="a", **right)] * 3,
        BOOK: [report(40, 250, digest="b", **right), report(80, 250, digest="b", **right),
               report(44, 310, digest="b", **right)],
        MAP: [report(120, 900, digest="b", **right)] * 3,
        HOT: [report(30, 250, digest="c", **right)] * 3,
    })


def find(all_measured: list[figures.Measured], wanted: Entry) -> figures.Measured:
    return next(one for one in all_measured if one.entry == wanted)
