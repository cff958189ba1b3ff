#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""In: a build folder with the simulated card and its test designs. Out: what it takes, one line a
design. A measurement, not a test: it says what the machine was like besides."""

import os
import statistics
import sys
import time
from pathlib import Path

if __name__ == "__main__":
    os.environ.setdefault("RIDLEY_BUILD_FOLDER", str(Path(sys.argv[1]).resolve()))
    os.environ.setdefault("RIDLEY_SOURCE_FOLDER", str(Path(__file__).resolve().parents[2]))

from card_rig import (ALIVE, CARD_32, CARD_64, FRAMES_0, UNIT, Card, Folder, Program, frame,
                      write_capture)

LOADS, READS, FRAMES, FRAME_BYTES, IDLE_S = 20, 20_000, 20_000, 200, 5
RING = 1 << 17  # twice what the frames can give, so that nobody has to read it


def processor_s(process):
    fields = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").split()
    return (int(fields[13]) + int(fields[14])) / os.sysconf("SC_CLK_TCK")


def loads_ms(program, xclbin, other):
    for _ in range(LOADS):
        program("load", "d", other)
        program("load", "d", xclbin)
        yield program.microseconds / 1000


def measure(folder, capture, xclbin, other):
    card = Card(folder, "--clock", "frames", "--port0", f"pcap:{capture}")
    program = Program(folder)
    program("open", "d")
    loads = sorted(loads_ms(program, xclbin, other))
    program("unit", "u", "d", UNIT)
    reads = sorted(float(program("read_often", "u", ALIVE, READS // 5)) for _ in range(5))
    began = time.monotonic()
    program.start_ring(RING)
    while program.read_64(FRAMES_0) < FRAMES:
        time.sleep(0.01)
    rate = FRAMES / (time.monotonic() - began)
    time.sleep(0.2)
    before = processor_s(card.process)
    time.sleep(IDLE_S)
    idle = (processor_s(card.process) - before) / IDLE_S
    program.end()
    card.end()
    cycles = card.said().rsplit("cycles, ", 1)[1].split()[0]
    print(f"{xclbin.name}: load {statistics.median(loads):.2f} ms ({loads[0]:.2f} to "
          f"{loads[-1]:.2f}), register read {reads[0]:.1f} to {reads[-1]:.1f} us, "
          f"{int(cycles):,} cycles a second, {rate:,.0f} frames of {FRAME_BYTES} bytes a second, "
          f"idle {idle:.1%} of a core, load average {os.getloadavg()[0]:.1f}")


def main():
    folder = Folder()
    frames = ((10**18 + i * 1000, frame(i, FRAME_BYTES)) for i in range(FRAMES))
    capture = write_capture(folder.path / "frames", frames)
    measure(folder, capture, CARD_64, CARD_32)
    measure(folder, capture, CARD_32, CARD_64)
    folder.close()


if __name__ == "__main__":
    main()
