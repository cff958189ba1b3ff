# SPDX-License-Identifier: Apache-2.0
"""In: nothing. Out: the simulated card's process and an ordinary XRT program, each as long as a
test wants it, and captures to feed the card with."""

import contextlib
import os
import signal
import struct
import subprocess
import tempfile
import time
from pathlib import Path

BUILD = Path(os.environ["RIDLEY_BUILD_FOLDER"])
SOURCE = Path(os.environ["RIDLEY_SOURCE_FOLDER"])
SIMULATED = BUILD / "drivers" / "xrt_sim"
CARD_64 = SIMULATED / "test_card_64.xclbin"
CARD_32 = SIMULATED / "test_card_32.xclbin"
SHIM = SIMULATED / "lib" / "libxrt_core.so.2"
UNIT = "ridley_card:{card}"

# Registers, as in schema/registers.toml.
MAGIC, MAP_HASH, CLOCK_HZ, STREAM_BITS = 0x00, 0x08, 0x20, 0x24
RUNNING, ALIVE, RING_ADDRESS, RING_RECORDS = 0x40, 0x44, 0x48, 0x50
RING_CONSUMED, RING_PRODUCED, FRAMES_0, FRAMES_1 = 0x54, 0x58, 0x100, 0x200
RECORDS_DROPPED = 0x380
ALL_ONES = 0xFFFFFFFF

START_S = 10
# A card shares its cores with other tests: only tests of the limit itself use the real one.
EASY_LIMIT_MS = "2000"


class Folder:
    """A folder for one test, with a socket in it."""

    def __init__(self):
        self.kept = tempfile.TemporaryDirectory(prefix="ridley-card-")
        self.path = Path(self.kept.name)
        self.socket = self.path / "card"
        self.processes = []

    def environment(self, **more):
        return {**os.environ, "RIDLEY_CARD_SIM": str(self.socket), "XILINX_XRT": str(SIMULATED),
                "RIDLEY_CARD_SIM_LIMIT_MS": EASY_LIMIT_MS, **more}

    def close(self):
        """Whatever a failed test has left behind goes too."""
        for process in self.processes:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.kept.cleanup()


class Card:
    """ridley-card-sim."""

    def __init__(self, folder, *options):
        self.folder = folder
        self.words = (folder.path / "card.stderr").open("w+")
        self.process = subprocess.Popen(
            [SIMULATED / "ridley-card-sim", *map(str, options)], env=folder.environment(),
            stderr=self.words)
        folder.processes.append(self.process)
        end = time.monotonic() + START_S
        while "listening" not in self.said():
            if time.monotonic() > end or self.process.poll() is not None:
                raise AssertionError("the card does not start")
            time.sleep(0.005)

    def said(self):
        return Path(self.words.name).read_text(encoding="utf-8")

    def send(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        """The exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(number)
        code = self.process.wait(START_S)
        self.words.close()
        return code


class Failed(Exception):
    """What XRT said instead of doing it."""


class Program:
    """An ordinary XRT program that does what it is told (xrt_program.cpp)."""

    def __init__(self, folder, **environment):
        self.process = subprocess.Popen(
            [BUILD / "tests" / "xrt_sim" / "xrt_program"], env=folder.environment(**environment),
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        folder.processes.append(self.process)
        self.microseconds = 0.0

    def __call__(self, *words):
        print(*words, file=self.process.stdin, flush=True)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(f"the program ended with {self.process.wait()} at {words}")
        took, verdict, answer = line.rstrip("\n").split(" ", 2)
        self.microseconds = float(took)
        if verdict != "ok":
            raise Failed(answer)
        return answer

    def read(self, register, unit="u"):
        return int(self("read", unit, register), 16)

    def read_64(self, register, unit="u"):
        return int(self("read_64", unit, register), 16)

    def write(self, register, value, unit="u"):
        self("write", unit, register, value)

    def open(self, xclbin=CARD_64, name="d", unit="u"):
        self("open", name)
        self("load", name, xclbin)
        self("unit", unit, name, UNIT)

    def start_ring(self, records, name="d", unit="u"):
        """A ring in the host's memory; the card runs."""
        address = int(self("buffer", "ring", name, "host", records * 64), 16)
        self.write(RING_ADDRESS, address & ALL_ONES, unit)
        self.write(RING_ADDRESS + 4, address >> 32, unit)
        self.write(RING_RECORDS, records, unit)
        self.write(RING_CONSUMED, 0, unit)
        self.write(RUNNING, 1, unit)

    def record(self, number, records):
        """Record number, from 1 on, or None when it has not been written."""
        at = (number - 1) % records * 64
        # The mark first: what stands before it is then there.
        mark = bytes.fromhex(self("peek", "ring", at + 56, 8))
        written, _, form, flags = struct.unpack("<IHBB", mark)
        if written != number:
            return None
        raw = bytes.fromhex(self("peek", "ring", at, 56))
        stamp, size = struct.unpack_from("<QI", raw)
        return {"stamp": stamp, "bytes": size, "first": raw[16:24], "form": form, "port": flags & 1}

    def wait_for(self, number, records):
        end = time.monotonic() + START_S
        while (found := self.record(number, records)) is None:
            if time.monotonic() > end:
                raise AssertionError(f"record {number} does not come")
        return found

    def end(self):
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        code = self.process.wait(START_S)
        self.process.stdout.close()
        return code


def write_capture(path, frames):
    """A classic pcap with nanoseconds; frames are pairs of time and bytes."""
    with path.open("wb") as file:
        file.write(struct.pack("<IHHIIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for ns, frame in frames:
            file.write(struct.pack("<IIII", ns // 10**9, ns % 10**9, len(frame), len(frame)))
            file.write(frame)
    return path


def frame(number, size):
    """Bytes that say which frame they are."""
    return struct.pack(">Q", number) + bytes((number + i) & 0xFF for i in range(size - 8))
