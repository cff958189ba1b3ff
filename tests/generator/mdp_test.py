# SPDX-License-Identifier: Apache-2.0
"""`ridley decode` and `ridley book` on CME MDP 3.0: recorded captures against a reader that follows
the exchange's own schema file, and order-by-order recordings of a future against dictionaries, by
order and by price, live and joined from snapshots."""

import os
import shutil
import struct
import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
BUILD = Path(os.environ.get("RIDLEY_BUILD_FOLDER", ROOT / "build"))
DATA = Path(os.environ.get("RIDLEY_SHARED_DATA", ROOT / "../shared/data"))
CAPTURES = DATA / "exchange-pcap" / "Cme"
SCHEMA = DATA / "sbe" / "schemas" / "templates_FixBinary.xml"
sys.path[:0] = [str(ROOT / "tests" / "generator"), str(ROOT / "tests" / "support")]

import feed_reader  # noqa: E402
import mdp_packets  # noqa: E402
import packets  # noqa: E402
import sbe_reader  # noqa: E402
from mdp_packets import LevelFeed, Recording, book, level, levels_of, order, orders  # noqa: E402
from offline_tool import RIDLEY, ridley  # noqa: E402

UNIT = 100_000  # of a price of MDP in one of ours
DAY = DATA / "databento" / "orderbooks_mbo_2024-05-08T00-00-00_2024-05-08T00-00-02.dbn.zst"
NIGHT = DATA / "databento" / "esh4-glbx-mdp3-20231224.mbo.dbn.zst"
READABLE = DAY.exists() and NIGHT.exists() and shutil.which("zstd")


def udp(payload, group=mdp_packets.LIVE_IP, port=14_310):
    frame = bytearray(packets.udp(payload, port))
    frame[30:34] = group
    return bytes(frame)


def capture(parts):
    """Of (group, packet)."""
    return packets.pcap([udp(payload, group) for group, payload in parts])


def live(sequence, *messages):
    return mdp_packets.LIVE_IP, mdp_packets.packet(messages, sequence)


def snapshot(*messages):
    return mdp_packets.SNAPSHOT_IP, mdp_packets.packet(messages, 1)


