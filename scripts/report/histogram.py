# SPDX-License-Identifier: Apache-2.0
"""In: a histogram log (format 1.3, HdrHistogram V2 payloads). Out: one histogram a tag over the
whole log, and its percentiles."""

import base64
import struct
import zlib
from dataclasses import dataclass, field
from pathlib import Path

COMPRESSED_COOKIE = 0x1C849304
COUNTS_COOKIE = 0x1C849303
COOKIE_MASK = ~0xF0
HEADER = struct.Struct(">iiiiqqd")


class BadHistogram(Exception):
    pass


@dataclass
class Histogram:
    """Counts by the largest value of a bucket, as percentiles are always told."""

    counts: dict[int, int] = field(default_factory=dict)
    highest: int = 0

    def add(self, lowest: int, width: int, count: int) -> None:
        largest = lowest + width - 1
        self.counts[largest] = self.counts.get(largest, 0) + count
        self.highest = max(self.highest, largest)

    def total(self) -> int:
        return sum(self.counts.values())

    def percentiles(self, wanted: list[float]) -> list[int]:
        """The values at rising percentiles; the last ones may all be the maximum."""
        total, seen, values = self.total(), 0, []
        waiting = list(wanted)
        for value in sorted(self.counts):
            seen += self.counts[value]
            while waiting and seen >= min(total, max(1, waiting[0] / 100 * total)):
                values.append(value)
                waiting.pop(0)
        return values + [self.highest] * len(waiting)


def _counts(payload: bytes) -> list[tuple[int, int]]:
    """Index and count of every filled bucket; a negative number is a run of empty ones."""
    found, index, at = [], 0, 0
    while at < len(payload):
        value = shift = 0
        while True:
            byte = payload[at]
            at += 1
            # The ninth byte carries eight bits and ends the word.
            if shift == 56:
                value |= byte << shift
                break
            value |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        number = (value >> 1) ^ -(value & 1)
        if number < 0:
            index -= number
        else:
            if number:
                found.append((index, number))
            index += 1
    return found


def decode(text: str, into: Histogram) -> None:
    """Adds one encoded histogram."""
    try:
        raw = base64.b64decode(text, validate=True)
        cookie, length = struct.unpack_from(">ii", raw)
        if cookie & COOKIE_MASK != COMPRESSED_COOKIE:
            raise BadHistogram(f"unknown cookie {cookie:#x}")
        inner = zlib.decompress(raw[8:8 + length])
        cookie, length, _, digits, lowest, _, _ = HEADER.unpack_from(inner)
        if cookie & COOKIE_MASK != COUNTS_COOKIE:
            raise BadHistogram(f"unknown inner cookie {cookie:#x}")
        found = _counts(inner[HEADER.size:HEADER.size + length])
    except (ValueError, struct.error, zlib.error, IndexError) as error:
        raise BadHistogram(str(error)) from error
    unit = max(lowest, 1).bit_length() - 1
    half_bits = (2 * 10 ** digits - 1).bit_length() - 1
    half = 1 << half_bits
    for index, count in found:
        bucket = max((index >> half_bits) - 1, 0)
        sub = (index & (half - 1)) + (half if index >= half else 0)
        into.add(sub << (bucket + unit), 1 << (bucket + unit), count)


def read_log(path: Path) -> dict[str, Histogram]:
    """One histogram for each tag, in the order they first appear."""
    histograms: dict[str, Histogram] = {}
    if not path.exists():
        return histograms
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line or line.startswith(("#", '"')):
            continue
        fields = line.split(",")
        tag = ""
        if fields[0].startswith("Tag="):
            tag = fields.pop(0).removeprefix("Tag=")
        if len(fields) != 4:
            raise BadHistogram(f"{path}:{number}: {len(fields)} fields, 4 are due")
        decode(fields[3], histograms.setdefault(tag, Histogram()))
    return histograms
