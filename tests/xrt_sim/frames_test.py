# SPDX-License-Identifier: Apache-2.0
"""Frames from captures, wires and interfaces become records in the host's ring. The test card
gives one for every frame."""

import os
import socket
import subprocess
import time
import unittest

from card_rig import (BUILD, CARD_32, CARD_64, FRAMES_0, FRAMES_1, RECORDS_DROPPED, RING_CONSUMED,
                      RUNNING, Card, Folder, Program, frame, write_capture)

START_NS = 1_700_000_000_000_000_000
SIZES = (60, 64, 65, 71, 127, 128, 1514)
RING = 64


def frames(count, first=0, spacing_ns=1_000):
    return [(START_NS + (first + i) * spacing_ns, frame(first + i, SIZES[i % len(SIZES)]))
            for i in range(count)]


class FrameCase(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        self.program = Program(self.folder)
        self.addCleanup(lambda: self.program.end())

    def capture(self, name, given):
        return f"pcap:{write_capture(self.folder.path / name, given)}"

    def assert_record(self, record, given, port, beat_bytes=8):
        ns, contents = given
        self.assertEqual(
            (record["stamp"], record["bytes"], record["first"][:beat_bytes], record["port"]),
            (ns, len(contents), contents[:beat_bytes], port))


class Captures(FrameCase):
    def test_every_frame_gives_its_record_in_order_of_time(self):
        # Every third frame at the other port, and at the end two of the same moment.
        given = frames(200)
        given += [(given[-1][0], frame(200, 60))]
        ports = [i % 3 == 0 for i in range(201)]
        Card(self.folder, "--clock", "frames",
             "--port0", self.capture("a", [one for one, b in zip(given, ports) if not b]),
             "--port1", self.capture("b", [one for one, b in zip(given, ports) if b]))
        # The last two stand at one moment: port 0 goes first.
        order = sorted(range(201), key=lambda i: (given[i][0], ports[i]))
        self.program.open(CARD_64)
        self.program.start_ring(RING)
        for number, i in enumerate(order, 1):
            self.assert_record(self.program.wait_for(number, RING), given[i], ports[i])
            self.program.write(RING_CONSUMED, number)
        self.assertEqual(self.program.read_64(FRAMES_0), ports.count(False))
        self.assertEqual(self.program.read_64(FRAMES_1), ports.count(True))

    def test_a_host_that_reads_nothing_loses_nothing(self):
        given = frames(500)
        Card(self.folder, "--clock", "frames", "--port0", self.capture("a", given))
        self.program.open(CARD_64)
        self.program.start_ring(RING)
        self.program.wait_for(1, RING)
        time.sleep(0.2)
        self.assertLess(self.program.read_64(FRAMES_0), RING)
        for number in range(1, 501):
            self.assert_record(self.program.wait_for(number, RING), given[number - 1], 0)
            if number % (RING // 4) == 0:
                self.program.write(RING_CONSUMED, number)
        self.assertEqual(self.program.read_64(RECORDS_DROPPED), 0)

    def test_a_recording_waits_until_the_card_runs(self):
        given = frames(10)
        Card(self.folder, "--clock", "frames", "--port0", self.capture("a", given))
        self.program.open(CARD_32)
        time.sleep(0.1)
        self.program.start_ring(RING)
        for number in range(1, 11):
            self.assert_record(self.program.wait_for(number, RING), given[number - 1], 0, 4)

    def test_two_runs_give_the_same_bytes(self):
        given = frames(64)
        runs = set()
        for _ in range(2):
            card = Card(self.folder, "--clock", "frames", "--port0", self.capture("a", given))
            self.program.open(CARD_64)
            self.program.start_ring(RING)
            # The first frames leave half of the ring; the rest comes when they are read.
            self.program.wait_for(1, RING)
            for number in range(1, 65):
                self.program.wait_for(number, RING)
                self.program.write(RING_CONSUMED, number)
            runs.add(self.program("peek", "ring", 0, RING * 64))
            self.program("close", "u")
            self.program("close", "d")
            self.assertEqual(card.end(), 0)
        self.assertEqual(len(runs), 1)

    def test_the_machines_time_is_that_of_the_card(self):
        Card(self.folder, "--clock", "free", "--port0", self.capture("a", frames(5)) + ",rate=max")
        self.program.open(CARD_64)
        before = time.time_ns()
        self.program.start_ring(RING)
        stamps = [self.program.wait_for(number, RING)["stamp"] for number in range(1, 6)]
        self.assertTrue(before <= stamps[0] <= stamps[-1] <= time.time_ns(), stamps)
        self.assertEqual(stamps, sorted(stamps))

    def test_a_recording_keeps_its_pace_in_the_machines_time(self):
        given = frames(4, spacing_ns=50_000_000)
        Card(self.folder, "--clock", "free", "--port0", self.capture("a", given))
        self.program.open(CARD_64)
        self.program.start_ring(RING)
        first = self.program.wait_for(1, RING)["stamp"]
        last = self.program.wait_for(4, RING)["stamp"]
        self.assertGreaterEqual(last - first, 149_000_000)

    def test_a_buffer_that_has_gone_is_written_no_more(self):
        card = Card(self.folder, "--clock", "free", "--port0",
                    self.capture("a", frames(100, spacing_ns=10_000_000)))
        self.program.open(CARD_64)
        self.program.start_ring(RING)
        self.program.wait_for(1, RING)
        self.program.end()
        self.program = Program(self.folder)
        end = time.monotonic() + 10
        while "where no buffer is" not in card.said() and time.monotonic() < end:
            time.sleep(0.01)
        self.assertIn("where no buffer is", card.said())
        self.program.open(CARD_64)
        self.program.write(RUNNING, 0)


class Wires(FrameCase):
    def test_frames_of_the_venue_come_in(self):
        wire = self.folder.path / "wire"
        card = Card(self.folder, "--port0", f"net_virtio_user0,path={wire}")
        self.program.open(CARD_64)
        self.program.start_ring(RING)
        venue = subprocess.Popen(
            [BUILD / "src" / "app" / "ridley-venue", "--wait-for-link", "--feed-port",
             f"net_vhost0,iface={wire}", "--order-port", "0"],
            stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        self.folder.processes.append(venue)
        stamps = []
        for number in range(1, 2 * RING):
            stamps.append(self.program.wait_for(number, RING)["stamp"])
            self.program.write(RING_CONSUMED, number)
        self.assertEqual(stamps, sorted(stamps))
        self.assertEqual(card.end(), 0)


class Interfaces(FrameCase):
    def setUp(self):
        super().setUp()
        names = [f"rc{os.getpid() % 100000}{end}" for end in "ab"]
        made = subprocess.run(["ip", "link", "add", names[0], "type", "veth", "peer", "name",
                               names[1]], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            self.skipTest(f"no veth pair here: {made.stderr.strip()}")
        self.addCleanup(subprocess.run, ["ip", "link", "del", names[0]], check=False)
        for name in names:
            subprocess.run(["ip", "link", "set", name, "up"], check=True)
        self.here, self.there = names

    def test_frames_of_an_interface_come_in(self):
        Card(self.folder, "--port1", f"veth:{self.there}")
        self.program.open(CARD_64)
        self.program.start_ring(RING)
        with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as sender:
            sender.bind((self.here, 0))
            mine = bytes(6) + b"\2\0\0\0\0\1" + b"\x88\xb5" + bytes(50)
            sender.send(mine)
            number = 1
            # The kernel sends frames of its own at a new interface.
            while (record := self.program.wait_for(number, RING))["first"] != mine[:8]:
                number += 1
            self.assertEqual((record["bytes"], record["port"]), (len(mine), 1))


if __name__ == "__main__":
    unittest.main()
