# SPDX-License-Identifier: Apache-2.0
"""tshark with the generated dissector: every recorded frame, every field as the typed tables read
it, and every kind of damage flagged."""

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
SCRIPT = BUILD / "schema" / "ridley.lua"
NASDAQ = (Path(os.environ.get("RIDLEY_SHARED_DATA", ROOT / "../shared/data"))
          / "exchange-pcap" / "Nasdaq")
sys.path.insert(0, str(ROOT / "tests" / "generator"))

import packets  # noqa: E402
import spec_tables  # noqa: E402

GUESS = ["-o", "ridley_mold.guess:TRUE"]
PORTS = ["-o", "ridley_mold.ports:26400", "-o", "ridley_soup.ports:8003"]


def tshark(capture, options, columns):
    """One list of column values for each frame."""
    command = ["tshark", "-X", f"lua_script:{SCRIPT}", "-r", str(capture), *options,
               "-T", "fields", "-E", "occurrence=a", "-E", "aggregator=|"]
    for column in columns:
        command += ["-e", column]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    if "Lua" in done.stdout + done.stderr:
        raise AssertionError(done.stdout + done.stderr)
    return [line.split("\t") for line in done.stdout.splitlines()]


def fields_of(tables):
    return sorted({name for _, _, layout in tables
                   for name, _, _ in spec_tables.fields(layout)})


