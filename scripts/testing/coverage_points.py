# SPDX-License-Identifier: Apache-2.0
"""In: the files that Verilated designs write of what was reached in them, and what need not be.
Out: for each module which of its lines and bits were reached, and a verdict."""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

BAR_PERCENT = 90.0
KINDS = ("line", "toggle")
# A point: 'C', keys of one letter with values between \x01 and \x02, and how often.
_POINT = re.compile(r"C '(.*)' (\d+)$")
_BIT = re.compile(r"(.+)\[(\d+)\]$")


class WrongExclusion(Exception):
    pass


@dataclass(frozen=True, order=True)
class Point:
    """A statement's block or a branch's arm (line), or one bit of a signal (toggle)."""

    file: str
    line: int
    column: int
    kind: str
    name: str  # "block", "if", "else" and so on; or the signal's
    bit: int = -1  # -1: the signal has no others

    @property
    def module(self) -> str:
        return Path(self.file).stem


def parse(row: str) -> tuple[Point, bool] | None:
    """A point, and whether it was reached: a line once, a bit that was 1 and then 0 again."""
    found = _POINT.match(row)
    if found is None:
        return None
    keys = dict(item.split("\x02", 1) for item in found[1].split("\x01") if item)
    kind = "toggle" if keys["page"].startswith("v_toggle/") else "line"
    bit = _BIT.match(keys["o"]) if kind == "toggle" else None
    name, number = (bit[1], int(bit[2])) if bit else (keys["o"], -1)
    point = Point(keys["f"], int(keys["l"]), int(keys["n"]), kind, name, number)
    return point, int(found[2]) >= (2 if kind == "toggle" else 1)


def gather(files: Iterable[Path]) -> dict[Point, bool]:
    """A point is reached when one instance of its module reached it, in one run of one design."""
    reached: dict[Point, bool] = {}
    for file in files:
        for row in file.read_text("utf-8").splitlines():
            one = parse(row)
            if one is not None:
                reached[one[0]] = one[1] or reached.get(one[0], False)
    return reached


@dataclass(frozen=True)
class Exclusion:
    """A row of hw/coverage.toml: bits of signals, or points of a line with this text."""

    module: str
    reason: str
    signals: tuple[str, ...] = ()
    text: str = ""
    bits: tuple[tuple[int, int], ...] = ()  # from the high to the low one; none: all
    member_bits: int = 1 << 30  # bits are those of each member of so many

    def has(self, point: Point, name: str, text: str) -> bool:
        if point.module != self.module:
            return False
        if point.kind == "line":
            return bool(self.text) and self.text in text
        if point.name != name:
            return False
        bit = point.bit % self.member_bits
        return not self.bits or any(low <= bit <= high for high, low in self.bits)


def read_bits(text: str) -> tuple[tuple[int, int], ...]:
    """63:60, 12, 3:0, as ranges() writes them."""
    parts = [part.split(":") for part in text.split(",") if part.strip()]
    return tuple((int(part[0]), int(part[-1])) for part in parts)


def read_exclusions(file: Path) -> list[Exclusion]:
    rows = []
    for row in tomllib.loads(file.read_text("utf-8")).get("excluded", []):
        unknown = row.keys() - {"module", "signals", "bits", "member_bits", "text", "reason"}
        if unknown or not row.get("reason") or not row.get("module") or \
                bool(row.get("signals")) == bool(row.get("text")):
            raise WrongExclusion(f"{file.name}: needs module, reason, and signals or text: {row}")
        rows.append(Exclusion(row["module"], row["reason"], tuple(row.get("signals", ())),
                              row.get("text", ""), read_bits(row.get("bits", "")),
                              int(row.get("member_bits", 1 << 30))))
    return rows


def excluded(reached: dict[Point, bool], exclusions: list[Exclusion],
             text_of: dict[tuple[str, int], str]) -> dict[Point, Exclusion]:
    """The points that need not be reached. Each name and text must be of one that was not."""
    out: dict[Point, Exclusion] = {}
    for one in exclusions:
        for name in one.signals or ("",):
            points = [point for point in reached
                      if one.has(point, name, text_of.get((point.file, point.line), ""))]
            if all(reached[point] for point in points):
                what = name or one.text
                state = "everything of it is reached" if points else "there is no such thing"
                raise WrongExclusion(f"hw/coverage.toml: {one.module}: {what}: {state}")
            out.update((point, one) for point in points)
    return out


@dataclass
class Row:
    """Of a module: for each kind how many points, how many reached, how many left out."""

    module: str
    total: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    reached: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))
    excluded: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    def percent(self, kind: str) -> float | None:
        """None where there is nothing to reach."""
        return 100 * self.reached[kind] / self.total[kind] if self.total[kind] else None

    @property
    def below(self) -> list[str]:
        """A sentence for each kind that is under the bar."""
        return [f"{self.module}: {kind} coverage is {percent:.1f} %, {BAR_PERCENT:g} % are needed"
                for kind in KINDS
                if (percent := self.percent(kind)) is not None and percent < BAR_PERCENT]


def count(reached: dict[Point, bool], left_out: dict[Point, Exclusion]) -> tuple[list[Row], Row]:
    """A row a module, and their sum."""
    rows = {module: Row(module) for module in sorted({point.module for point in reached})}
    total = Row("all of it")
    for point, was_reached in reached.items():
        for row in (rows[point.module], total):
            if point in left_out:
                row.excluded[point.kind] += 1
            else:
                row.total[point.kind] += 1
                row.reached[point.kind] += was_reached
    return list(rows.values()), total


def ranges(bits: Iterable[int]) -> str:
    """63:60, 12, 3:0."""
    out: list[list[int]] = []
    for bit in sorted(bits, reverse=True):
        if out and out[-1][1] == bit + 1:
            out[-1][1] = bit
        else:
            out.append([bit, bit])
    return ", ".join(f"{high}:{low}" if high != low else f"{high}" for high, low in out)


@dataclass(frozen=True)
class Gap:
    """What of one signal or at one line was not reached, or need not be."""

    file: str
    line: int
    what: str
    points: int
    reason: str = ""


def gaps(points: Iterable[Point], left_out: dict[Point, Exclusion]) -> list[Gap]:
    """By signal and by line, those with the most points first; lines before bits."""
    groups: dict[tuple, list[Point]] = {}
    for point in points:
        reason = left_out[point].reason if point in left_out else ""
        key = (point.kind == "toggle", point.file, point.line, point.name, reason)
        groups.setdefault(key, []).append(point)
    out = []
    for (is_signal, file, line, name, reason), group in groups.items():
        what = f"`{name}`" if is_signal else name
        if group[0].bit >= 0:
            what += f", bits {ranges(point.bit for point in group)}"
        out.append((is_signal, Gap(file, line, what, len(group), reason)))
    out.sort(key=lambda one: (one[0], -one[1].points, one[1].file, one[1].line))
    return [gap for _, gap in out]
