#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Reads captures of Cboe PITCH and IEX feeds straight from the publishers' tables, knowing nothing
of schema/: the other opinion that `ridley decode` and `ridley book` are held against."""

import struct
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "generator"))

import feed_tables  # noqa: E402

LITTLE = {b"\xd4\xc3\xb2\xa1", b"\x4d\x3c\xb2\xa1"}


def datagrams(path):
    """(destination address and port, payload) of every UDP datagram of a pcap file."""
    data = Path(path).read_bytes()
    order = "<" if data[:4] in LITTLE else ">"
    at = 24
    while at + 16 <= len(data):
        size = struct.unpack(order + "I", data[at + 8:at + 12])[0]
        frame = data[at + 16:at + 16 + size]
        at += 16 + size
        head = 18 if frame[12:14] == b"\x81\x00" else 14
        if frame[head - 2:head] != b"\x08\x00" or frame[head + 9] != 17:
            continue
        udp = head + (frame[head] & 15) * 4
        port, length = struct.unpack(">HH", frame[udp + 2:udp + 6])
        yield (frame[head + 16:head + 20], port), frame[udp + 8:udp + length]


def unit_messages(payload):
    """(unit, number, message) of a sequenced unit, or None where it is none."""
    if len(payload) < 8:
        return None
    length, count, unit, sequence = struct.unpack("<HBBI", payload[:8])
    if length != len(payload):
        return None
    found, at = [], 8
    for index in range(count):
        if at >= length or payload[at] < 2:
            return None
        found.append((unit, sequence + index, payload[at:at + payload[at]]))
        at += payload[at]
    return found if at == length else None


def iex_messages(payload):
    """(message protocol, number, message) of an IEX-TP segment, or None where it is none."""
    if len(payload) < 40 or payload[0] != 1:
        return None
    protocol = struct.unpack("<H", payload[2:4])[0]
    length, count = struct.unpack("<HH", payload[12:16])
    first = struct.unpack("<Q", payload[24:32])[0]
    if length != len(payload) - 40:
        return None
    found, at = [], 40
    for index in range(count):
        size = struct.unpack("<H", payload[at:at + 2])[0]
        found.append((protocol, first + index, payload[at + 2:at + 2 + size]))
        at += 2 + size
    return found if at == len(payload) else None


class Reading:
    """What a capture holds: messages by type, and all that the tables know, field by field."""

    def __init__(self, path):
        self.counts = Counter()   # (protocol, type, known)
        self.short = 0            # shorter than their type
        self.heartbeats = Counter()
        self.messages = []        # (protocol, number, type, fields)
        self.strangers = 0
        for _, payload in datagrams(path):
            self.datagram(payload)

    def datagram(self, payload):
        iex = iex_messages(payload)
        if iex is not None:
            name = {0x8003: "tops", 0x8005: "deep_plus"}.get(
                struct.unpack("<H", payload[2:4])[0], "deep")
            if not iex:
                self.heartbeats["iextp"] += 1
            for _, number, message in iex:
                self.message(name, "deep", number, message, 0)
            return
        units = unit_messages(payload)
        if units is None:
            self.strangers += 1
            return
        if not units:
            self.heartbeats["sequenced_unit"] += 1
        for _, number, message in units:
            self.message("pitch", "pitch", number, message, 1)

    def message(self, name, table, number, message, type_at):
        kind = message[type_at] if type_at else chr(message[type_at])
        messages, before = feed_tables.FEEDS[table]
        layout = {one: (size, fields) for one, size, fields in messages}.get(kind)
        if layout and len(message) < layout[0]:
            self.short += 1
            return
        self.counts[(name, f"0x{kind:02x}" if type_at else kind, bool(layout))] += 1
        if layout:
            self.messages.append((name, number, kind,
                                  feed_tables.decode(message, layout[1], before)[0]))


class Orders:
    """An order-by-order book of PITCH by unit, as its tables say: no more than dictionaries."""

    def __init__(self):
        self.live = {}      # order id: [symbol, side, quantity, price of 1/10,000]
        self.unknown = 0

    def apply(self, kind, fields):
        price = fields.get("price", 0) * (100 if kind in (0x22, 0x28) else 1)
        if kind in (0x21, 0x22, 0x2F):
            self.live[fields["order_id"]] = [fields["symbol"], fields["side_indicator"],
                                             fields["quantity"], price]
            return
        if kind not in (0x23, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29):
            return
        order = self.live.get(fields["order_id"])
        if order is None:
            self.unknown += 1
            return
        if kind == 0x23:
            order[2] -= fields["executed_quantity"]
        elif kind == 0x24:
            order[2] = fields["remaining_quantity"]
        elif kind in (0x25, 0x26):
            order[2] -= fields["canceled_quantity"]
        elif kind in (0x27, 0x28):
            order[2:] = [fields["quantity"], price]
        if kind == 0x29 or order[2] <= 0:
            del self.live[fields["order_id"]]

    def levels(self):
        """(symbol, side, price): [quantity, orders]."""
        levels = {}
        for symbol, side, quantity, price in self.live.values():
            level = levels.setdefault((symbol, side, price), [0, 0])
            level[0] += quantity
            level[1] += 1
        return levels


def levels_of(book):
    """(symbol, side, price): [quantity, orders] of what `ridley book --json` printed."""
    return {(one["symbol"], side, price): [quantity, orders]
            for one in book for side, name in (("B", "bids"), ("S", "asks"))
            for price, quantity, orders in one[name]}
