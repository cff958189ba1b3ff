# SPDX-License-Identifier: Apache-2.0
"""Capture files made by hand: Ethernet, IPv4, UDP or TCP around a payload."""

import struct

CLIENT, SERVER = 42_000, 8_003


def ethernet_ip(protocol, payload):
    head = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(payload), 1, 0, 64, protocol, 0,
                       bytes([10, 0, 0, 1]), bytes([239, 1, 1, 1]))
    return bytes(12) + b"\x08\x00" + head + payload


def udp(payload, port=26_400):
    return ethernet_ip(17, struct.pack(">HHHH", 40_000, port, 8 + len(payload), 0) + payload)


def tcp(payload, sequence, source=CLIENT, destination=SERVER):
    head = struct.pack(">HHIIBBHHH", source, destination, sequence, 1, 0x50, 0x18, 65_535, 0, 0)
    return ethernet_ip(6, head + payload)


def pcap(frames):
    parts = [struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65_535, 1)]
    for number, frame in enumerate(frames):
        parts.append(struct.pack("<IIII", 1_700_000_000, number, len(frame), len(frame)) + frame)
    return b"".join(parts)


def mold(messages, sequence=1, session=b"0000000001", count=None):
    blocks = b"".join(struct.pack(">H", len(one)) + one for one in messages)
    count = len(messages) if count is None else count
    return session + struct.pack(">QH", sequence, count) + blocks


def soup(kind, payload=b""):
    return struct.pack(">H", 1 + len(payload)) + kind + payload


def unit(messages, sequence, number=1):
    body = b"".join(messages)
    return struct.pack("<HBBI", 8 + len(body), len(messages), number, sequence) + body


def iex(messages, sequence, offset=0, protocol=0x8004):
    body = b"".join(struct.pack("<H", len(one)) + one for one in messages)
    return struct.pack("<BBHIIHHQQq", 1, 0, protocol, 1, 77, len(body), len(messages), offset,
                       sequence, 5) + body


def pitch(kind, form, *values):
    body = struct.pack("<" + form, *values)
    return bytes([len(body) + 2, kind]) + body
