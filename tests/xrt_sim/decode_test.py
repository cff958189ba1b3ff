# SPDX-License-Identifier: Apache-2.0
"""`ridley decode --engine rtl` (control/card_events.cpp, control/card_process.cpp): what the card's
design makes of a file is what the feed room makes of it, byte for byte, and no card outlives its
reader."""

import os
import random
import shutil
import signal
import subprocess
import tempfile
import time
import unittest
from pathlib import Path

from hostile_frames import Hostile, day_frames, mold, udp, write_capture

BUILD = Path(os.environ["RIDLEY_BUILD_FOLDER"])
SOURCE = Path(os.environ["RIDLEY_SOURCE_FOLDER"])
SHARED = Path(os.environ.get("RIDLEY_SHARED_DATA", SOURCE / "../shared/data"))
PROGRAM = BUILD / "src" / "app" / "ridley"
GENERATOR = BUILD / "bench" / "support" / "itch_generator"
NARROW = BUILD / "drivers" / "xrt_sim" / "card_32.xclbin"  # streams of 32 bits
SECONDS_MAX = 120
OK, DATAERR, NOINPUT, UNAVAILABLE = 0, 65, 66, 69


class Decode(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()  # pylint: disable=consider-using-with
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.temporary = self.folder / "tmp"
        self.temporary.mkdir()

    def words(self, *words: object) -> list[str]:
        return [str(PROGRAM), "decode", *map(str, words)]

    def environment(self) -> dict[str, str]:
        return {**os.environ, "TMPDIR": str(self.temporary)}

    def decode(self, *words: object, **more) -> tuple[int, bytes, bytes]:
        done = subprocess.run(self.words(*words), capture_output=True, timeout=SECONDS_MAX,
                              check=False, env=self.environment(), **more)
        return done.returncode, done.stdout, done.stderr

    def same(self, file: Path, *words: str, bitstream: Path | None = None) -> bytes:
        """What both say."""
        software = self.decode("--engine", "cpp", file, *words)
        other = ("--bitstream", bitstream) if bitstream else ()
        card = self.decode("--engine", "rtl", file, *words, *other)
        if card != software:
            theirs, ours = software[1].splitlines(), card[1].splitlines()
            odd = next((at for at, pair in enumerate(zip(theirs, ours)) if pair[0] != pair[1]),
                       min(len(theirs), len(ours)))
            self.fail(f"{file} {words}: cpp ended {software[0]} {software[2][-500:]}, "
                      f"rtl {card[0]} {card[2][-500:]}; line {odd + 1} of {len(theirs)} and "
                      f"{len(ours)}:\n{theirs[odd:odd + 1]}\n{ours[odd:odd + 1]}")
        self.assertEqual(list(self.temporary.iterdir()), [])
        return software[1]

    def generated(self, messages: int) -> Path:
        day = self.folder / "day.itch"
        subprocess.run([GENERATOR, day, str(messages), "200"], check=True, capture_output=True,
                       timeout=SECONDS_MAX)
        return day


class SameTest(Decode):
    def test_of_every_recorded_capture(self):
        captures = sorted(path for path in SHARED.glob("exchange-pcap/*/*Itch*/*.pcap"))
        if not captures:
            self.skipTest(f"needs {SHARED}/exchange-pcap, which is not part of the project")
        lines = 0
        for capture in captures:
            with self.subTest(capture.name):
                lines += self.same(capture).count(b"\n")
        self.assertGreater(lines, 40)

    def test_of_every_recorded_file_of_messages(self):
        files = sorted(SHARED.glob("itch/*"))
        if not files:
            self.skipTest(f"needs {SHARED}/itch, which is not part of the project")
        for file in files:
            with self.subTest(file.name):
                self.assertGreater(self.same(file, "--json").count(b"\n"), 900)

    def test_of_a_generated_day(self):
        day = self.generated(50_000)
        events = self.same(day)
        self.assertEqual(events.count(b"\n"), 50_003)
        capture = write_capture(self.folder / "day.pcap", day_frames(day, 1))
        self.assertEqual(self.same(capture), events)
        self.assertEqual(self.same(capture, bitstream=NARROW), events)
        self.assertIn(b"total", self.same(capture, "--count"))

    def test_of_hostile_frames(self):
        seed = int(os.environ.get("RIDLEY_SEED", random.randrange(2**32)))
        for number in range(seed, seed + 4):
            hostile = Hostile(number)
            capture = write_capture(self.folder / "hostile.pcap",
                                    [hostile.frame() for _ in range(1500)])
            with self.subTest(RIDLEY_SEED=number):
                for words in ((), ("--as-recorded",), ("--json", "--count")):
                    self.assertGreater(self.same(capture, *words).count(b"\n"), 10)
                self.same(capture, bitstream=NARROW)

    def test_of_news(self):
        capture = write_capture(self.folder / "news.pcap", [
            udp(mold(1, [b"B" * 19])), udp(mold(3, [b"D" * 18, b"D" * 19])), udp(mold(5, [])),
            udp(mold(9, [])), udp(mold(1, [b"D" * 19], b"ANOTHER   ")),
            udp(mold(4, [], b"ANOTHER   ", 0xFFFF))])
        said = [line.split()[:2] for line in self.same(capture).splitlines()]
        self.assertEqual([b" ".join(words).decode() for words in said], [
            "event kind=broken_trade", "packet arrival=gap", "short_message arrival=gap",
            "event kind=delete_order", "packet arrival=heartbeat_gap",
            "packet arrival=session_change", "event kind=delete_order",
            "packet arrival=end_of_session_gap"])

    def test_of_a_line_by_name(self):
        capture = write_capture(self.folder / "two.pcap", [
            udp(mold(1, [b"D" * 19]), 1), udp(mold(1, [b"B" * 19]), 2)])
        for port, kind in ((1, b"delete_order"), (2, b"broken_trade"), (3, b"")):
            said = self.same(capture, "--line", f"233.54.12.111:{port}")
            self.assertIn(kind, said)
            self.assertEqual(said.count(b"\n"), 1 if kind else 0)

    def test_of_what_is_cut_off(self):
        day = self.generated(200)
        whole = write_capture(self.folder / "day.pcap", day_frames(day, 1))
        for file in (day, whole):
            data = file.read_bytes()
            for size in (len(data) // 2 + 1, len(data) - 5):
                file.write_bytes(data[:size])
                with self.subTest(file=file.name, size=size):
                    self.same(file)
                    self.assertEqual(self.decode("--engine", "rtl", file)[0], DATAERR)

    def test_of_files_without_a_frame(self):
        for frames in ([], [b""], [b"\0"]):
            self.assertEqual(self.same(write_capture(self.folder / "few.pcap", frames)), b"")

    def test_of_standard_input(self):
        day = self.generated(100)
        with open(day, "rb") as file:
            piped = self.decode("--engine", "rtl", "-", stdin=file)
        self.assertEqual(piped[1], self.same(day))


class RefusalTest(Decode):
    def test_of_a_bitstream_that_is_none(self):
        day = self.generated(10)
        none = self.folder / "none"
        self.assertEqual(self.decode("--engine", "rtl", "--bitstream", none, day)[0], NOINPUT)
        ended = self.decode("--engine", "rtl", "--bitstream", day, day)
        self.assertEqual(ended[:2], (DATAERR, b""))
        self.assertIn(b"day.itch", ended[2])

    def test_where_no_card_was_built(self):
        alone = self.folder / "bin" / "ridley"
        alone.parent.mkdir()
        shutil.copy(PROGRAM, alone)
        ended = subprocess.run([alone, "decode", "--engine", "rtl", self.generated(10)],
                               capture_output=True, text=True, timeout=SECONDS_MAX, check=False)
        self.assertEqual((ended.returncode, ended.stdout), (UNAVAILABLE, ""))
        self.assertIn("no simulated card", ended.stderr)


class CardsLifeTest(Decode):
    """The card ends with its reader, however that ends."""

    def begin(self) -> tuple[subprocess.Popen, int]:
        """A reader in the middle of its work, and its card."""
        day = self.generated(50_000)
        reader = subprocess.Popen(  # pylint: disable=consider-using-with
            self.words("--engine", "rtl", day), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=self.environment())
        self.addCleanup(reader.communicate)
        self.addCleanup(reader.kill)
        self.assertIn(b"kind=", reader.stdout.readline())
        children = Path(f"/proc/{reader.pid}/task/{reader.pid}/children").read_text("ascii").split()
        self.assertEqual(len(children), 1)
        return reader, int(children[0])

    def assert_gone(self, process: int):
        until = time.monotonic() + 10
        while Path(f"/proc/{process}").exists():
            state = Path(f"/proc/{process}/stat")
            if state.exists() and state.read_text("ascii").rsplit(")", 1)[1].split()[0] == "Z":
                return
            self.assertLess(time.monotonic(), until, "the card is still there")
            time.sleep(0.01)

    def test_ends_when_nobody_reads(self):
        reader, card = self.begin()
        reader.stdout.close()
        self.assertEqual(reader.stderr.read(), b"")
        self.assertEqual(reader.wait(SECONDS_MAX), OK)
        self.assert_gone(card)
        reader.stdout = None
        self.assertEqual(list(self.temporary.iterdir()), [])

    def test_ends_by_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
            with self.subTest(number):
                reader, card = self.begin()
                reader.send_signal(number)
                reader.wait(SECONDS_MAX)
                self.assertEqual(reader.returncode, -number)
                self.assert_gone(card)
                self.assertEqual(list(self.temporary.iterdir()), [])

    def test_is_missed_when_it_ends_by_itself(self):
        reader, card = self.begin()
        os.kill(card, signal.SIGKILL)
        _, messages = reader.communicate(timeout=SECONDS_MAX)
        self.assertNotEqual(reader.returncode, OK)
        self.assertIn(b"card", messages)


if __name__ == "__main__":
    unittest.main()