@unittest.skipUnless(shutil.which("tshark"), "tshark is not installed")
class Dissector(unittest.TestCase):
    def made(self, frames, columns, options=PORTS):
        with tempfile.NamedTemporaryFile(suffix=".pcap") as file:
            file.write(packets.pcap(frames))
            file.flush()
            return tshark(file.name, options, columns)

    def compare(self, row, columns, protocol, tables, message):
        """The columns of one frame against the message decoded by the typed tables."""
        layouts = {kind: layout for kind, _, layout in tables}
        expected, _ = spec_tables.decode(message, layouts[chr(message[0])])
        for column, value in zip(columns, row):
            name = column.removeprefix(f"ridley.{protocol}.")
            self.assertEqual(value.strip(), str(expected.get(name, "")).strip("\0 "), column)

    @unittest.skipUnless(NASDAQ.exists(), f"needs the recorded captures in {NASDAQ}")
    def test_every_recorded_itch_frame_has_the_typed_values(self):
        columns = ["ridley.itch.type"] + [f"ridley.itch.{one}" for one in
                                          fields_of(spec_tables.ITCH)]
        frames = 0
        for capture in sorted(NASDAQ.glob("*TotalView*/*.pcap")):
            for row in tshark(capture, GUESS, ["udp.payload", "_ws.expert.message"] + columns):
                payload = bytes.fromhex(row[0])
                length = struct.unpack(">H", payload[20:22])[0]
                self.assertEqual(len(payload), 22 + length, capture)
                self.assertEqual(row[1], "", capture)
                self.compare(row[2:], columns, "itch", spec_tables.ITCH, payload[22:])
                frames += 1
        self.assertGreater(frames, 100)

    @unittest.skipUnless(NASDAQ.exists(), f"needs the recorded captures in {NASDAQ}")
    def test_every_recorded_ouch_frame_has_the_typed_values(self):
        tables = {b"U": spec_tables.OUCH_INBOUND, b"S": spec_tables.OUCH_OUTBOUND}
        frames = 0
        for capture in sorted(NASDAQ.glob("*Ouch*/*.pcap")):
            columns = ["tcp.payload", "ridley.soup.malformed", "ridley.soup.type",
                       "ridley.ouch.type"]
            for row in tshark(capture, PORTS, columns):
                payload = bytes.fromhex(row[0])
                self.assertEqual(row[1], "", capture)
                self.assertEqual(row[2].encode(), payload[2:3])
                frames += 1
                if payload[2:3] not in tables:
                    self.assertEqual(row[3], "")
                    continue
                table = tables[payload[2:3]]
                names = ["type"] + [one for one in fields_of(table)
                                    if one not in ("firm", "aiq_strategy")]
                names = [f"ridley.ouch.{one}" for one in names]
                self.compare(tshark(capture, PORTS, names)[0], names, "ouch", table, payload[3:])
        self.assertEqual(frames, 4)

    def test_without_a_port_or_a_wish_nothing_is_taken(self):
        frame = packets.udp(packets.mold([spec_tables.pattern("D", 19)]))
        self.assertEqual(self.made([frame], ["ridley.itch.type"], []), [[""]])
        self.assertEqual(self.made([frame], ["ridley.itch.type"], GUESS), [["D"]])
        self.assertEqual(self.made([frame], ["ridley.itch.type"]), [["D"]])
        self.assertEqual(self.made([frame], ["ridley.itch.type"],
                                   ["-d", "udp.port==26400,ridley_mold"]), [["D"]])

    def test_every_block_of_a_datagram_is_shown(self):
        messages = [spec_tables.pattern(kind, size) for kind, size, _ in spec_tables.ITCH]
        row = self.made([packets.udp(packets.mold(messages + [b""]))],
                        ["ridley.itch.type", "_ws.expert.message"])[0]
        self.assertEqual(row, ["|".join(kind for kind, _, _ in spec_tables.ITCH), ""])

    def test_heartbeats_ends_of_session_and_requests_are_named(self):
        rows = self.made([packets.udp(packets.mold([], 9, count=count))
                          for count in (0, 0xFFFF, 5)],
                         ["ridley.mold.sequence_number", "ridley.mold.requested_message_count",
                          "_ws.col.Info", "_ws.expert.message"])
        self.assertEqual(rows, [["9", "", "heartbeat", ""], ["9", "", "end_of_session", ""],
                                ["9", "5", "request_packet", ""]])

    def damage(self, payload):
        return self.made([packets.udp(payload)], ["_ws.expert.message"])[0][0]

    def test_damaged_blocks_are_flagged(self):
        whole = packets.mold([spec_tables.pattern("D", 19)])
        self.assertIn("passes the end", self.damage(whole[:-1]))
        self.assertIn("passes the end", self.damage(whole[:21]))
        self.assertIn("bytes follow", self.damage(whole + b"x"))
        self.assertIn("shorter than a header", self.damage(whole[:19]))
        self.assertIn("passes the end", self.damage(packets.mold([b"D"], count=2)))
        self.assertIn("shorter than the table",
                      self.damage(packets.mold([spec_tables.pattern("D", 18)])))
        self.assertIn("longer than the table",
                      self.damage(packets.mold([spec_tables.pattern("D", 20)])))
        self.assertIn("unknown type", self.damage(packets.mold([b"?abc"])))

    def ouch(self, message, columns):
        return self.made([packets.tcp(packets.soup(b"U", message), 1)], columns)[0]

    def test_appendages_are_shown_and_their_damage_is_flagged(self):
        order = spec_tables.pattern("O", 45)
        columns = ["ridley.ouch.tag", "ridley.ouch.min_qty", "_ws.expert.message"]
        self.assertEqual(self.ouch(order + b"\0\x0a\x05\x03\0\0\0\x64\x03\xc8ab", columns),
                         ["3|200", "100", ""])
        self.assertEqual(self.ouch(order + b"\0\0", columns), ["", "", ""])
        for tail in (b"\0\x02\0\x03", b"\0\x03\x05\x03\0", b"\0\x01\x05"):
            self.assertIn("overruns", self.ouch(order + tail, columns)[2], tail)
        self.assertIn("is not what follows", self.ouch(order + b"\0\x05", columns)[2])
        self.assertIn("half an appendage", self.ouch(order + b"\0", columns)[2])

    def test_packets_are_put_together_from_segments(self):
        stream = (packets.soup(b"R") + packets.soup(b"U", spec_tables.pattern("X", 9))
                  + packets.soup(b"U", spec_tables.pattern("M", 10)))
        for cut in range(1, len(stream)):
            frames = [packets.tcp(stream[:cut], 1), packets.tcp(stream[cut:], 1 + cut)]
            if cut not in (1, 2, 3, 4, 5, 14, 15, 16, 20):
                continue
            rows = self.made(frames, ["ridley.ouch.type", "_ws.expert.message"])
            self.assertEqual("|".join(row[0] for row in rows).strip("|"), "X|M", cut)

    def test_the_way_follows_the_server_port(self):
        accepted = packets.soup(b"U", spec_tables.pattern("S", 10))
        row = self.made([packets.tcp(accepted, 1, packets.SERVER, packets.CLIENT)],
                        ["ridley.ouch.type", "ridley.ouch.event_code", "_ws.expert.message"])[0]
        self.assertEqual(row, ["S", "*", ""])


if __name__ == "__main__":
    unittest.main()
