# SPDX-License-Identifier: Apache-2.0
"""In: a seed, or a day. Out: captures of MoldUDP64 feeds, right and wrong in every way that a wire
can be."""

import random
import struct
from pathlib import Path

GROUP, PORT = bytes([233, 54, 12, 111]), 26477
# Every type with its length.
TYPES = {"S": 12, "R": 39, "H": 25, "Y": 20, "L": 26, "V": 35, "W": 12, "K": 28, "J": 35, "h": 21,
         "A": 36, "F": 40, "E": 31, "C": 36, "X": 23, "D": 19, "U": 35, "P": 44, "Q": 40, "B": 19,
         "I": 50, "N": 20, "O": 48}


def checksum(data: bytes) -> int:
    words = struct.unpack(f">{len(data) // 2 + len(data) % 2}H", data + b"\0" * (len(data) % 2))
    total = sum(words)
    while total >> 16:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def udp(payload: bytes, port: int = PORT, tags: bytes = b"", options: bytes = b"",
        summed: bool = True) -> bytes:
    """A frame with right lengths and checksums."""
    source = bytes([10, 20, 30, 1])
    datagram = struct.pack(">HHHH", 26400, port, 8 + len(payload), 0) + payload
    if summed:
        pseudo = source + GROUP + struct.pack(">HH", 17, len(datagram))
        total = checksum(pseudo + datagram) or 0xFFFF
        datagram = datagram[:6] + struct.pack(">H", total) + datagram[8:]
    size = 20 + len(options)
    header = struct.pack(">BBHIBBH", 0x40 | size // 4, 0, size + len(datagram), 0x4000, 16, 17, 0)
    header += source + GROUP + options
    header = header[:10] + struct.pack(">H", checksum(header)) + header[12:]
    frame = b"\x01\x00\x5e\x36\x0c\x6f" + b"\x02" * 6 + tags + b"\x08\x00" + header + datagram
    return frame.ljust(60, b"\0")


def mold(sequence: int, messages: list[bytes], session: bytes = b"SESSION001",
         count: int | None = None) -> bytes:
    head = session + struct.pack(">QH", sequence, len(messages) if count is None else count)
    return head + b"".join(struct.pack(">H", len(one)) + one for one in messages)


def write_capture(path: Path, frames: list[bytes], step_ns: int = 1000) -> Path:
    with open(path, "wb") as file:
        file.write(struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 262144, 1))
        for number, frame in enumerate(frames):
            seconds, ns = divmod(1_700_000_000 * 10**9 + number * step_ns, 10**9)
            file.write(struct.pack("<IIII", seconds, ns, len(frame), len(frame)) + frame)
    return path


def day_frames(day: Path, seed: int) -> list[bytes]:
    """The messages of an ITCH file as a line sends them: one or two a packet, now and then many."""
    choose = random.Random(seed)
    rest, messages = day.read_bytes(), []
    at = 0
    while at + 2 <= len(rest):
        size = struct.unpack_from(">H", rest, at)[0]
        if size:
            messages.append(rest[at + 2:at + 2 + size])
        at += 2 + size
    frames, first = [], 0
    while first < len(messages):
        wanted = choose.choice((1, 1, 1, 1, 2, 2, 3, 8, 24))
        frames.append(udp(mold(first + 1, messages[first:first + wanted])))
        first += wanted
    return frames


class Hostile:
    """Frames one after another: most of them a feed, many of them damaged."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.sequence = self.random.choice((1, 7, 2**63, 2**64 - 5000))
        self.session = b"SESSION001"

    def message(self) -> bytes:
        choose = self.random
        letter = choose.choice(list(TYPES))
        size = choose.choice((TYPES[letter],) * 6 + (choose.randrange(90), choose.randrange(14)))
        if choose.randrange(12) == 0:
            return choose.randbytes(choose.randrange(80))
        return (letter.encode() + choose.randbytes(max(0, size - 1)))[:size]

    def payload(self) -> bytes:
        choose = self.random
        if choose.randrange(40) == 0:
            self.session = choose.choice((b"SESSION001", b"SESSION002"))
        count = choose.choice((0, 1, 1, 1, 2, 3, 8, 30))
        messages = [self.message() for _ in range(count)]
        if choose.randrange(30) == 0:
            messages = [choose.choice((b"", b"A", b"?", b"S"))] * choose.randrange(450)
        start = self.sequence + choose.choice((0,) * 12 + (-1, -3, 1, 5))
        self.sequence = (start + len(messages)) % 2**64
        wrong = choose.randrange(24)
        made = mold(start % 2**64, messages, self.session,
                    (len(messages) + choose.choice((-1, 1, 9))) % 2**16 if wrong == 0 else
                    choose.choice((0, 0xFFFF)) if wrong == 1 else None)
        if wrong == 2:
            made = made[:choose.randrange(len(made) + 1)]
        return made + (choose.randbytes(choose.randrange(9)) if wrong == 3 else b"")

    def frame(self) -> bytes:
        choose = self.random
        tags = choose.choice((b"",) * 8 + (b"\x81\x00\x00\x05", b"\x88\xa8\x00\x01\x81\x00\x00\x02",
                                           b"\x81\x00\x00\x05" * 3))
        options = b"\x01" * choose.choice((0,) * 8 + (4, 40))
        frame = udp(self.payload()[:1480], PORT + (choose.randrange(15) == 0), tags, options,
                    choose.randrange(4) != 0)
        wrong = choose.randrange(12)
        if wrong == 0:
            at = choose.randrange(len(frame))
            frame = frame[:at] + choose.randbytes(1) + frame[at + 1:]
        elif wrong == 1:
            frame = frame[:choose.randrange(1, len(frame) + 1)]
        elif wrong == 2:
            frame = choose.randbytes(choose.randrange(1, 120))
        return frame
