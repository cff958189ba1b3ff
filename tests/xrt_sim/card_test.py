# SPDX-License-Identifier: Apache-2.0
"""An ordinary XRT program opens the simulated card, loads designs and uses its memory."""

import signal
import subprocess
import time
import unittest

from card_rig import (ALIVE, ALL_ONES, CARD_32, CARD_64, CLOCK_HZ, MAGIC, MAP_HASH, RING_RECORDS,
                      SIMULATED, SOURCE, STREAM_BITS, UNIT, Card, Failed, Folder, Program)

MAGIC_VALUE = int.from_bytes(b"RIDLEYC1", "little")


def map_hash():
    made = subprocess.run(
        ["python3", SOURCE / "scripts" / "generate.py", "registers-package",
         SOURCE / "schema" / "registers.toml", "-o", "/dev/stdout"],
        capture_output=True, text=True, check=True).stdout
    return int(made.split("MapHash = 64'h")[1].split(";")[0], 16)


class CardCase(unittest.TestCase):
    OPTIONS = ()

    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        self.card = Card(self.folder, *self.OPTIONS)
        self.addCleanup(lambda: self.card.end())
        self.program = Program(self.folder)
        self.addCleanup(lambda: self.program.end())


class Devices(CardCase):
    def test_a_card_is_one_device(self):
        self.assertEqual(self.program("devices"), "1")
        self.assertEqual(self.program("open", "d"), "ridley_card_sim_1 0000:ff:00.0")

    def test_registers_are_those_of_the_map(self):
        self.program.open()
        self.assertEqual(self.program.read_64(MAGIC), MAGIC_VALUE)
        self.assertEqual(self.program.read_64(MAP_HASH), map_hash())
        self.program.write(RING_RECORDS, 4096)
        self.assertEqual(self.program.read(RING_RECORDS), 4096)
        self.assertEqual(self.program.read(0xFF8), ALL_ONES)
        self.assertNotEqual(self.program.read(ALIVE), self.program.read(ALIVE))

    def test_alive_moves_when_nothing_happens(self):
        self.program.open()
        self.program.read(ALIVE)
        time.sleep(0.3)  # the design has settled
        first = self.program.read(ALIVE)
        time.sleep(0.5)
        self.assertGreater(self.program.read(ALIVE) - first, 100)

    def test_a_design_takes_the_place_of_another(self):
        for xclbin, bits, hertz in ((CARD_64, 64, 156_250_000), (CARD_32, 32, 312_500_000)) * 20:
            self.program.open(xclbin)
            self.assertEqual(self.program.read(STREAM_BITS), bits)
            self.assertEqual(self.program.read(CLOCK_HZ), hertz)
            self.program("close", "u")
        self.assertEqual(self.card.said().count("design "), 40)

    def test_the_same_design_again_stays_as_it_is(self):
        self.program.open()
        self.program.write(RING_RECORDS, 128)
        self.program("load", "d", CARD_64)
        self.assertEqual(self.program.read(RING_RECORDS), 128)

    def test_the_design_outlives_its_user(self):
        self.program.open()
        self.program.write(RING_RECORDS, 256)
        self.program.end()
        self.program = Program(self.folder)
        self.program.open()
        self.assertEqual(self.program.read(RING_RECORDS), 256)

    def test_a_design_in_use_is_not_taken_away(self):
        self.program.open()
        with self.assertRaisesRegex(Failed, "in use"):
            self.program("load", "d", CARD_32)
        self.assertEqual(self.program.read(STREAM_BITS), 64)

    def test_two_opens_are_two_devices(self):
        self.program.open()
        self.program("open", "e")
        self.program("load", "e", CARD_64)
        with self.assertRaisesRegex(Failed, "in use"):
            self.program("unit", "v", "e", UNIT)
        self.program("close", "u")
        self.program("unit", "v", "e", UNIT)
        self.program("close", "d")
        self.assertEqual(self.program.read_64(MAGIC, "v"), MAGIC_VALUE)

    def test_two_programs_share_the_card(self):
        self.program.open()
        other = Program(self.folder)
        self.addCleanup(other.end)
        with self.assertRaisesRegex(Failed, "in use"):
            other.open()
        other("buffer", "b", "d", "normal", 4096)
        self.program.end()
        self.program = Program(self.folder)
        other("unit", "u", "d", UNIT)
        self.assertEqual(other.read_64(MAGIC), MAGIC_VALUE)

    def test_a_device_is_opened_and_closed_a_thousand_times(self):
        for _ in range(1000):
            self.program("open", "d")
            self.program("close", "d")
        self.program.open()


