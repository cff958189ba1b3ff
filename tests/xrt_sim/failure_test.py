# SPDX-License-Identifier: Apache-2.0
"""A card that hangs, one that is pulled out, one that is not there, and bitstreams it must not
take. No program waits longer than the limits of drivers/xrt_sim/protocol.hpp."""

import errno
import os
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import raw_card
from card_rig import (ALIVE, ALL_ONES, BUILD, CARD_32, CARD_64, MAGIC, SIMULATED, SOURCE, Card,
                      Failed, Folder, Program)

# What the limits of 5 ms and 1 s may become on a machine that is busy with other tests.
REGISTER_US, BUFFER_US = 100_000, 1_500_000
REAL_LIMIT = {"RIDLEY_CARD_SIM_LIMIT_MS": "5"}


class Absent(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        self.program = Program(self.folder, **REAL_LIMIT)
        self.addCleanup(lambda: self.program.end())

    def test_no_process_is_no_device(self):
        self.assertEqual(self.program("devices"), "0")
        with self.assertRaises(Failed):
            self.program("open", "d")

    def test_a_card_that_comes_later_is_found(self):
        self.assertEqual(self.program("devices"), "0")
        Card(self.folder)
        self.assertEqual(self.program("devices"), "1")
        self.program.open()

    def assert_dead(self):
        """Every kind of request ends within its limit."""
        self.assertEqual(self.program.read(ALIVE), ALL_ONES)
        self.assertLess(self.program.microseconds, REGISTER_US)
        self.program.write(ALIVE, 1)
        self.assertLess(self.program.microseconds, REGISTER_US)
        for words in (("buffer", "c", "d", "host", 4096), ("sync", "b", "from")):
            with self.assertRaises(Failed):
                self.program(*words)
            self.assertLess(self.program.microseconds, BUFFER_US)

    def open(self):
        self.program.open()
        self.program("buffer", "b", "d", "normal", 4096)

    def test_a_card_that_is_pulled_out_gives_all_ones(self):
        card = Card(self.folder)
        self.open()
        card.end(signal.SIGKILL)
        self.assert_dead()
        self.assertEqual(self.program("devices"), "0")

    def test_a_new_card_is_opened_after_it(self):
        card = Card(self.folder)
        self.open()
        card.end(signal.SIGKILL)
        self.assert_dead()
        Card(self.folder)
        self.program("open", "e")
        self.program("load", "e", CARD_64)
        self.program("unit", "v", "e", "ridley_card:{card}")
        self.assertNotEqual(self.program.read(MAGIC, "v"), ALL_ONES)
        self.assertEqual(self.program.read(MAGIC), ALL_ONES)
        self.program("close", "d")

    def test_a_card_that_hangs_gives_all_ones_in_time(self):
        card = Card(self.folder)
        self.open()
        card.send(signal.SIGSTOP)
        self.assertEqual(self.program.read(ALIVE), ALL_ONES)
        self.assertGreater(self.program.microseconds, 4_000)
        for _ in range(1000):  # more than its queue takes
            self.program.write(ALIVE, 1)
            self.assertLess(self.program.microseconds, REGISTER_US)
        self.assert_dead()
        self.assertEqual(self.program("devices"), "1")

    def test_a_card_that_goes_on_answers_again(self):
        card = Card(self.folder)
        self.program.end()
        self.program = Program(self.folder)  # with the easy limit
        self.open()
        card.send(signal.SIGSTOP)
        self.assertEqual(self.program.read(ALIVE), ALL_ONES)
        card.send(signal.SIGCONT)
        self.assertEqual(self.program.read(MAGIC), int.from_bytes(b"RIDL", "little"))


class Refusals(unittest.TestCase):
    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        self.card = Card(self.folder)
        self.program = Program(self.folder)
        self.addCleanup(self.program.end)
        self.program.open()
        self.alive = self.program.read(ALIVE)
        self.program("close", "u")

    def make(self, bitstream):
        """An xclbin in order, around anything."""
        path = self.folder.path / "made.xclbin"
        with tempfile.NamedTemporaryFile() as bits:
            Path(bits.name).write_bytes(bitstream)
            subprocess.run(
                [sys.executable, SOURCE / "scripts" / "xclbin.py", "write",
                 SOURCE / "drivers" / "xrt_sim" / "card.toml", "--bitstream", bits.name, "-o",
                 path], check=True)
        return path

    def write(self, contents):
        path = self.folder.path / "changed.xclbin"
        path.write_bytes(contents)
        return path

    def assert_refused(self, path, words):
        for verb in ("load", "load_bytes"):
            with self.assertRaises(Failed) as caught:
                self.program(verb, "d", path)
            self.assertRegex(str(caught.exception), words)
        # The old design is there, and has never stood still.
        self.program("load", "d", CARD_64)
        self.program("unit", "u", "d", "ridley_card:{card}")
        self.assertGreater(self.program.read(ALIVE), self.alive)
        self.program("close", "u")
        self.assertEqual(self.card.said().count("design "), 1)

    def test_a_bitstream_that_is_no_elf_file(self):
        self.assert_refused(self.make(b"\xaa\x99\x55\x66 for a real card"), "no ELF file")

    def test_an_elf_file_that_is_cut_short(self):
        bits = (SIMULATED / "test_card_64.bitstream").read_bytes()
        for size in (8, 63, 64, 1000, len(bits) // 2):
            self.assert_refused(self.make(bits[:size]), "is cut short")

    def test_an_elf_file_for_another_processor(self):
        bits = bytearray((SIMULATED / "test_card_64.bitstream").read_bytes())
        struct.pack_into("<H", bits, 18, 183)
        self.assert_refused(self.make(bytes(bits)), "no shared object for this processor")

    def test_a_library_that_is_no_design(self):
        library = next(Path("/usr/lib").glob("*/libuuid.so.1")).resolve()
        self.assert_refused(self.make(library.read_bytes()), "holds no design")

    def test_a_design_of_another_abi(self):
        bits = (BUILD / "tests" / "xrt_sim" / "other_abi.bitstream").read_bytes()
        self.assert_refused(self.make(bits), "of model ABI 2, this card of 1")

    def test_a_changed_byte(self):
        contents = bytearray(CARD_32.read_bytes())
        contents[len(contents) // 2] ^= 1
        self.assert_refused(self.write(contents), "damaged")


class Requests(unittest.TestCase):
    """What no shim of ours would send. XRT itself trusts the length that an xclbin says it has, so
    only the card can be asked about one that is cut."""

    def setUp(self):
        self.folder = Folder()
        self.addCleanup(self.folder.close)
        self.card = Card(self.folder)
        self.connect()

    def connect(self):
        self.socket = raw_card.connection(self.folder.socket)
        self.addCleanup(self.socket.close)

    def memory(self, contents, sealed=True):
        file = raw_card.memory(contents, sealed)
        self.addCleanup(os.close, file)
        return file

    def ask(self, kind, *words, **more):
        return raw_card.ask(self.socket, kind, *words, **more)

    def load(self, contents):
        return raw_card.load(self.socket, contents)

    def test_a_truncated_xclbin(self):
        contents = CARD_32.read_bytes()
        self.assertEqual(self.load(contents)[0], 0)
        for size in (len(contents) - 1, len(contents) // 2, 496):
            error, words = self.load(contents[:size])
            self.assertEqual(error, errno.EINVAL)
            self.assertEqual(words,
                             f"the file is cut off: {size} of {len(contents)} bytes are there")
        self.assertIn("its header alone has 456", self.load(contents[:400])[1])
        self.assertIn("no xclbin", self.load(b"no" + contents[2:])[1])
        # Cut, and made to look whole.
        for size in (len(contents) - 1, 600):
            cut = bytearray(contents[:size])
            struct.pack_into("<Q", cut, 304, size)
            self.assertEqual(self.load(bytes(cut))[0], errno.EINVAL)
        # Tables that lead outside.
        for at, form, value in ((304 + 144, "<I", 33), (456 + 24, "<Q", 1 << 40),
                                (456 + 32, "<Q", 1 << 63)):
            wrong = bytearray(contents)
            struct.pack_into(form, wrong, at, value)
            self.assertEqual(self.load(bytes(wrong))[0], errno.EINVAL)
        self.assertEqual(self.card.said().count("design "), 1)

    def test_memory_that_is_not_as_it_should_be(self):
        contents = CARD_32.read_bytes()
        self.assertIn("no memory with", self.ask(raw_card.LOAD, size=100)[1])
        self.assertIn("has 4 bytes", self.ask(raw_card.LOAD, self.memory(b"four"), size=100)[1])
        loose = self.memory(contents, sealed=False)
        self.assertIn("may become shorter", self.ask(raw_card.LOAD, loose, size=len(contents))[1])
        self.assertIn("too large", self.ask(raw_card.LOAD, self.memory(b"x"), size=1 << 62)[1])
        self.assertIn("too large", self.ask(raw_card.ALLOCATE, self.memory(b"x"), size=1 << 62)[1])

    def test_requests_that_make_no_sense(self):
        self.assertEqual(self.ask(raw_card.READ)[0], errno.ENODEV)
        self.assertEqual(self.load(CARD_32.read_bytes())[0], 0)
        for address in (2, 4096, 1 << 40):
            self.assertEqual(self.ask(raw_card.READ, address=address)[0], errno.EINVAL)
        self.assertEqual(self.ask(raw_card.SYNC, handle=1, size=1)[0], errno.EINVAL)
        self.assertEqual(self.ask(99)[0], errno.ENOTSUP)

    def test_who_speaks_another_language_is_sent_away(self):
        for words in (b"", b"GET /", bytes(56), bytes(57), b"x" * 5000):
            self.socket.send(words)
            try:
                self.assertEqual(self.socket.recv(4096), b"")
            except ConnectionResetError:
                pass
            self.connect()
        self.assertEqual(self.ask(raw_card.IDENTIFY), (0, ""))


if __name__ == "__main__":
    unittest.main()
