# SPDX-License-Identifier: Apache-2.0
"""Books of PITCH and DEEP against dictionaries: days made by a seed, with losses and two lines."""

import os
import random
import struct
import sys
import unittest
from collections import Counter
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
sys.path[:0] = [str(ROOT / "tests" / "generator"), str(ROOT / "tests" / "support")]

import feed_reader  # noqa: E402
import feed_tables  # noqa: E402
import packets  # noqa: E402
from offline_tool import RIDLEY, ridley  # noqa: E402
from packets import iex, pitch, unit  # noqa: E402


class Day:
    """A day of one PITCH exchange, made by a seed: orders in two units that never cross."""

    SYMBOLS = ["AAPL", "MSFT", "ZVZZT", "BRK.B", "IWM", "SPY"]

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.orders = feed_reader.Orders()
        self.next_id = 1000
        self.mine = {1: {}, 2: {}}  # unit: {order id: [symbol, side, quantity, price]}

    def price(self, side):
        return self.random.randint(9_000, 9_999) if side == b"B" else self.random.randint(
            10_001, 11_000)

    def add(self, number):
        self.next_id += self.random.randint(1, 9)
        side = self.random.choice([b"B", b"S"])
        symbol = self.random.choice(self.SYMBOLS[number - 1::2])
        quantity, price = self.random.randint(1, 900), self.price(side)
        self.mine[number][self.next_id] = [symbol, side, quantity, price]
        form = self.random.randrange(3)
        if form == 0:
            return pitch(0x22, "IQcH6sHB", 1, self.next_id, side, quantity,
                         symbol.ljust(6).encode(), price, 1)
        if form == 1:
            return pitch(0x21, "IQcI6sQB", 1, self.next_id, side, quantity,
                         symbol.ljust(6).encode(), price * 100, 1)
        return pitch(0x2F, "IQcI8sQB4sc", 1, self.next_id, side, quantity,
                     symbol.ljust(8).encode(), price * 100, 1, b"MPID", b"N")

    def change(self, number):
        mine = self.mine[number]
        order = self.random.choice(list(mine))
        left = mine[order]
        what = self.random.randrange(7)
        part = self.random.randint(1, left[2])
        if what == 0:
            left[2] -= part
            message = pitch(0x23, "IQIQ", 1, order, part, 9)
        elif what == 1:
            remaining = self.random.randint(0, left[2] - part)
            left[2] = remaining
            message = pitch(0x24, "IQIIQQ", 1, order, part, remaining, 9, left[3] * 100)
        elif what == 2:
            left[2] -= part
            message = pitch(0x25, "IQI", 1, order, part)
        elif what == 3:
            left[2] -= part
            message = pitch(0x26, "IQH", 1, order, part)
        elif what in (4, 5):
            keeps = self.random.choice([0, 2])
            left[2] = self.random.randint(1, 900)
            if not keeps:
                left[3] = self.price(left[1])
            message = (pitch(0x27, "IQIQB", 1, order, left[2], left[3] * 100, keeps) if what == 4
                       else pitch(0x28, "IQHHB", 1, order, left[2], left[3], keeps))
        else:
            left[2] = 0
            message = pitch(0x29, "IQ", 1, order)
        if left[2] == 0:
            del mine[order]
        return message

    def packets(self, count):
        """(unit, first number, messages) of packets in both units."""
        sequence = {1: 1, 2: 1}
        for _ in range(count):
            number = self.random.choice([1, 2])
            messages = []
            if sequence[number] == 1:
                messages.append(pitch(0x20, "I", 34_200))
                for symbol in self.SYMBOLS[number - 1::2]:
                    messages.append(pitch(0x31, "I8scccc", 1, symbol.ljust(8).encode(), b"T",
                                          b"0", b" ", b" "))
            for _ in range(self.random.randint(1, 12)):
                few = len(self.mine[number]) < 5
                messages.append(self.add(number) if few or self.random.random() < 0.45
                                else self.change(number))
            yield number, sequence[number], messages
            sequence[number] += len(messages)