def in_ours(levels, symbol):
    return {(symbol, {b"0": "B", b"1": "S"}[side], price // UNIT): list(left)
            for (side, price), left in levels.items()}


@unittest.skipUnless(RIDLEY.exists(), f"{RIDLEY} is not built")
class MadePackets(unittest.TestCase):
    def test_a_message_is_printed_with_its_entries(self):
        message = book([level(b"0", 7, 5_214_250_000_000, 3, 2, 1, 0, 77),
                        level(b"F", 8, mdp_packets.NO_PRICE, mdp_packets.NO_SIZE,
                              mdp_packets.NO_SIZE, 2, 2)],
                       [struct.pack("<QQiBBH", 9, 5, 3, 1, 0, 0)])
        code, found, errors = ridley("decode", "-", "--json", given=capture([live(55, message)]))
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(found, [{
            "seq": 55, "type": "46", "protocol": "mdp3", "message": "incremental_refresh_book",
            "message_size": len(message), "block_length": 11, "schema_id": 1, "version": 13,
            "transact_time": 7, "match_event_indicator": 128, "padding": 0,
            "levels": [
                {"price": 5_214_250_000_000, "size": 3, "security_id": 7, "rpt_seq": 77,
                 "number_of_orders": 2, "price_level": 1, "update_action": 0, "entry_type": "0",
                 "padding": 0},
                {"security_id": 8, "rpt_seq": 1, "price_level": 2, "update_action": 2,
                 "entry_type": "F", "padding": 0}],
            "orders": [{"order_id": 9, "order_priority": 5, "display_quantity": 3,
                        "reference_id": 1, "order_update_action": 0, "padding": 0}]}])
        text = ridley("decode", "-", given=capture([live(55, message)]))[1]
        self.assertTrue(text.startswith("55 mdp3 46 incremental_refresh_book message_size="))
        self.assertIn(" levels.1.security_id=8 ", text)
        self.assertIn(" orders.0.order_id=9 ", text)

    def test_what_has_no_layout_has_a_name_and_what_is_wrong_is_said(self):
        definition = mdp_packets.message(54, bytes(216))
        short = mdp_packets.message(46, bytes(10))
        code, found, errors = ridley("decode", "-", "--json", "--count",
                                     given=capture([live(1, definition, short)]))
        self.assertEqual(code, 65)
        self.assertEqual([(one["type"], one["message"]) for one in found],
                         [("54", "md_instrument_definition_future")])
        self.assertIn("message of type 46 with 20 bytes is malformed", errors)
        code, _, errors = ridley("decode", "-", "--protocol", "cme-mdp3",
                                 given=packets.pcap([udp(b"\1\2\3")]))
        self.assertEqual(code, 65)
        self.assertIn("shorter than a MDP header", errors)
        code, _, errors = ridley("decode", "-", "--protocol", "cme", given=b"")
        self.assertEqual(code, 64)
        self.assertIn("not in {auto,itch,pitch,iex-deep,cme-mdp3,cme-mdp3-orders}", errors)

    def test_a_capture_from_the_middle_is_in_doubt_until_its_snapshot(self):
        parts = [live(50, book([level(b"0", 7, 100 * 10**9, 5, 1, 1, 0)])),
                 live(51, book([level(b"1", 7, 101 * 10**9, 6, 1, 1, 0)]))]
        code, text, errors = ridley("book", "-", given=capture(parts))
        self.assertEqual((code, errors), (0, "book: 1 books wait for a snapshot\n"))
        self.assertIn(", stale,", text)
        parts.append(snapshot(mdp_packets.level_snapshot(
            50, 7, [(b"0", [(100 * 10**9, 5, 1), (99 * 10**9, 4, 2)])])))
        code, found, errors = ridley("book", "-", "--json", given=capture(parts))
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(feed_reader.levels_of(found[:-1]),
                         {("7", "B", 1_000_000): [5, 1], ("7", "B", 990_000): [4, 2],
                          ("7", "S", 1_010_000): [6, 1]})
        self.assertEqual(found[0]["state"], "trading")

    def test_orders_are_seen_where_they_are_asked_for(self):
        given = capture([live(1, orders([order(b"0", 7, 3, 100 * 10**9, 5, 0, 1)]))])
        self.assertIn("1 orders were not looked at: --protocol cme-mdp3-orders",
                      ridley("book", "-", given=given)[2])
        code, found, errors = ridley("book", "-", "--json", "--protocol", "cme-mdp3-orders",
                                     given=given)
        self.assertEqual((code, errors, found[-1]["live_orders"]), (0, "", 1))


@unittest.skipUnless(RIDLEY.exists(), f"{RIDLEY} is not built")
@unittest.skipUnless(READABLE, f"needs zstd, and the recordings in {DATA / 'databento'}")
class Recordings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.day = Recording(DAY)
        cls.night = Recording(NIGHT)

    def live_orders(self, recording, first):
        """One packet an event, in the order of the recording."""
        for number, changes in enumerate(recording.events, first):
            yield live(number, orders([
                order(kind, recording.security, one, price, quantity, action, priority)
                for action, one, kind, price, quantity, priority in changes]))

    def check_orders(self, recording, parts, unknown=0):
        code, found, errors = ridley("book", "-", "--json", "--protocol", "cme-mdp3-orders",
                                     given=capture(parts))
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual(feed_reader.levels_of(found[:-1]),
                         in_ours(levels_of(recording.live), str(recording.security)))
        self.assertEqual(found[-1]["live_orders"], len(recording.live))
        self.assertEqual(found[-1]["unknown_orders"], unknown)
        self.assertEqual(found[-1]["crossed"], 0)
        return found

    def snapshot_orders(self, recording):
        # As the exchange has them: not in the order of their priority.
        return sorted((one, priority, price, quantity, kind) for one, (kind, price, quantity,
                      priority) in recording.resting.items())

    def test_every_order_of_a_day_is_joined_behind_its_snapshot(self):
        day = self.day
        self.assertEqual((len(day.live), len(day.events) > 150), (13_598, True))
        all_live = list(self.live_orders(day, 1_000))
        chunks = mdp_packets.order_snapshot(999, day.security, self.snapshot_orders(day), 40)
        self.assertGreater(len(chunks), 300)
        # The line is heard for a while before the snapshot has come.
        parts = all_live[:60] + [snapshot(chunk) for chunk in chunks] + all_live[60:]
        # Before it nobody knows what had rested.
        early = sum(change[0] != 0 and change[1] in day.resting
                    for changes in day.events[:60] for change in changes)
        best = self.check_orders(day, parts, unknown=early)[0]
        self.assertEqual(best["bids"][0][:2], [52_140_000, 28])
        self.assertEqual(best["asks"][0][:2], [52_142_500, 17])

    def test_a_loss_is_repaired_by_the_next_round_of_snapshots(self):
        day = self.day
        all_live = list(self.live_orders(day, 2))
        state = Recording(DAY)
        entries = [(one, priority, price, quantity, kind)
                   for one, (kind, price, quantity, priority) in state.live.items()]
        last = len(all_live) + 1
        first = [snapshot(chunk) for chunk in
                 mdp_packets.order_snapshot(1, day.security, self.snapshot_orders(day), 60)]
        again = [snapshot(chunk) for chunk in
                 mdp_packets.order_snapshot(last, day.security, entries, 60)]
        lost = all_live[:30] + first + all_live[30:80] + all_live[90:]
        code, text, errors = ridley("book", "-", "--protocol", "cme-mdp3-orders", "--depth", "1",
                                    given=capture(lost))
        self.assertEqual(code, 0)
        self.assertIn("10 messages are missing in 1 gaps", errors)
        self.assertIn("1 books wait for a snapshot", errors)
        self.assertIn(", stale,", text)
        code, found, errors = ridley("book", "-", "--json", "--protocol", "cme-mdp3-orders",
                                     given=capture(lost + again))
        self.assertEqual((code, errors), (0, "book: 10 messages are missing in 1 gaps\n"))
        self.assertEqual(feed_reader.levels_of(found[:-1]),
                         in_ours(levels_of(day.live), str(day.security)))

    def test_a_whole_book_told_order_by_order(self):
        night = self.night
        night.events = [[(0, one, kind, price, quantity, priority)]
                        for one, (kind, price, quantity, priority) in night.live.items()]
        self.assertEqual(len(night.live), 8_725)
        self.check_orders(night, list(self.live_orders(night, 1)))

    def level_packets(self, recording, first):
        """The same events by price, and the state that they begin with."""
        feed = LevelFeed(recording.security)
        state = {one: list(left) for one, left in recording.resting.items()}
        begin = feed.begin(levels_of(state))
        frames, number = [], first
        for changes in recording.events:
            for action, one, kind, price, quantity, priority in changes:
                state[one] = [kind, price, quantity, priority]
                if action == 2:
                    del state[one]
            entries = feed.change_to(levels_of(state))
            # In two messages, of which only the second one ends the event.
            half = len(entries) // 2
            frames.append(live(number, book(entries[:half], indicator=4), book(entries[half:])))
            number += 1
        return begin, frames, feed

    def test_ten_levels_of_a_day_by_position(self):
        day = self.day
        begin, frames, feed = self.level_packets(day, 700)
        parts = (frames[:50] + [snapshot(mdp_packets.level_snapshot(699, day.security, begin))]
                 + frames[50:])
        code, found, errors = ridley("book", "-", "--json", given=capture(parts))
        self.assertEqual((code, errors), (0, ""))
        wanted = {(side, price): [quantity, count] for side, places in feed.shown.items()
                  for price, quantity, count in places}
        self.assertEqual(feed_reader.levels_of(found[:-1]), in_ours(wanted, str(day.security)))
        self.assertEqual(len(wanted), 20)
        self.assertEqual(found[-1]["crossed"], 0)
        text = ridley("book", "-", given=capture(parts))[1]
        self.assertNotIn("stale", text)
        # Nobody is shown half of what happened.
        tops = ridley("book", "-", "--json", "--top-changes", given=capture(parts))[1]
        self.assertGreater(len(tops), 30)
        for top in tops[:-1]:
            (bid, bid_size, _), (ask, ask_size, _) = top["bid"], top["ask"]
            self.assertTrue(bid < ask or not bid_size or not ask_size, top)

    def test_every_live_event_in_between_has_the_books_of_both_views(self):
        day = self.day
        _, by_level, _ = self.level_packets(day, 1)
        self.assertEqual(len(by_level), len(day.events))
        begin = LevelFeed(day.security).begin(levels_of(day.resting))
        for number in (1, 40, 90, 140, len(by_level)):
            parts = by_level[:number] + [snapshot(
                mdp_packets.level_snapshot(0, day.security, begin))]
            orders_parts = list(self.live_orders(day, 1))[:number] + [
                snapshot(chunk) for chunk in
                mdp_packets.order_snapshot(0, day.security, self.snapshot_orders(day), 80)]
            # Numbers from 2 on: the first packet would say that nothing is missing.
            code, one, _ = ridley("book", "-", "--json", "--depth", "10",
                                  given=capture(self.renumber(parts)))
            self.assertEqual(code, 0)
            code, other, _ = ridley("book", "-", "--json", "--depth", "10", "--protocol",
                                    "cme-mdp3-orders", given=capture(self.renumber(orders_parts)))
            self.assertEqual(code, 0)
            for side in ("bids", "asks"):
                self.assertEqual(one[0][side], other[0][side], number)

    @staticmethod
    def renumber(parts):
        moved = []
        for group, payload in parts:
            if group == mdp_packets.LIVE_IP:
                sequence, = struct.unpack_from("<I", payload)
                payload = struct.pack("<I", sequence + 100) + payload[4:]
            else:
                payload = payload[:22] + struct.pack("<I", 100) + payload[26:]
            moved.append((group, payload))
        return moved


@unittest.skipUnless(RIDLEY.exists(), f"{RIDLEY} is not built")
@unittest.skipUnless(CAPTURES.exists() and SCHEMA.exists(),
                     f"needs the captures in {CAPTURES} and the exchange's schema file {SCHEMA}")
class Captures(unittest.TestCase):
    # The exchange's name of a field that tells nothing, and ours.
    HEADER = {"seq", "type", "protocol", "message", "message_size", "block_length", "schema_id",
              "version"}
    PADDING = {"padding", "second_padding"}

    @classmethod
    def setUpClass(cls):
        cls.schema = sbe_reader.Schema(SCHEMA)

    def paths(self):
        return [path for path in sorted(CAPTURES.glob("Mdp3*/*.pcap"))
                if any(True for _ in feed_reader.datagrams(path))]

    def values(self, message):
        return [value for name, value in message.items()
                if name not in self.HEADER | self.PADDING and not isinstance(value, list)]

    def test_every_message_is_what_the_exchanges_schema_makes_of_it(self):
        compared = 0
        for path in self.paths():
            code, found, errors = ridley("decode", path, "--json")
            self.assertEqual((code, errors), (0, ""), path)
            theirs = [one for _, payload in feed_reader.datagrams(path)
                      for one in sbe_reader.messages_of(payload)]
            self.assertEqual(len(found), len(theirs))
            for ours, (sequence, message) in zip(found, theirs):
                template = struct.unpack_from("<H", message, 4)[0]
                self.assertEqual((ours["seq"], ours["type"]), (sequence, str(template)))
                if "bytes" in ours:
                    self.assertEqual(ours["bytes"], message.hex())
                    continue
                values, groups = self.schema.read(message)
                self.assertEqual(self.values(ours), [value for _, value in values])
                lists = [value for value in ours.values() if isinstance(value, list)]
                for entries, wanted in zip(lists, groups):
                    self.assertEqual(len(entries), len(wanted))
                    for entry, one in zip(entries, wanted):
                        # Ours may have fields of later versions behind.
                        self.assertEqual(self.values(entry)[:len(one)],
                                         [value for _, value in one])
                    compared += len(wanted)
        self.assertGreater(compared, 40)

    @unittest.skipUnless(shutil.which("tshark"), "tshark is not installed")
    def test_the_dissector_reads_the_same(self):
        columns = ["mdp_packet.sequence", "mdp3.type", "mdp3.order_id", "mdp3.rpt_seq",
                   "mdp3.match_event_indicator", "mdp3.security_id"]
        script = BUILD / "schema" / "ridley.lua"
        for path in self.paths():
            command = ["tshark", "-X", f"lua_script:{script}", "-r", path, "-T", "fields", "-E",
                       "occurrence=a", "-E", "aggregator=|", "-o", "ridley_mdp_packet.guess:TRUE"]
            for column in columns:
                command += ["-e", f"ridley.{column}"]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            self.assertNotIn("Lua", done.stdout + done.stderr)
            _, found, _ = ridley("decode", path, "--json")
            shown = [value.split("|") if value else [] for value in
                     done.stdout.rstrip("\n").split("\t")]
            self.assertEqual(set(shown[0]), {str(one["seq"]) for one in found})
            self.assertEqual(shown[1], [one["type"] for one in found])
            for index, name in enumerate(columns[2:], 2):
                key = name.removeprefix("mdp3.")
                self.assertEqual(shown[index], [str(value) for one in found
                                                for value in self.all_of(one, key)], name)

    def all_of(self, message, key):
        """Values of a field, in the message and then in its entries."""
        found = [message[key]] if key in message else []
        for value in message.values():
            if isinstance(value, list):
                found += [entry[key] for entry in value if key in entry]
        return found

    def test_layouts_are_those_of_the_exchange(self):
        """Offsets and sizes of every template that the table has, in the version of the file."""
        sys.path.insert(0, str(ROOT / "scripts"))
        from schema_tools.load import load  # pylint: disable=import-outside-toplevel
        table = load(ROOT / "schema" / "messages" / "mdp3.toml")
        parts = {one.name: one for one in table.messages if one.part}
        checked = 0
        for one in table.messages:
            # Sessions of the replay service are known by name.
            theirs = self.schema.messages.get(one.type)
            if one.part or theirs is None or one.type in (4, 15, 16):
                continue
            self.same_layout(one, 10, theirs)
            for group, (_, header, entry) in zip(one.groups, theirs.groups):
                self.assertEqual(group.header, header, one.name)
                self.same_layout(parts[group.part], 0, entry)
            checked += 1
        self.assertEqual(checked, 11)

    def same_layout(self, message, before, part):
        """Ours may have fields of later versions behind."""
        ours = [(one.at - before, one.size, one.null) for one in message.fields
                if one.at >= before and one.name not in self.PADDING]
        theirs = [(offset, struct.calcsize(kind.form), kind.null) for _, offset, kind in
                  part.fields]
        self.assertEqual(ours[:len(theirs)], theirs, message.name)

    def test_books_are_made_of_the_recorded_packets(self):
        path = CAPTURES / "Mdp3.Sbe.v1.9" / "MdIncrementalRefreshBook.pcap"
        code, found, errors = ridley("book", path, "--json")
        self.assertEqual(code, 0)
        self.assertIn("books wait for a snapshot", errors)
        self.assertEqual(found[-1]["messages"], 2)
        _, text, _ = ridley("decode", path, "--engine", "cpp", "--count")
        self.assertIn("price_level", text)
        self.assertIn("event_end", text)
        self.assertIn("doubt", text)


if __name__ == "__main__":
    unittest.main()
