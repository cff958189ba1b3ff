# SPDX-License-Identifier: Apache-2.0
"""Small bitstreams for tests: an xclbin that is whole, with nothing a card could run."""

import struct
import uuid
from pathlib import Path

UUID = uuid.UUID("2f0a5d3c-1111-4222-8333-444455556666")


def xclbin(payload: bytes = b"bits" * 256, one: uuid.UUID = UUID) -> bytes:
    """A header, one section of bits and one kernel, as xrt/xclbin.h has them."""
    unit = struct.pack("<IIQ64s", 1, 0, 0x1000, b"ridley_card:card_0")
    sections = [(0, b"", payload), (8, b"", struct.pack("<ii", 1, 0) + unit)]
    at = 456 + 40 * len(sections)
    table, body = b"", b""
    for kind, name, content in sections:
        table += struct.pack("<I16s4xQQ", kind, name, at + len(body), len(content))
        body += content + bytes(-len(content) % 8)
    header = struct.pack("<QQQHBBHHQQ64s16s16sI4x", at + len(body), 1_700_000_000, 0, 0, 2, 13, 1,
                         0, 0, 0, b"ridley_simulated", one.bytes, b"", len(sections))
    head = b"xclbin2\0" + struct.pack("<i", -1) + b"\xff" * 28 + bytes(256) + bytes(8)
    return head + header + table + body


def write(folder: Path, name: str = "card", **changes) -> Path:
    """NAME.xclbin and NAME.golden in the folder."""
    file = folder / f"{name}.xclbin"
    file.write_bytes(xclbin(**changes))
    file.with_suffix(".golden").write_bytes(b"golden vectors of " + name.encode())
    return file
