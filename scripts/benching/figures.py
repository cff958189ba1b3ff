# SPDX-License-Identifier: Apache-2.0
"""In: what programs said in every round. Out: one figure a row: the median, how far the rounds lie
apart, its ratios, and whether the work was done right."""

import statistics
from dataclasses import dataclass, field

from benching.rounds import Entry, Results

# What all ITCH figures are measured in: the time a bare walk takes in the same round.
WALK_TASK, WALK_CONTENDER, WALK_DAY = "itch_decode", "walk", "big"
WALK_ROW = "message"
ITCH_TASKS = ("itch_decode", "itch_book")
# Whose figure the others of a task are set against.
OWN = "ridley"


@dataclass(frozen=True)
class Bar:
    """A promise: at most so much, and what is aimed at."""

    task: str
    contender: str
    day: str
    row: str
    most: float
    aim: float


BARS = [
    Bar("itch_decode", "ridley_file", "big", "message", 2.4, 2.0),
    Bar("itch_book", "ridley", "big", "message", 28, 19),
    Bar("itch_book", "ridley_followed", "big", "message", 28, 19),
    Bar("itch_book", "ridley", "hot", "message", 14.3, 10.2),
    Bar("itch_book", "ridley_followed", "hot", "message", 14.3, 10.2),
    Bar("itch_book", "ridley", "big", "rss", 600, 300),
    Bar("itch_book", "ridley_followed", "big", "rss", 600, 300),
]


@dataclass
class Figure:
    """One row of one program on one day."""

    name: str
    unit: str
    value: float  # the median of the rounds, as all that follow
    least: float
    greatest: float
    more: dict[str, float] = field(default_factory=dict)
    ratio_to_walk: float | None = None
    ratio_to_own: float | None = None
    bar: Bar | None = None

    @property
    def judged(self) -> float:
        """What a bar is held against: memory as it is, time in walks."""
        return self.value if self.ratio_to_walk is None else self.ratio_to_walk

    def verdict(self) -> str:
        if self.bar is None:
            return ""
        if self.judged <= self.bar.aim:
            return "aim met"
        return "within" if self.judged <= self.bar.most else "MISSED"


@dataclass
class Measured:
    """One program on one day."""

    entry: Entry
    timed: str
    digest_ok: bool | None
    figures: list[Figure]

    def figure(self, name: str) -> Figure | None:
        return next((figure for figure in self.figures if figure.name == name), None)


def values_of(reports: list[dict], name: str) -> list[float]:
    """The row's value in every round; nothing where a round has no such row."""
    values = [row["value"] for report in reports for row in report["rows"] if row["name"] == name]
    return values if len(values) == len(reports) else []


def paired_ratio(values: list[float], others: list[float]) -> float | None:
    """The median of the ratios within the rounds: what slows a whole round cancels out."""
    if not values or len(values) != len(others) or any(other <= 0 for other in others):
        return None
    return statistics.median(value / other for value, other in zip(values, others))


def walk_values(results: Results) -> list[float]:
    for entry, reports in results.reports.items():
        key = (entry.program.task, entry.contender, entry.day)
        if key == (WALK_TASK, WALK_CONTENDER, WALK_DAY):
            return values_of(reports, WALK_ROW)
    return []


def own_reports(results: Results, entry: Entry) -> list[dict]:
    """Of the task's own contender on the same day; of the same program built as usual, where it
    was built in another way."""
    own = entry.program.contender if entry.variant else OWN
    for other, reports in results.reports.items():
        key = (other.program.task, other.contender, other.day)
        if key == (entry.program.task, own, entry.day):
            return reports
    return []


def digest_of(reports: list[dict]) -> str | None:
    """The one digest of all rounds; None where there is none, or no single one."""
    digests = {report.get("digest") for report in reports}
    return digests.pop() if len(digests) == 1 else None


def digests_differ(results: Results, entry: Entry) -> bool:
    """Whether another contender of the task made something else of the same day."""
    digests = {report["digest"] for other, reports in results.reports.items()
               if (other.program.task, other.day) == (entry.program.task, entry.day)
               for report in reports if "digest" in report}
    return len(digests) > 1 and any("digest" in report for report in results.reports[entry])


def done_right(results: Results, entry: Entry) -> bool | None:
    """None where the program has nothing to check its work by."""
    reports = results.reports[entry]
    checks = [report["digest_ok"] for report in reports if "digest_ok" in report]
    if digests_differ(results, entry) or not all(checks):
        return False
    return True if checks or digest_of(reports) else None


def bar_of(entry: Entry, row: str) -> Bar | None:
    key = (entry.program.task, entry.contender, entry.day, row)
    return next((bar for bar in BARS if (bar.task, bar.contender, bar.day, bar.row) == key), None)


def figure_of(results: Results, entry: Entry, row: dict, walk: list[float]) -> Figure:
    reports = results.reports[entry]
    name = row["name"]
    values = values_of(reports, name)
    figure = Figure(name, row["unit"], statistics.median(values), min(values), max(values))
    for part in row:
        if part not in ("name", "unit", "value"):
            figure.more[part] = statistics.median(
                other[part] for report in reports for other in report["rows"]
                if other["name"] == name and part in other)
    if entry.program.task in ITCH_TASKS and name == WALK_ROW:
        figure.ratio_to_walk = paired_ratio(values, walk)
    if entry.contender != OWN:
        figure.ratio_to_own = paired_ratio(values, values_of(own_reports(results, entry), name))
    return figure


def measured(results: Results, barred: bool = True) -> list[Measured]:
    """Bars are promises about the whole days: on shorter ones nothing is judged."""
    walk = walk_values(results)
    found = []
    for entry, reports in results.reports.items():
        if not reports:
            continue
        rows = [row for row in reports[0]["rows"] if values_of(reports, row["name"])]
        own = [figure_of(results, entry, row, walk) for row in rows]
        for figure in own:
            figure.bar = bar_of(entry, figure.name) if barred else None
        found.append(Measured(
            entry, reports[0].get("timed", ""), done_right(results, entry), own))
    return found