class Memory(CardCase):
    def setUp(self):
        super().setUp()
        self.program("open", "d")
        self.program("load", "d", CARD_64)

    def test_what_was_not_synced_is_junk(self):
        for kind in ("normal", "own"):
            self.program("buffer", kind, "d", kind, 4096)
            self.program("poke", kind, 0, 4096, 0x11)
            self.program("sync", kind, "from")
            junk = bytes.fromhex(self.program("peek", kind, 0, 4096))
            self.assertGreater(len(set(junk)), 200)

    def test_what_was_synced_both_ways_is_there(self):
        for kind in ("normal", "own"):
            self.program("buffer", kind, "d", kind, 8192)
            self.program("poke", kind, 0, 8192, 0x22)
            self.program("sync", kind, "to")
            self.program("poke", kind, 0, 8192, 0)
            self.assertEqual(self.program("peek", kind, 4000, 4), "00000000")
            self.program("sync", kind, "from")
            self.assertEqual(self.program("peek", kind, 0, 8192), "22" * 8192)

    def test_buffers_have_addresses_of_their_own(self):
        one = int(self.program("buffer", "a", "d", "normal", 5000), 16)
        two = int(self.program("buffer", "b", "d", "normal", 4096), 16)
        host = int(self.program("buffer", "c", "d", "host", 4096), 16)
        self.assertEqual((one, two, host), (0x4000000000, 0x4000002000, 0x2000000000))

    def test_the_card_has_an_end(self):
        with self.assertRaisesRegex(Failed, "no room"):
            for i in range(9):
                self.program("buffer", i, "d", "normal", 32 << 20)


class Process(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)

    def run_card(self, *options):
        return subprocess.run(
            [SIMULATED / "ridley-card-sim", *options], env=self.folder.environment(),
            capture_output=True, text=True, timeout=20, check=False)

    def test_it_ends_cleanly(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            card = Card(self.folder)
            self.assertIn(f"listening at {self.folder.socket}", card.said())
            self.assertEqual(card.end(number), 0)
            self.assertFalse(self.folder.socket.exists())

    def test_a_second_one_is_refused(self):
        card = Card(self.folder)
        done = self.run_card()
        self.assertEqual(done.returncode, 69)
        self.assertIn(f"another card listens there already (process {card.process.pid})",
                      done.stderr)
        self.assertTrue(self.folder.socket.exists())
        self.assertEqual(card.end(), 0)

    def test_what_a_killed_one_left_is_taken_over(self):
        Card(self.folder).end(signal.SIGKILL)
        self.assertTrue(self.folder.socket.exists())
        card = Card(self.folder)
        program = Program(self.folder)
        self.assertEqual(program("devices"), "1")
        program.end()
        self.assertEqual(card.end(), 0)

    def test_what_is_no_socket_stays(self):
        self.folder.socket.write_text("mine")
        self.assertEqual(self.run_card().returncode, 73)
        self.assertEqual(self.folder.socket.read_text(), "mine")

    def test_wrong_options_are_refused(self):
        for options, words in ((["--clock", "cuckoo"], "not frames or free"),
                               (["--port2", "none"], "unknown option"), (["--port0"], "a value"),
                               (["--port0", "string:x"], "of no known kind"),
                               (["--port0", "pcap:/nowhere"], "/nowhere"),
                               (["--port1", "veth:nowhere0"], "veth:nowhere0")):
            done = self.run_card(*options)
            self.assertNotEqual(done.returncode, 0, options)
            self.assertIn(words, done.stderr)
        self.assertIn("--port0 WHAT", self.run_card("--help").stdout)


if __name__ == "__main__":
    unittest.main()
