# SPDX-License-Identifier: Apache-2.0
"""`ridley decode` and `ridley book` on PITCH and DEEP against a reader written from the publishers'
tables, tshark with the dissector, and dictionaries for books: every recorded capture, and what
captures say that were made for it."""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
BUILD = Path(os.environ.get("RIDLEY_BUILD_FOLDER", ROOT / "build"))
SCRIPT = BUILD / "schema" / "ridley.lua"
CAPTURES = (Path(os.environ.get("RIDLEY_SHARED_DATA", ROOT / "../shared/data")) / "exchange-pcap")
sys.path[:0] = [str(ROOT / "tests" / "generator"), str(ROOT / "tests" / "support")]

import feed_reader  # noqa: E402
import feed_tables  # noqa: E402
import packets  # noqa: E402
from offline_tool import RIDLEY, ridley  # noqa: E402

ADDED = {"seq", "type", "protocol", "message", "unit"}


def captures():
    found = [path for folder in ("Cboe", "Iex") if (CAPTURES / folder).exists()
             for path in sorted((CAPTURES / folder).glob("*/*.pcap"))
             if "Csm" not in path.parent.name and "Boe" not in path.parent.name]
    return found


@unittest.skipUnless(RIDLEY.exists(), f"{RIDLEY} is not built")
class MadeCaptures(unittest.TestCase):
    def every_message(self, name):
        messages, before = feed_tables.FEEDS[name]
        for kind, size, layout in messages:
            message = bytearray(feed_tables.pattern(kind, size, before))
            if before:
                message[0] = size
            yield kind, bytes(message), feed_tables.decode(message, layout, before)[0]

    def test_every_type_is_read_as_the_tables_say(self):
        for name in feed_tables.FEEDS:
            wanted = list(self.every_message(name))
            messages = [message for _, message, _ in wanted]
            packet = packets.unit(messages, 41, 7) if name == "pitch" else packets.iex(messages, 41)
            code, found, errors = ridley("decode", "-", "--json",
                                         given=packets.pcap([packets.udp(packet)]))
            self.assertEqual((code, errors), (0, ""))
            self.assertEqual(len(found), len(wanted))
            for number, (one, (kind, _, fields)) in enumerate(zip(found, wanted), 41):
                self.assertEqual(one["seq"], number)
                self.assertEqual(one["type"], f"0x{kind:02x}" if name == "pitch" else kind)
                self.assertEqual({key: one[key] for key in one if key not in ADDED}, fields)
                self.assertEqual(one.get("unit"), 7 if name == "pitch" else None)

    def test_several_protocols_in_one_capture_are_each_read(self):
        deep = [message for _, message, _ in self.every_message("deep")][:2]
        frames = [packets.udp(packets.unit([packets.pitch(0x20, "I", 34_200)], 1), 30_001),
                  packets.udp(packets.iex(deep, 1), 10_378),
                  packets.udp(packets.mold([b"D" + bytes(18)]), 26_400)]
        code, found, errors = ridley("decode", "-", "--json", given=packets.pcap(frames))
        self.assertEqual((code, errors), (0, ""))
        self.assertEqual([one["protocol"] for one in found], ["pitch", "deep", "deep", "itch"])
        # The books are of one feed: the first one, or the one that was asked for.
        code, found, errors = ridley("book", "-", "--json", given=packets.pcap(frames))
        self.assertEqual((code, found[-1]["messages"]), (0, 1))
        self.assertIn("1 packets are of iex-deep and were left out: --protocol iex-deep", errors)
        code, found, errors = ridley("book", "-", "--json", "--protocol", "iex-deep",
                                     given=packets.pcap(frames))
        self.assertEqual((code, found[-1]["messages"]), (0, 2))

    def test_what_fits_no_protocol_is_said(self):
        given = packets.pcap([packets.udp(b"\1\2\3\4\5")])
        code, _, errors = ridley("decode", "-", given=given)
        self.assertEqual(code, 65)
        self.assertIn("fits no protocol of itch, pitch, iex-deep", errors)
        code, _, errors = ridley("book", "-", given=given)
        self.assertEqual(code, 65)
        self.assertIn("1 datagrams fit no protocol of itch, pitch, iex-deep", errors)
        code, _, errors = ridley("decode", "-", "--protocol", "pitch", given=given)
        self.assertEqual(code, 65)
        self.assertIn("shorter than a sequenced unit header", errors)

    def test_the_card_decodes_itch_alone(self):
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(packets.pcap([packets.udp(packets.unit([packets.pitch(0x20, "I", 1)], 1))]))
            file.flush()
            for words in ((), ("--protocol", "pitch")):
                code, _, errors = ridley("decode", file.name, "--engine", "rtl", *words)
                self.assertIn(code, (64, 65))
                self.assertIn("--engine rtl decodes itch alone", errors)


