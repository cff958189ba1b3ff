# SPDX-License-Identifier: Apache-2.0
"""Packets of CME MDP 3.0 made by hand from the sheet's offsets, and order-by-order recordings (DBN)
as the channel would have sent them: a snapshot in chunks, then live by order and by price."""

import struct
import subprocess
from pathlib import Path

NO_PRICE, NO_SIZE, NO_PRIORITY = (1 << 63) - 1, (1 << 31) - 1, (1 << 64) - 1
END = 0x80
LIVE_IP, SNAPSHOT_IP = bytes([224, 0, 31, 1]), bytes([224, 0, 31, 43])


def packet(messages, sequence, time_ns=1_715_126_399 * 10**9):
    return struct.pack("<IQ", sequence, time_ns) + b"".join(messages)


def message(template, block, groups=b"", version=13):
    size = 10 + len(block) + len(groups)
    return struct.pack("<HHHHH", size, len(block), template, 1, version) + block + groups


def group(entries, size, header=3):
    return struct.pack("<H", size) + bytes(header - 3) + bytes([len(entries)]) + b"".join(entries)


def incremental(template, groups, indicator=END, time_ns=7):
    return message(template, struct.pack("<QBH", time_ns, indicator, 0), groups)


def level(kind, security, price, size, orders, position, action, rpt_seq=1):
    return struct.pack("<qiiIiBBciB", price, size, security, rpt_seq, orders, position, action,
                       kind, NO_SIZE, 0)


def book(levels, orders=(), indicator=END, time_ns=7):
    return incremental(46, group(levels, 32) + group(orders, 24, 8), indicator, time_ns)


def order(kind, security, number, price, quantity, action, priority):
    return struct.pack("<QQqiiBcHI", number, priority, price, quantity, security, action, kind,
                       0, 0)


def orders(entries, indicator=END, time_ns=7):
    return incremental(47, group(entries, 40), indicator, time_ns)


def order_snapshot(last, security, all_orders, most):
    """Messages of template 53, with at most so many orders each."""
    entries = [struct.pack("<QQqic", number, priority, price, quantity, kind)
               for number, priority, price, quantity, kind in all_orders]
    chunks = [entries[at:at + most] for at in range(0, len(entries), most)] or [[]]
    return [message(53, struct.pack("<IIiIIQ", last, 1, security, len(chunks), number, 5),
                    group(chunk, 29)) for number, chunk in enumerate(chunks, 1)]


def level_snapshot(last, security, sides, state=17):
    """A message of template 52 with (price, size, orders) of both sides, the best first."""
    entries = [struct.pack("<qiibHBBc", price, size, count, position, 0, 255, 0, kind)
               for kind, levels in sides for position, (price, size, count) in enumerate(levels, 1)]
    return message(52, struct.pack("<IIiIQQHBqqq", last, 1, security, 1, 5, 5, 0, state, NO_PRICE,
                                   NO_PRICE, NO_PRICE), group(entries, 22))


class Recording:
    """An order-by-order recording of one instrument: what rested at its beginning, then events of
    changes. Every change is (action of MDP, order id, side, price, quantity)."""

    SNAPSHOT, LAST = 0x20, 0x80

    def __init__(self, path):
        data = subprocess.run(["zstd", "-dc", str(path)], capture_output=True, check=True).stdout
        self.live = {}        # order id: [side, price, quantity, priority]
        self.resting = None   # the same at the end of the recording's own snapshot
        self.events = []
        self.security = 0
        self.priority = 0
        changes, at = [], 8 + struct.unpack("<I", data[4:8])[0]
        while at < len(data):
            size, kind = data[at] * 4, data[at + 1]
            if kind == 0xA0:
                self.security, _, number, price, quantity = struct.unpack("<IQQqI",
                                                                          data[at + 4:at + 36])
                flags, action, side = data[at + 36], chr(data[at + 38]), chr(data[at + 39])
                changes += self.apply(action, side, number, price, quantity)
                if flags & self.LAST:
                    if flags & self.SNAPSHOT:
                        self.resting = {one: list(left) for one, left in self.live.items()}
                    else:
                        self.events.append(changes)
                    changes = []
            at += size

    def apply(self, action, side, number, price, quantity):
        kind = {"B": b"0", "A": b"1"}.get(side)
        if action == "R":
            self.live.clear()
        if action in "AM" and kind:
            left = self.live.get(number)
            if left is None or left[1] != price or left[2] < quantity:
                self.priority += 1
            self.live[number] = [kind, price, quantity,
                                 self.priority if left is None or left[1] != price
                                 or left[2] < quantity else left[3]]
            return [(0 if left is None else 1, number, *self.live[number])]
        if action == "C" and number in self.live:
            left = self.live[number]
            left[2] -= min(quantity, left[2])
            change = (1 if left[2] else 2, number, *left)
            if not left[2]:
                del self.live[number]
            return [change]
        return []


def levels_of(live):
    """{(side, price): [quantity, orders]} of order id: [side, price, quantity, ...]."""
    levels = {}
    for side, price, quantity, *_ in live.values():
        level = levels.setdefault((side, price), [0, 0])
        level[0] += quantity
        level[1] += 1
    return levels


class LevelFeed:
    """The ten best levels of a book, and the entries that lead from one state of it to the next."""

    DEPTH = 10

    def __init__(self, security):
        self.security = security
        self.shown = {b"0": [], b"1": []}  # (price, quantity, orders)

    def best(self, side, levels):
        found = sorted(((price, *left) for (kind, price), left in levels.items() if kind == side),
                       reverse=side == b"0")
        return found[:self.DEPTH]

    def begin(self, levels):
        for side in self.shown:
            self.shown[side] = self.best(side, levels)
        return list(self.shown.items())

    def change_to(self, levels):
        entries = []
        for side in self.shown:
            entries += self.change_side(side, levels)
        return entries

    def change_side(self, side, levels):
        entries, shown = [], self.shown[side]

        def tell(action, index, place):
            price, quantity, orders = place
            entries.append(level(side, self.security, price, quantity, orders, index + 1, action))

        for place in list(shown):
            if (side, place[0]) not in levels:
                tell(2, shown.index(place), place)
                shown.remove(place)
        for index, place in enumerate(self.best(side, levels)):
            there = [one[0] for one in shown]
            if place[0] not in there:
                tell(0, index, place)
                shown.insert(index, place)
                del shown[self.DEPTH:]
            elif shown[index] != place:
                tell(1, index, place)
                shown[index] = place
        return entries


def recording_path(data, name):
    return Path(data) / "databento" / name