@unittest.skipUnless(RIDLEY.exists(), f"{RIDLEY} is not built")
class PitchDays(unittest.TestCase):
    def read(self, day, frames):
        for message in (one for _, _, messages in frames for one in messages):
            layout = {kind: layout for kind, _, layout in feed_tables.PITCH}[message[1]]
            day.orders.apply(message[1],
                             feed_tables.decode(message, layout, "message_length:n1")[0])

    def capture(self, frames):
        return packets.pcap([packets.udp(unit(messages, first, number))
                             for number, first, messages in frames])

    def test_books_are_those_of_dictionaries(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                day = Day(seed)
                frames = list(day.packets(400))
                self.read(day, frames)
                self.assertEqual(day.orders.unknown, 0)
                code, found, errors = ridley("book", "-", "--json", given=self.capture(frames))
                self.assertEqual((code, errors), (0, ""))
                self.assertEqual(feed_reader.levels_of(found[:-1]), day.orders.levels())
                self.assertEqual(found[-1]["crossed"], 0)
                self.assertEqual(found[-1]["unknown_orders"], 0)
                self.assertEqual(found[-1]["live_orders"], len(day.orders.live))
                self.assertEqual({one["state"] for one in found[:-1]}, {"trading"})
                for one in found[:-1]:
                    self.assertTrue(all(quantity > 0 for _, quantity, _ in
                                        one["bids"] + one["asks"]))

    def test_a_second_line_changes_nothing(self):
        day = Day(4)
        frames = [frame for frame in day.packets(100) for _ in range(2)]
        code, found, errors = ridley("book", "-", "--json", given=self.capture(frames))
        self.assertEqual((code, errors), (0, ""))
        self.read(day, frames[::2])
        self.assertEqual(feed_reader.levels_of(found[:-1]), day.orders.levels())

    def test_a_loss_makes_the_books_of_its_unit_stale_and_no_other(self):
        day = Day(5)
        frames = list(day.packets(120))
        lost = next(index for index in range(60, 120) if frames[index][0] == 2)
        missing = len(frames[lost][2])
        kept = frames[:lost] + frames[lost + 1:]
        given = self.capture(kept)
        code, _, errors = ridley("book", "-", given=given)
        self.assertEqual(code, 0)
        self.assertEqual(errors, f"book: {missing} messages are missing in 1 gaps\n")
        text = ridley("book", "-", given=given)[1]
        stale = {line.split()[0] for line in text.splitlines() if ", stale," in line}
        self.assertEqual(stale, set(Day.SYMBOLS[1::2]))
        _, events, _ = ridley("decode", "-", "--json", "--engine", "cpp", given=given)
        doubts = [one for one in events if one.get("kind") == "doubt"]
        self.assertEqual({one["tracking_number"] for one in doubts}, {2})
        self.assertEqual({one["missing_count"] for one in doubts}, {missing})

    def test_the_events_are_the_messages(self):
        day = Day(6)
        frames = list(day.packets(60))
        kinds = {0x21: "add_order", 0x22: "add_order", 0x2F: "add_order", 0x23: "execute_order",
                 0x24: "execute_order_leaving", 0x25: "cancel_order", 0x26: "cancel_order",
                 0x27: "modify_order", 0x28: "modify_order", 0x29: "delete_order",
                 0x31: "trading_action"}
        wanted = Counter(kinds[message[1]] for _, _, messages in frames for message in messages
                         if message[1] in kinds)
        wanted["directory"] = len(Day.SYMBOLS)
        wanted["short_sale_restriction"] = wanted["trading_action"]
        code, found, _ = ridley("decode", "-", "--json", "--count", "--engine", "cpp",
                                given=self.capture(frames))
        self.assertEqual(code, 0)
        self.assertEqual({one["kind"]: one["count"] for one in found if one["record"] == "event"},
                         dict(wanted))


@unittest.skipUnless(RIDLEY.exists(), f"{RIDLEY} is not built")
class DeepDays(unittest.TestCase):
    def level(self, side, flags, symbol, size, price):
        return struct.pack("<cBq8sIq", b"8" if side == "B" else b"5", flags, 1,
                           symbol.ljust(8).encode(), size, price)

    def day(self, seed, count):
        """Segments and the levels at their end: takers cross the book inside of an event."""
        dice = random.Random(seed)
        levels = {}
        messages = [struct.pack("<ccq8s4s", b"H", b"T", 1, symbol.ljust(8).encode(), b"    ")
                    for symbol in Day.SYMBOLS]

        def put(flags, symbol, side, price, size):
            messages.append(self.level(side, flags, symbol, size, price))
            if size:
                levels[(symbol, side, price)] = [size, 1]
            else:
                levels.pop((symbol, side, price), None)

        for _ in range(count):
            symbol, side = dice.choice(Day.SYMBOLS), dice.choice("BS")
            offers = sorted(price for one, way, price in levels if one == symbol and way == "S")
            if offers and dice.random() < 0.2:
                # A buyer takes the best offer and rests at its price.
                put(0, symbol, "B", offers[0], dice.randint(1, 50))
                messages.append(struct.pack("<cBq8sIqQ", b"T", 0, 1, symbol.ljust(8).encode(), 5,
                                            offers[0], 3))
                put(1, symbol, "S", offers[0], 0)
                # Then it leaves, so that the prices stay apart.
                put(1, symbol, "B", offers[0], 0)
                continue
            price = dice.randint(90, 99) if side == "B" else dice.randint(101, 110)
            put(1, symbol, side, price * 100, dice.choice([0, dice.randint(1, 999)]))
        return messages, levels

    def segments(self, messages, sizes):
        packed, at, offset = [], 0, 0
        while at < len(messages):
            some = messages[at:at + sizes()]
            packet = iex(some, at + 1, offset)
            offset += len(packet) - 40
            packed.append(packets.udp(packet))
            at += len(some)
        return packed

    def test_levels_are_those_of_dictionaries_and_nobody_sees_half_an_event(self):
        for seed in (1, 2, 3):
            with self.subTest(seed=seed):
                messages, levels = self.day(seed, 1500)
                dice = random.Random(seed)
                given = packets.pcap(self.segments(messages, lambda: dice.randint(1, 20)))
                code, found, errors = ridley("book", "-", "--json", given=given)
                self.assertEqual((code, errors), (0, ""))
                self.assertEqual(feed_reader.levels_of(found[:-1]), levels)
                self.assertEqual(found[-1]["crossed"], 0)
                _, tops, _ = ridley("book", "-", "--json", "--top-changes", given=given)
                self.assertGreater(len(tops), 300)
                for top in tops[:-1]:
                    (bid, bid_size, _), (ask, ask_size, _) = top["bid"], top["ask"]
                    self.assertTrue(bid < ask or not bid_size or not ask_size, top)

    def test_a_segment_that_is_lost_makes_every_book_stale(self):
        messages, _ = self.day(4, 300)
        given = packets.pcap([frame for index, frame in
                              enumerate(self.segments(messages, lambda: 10)) if index != 7])
        code, _, errors = ridley("book", "-", given=given)
        self.assertEqual((code, errors), (0, "book: 10 messages are missing in 1 gaps\n"))
        text = ridley("book", "-", given=given)[1]
        heads = [line for line in text.splitlines() if "(locate " in line]
        self.assertTrue(heads and all(", stale," in line for line in heads))


if __name__ == "__main__":
    unittest.main()
