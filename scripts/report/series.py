# SPDX-License-Identifier: Apache-2.0
"""In: snapshots.jsonl, one line of counters and positions a second. Out: series over time that can
be drawn: events a second, profit, positions."""

import json
from dataclasses import dataclass
from pathlib import Path

Points = list[tuple[float, float]]


@dataclass
class Snapshots:
    lines: list[dict]

    @property
    def seconds(self) -> list[float]:
        start = self._start()
        return [(line["utc_ns"] - start) / 1e9 for line in self.lines]

    def _start(self) -> int:
        if not self.lines:
            return 0
        return self.lines[0]["utc_ns"] - self.lines[0].get("interval_ns", 0)

    def counter(self, name: str) -> list[int]:
        """A counter by its name or by the end of its name, 0 where it does not exist yet."""
        return [_find(line.get("counters", {}), name) for line in self.lines]

    def rate(self, name: str) -> Points:
        """How much a counter grew a second, at the end of each interval."""
        points, last, last_second = [], 0, 0.0
        for second, value in zip(self.seconds, self.counter(name)):
            length = second - last_second
            if length > 0.05:  # the last interval may be a mere rest
                points.append((second, max(0, value - last) / length))
            last, last_second = value, second
        return points

    def profit(self) -> Points:
        """Realised and unrealised profit of all symbols, in dollars."""
        return [(second, sum(held.get("realized_profit_e4", 0) + held.get("unrealized_profit_e4", 0)
                             for held in line.get("positions", [])) / 1e4)
                for second, line in zip(self.seconds, self.lines)]

    def positions(self, symbols_max: int) -> dict[str, Points]:
        """The positions of those symbols that were largest at any time."""
        found: dict[str, Points] = {}
        for second, line in zip(self.seconds, self.lines):
            for held in line.get("positions", []):
                found.setdefault(held["symbol"].strip(), []).append((second, held["position"]))
        sizes = {symbol: max(abs(y) for _, y in points) for symbol, points in found.items()}
        largest = sorted((symbol for symbol in found if sizes[symbol]),
                         key=lambda symbol: (-sizes[symbol], symbol))
        return {symbol: found[symbol] for symbol in largest[:symbols_max]}


def _find(counters: dict[str, int], name: str) -> int:
    """A counter's full name is room.name; here the room need not be known."""
    if name in counters:
        return counters[name]
    return next((value for key, value in counters.items() if key.endswith("." + name)), 0)


def read(path: Path) -> Snapshots:
    """Reads every whole line; the last one may have been cut short by a crash."""
    lines = []
    if path.exists():
        for line in path.read_text(errors="replace").splitlines():
            try:
                lines.append(json.loads(line))
            except ValueError:
                continue
    return Snapshots([line for line in lines if "utc_ns" in line])
