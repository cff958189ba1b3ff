# SPDX-License-Identifier: Apache-2.0
"""In: points. Out: SVG text for a page: lines on linear or logarithmic scales, and bars. Colours
are CSS variables of the page, so that a drawing follows its light and dark looks."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from report import numbers

# Narrow, so that the letters stay readable when a phone shows it at 0.7 of its size.
WIDTH, HEIGHT = 480, 300
LEFT, RIGHT, TOP, BOTTOM = 58, 14, 14, 44

Points = list[tuple[float, float]]


@dataclass(frozen=True)
class Axis:
    """Maps values to places. marks are the places that get a line and a text."""

    marks: list[float]
    text: Callable[[float], str]
    title: str
    logarithmic: bool = False
    end: float | None = None  # where it ends, when not at the last mark

    def part(self, value: float) -> float:
        """0 at the first mark, 1 at the end."""
        low, high = self.marks[0], self.marks[-1] if self.end is None else self.end
        if self.logarithmic:
            value, low, high = (math.log10(max(number, low)) for number in (value, low, high))
        return (value - low) / (high - low) if high > low else 0.0


@dataclass(frozen=True)
class Series:
    name: str
    points: Points
    colour: str  # the name of a CSS variable
    steps: bool = False  # a value holds until the next one


def _x(axis: Axis, value: float) -> float:
    return LEFT + axis.part(value) * (WIDTH - LEFT - RIGHT)


def _y(axis: Axis, value: float) -> float:
    return HEIGHT - BOTTOM - axis.part(value) * (HEIGHT - TOP - BOTTOM)


def _text(x: float, y: float, content: str, anchor: str, kind: str = "mark") -> str:
    return (f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">'
            f"{escape(content)}</text>")


def _frame(x_axis: Axis, y_axis: Axis) -> list[str]:
    parts = []
    for mark in y_axis.marks:
        y = _y(y_axis, mark)
        kind = "zero" if mark == 0 and y_axis.marks[0] < 0 else "grid"
        parts.append(f'<line class="{kind}" x1="{LEFT}" x2="{WIDTH - RIGHT}" '
                     f'y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(LEFT - 6, y + 4, y_axis.text(mark), "end"))
    for mark in x_axis.marks:
        parts.append(_text(_x(x_axis, mark), HEIGHT - BOTTOM + 18, x_axis.text(mark), "middle"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 6, x_axis.title, "middle", "axis"))
    return parts


def _path(series: Series, x_axis: Axis, y_axis: Axis) -> str:
    words, last_y = [], None
    for value_x, value_y in series.points:
        x, y = _x(x_axis, value_x), _y(y_axis, value_y)
        if series.steps and last_y is not None:
            words.append(f"L{x:.1f},{last_y:.1f}")
        words.append(f"{'L' if words else 'M'}{x:.1f},{y:.1f}")
        last_y = y
    return (f'<path class="line" style="stroke:var(--{series.colour})" d="{" ".join(words)}">'
            f"<title>{escape(series.name)}</title></path>")


def _dots(series: Series, x_axis: Axis, y_axis: Axis) -> list[str]:
    """One small dot a point, which tells its values when pointed at."""
    return [
        f'<circle cx="{_x(x_axis, x):.1f}" cy="{_y(y_axis, y):.1f}" r="2.6" '
        f'style="fill:var(--{series.colour})"><title>{escape(series.name)}: '
        f"{escape(y_axis.text(y))} at {escape(x_axis.text(x))}</title></circle>"
        for x, y in series.points]


def svg(parts: list[str], title: str, height: int = HEIGHT) -> str:
    return (f'<svg viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}">'
            + "".join(parts) + "</svg>")


def legend(series: list[Series]) -> str:
    entries = "".join(
        f'<li><i style="background:var(--{one.colour})"></i>{escape(one.name)}</li>'
        for one in series)
    return f'<ul class="legend">{entries}</ul>'


def lines(title: str, series: list[Series], x_axis: Axis, y_axis: Axis) -> str:
    """A drawing of lines with its legend above; a sentence when there is nothing to draw."""
    series = [one for one in series if one.points]
    if not series:
        return '<p class="none">Nothing was recorded.</p>'
    parts = [f'<text class="axis" x="{LEFT - 6}" y="{TOP - 2}" text-anchor="end">'
             f"{escape(y_axis.title)}</text>"] if y_axis.title else []
    parts += _frame(x_axis, y_axis)
    for one in series:
        parts.append(_path(one, x_axis, y_axis))
        if len(one.points) <= 40:
            parts += _dots(one, x_axis, y_axis)
    return legend(series) + svg(parts, title)


def time_axis(series: list[Series]) -> Axis:
    last = max((x for one in series for x, _ in one.points), default=1.0)
    marks = [mark for mark in numbers.linear_marks(0, last, 6) if mark <= last]
    return Axis(marks, lambda value: f"{value:.3g}", "seconds", end=last)


def value_axis(series: list[Series], title: str = "") -> Axis:
    values = [y for one in series for _, y in one.points] or [0.0]
    return Axis(numbers.linear_marks(min(0, *values), max(0, *values)), numbers.compact, title)


def bars(title: str, rows: list[tuple[str, int]], colour: str) -> str:
    """Lying bars, the longest first, each with its name above it and its number at its end."""
    if not rows:
        return '<p class="none">Nothing was recorded.</p>'
    step, longest, parts = 40, max(count for _, count in rows) or 1, []
    for place, (name, count) in enumerate(sorted(rows, key=lambda row: (-row[1], row[0]))):
        y = place * step
        length = count / longest * (WIDTH - 90)
        parts.append(_text(0, y + 13, name, "start", "bar-name"))
        parts.append(f'<rect x="0" y="{y + 19}" width="{max(length, 2):.1f}" height="12" rx="3" '
                     f'style="fill:var(--{colour})"/>')
        parts.append(_text(max(length, 2) + 8, y + 30, numbers.whole(count), "start", "bar-number"))
    return svg(parts, title, step * len(rows))
