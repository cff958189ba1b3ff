# SPDX-License-Identifier: Apache-2.0
"""In: a description of a card's design and its bitstream. Out: the bytes of an xclbin."""

import json
import struct
import tomllib
from xml.sax.saxutils import quoteattr

from .xclbin_format import (ALIGNMENT, CONNECTION, CONTROLS, FRONT, HEAD_BYTES, HEADER, KINDS,
                            MAGIC, MEMORIES, MEMORY, SECTION, UNIT, UNIT_IS_KERNEL, UUID_AT,
                            Refused, content_uuid)

XRT_VERSION = (2, 13)


def load_description(path):
    try:
        described = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{path}: {error}") from None
    for name in ("name", "platform", "memory", "unit"):
        if name not in described:
            raise Refused(f"{path}: '{name}' is missing")
    return described


def _field(words, size):
    """A text in a field that ends in a zero."""
    raw = words.encode()
    if len(raw) >= size:
        raise Refused(f"'{words}' is longer than {size - 1} bytes")
    return raw


def _memory(one):
    if one["kind"] not in MEMORIES:
        raise Refused(f"memory '{one['name']}' is of kind '{one['kind']}', not one of "
                      f"{', '.join(MEMORIES)}")
    return MEMORY.pack(MEMORIES[one["kind"]], 1, one["kilobytes"], one["base"],
                       _field(one["name"], 16))


def memory_topology(described):
    rows = [_memory(one) for one in described["memory"]]
    return struct.pack("<i4x", len(rows)) + b"".join(rows)


def units(described):
    """Sorted as XRT wants them."""
    return sorted(described["unit"], key=lambda unit: unit["base"])


def ip_layout(described):
    rows = [UNIT.pack(UNIT_IS_KERNEL, CONTROLS[unit["control"]] << 8, unit["base"],
                      _field(f"{unit['kernel']}:{unit['name']}", 64))
            for unit in units(described)]
    return struct.pack("<i4x", len(rows)) + b"".join(rows)


def connectivity(described):
    names = [one["name"] for one in described["memory"]]
    rows = []
    for number, unit in enumerate(units(described)):
        for argument, memory in enumerate(unit.get("memories", [])):
            if memory not in names:
                raise Refused(f"unit '{unit['name']}' uses no memory of this design: '{memory}'")
            rows.append(CONNECTION.pack(argument, number, names.index(memory)))
    return struct.pack("<i", len(rows)) + b"".join(rows)


def _kernel(unit):
    control = {"hs": "ap_ctrl_hs", "chain": "ap_ctrl_chain", "none": "ap_ctrl_none"}
    lines = [f'<kernel name={quoteattr(unit["kernel"])} language="ip" type="pl" '
             f'vlnv={quoteattr("ridley:rtl:" + unit["kernel"] + ":1.0")} '
             f'hwControlProtocol="{control[unit["control"]]}" interrupt="false">',
             f'<port name="s_axil" mode="slave" range="0x{unit["bytes"]:x}" dataWidth="32" '
             'portType="addressable" base="0x0"/>']
    if unit.get("memories"):
        lines.append('<port name="m_axi" mode="master" range="0xFFFFFFFFFFFFFFFF" dataWidth="512" '
                     'portType="addressable" base="0x0"/>')
    for number, _ in enumerate(unit.get("memories", [])):
        lines.append(f'<arg name="memory_{number}" addressQualifier="1" id="{number}" port="m_axi" '
                     'size="0x8" offset="0x0" hostOffset="0x0" hostSize="0x8" type="void*"/>')
    lines.append(f'<instance name={quoteattr(unit["name"])}>'
                 f'<addrRemap base="0x{unit["base"]:x}" port="s_axil"/></instance></kernel>')
    return lines


def embedded_metadata(described):
    lines = ['<?xml version="1.0" encoding="UTF-8"?>',
             f'<project name={quoteattr(described["name"])}>',
             f'<platform vendor="ridley" name={quoteattr(described["platform"])} '
             'boardid="none" featureRomTime="0"><version major="0" minor="1"/>',
             '<device name="card" fpgaDevice="simulated:none:0:0">',
             '<core name="OCL_REGION_0" target="hw" type="clc_region">']
    for unit in units(described):
        lines += _kernel(unit)
    return "\n".join([*lines, "</core></device></platform></project>", ""]).encode()


def build_metadata(described, facts):
    return json.dumps({"build_metadata": {"name": described["name"], **facts}}, indent=2,
                      sort_keys=True).encode()


def sections(described, bitstream, facts):
    memory, connections = memory_topology(described), connectivity(described)
    made = [("BITSTREAM", bitstream), ("EMBEDDED_METADATA", embedded_metadata(described)),
            ("MEM_TOPOLOGY", memory), ("CONNECTIVITY", connections),
            ("IP_LAYOUT", ip_layout(described)),
            ("BUILD_METADATA", build_metadata(described, facts)),
            ("GROUP_TOPOLOGY", memory), ("GROUP_CONNECTIVITY", connections)]
    return [(KINDS[name], name.lower()[:15].encode(), contents) for name, contents in made]


def write(described, bitstream, facts):
    parts = sections(described, bitstream, facts)
    at = HEAD_BYTES + SECTION.size * len(parts)
    table, body = b"", b""
    for kind, name, contents in parts:
        filling = -at % ALIGNMENT
        at += filling
        table += SECTION.pack(kind, name, at, len(contents))
        body += bytes(filling) + contents
        at += len(contents)
    front = FRONT.pack(MAGIC, -1, b"\xff" * 28, b"\xff" * 256, 0)
    header = HEADER.pack(at, 0, 0, 0, *XRT_VERSION, 0, 0, bytes(16),
                         _field(described["platform"], 64), bytes(16), bytes(16), len(parts))
    made = front + header + table + body
    assert len(front + header) == HEAD_BYTES and len(made) == at
    return made[:UUID_AT] + content_uuid(made).bytes + made[UUID_AT + 16:]
