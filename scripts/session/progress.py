# SPDX-License-Identifier: Apache-2.0
"""In: the counters of a running session. Out: one line on a terminal that is written over, or a
plain line each five seconds where nobody watches."""

import sys
import time
from typing import TextIO

LINE_SECONDS = 5.0
DRAW_SECONDS = 0.5

# Title in the line, name of the counter.
SHOWN = [("sent", "orders_sent"), ("filled", "orders_filled"), ("stopped", "rejected_by_gate"),
         ("messages", "messages"), ("gaps", "gaps")]


class Progress:
    def __init__(self, seconds: float, stream: TextIO = sys.stderr):
        self.seconds, self.stream = seconds, stream
        self.live = stream.isatty()
        self.start = time.monotonic()
        self.last = self.start - (DRAW_SECONDS if self.live else 0)
        self.drawn = False

    def line(self, elapsed: float, counters: dict[str, int]) -> str:
        words = [f"{min(elapsed, self.seconds):4.0f}/{self.seconds:g} s"]
        words += [f"{title} {counters[name]:,}" for title, name in SHOWN if name in counters]
        return "  ".join(words)

    def due(self) -> bool:
        return time.monotonic() - self.last >= (DRAW_SECONDS if self.live else LINE_SECONDS)

    def show(self, counters: dict[str, int]) -> None:
        self.last = time.monotonic()
        text = self.line(self.last - self.start, counters)
        if self.live:
            self.stream.write(f"\r\x1b[K{text}")
            self.drawn = True
        else:
            self.stream.write(text + "\n")
        self.stream.flush()

    def say(self, text: str) -> None:
        """A line that stays."""
        self.clear()
        self.stream.write(text + "\n")
        self.stream.flush()

    def clear(self) -> None:
        if self.drawn:
            self.stream.write("\r\x1b[K")
            self.stream.flush()
            self.drawn = False
