# SPDX-License-Identifier: Apache-2.0
"""The real ridley-venue (app/ridley_venue.cpp): wrong arguments, signals, recordings, and a
capture that tshark reads with the project's own dissector."""

import json
import os
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import unittest
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from ouch_client import VENUE, Client, Venue  # noqa: E402

DISSECTOR = Path(os.environ.get("RIDLEY_BUILD_FOLDER", "build")) / "schema" / "ridley.lua"
EX_USAGE, EX_UNAVAILABLE, EX_CANTCREAT = 64, 69, 73


def run(*arguments):
    return subprocess.run([VENUE, *map(str, arguments)], capture_output=True, text=True, timeout=60)


def messages(path):
    """The messages of a BinaryFILE."""
    data = path.read_bytes()
    at = 0
    while True:
        size = struct.unpack_from(">H", data, at)[0]
        if size == 0:
            assert at + 2 == len(data)
            return
        yield data[at + 2:at + 2 + size]
        at += 2 + size


class WrongArguments(unittest.TestCase):
    def test_each_is_refused_with_a_sentence(self):
        for arguments in (
            ["--no-such-option"], ["--seconds", "soon"], [], ["--seconds", "0"],
            ["--seconds", "1", "--instruments", "0"], ["--seconds", "1", "--instruments", "65536"],
            ["--seconds", "1", "--rate", "-1"], ["--seconds", "1", "--start", "25:00:00"],
            ["--seconds", "1", "--record", "file.txt"], ["--seconds", "1", "--halt", "RAAA"],
            ["--seconds", "1", "--halt", "NONE@1+1"], ["--seconds", "1", "--group", "10.0.0.1:1"],
            ["--seconds", "1", "--account", "someone"], ["--seconds", "1", "--feed-port", "memory"],
            ["--seconds", "1", "--session", "elevenchars"],
            ["--order-port", "0", "--order-address", "here"],
        ):
            with self.subTest(arguments=arguments):
                result = run(*arguments)
                self.assertEqual(result.returncode, EX_USAGE, result.stderr)
                self.assertGreater(len(result.stderr.strip() + result.stdout.strip()), 10)

    def test_a_taken_port_is_unavailable(self):
        with Venue("--rate", "0") as venue:
            result = run("--order-port", venue.ready["order_port"])
            self.assertEqual(result.returncode, EX_UNAVAILABLE)
            self.assertIn("Address already in use", result.stderr)

    def test_a_file_that_cannot_be_made_is_named(self):
        result = run("--seconds", "1", "--record", "/no/such/folder/x.itch")
        self.assertEqual(result.returncode, EX_CANTCREAT)
        self.assertIn("/no/such/folder/x.itch", result.stderr)

    def test_help_and_version_are_no_errors(self):
        self.assertEqual(run("--help").returncode, 0)
        self.assertIn("ridley-venue", run("--version").stdout)


class Signals(unittest.TestCase):
    def test_control_c_and_terminate_end_the_day_cleanly(self):
        for number in signal.SIGINT, signal.SIGTERM:
            with self.subTest(number=number), Venue("--instruments", "2") as venue:
                client = Client(venue)
                client.send(b"Q")
                client.reply_of(b"Q")
                venue.process.send_signal(number)
                client.close()
                venue.process.communicate(timeout=20)
                self.assertEqual(venue.process.returncode, 0)
                summary = json.loads((venue.folder / "summary.json").read_text())
                self.assertGreater(summary["messages"], 0)
                self.assertEqual(summary["logins"], 1)


class Recordings(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = Path(tempfile.mkdtemp(prefix="ridley-venue-"))
        cls.first = cls.record("first", 1)
        cls.second = cls.record("second", 1)
        cls.other = cls.record("other", 2)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder, ignore_errors=True)

    @classmethod
    def record(cls, name, seed):
        result = run("--seconds", "0.5", "--instruments", "20", "--seed", seed, "--json",
                     "--record", cls.folder / f"{name}.itch",
                     "--record", cls.folder / f"{name}.pcap")
        return json.loads(result.stdout)

    def same(self, one, other, kind):
        return (self.folder / f"{one}.{kind}").read_bytes() == (
            self.folder / f"{other}.{kind}").read_bytes()

    def test_the_same_seed_gives_the_same_bytes(self):
        self.assertTrue(self.same("first", "second", "itch"))
        self.assertTrue(self.same("first", "second", "pcap"))
        self.assertEqual(self.first["digest"], self.second["digest"])
        self.assertFalse(self.same("first", "other", "itch"))
        self.assertNotEqual(self.first["digest"], self.other["digest"])

    def test_the_summary_counts_what_is_in_the_file(self):
        kinds = Counter(message[:1] for message in messages(self.folder / "first.itch"))
        self.assertEqual(sum(kinds.values()), self.first["messages"])
        self.assertEqual(kinds[b"R"], 20)
        self.assertEqual(kinds[b"S"], 6)

    def test_tshark_finds_no_malformed_packet(self):
        if shutil.which("tshark") is None:
            self.skipTest("needs tshark")
        if not DISSECTOR.exists():
            self.skipTest(f"needs {DISSECTOR}")
        result = subprocess.run(
            ["tshark", "-X", f"lua_script:{DISSECTOR}", "-r", self.folder / "first.pcap",
             "-d", "udp.port==26477,ridley_mold", "-T", "fields", "-E", "separator=;",
             "-e", "_ws.malformed", "-e", "_ws.expert.message", "-e", "ridley.itch.type",
             "-o", "ip.check_checksum:TRUE", "-o", "udp.check_checksum:TRUE"],
            capture_output=True, text=True, timeout=60, check=False)
        self.assertEqual(result.returncode, 0, result.stderr)
        rows = [line.split(";") for line in result.stdout.splitlines()]
        self.assertEqual(len(rows), self.first["frames"])
        self.assertEqual([row for row in rows if row[0] or row[1]], [])
        self.assertEqual(sum(len(row[2].split(",")) for row in rows if row[2]),
                         self.first["messages"])
