# SPDX-License-Identifier: Apache-2.0
"""In: numbers. Out: how a person reads them, and round marks for an axis."""

import math


def whole(value: int | float | None) -> str:
    """1234567 as 1,234,567; what is not there as a dash."""
    if value is None:
        return "–"
    if isinstance(value, float) and not value.is_integer():
        return f"{value:,.1f}"
    return f"{int(value):,}".replace("-", "−")


def dollars(value_e4: int | float | None) -> str:
    if value_e4 is None:
        return "–"
    sign = "−" if value_e4 < 0 else ""
    return f"{sign}${abs(value_e4) / 1e4:,.2f}"


def duration(ns: float | None) -> str:
    """Nanoseconds with three digits and the unit that fits."""
    if ns is None:
        return "–"
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if abs(ns) >= size:
            return f"{ns / size:.3g} {unit}"
    return f"{ns:.0f} ns"


def compact(value: float) -> str:
    """For axes: 12000 as 12k."""
    sign, size = ("−" if value < 0 else ""), abs(value)
    for unit, scale in (("G", 1e9), ("M", 1e6), ("k", 1e3)):
        if size >= scale:
            return f"{sign}{size / scale:.3g}{unit}"
    return f"{sign}{size:.3g}"


def linear_marks(low: float, high: float, wanted: int = 5) -> list[float]:
    """Round numbers that enclose low and high, zero among them when it lies between."""
    if high <= low:
        high = low + 1
    step = 10 ** math.floor(math.log10((high - low) / wanted))
    for factor in (1, 2, 5, 10):
        if (high - low) / (step * factor) <= wanted:
            step *= factor
            break
    first, last = math.floor(low / step), math.ceil(high / step)
    return [round(index * step, 9) for index in range(first, last + 1)]


def decade_marks(low: float, high: float) -> list[float]:
    """Powers of ten that enclose low and high."""
    first = math.floor(math.log10(max(low, 1)))
    last = max(first + 1, math.ceil(math.log10(max(high, 1))))
    return [10.0 ** power for power in range(first, last + 1)]