@unittest.skipUnless(RIDLEY.exists(), f"{RIDLEY} is not built")
@unittest.skipUnless(captures(), f"needs the recorded captures in {CAPTURES}")
class RecordedCaptures(unittest.TestCase):
    def test_every_message_is_read_as_the_tables_say(self):
        messages = 0
        for path in captures():
            with self.subTest(path=path):
                reading = feed_reader.Reading(path)
                code, found, errors = ridley("decode", path, "--json")
                self.assertEqual(code, 65 if reading.short or reading.strangers else 0, errors)
                self.assertEqual(errors.count("is malformed"), reading.short)
                counts = Counter((one["protocol"], one["type"].lower(), one["message"] != "unknown")
                                 for one in found)
                self.assertEqual(counts, Counter({
                    (name, kind if name == "pitch" else kind.lower(), known): count
                    for (name, kind, known), count in self.lower(reading.counts).items()}))
                known = [(one["protocol"], one["seq"],
                          {key: one[key] for key in one if key not in ADDED})
                         for one in found if one["message"] != "unknown"]
                self.assertEqual(known, [(name, number, fields)
                                         for name, number, _, fields in reading.messages])
                messages += len(found)
        self.assertGreater(messages, 900)

    @staticmethod
    def lower(counts):
        """A letter that means different things in two sizes counts as one here."""
        sums = Counter()
        for (name, kind, known), count in counts.items():
            sums[(name, kind.lower(), known)] += count
        return sums

    def test_the_count_by_type_is_the_same(self):
        for path in captures():
            reading = feed_reader.Reading(path)
            _, found, _ = ridley("decode", path, "--json", "--count")
            ours = {(one["protocol"], one["type"], one["message"] != "unknown"): one["messages"]
                    for one in found if one["message"] != "heartbeat"}
            self.assertEqual(ours, dict(reading.counts), path)
            self.assertEqual({one["protocol"]: one["messages"] for one in found
                              if one["message"] == "heartbeat"}, dict(reading.heartbeats), path)

    def merged(self, folder, name):
        """All captures of a venue whose messages are all as long as their types, in one file."""
        chosen = [path for path in captures()
                  if path.parts[-3] == name and not feed_reader.Reading(path).short]
        merged = Path(folder) / f"{name}.pcap"
        subprocess.run(["mergecap", "-a", "-F", "pcap", "-w", merged, *chosen], check=True,
                       capture_output=True)
        return merged

    @unittest.skipUnless(shutil.which("tshark") and shutil.which("mergecap"),
                         "tshark and mergecap are not installed")
    def test_the_dissector_reads_the_same(self):
        columns = {"pitch": ["type", "order_id", "time_offset"],
                   "deep": ["type", "symbol", "timestamp", "size", "trade_id"]}
        for venue, name in (("Cboe", "pitch"), ("Iex", "deep")):
            with tempfile.TemporaryDirectory() as folder:
                path = self.merged(folder, venue)
                command = ["tshark", "-X", f"lua_script:{SCRIPT}", "-r", path, "-T", "fields",
                           "-E", "occurrence=a", "-E", "aggregator=|",
                           "-o", "ridley_sequenced_unit.guess:TRUE",
                           "-o", "ridley_iextp.guess:TRUE"]
                for column in columns[name]:
                    command += ["-e", f"ridley.{name}.{column}"]
                rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout
                _, found, _ = ridley("decode", path, "--json")
                theirs = [row.split("\t") for row in rows.split("\n") if row]
                for index, column in enumerate(columns[name]):
                    shown = [value for row in theirs for value in row[index].split("|") if value]
                    ours = [str(one[column]) for one in found if one.get(column, "") != ""]
                    self.assertEqual(shown, ours, column)
                    self.assertGreater(len(ours), 3, column)

    @unittest.skipUnless(shutil.which("mergecap"), "mergecap is not installed")
    def test_the_other_form_of_capture_reads_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            for venue in ("Cboe", "Iex"):
                merged = self.merged(folder, venue)
                other = merged.with_suffix(".pcapng")
                subprocess.run(["editcap", "-F", "pcapng", merged, other], check=True,
                               capture_output=True)
                wanted = ridley("decode", merged, "--json")
                self.assertEqual(wanted[0], 0)
                self.assertEqual(ridley("decode", other, "--json")[:2], wanted[:2], venue)

    def test_books_of_the_equities_are_those_of_dictionaries(self):
        for path in captures():
            if "Byx.Equities" not in path.parent.name:
                continue
            orders = feed_reader.Orders()
            for _, _, kind, fields in feed_reader.Reading(path).messages:
                orders.apply(kind, fields)
            code, found, _ = ridley("book", path, "--json")
            self.assertEqual(code, 0)
            self.assertEqual(feed_reader.levels_of(found[:-1]), orders.levels(), path)
            self.assertEqual(found[-1]["unknown_orders"], orders.unknown)
            self.assertEqual(found[-1]["crossed"], 0)


if __name__ == "__main__":
    unittest.main()
