# SPDX-License-Identifier: Apache-2.0
"""In: histograms and series. Out: the drawings of the report."""

import math

from report import numbers, plot
from report.histogram import Histogram
from report.plot import Axis, Series
from report.series import Snapshots

HOP_COLOURS = {"rx_stamp": "c6", "decoded": "c2", "book": "c1", "decided": "c4", "approved": "c3",
               "sent": "c5"}
SPARE_COLOURS = ["c1", "c2", "c3", "c4", "c5", "c6"]
SYMBOLS_DRAWN_MAX = 5


def _nines(percentile: float) -> float:
    """1 at 90 %, 2 at 99 %: each step to the right is ten times rarer."""
    return -math.log10(1 - percentile / 100)


def _percentile_text(nines: float) -> str:
    percentile = 100 * (1 - 10 ** -nines)
    return f"{percentile:.6g} %"


def hop_percentiles(histograms: dict[str, Histogram]) -> str:
    """Latency over percentile, both ends stretched: the tail is what matters."""
    longest = max((histogram.total() for histogram in histograms.values()), default=0)
    if longest == 0:
        return '<p class="none">No hop was stamped.</p>'
    # The last decade holds one value in ten at least.
    last = max(2, min(5, math.floor(math.log10(longest))))
    steps = [index / 8 for index in range(last * 8 + 1)]
    percentiles = [100 * (1 - 10 ** -nines) for nines in steps]
    series = []
    for place, (name, histogram) in enumerate(histograms.items()):
        if histogram.total() == 0:
            continue
        values = histogram.percentiles(percentiles)
        colour = HOP_COLOURS.get(name, SPARE_COLOURS[place % len(SPARE_COLOURS)])
        series.append(Series(name, [(x, max(1, y)) for x, y in zip(steps, values)], colour))
    low = min(y for one in series for _, y in one.points)
    high = max(y for one in series for _, y in one.points)
    y_axis = Axis(numbers.decade_marks(low, high), numbers.duration, "", logarithmic=True)
    x_axis = Axis([float(mark) for mark in range(last + 1)], _percentile_text, "percentile")
    return plot.lines("Latency of each hop by percentile", series, x_axis, y_axis)


def order_flow(snapshots: Snapshots) -> str:
    series = [Series(title, snapshots.rate(counter), colour) for title, counter, colour in (
        ("sent", "orders_sent", "c1"), ("filled", "orders_filled", "c2"),
        ("canceled", "canceled", "c3"), ("rejected by the gate", "rejected_by_gate", "c5"))]
    series = [one for one in series if any(y for _, y in one.points)]
    return plot.lines("Orders a second", series, plot.time_axis(series), plot.value_axis(series))


def feed_flow(snapshots: Snapshots) -> str:
    series = [Series(title, snapshots.rate(counter), colour) for title, counter, colour in (
        ("messages", "messages", "c1"), ("frames", "frames", "c4"), ("gaps", "gaps", "c5"))]
    series = [one for one in series if any(y for _, y in one.points)]
    return plot.lines("Feed a second", series, plot.time_axis(series), plot.value_axis(series))


def profit(snapshots: Snapshots) -> str:
    points = snapshots.profit()
    series = [Series("profit, dollars", points, "c2", steps=True)]
    if not any("positions" in line and line["positions"] for line in snapshots.lines):
        series = []
    return plot.lines("Profit over time", series, plot.time_axis(series), plot.value_axis(series))


def positions(snapshots: Snapshots) -> str:
    series = [Series(symbol, points, SPARE_COLOURS[place], steps=True)
              for place, (symbol, points) in enumerate(
                  snapshots.positions(SYMBOLS_DRAWN_MAX).items())]
    return plot.lines(
        "Shares held over time", series, plot.time_axis(series), plot.value_axis(series))


def rejects(by_control: list[dict]) -> str:
    rows = [(f"{row.get('control', '?')} {str(row.get('name', '')).replace('_', ' ')}".strip(),
             int(row.get("count", 0))) for row in by_control]
    return plot.bars("Rejects by control", [row for row in rows if row[1]], "c5")
