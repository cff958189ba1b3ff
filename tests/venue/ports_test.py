# SPDX-License-Identifier: Apache-2.0
"""Every port of ridley-venue from the outside, by stock sockets and struct alone: several order
ports, drop copies, snapshots, re-requests, lines that are cut differently."""

import json
import signal
import socket
import struct
import sys
import tempfile
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ouch_client import VENUE, Client, Venue, enter  # noqa: E402
from venue_process_test import run  # noqa: E402


def at_port(venue, port):
    """The same exchange, reached through another of its ports."""
    class Elsewhere:
        ready = {**venue.ready, "order_port": port}
        clients = venue.clients
    return Elsewhere


def packets(capture):
    """Destination port, sequence number, count and blocks of every packet in a capture."""
    data = capture.read_bytes()
    at = 24
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 8)[0]
        frame = data[at + 16:at + 16 + size]
        at += 16 + size
        port = struct.unpack_from(">H", frame, 36)[0]
        sequence, count = struct.unpack_from(">QH", frame, 52)
        yield port, sequence, count, frame[62:14 + struct.unpack_from(">H", frame, 16)[0]]


class Ports(unittest.TestCase):
    def test_accounts_of_two_ports_trade_and_a_drop_copy_sees_it(self):
        with Venue("--rate", "0", "--instruments", "1", "--order-ports", "2",
                   "--account", "ONE:pw:FRMA", "--account", "TWO:pw:FRMB,port=1,shares=500",
                   "--drop-copy-port", "0", "--drop-copy", "ALL:pw:") as venue:
            first, second = venue.ready["order_ports"]
            self.assertEqual(Client(venue, "TWO", "pw").login, b"J")
            one = Client(at_port(venue, first), "ONE", "pw")
            two = Client(at_port(venue, second), "TWO", "pw")
            two.send(enter(1, b"B", 501, "RAAA", 100))
            self.assertEqual(struct.unpack_from(">IH", two.reply_of(b"J"), 9), (1, 0x1E))
            number, done = 0, b""
            while done != b"E":  # the book opens by and by
                number += 1
                one.send(enter(number, b"B", 1, "RAAA", 1_999_999_900, tif=b"3"))
                if one.reply_of(b"A")[47:48] == b"L":
                    done = one.reply_of(b"E")[:1]
            reader = Client.__new__(Client)
            reader.bytes = b""
            reader.socket = socket.create_connection(("127.0.0.1", venue.ready["drop_copy_port"]))
            venue.clients.append(reader)
            reader.send_packet(b"L", b"ALL   pw        " + b" " * 10 + b"1".rjust(20))
            self.assertEqual(reader.packet()[0], b"A")
            kind, copy = reader.packet()
            self.assertEqual((kind, copy[:7]), (b"S", b"ONE   E"))
            self.assertEqual(struct.unpack_from(">II", copy, 6 + 9), (number, 1))
            venue.end()

    def test_a_snapshot_names_the_next_message_and_the_rest_can_be_requested(self):
        with Venue("--rate", "0", "--instruments", "2", "--seconds", "30",
                   "--glimpse-port", "0", "--rerequest-port", "0") as venue:
            Client(venue)
            reader = Client(at_port(venue, venue.ready["glimpse_port"]), sequence=0)
            kinds, kind, payload = b"", b"S", b""
            while kind == b"S":
                kind, payload_next = reader.packet()
                payload = payload_next or payload
                kinds += payload[:1] if kind == b"S" else b""
            self.assertEqual(kind, b"Z")
            self.assertEqual(kinds[-1:], b"G")
            self.assertEqual(len(payload), 21)
            following = int(payload[1:])
            self.assertGreater(following, 1)
            asker = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            asker.settimeout(20)
            session = venue.ready["session"].encode().ljust(10)
            asker.sendto(session + struct.pack(">QH", 1, 2),
                         ("127.0.0.1", venue.ready["rerequest_port"]))
            answer = asker.recv(2000)
            self.assertEqual(answer[:10], session)
            self.assertEqual(struct.unpack_from(">QHH", answer, 10), (1, 2, 12))
            self.assertEqual(answer[22:23], b"S")
            asker.close()
            summary = venue.end()
            self.assertEqual(summary["snapshots"], 1)
            self.assertEqual(summary["rerequests_answered"], 1)

    def test_a_snapshot_that_has_begun_is_finished_after_the_day(self):
        # More than the kernel holds for a reader who does not read.
        with Venue("--rate", "0", "--instruments", "4000", "--glimpse-port", "0") as venue:
            Client(venue)
            time.sleep(2)  # so long the opening book takes
            reader = socket.socket()
            reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)
            reader.settimeout(20)
            reader.connect(("127.0.0.1", venue.ready["glimpse_port"]))
            reader.sendall(struct.pack(">H", 47) + b"LRIDLEYTURTLE    " + b" " * 10
                           + b"1".rjust(20))
            received = reader.recv(1)
            venue.process.send_signal(signal.SIGTERM)
            time.sleep(0.5)
            while more := reader.recv(1 << 16):
                received += more
            reader.close()
            self.assertEqual(received[-27:-20], struct.pack(">H", 22) + b"SG" + b" " * 3)
            self.assertEqual(received[-3:], struct.pack(">H", 1) + b"Z")
            self.assertGreater(len(received), 6_000_000)
            for client in venue.clients:
                client.close()
            venue.process.communicate(timeout=20)
            self.assertEqual(venue.process.returncode, 0)

    def test_lines_carry_the_same_messages_in_other_packets(self):
        with tempfile.TemporaryDirectory(prefix="ridley-venue-") as folder:
            capture = Path(folder) / "lines.pcap"
            result = run("--seconds", "0.2", "--instruments", "5", "--record", capture,
                         "--line", "233.54.12.112:26478", "--line", "233.54.12.113:26479",
                         "--market-rules", "--close", "09:30:01")
            self.assertEqual(result.returncode, 0, result.stderr)
            last = result.stdout.splitlines()[-1]
            summary = json.loads(result.stdout[:result.stdout.rindex("digest ")])
            self.assertEqual(last, "digest " + summary["published_digest"])
            lines = {26477: [], 26478: [], 26479: []}
            for port, sequence, count, blocks in packets(capture):
                if count not in (0, 0xFFFF):
                    lines[port].append((sequence, count, blocks))
            cuts = [[sequence for sequence, _, _ in line] for line in lines.values()]
            self.assertEqual(len({tuple(cut) for cut in cuts}), 3)
            contents = {b"".join(blocks for _, _, blocks in line) for line in lines.values()}
            self.assertEqual(len(contents), 1)
            for line in lines.values():
                self.assertEqual(sum(count for _, count, _ in line), summary["messages"])
