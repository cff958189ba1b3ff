# SPDX-License-Identifier: Apache-2.0
"""The container that XRT calls axlf: offsets and numbers of xclbin.h (libxrt-dev 2.13), and the
UUID that says what is inside."""

import hashlib
import struct
import uuid

MAGIC = b"xclbin2\0"
# axlf up to the table of sections, the rows of the table, and what data is aligned to.
HEAD_BYTES = 456
SECTION = struct.Struct("<I16s4xQQ")
ALIGNMENT = 8
# Magic, signature length, reserved, key block, unique id; then axlf_header.
FRONT = struct.Struct("<8si28s256sQ")
HEADER = struct.Struct("<QQQHBBHH16s64s16s16sI4x")
UUID_AT = FRONT.size + 112

# Rows of the sections that are arrays.
MEMORY = struct.Struct("<BB6xQQ16s")
UNIT = struct.Struct("<IIQ64s")
CONNECTION = struct.Struct("<iii")
UNIT_IS_KERNEL = 1

KINDS = {
    "BITSTREAM": 0, "EMBEDDED_METADATA": 2, "MEM_TOPOLOGY": 6, "CONNECTIVITY": 7, "IP_LAYOUT": 8,
    "CLOCK_FREQ_TOPOLOGY": 11, "BUILD_METADATA": 14, "GROUP_TOPOLOGY": 26,
    "GROUP_CONNECTIVITY": 27,
}
NAMES = {kind: name for name, kind in KINDS.items()}
MEMORIES = {"ddr4": 1, "dram": 2, "hbm": 6, "bram": 7, "host": 10}
CONTROLS = {"hs": 0, "chain": 1, "none": 2}

# drivers/xrt_sim/xclbin_file.cpp has the same.
NAME_SPACE = b"ridley xclbin v5"


class Refused(Exception):
    """What was given is wrong; the text says how."""


def content_uuid(contents):
    """Version 5, of everything but the UUID itself."""
    blank = contents[:UUID_AT] + bytes(16) + contents[UUID_AT + 16:]
    return uuid.UUID(bytes=hashlib.sha1(NAME_SPACE + blank).digest()[:16], version=5)


def text(field):
    return field.split(b"\0", 1)[0].decode("utf-8", "replace")
