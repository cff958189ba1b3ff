# SPDX-License-Identifier: Apache-2.0
"""In: the bytes of an xclbin, anybody's. Out: what they say, or why they are none."""

import json
import struct
import uuid

from .xclbin_format import (CONNECTION, CONTROLS, FRONT, HEAD_BYTES, HEADER, MAGIC, MEMORIES,
                            MEMORY, NAMES, SECTION, UNIT, Refused, content_uuid, text)

ARRAY_MAX = 4096


def _section_table(contents, count):
    for number in range(count):
        kind, name, at, size = SECTION.unpack_from(contents, HEAD_BYTES + number * SECTION.size)
        if at + size > len(contents):
            raise Refused(f"section {text(name)} ends at byte {at + size}, the file at "
                          f"{len(contents)}")
        yield NAMES.get(kind, str(kind)), at, size


def _array(contents, row, first):
    (count,) = struct.unpack_from("<i", contents)
    if not 0 <= count <= ARRAY_MAX or first + count * row.size > len(contents):
        raise Refused(f"a section of {len(contents)} bytes cannot hold {count} rows")
    return [row.unpack_from(contents, first + number * row.size) for number in range(count)]


def _name_of(names, number):
    return next((name for name, value in names.items() if value == number), str(number))


def _memories(contents):
    return [{"name": text(name), "kind": _name_of(MEMORIES, kind), "used": bool(used),
             "base": base, "kilobytes": size}
            for kind, used, size, base, name in _array(contents, MEMORY, 8)]


def _units(contents):
    return [{"name": text(name), "base": base, "control": _name_of(CONTROLS, facts >> 8 & 0xFF)}
            for _, facts, base, name in _array(contents, UNIT, 8)]


def _connections(contents):
    return [list(row) for row in _array(contents, CONNECTION, 4)]


def _json(contents):
    try:
        return json.loads(contents)
    except ValueError as error:
        raise Refused(f"the build metadata is no JSON: {error}") from None


READERS = {
    "MEM_TOPOLOGY": _memories, "GROUP_TOPOLOGY": _memories, "IP_LAYOUT": _units,
    "CONNECTIVITY": _connections, "GROUP_CONNECTIVITY": _connections, "BUILD_METADATA": _json,
}


def describe(contents):
    if len(contents) < HEAD_BYTES or not contents.startswith(MAGIC):
        raise Refused("this is no xclbin")
    fields = HEADER.unpack_from(contents, FRONT.size)
    length, time, major, minor, platform, identity, count = (
        fields[0], fields[1], fields[4], fields[5], fields[9], fields[10], fields[12])
    if length != len(contents):
        raise Refused(f"the file has {len(contents)} bytes and says {length}")
    if HEAD_BYTES + count * SECTION.size > len(contents):
        raise Refused(f"the file cannot hold a table of {count} sections")
    said = uuid.UUID(bytes=identity)
    described = {"uuid": str(said), "uuid_is_of_contents": said == content_uuid(contents),
                 "platform": text(platform), "xrt": f"{major}.{minor}", "time": time,
                 "bytes": length, "sections": {}}
    for name, at, size in _section_table(contents, count):
        section = {"at": at, "bytes": size}
        if name in READERS:
            section["holds"] = READERS[name](contents[at:at + size])
        described["sections"][name] = section
    return described


def lines(described):
    of_contents = "of its contents" if described["uuid_is_of_contents"] else "NOT of its contents"
    yield f"uuid      {described['uuid']}, {of_contents}"
    yield f"platform  {described['platform']}, for XRT {described['xrt']}"
    yield f"size      {described['bytes']:,} bytes"
    for name, section in described["sections"].items():
        yield f"section   {name}, {section['bytes']:,} bytes"
        holds = section.get("holds", [])
        rows = holds if isinstance(holds, list) else [holds]
        for row in rows:
            yield f"            {json.dumps(row)}"
