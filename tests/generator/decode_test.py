# SPDX-License-Identifier: Apache-2.0
"""`ridley decode` against two other opinions: the typed tables, and tshark with the dissector."""

import gzip
import json
import lzma
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(os.environ.get("RIDLEY_SOURCE_FOLDER", Path(__file__).parents[2]))
BUILD = Path(os.environ.get("RIDLEY_BUILD_FOLDER", ROOT / "build"))
RIDLEY = BUILD / "src" / "app" / "ridley"
SCRIPT = BUILD / "schema" / "ridley.lua"
NASDAQ = (Path(os.environ.get("RIDLEY_SHARED_DATA", ROOT / "../shared/data"))
          / "exchange-pcap" / "Nasdaq")
sys.path.insert(0, str(ROOT / "tests" / "generator"))

import packets  # noqa: E402
import spec_tables  # noqa: E402

ADDED = {"seq", "protocol", "message"}


def decode(*words, given=None):
    return subprocess.run([RIDLEY, "decode", *words], input=given, capture_output=True,
                          check=False)


def objects(text):
    return [json.loads(line) for line in text.splitlines()]


@unittest.skipUnless(RIDLEY.exists(), f"{RIDLEY} is not built")
class Decode(unittest.TestCase):
    def itch_day(self, prefix=True):
        return b"".join(
            (struct.pack(">H", size) if prefix else b"\0\0") + spec_tables.pattern(kind, size)
            for kind, size, _ in spec_tables.ITCH)

    def check_itch(self, text):
        found = objects(text)
        self.assertEqual(len(found), len(spec_tables.ITCH))
        for number, (one, (kind, size, layout)) in enumerate(zip(found, spec_tables.ITCH), 1):
            expected, _ = spec_tables.decode(spec_tables.pattern(kind, size), layout)
            self.assertEqual(one["seq"], number)
            self.assertEqual({key: one[key] for key in one if key not in ADDED}, expected)

    def test_every_itch_type_from_every_form_of_file(self):
        for prefix in (True, False):
            plain = self.itch_day(prefix)
            for packed in (plain, gzip.compress(plain), lzma.compress(plain)):
                done = decode("-", "--json", given=packed)
                self.assertEqual((done.returncode, done.stderr), (0, b""))
                self.check_itch(done.stdout)

    def test_every_ouch_message_both_ways(self):
        for way, tables in ((b"U", spec_tables.OUCH_INBOUND), (b"S", spec_tables.OUCH_OUTBOUND)):
            client = (packets.CLIENT, packets.SERVER)
            ports = client if way == b"U" else client[::-1]
            stream = b"".join(packets.soup(way, spec_tables.pattern(kind, size)
                                           + (b"\0\0" if kind + way.decode() != "SS" else b""))
                              for kind, size, _ in tables)
            frames = [packets.tcp(stream[at:at + 100], 1 + at, *ports)
                      for at in range(0, len(stream), 100)]
            done = decode("-", "--json", given=packets.pcap(frames))
            self.assertEqual((done.returncode, done.stderr), (0, b""))
            found = objects(done.stdout)
            self.assertEqual(len(found), len(tables))
            for one, (kind, size, layout) in zip(found, tables):
                expected, _ = spec_tables.decode(spec_tables.pattern(kind, size), layout)
                self.assertEqual({key: one[key] for key in one if key not in ADDED}, expected)

    def test_a_damaged_file_ends_in_65_after_its_whole_messages(self):
        done = decode("-", "--json", given=self.itch_day()[:-1])
        self.assertEqual(done.returncode, 65)
        self.assertEqual(len(objects(done.stdout)), len(spec_tables.ITCH) - 1)
        offset = len(self.itch_day()) - 50
        self.assertIn(f"byte {offset}: ", done.stderr.decode())

    def test_nothing_of_that_kind_ends_in_66(self):
        self.assertEqual(decode("/nonexistent/day.pcap").returncode, 66)

    @unittest.skipUnless(NASDAQ.exists(), f"needs the recorded captures in {NASDAQ}")
    @unittest.skipUnless(shutil.which("tshark"), "tshark is not installed")
    def test_recorded_captures_read_as_the_dissector_reads_them(self):
        names = ["type", "stock_locate", "timestamp", "stock", "price", "shares",
                 "order_reference_number", "match_number"]
        frames = 0
        for capture in sorted(NASDAQ.glob("Nasdaq*TotalView*/*.pcap")):
            command = ["tshark", "-X", f"lua_script:{SCRIPT}", "-r", capture,
                       "-o", "ridley_mold.guess:TRUE", "-T", "fields"]
            for name in names:
                command += ["-e", f"ridley.itch.{name}"]
            rows = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            ours = [[str(one.get(name, "")) for name in names]
                    for one in objects(decode(str(capture), "--json").stdout)]
            self.assertEqual(ours, [row.split("\t") for row in rows.splitlines()], capture)
            frames += len(ours)
        self.assertGreater(frames, 50)


if __name__ == "__main__":
    unittest.main()
