# SPDX-License-Identifier: Apache-2.0
"""Writes the folder of a session that both sides agree on, for tests of the report."""

import base64
import json
import math
import random
import struct
import zlib
from pathlib import Path

HOPS = {"rx_stamp": 400, "decoded": 520, "book": 650, "decided": 800, "approved": 950,
        "sent": 1100}
APPLIANCE = {
    "orders_approved": 1210, "orders_sent": 1210, "cancels_sent": 640, "orders_acknowledged": 1206,
    "orders_rejected": 4, "orders_filled": 431, "shares_filled": 43_100, "orders_canceled": 702,
    "rejected_by_gate": 57, "frames": 180_034, "messages": 400_210, "gaps": 0,
    "hot_allocations": 0, "startup_ms": 9, "rss_mb": 61, "timestamp_source": "Tsc",
    "rejects_by_control": [{"control": 4, "name": "price_collar", "count": 31},
                           {"control": 9, "name": "position_limit", "count": 19},
                           {"control": 7, "name": "message_rate", "count": 7}],
    "positions": {"AAAA": 300, "AAAB": -200, "AAAC": 0}, "cash_e4": -12_345_600,
}
CARD = {
    "state": "in_use", "fault": "none", "frames": 180_034, "packets_dropped": 0, "records": 579_035,
    "records_dropped": 0, "events": 399_001, "software_events": 399_001, "same": 399_001,
    "different": 0, "events_used": 398_000, "clock_hz": 156_250_000,
    "latency_cycles": {"p50": 19, "p99": 31, "p999": 40, "max": 52, "count": 579_035}}
VENUE = {name: APPLIANCE[name] for name in (
    "orders_acknowledged", "orders_rejected", "orders_filled", "shares_filled", "orders_canceled",
    "messages", "cash_e4")} | {
    "orders_received": 1210, "cancels_received": 640, "positions": {"AAAA": 300, "AAAB": -200}}


def leb128(number: int) -> bytes:
    """ZigZag and seven bits a byte, as the histogram log writes counts."""
    value, out = (number << 1) ^ (number >> 63), bytearray()
    while value >= 0x80:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def encode(values: list[int]) -> str:
    """An HdrHistogram V2 payload with three digits, values below 2048 exact."""
    counts: dict[int, int] = {}
    for value in values:
        bucket = max(0, value.bit_length() - 11)
        index = ((bucket + 1) << 10) + (value >> bucket) - 1024
        counts[index] = counts.get(index, 0) + 1
    payload, last = b"", -1
    for index in sorted(counts):
        if index - last > 1:
            payload += leb128(-(index - last - 1))
        payload += leb128(counts[index])
        last = index
    inner = struct.pack(">iiiiqqd", 0x1C849313, len(payload), 0, 3, 1, 10**10, 1.0) + payload
    packed = zlib.compress(inner)
    return base64.b64encode(struct.pack(">ii", 0x1C849314, len(packed)) + packed).decode()


def _hlog(seconds: int) -> str:
    source = random.Random(7)
    lines = ["#[Histogram log format version 1.3]",
             '"StartTimestamp","Interval_Length","Interval_Max","Interval_Compressed_Histogram"']
    for second in range(seconds):
        for name, middle in HOPS.items():
            values = [int(middle * math.exp(abs(source.gauss(0, 0.25)))
                          * (20 if source.random() < 0.002 else 1)) for _ in range(300)]
            lines.append(f"Tag={name},{second}.000,1.000,{max(values)},{encode(values)}")
    return "\n".join(lines) + "\n"


def _snapshots(seconds: int) -> str:
    source, lines, totals, held = random.Random(9), [], {}, {"AAAA": 0, "AAAB": 0}
    profit = 0
    for second in range(1, seconds + 1):
        for name, mean in (("order.orders_sent", 60), ("order.orders_filled", 21),
                           ("order.canceled", 35), ("risk.rejected_by_gate", 3),
                           ("feed.messages", 20_000), ("engine.frames", 9_000), ("feed.gaps", 0)):
            totals[name] = totals.get(name, 0) + int(source.uniform(0.7, 1.3) * mean)
        profit += int(source.gauss(300_000, 900_000))
        for symbol in held:
            held[symbol] += source.choice([-100, 0, 100])
        lines.append(json.dumps({
            "utc_ns": 1_700_000_000_000_000_000 + second * 10**9, "interval_ns": 10**9,
            "counters": dict(totals), "gauges": {}, "hops": {},
            "positions": [{"symbol": symbol, "position": shares, "realized_profit_e4": profit // 2,
                           "unrealized_profit_e4": 0} for symbol, shares in held.items()]}))
    return "\n".join(lines) + "\n"


def write(folder: Path, appliance: dict | None = None, venue: dict | None = None,
          session: dict | None = None, seconds: int = 20) -> Path:
    """Fills the folder; appliance, venue and session change single values, None takes one out."""
    for name in ("telemetry", "venue"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for path, base, change in ((folder / "telemetry" / "summary.json", APPLIANCE, appliance),
                               (folder / "venue" / "summary.json", VENUE, venue)):
        values = {name: value for name, value in {**base, **(change or {})}.items()
                  if value is not None}
        path.write_text(json.dumps(values))
    (folder / "telemetry" / "hops.hlog").write_text(_hlog(seconds))
    (folder / "telemetry" / "snapshots.jsonl").write_text(_snapshots(seconds))
    (folder / "session.json").write_text(json.dumps(
        {"seconds": seconds, "instruments": 50, "rate": 20_000, "seed": 7,
         "command": "scripts/run", **(session or {})}))
    return folder
