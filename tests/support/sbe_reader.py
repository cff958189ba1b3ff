# SPDX-License-Identifier: Apache-2.0
"""Reads CME messages straight from the exchange's own SBE schema file, knowing nothing of schema/:
the other opinion on offsets, sizes and what is not there. Values come in the order of the bytes."""

import struct
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field

PRIMITIVES = {"char": "c", "int8": "b", "uint8": "B", "int16": "h", "uint16": "H", "int32": "i",
              "uint32": "I", "int64": "q", "uint64": "Q"}


@dataclass
class Kind:
    form: str          # of struct; a number before it for text
    null: int = None


@dataclass
class Part:
    """A fixed block, and the groups behind it."""
    fields: list = field(default_factory=list)   # (name, offset, kind)
    groups: list = field(default_factory=list)   # (name, bytes of the header, Part)


def local(element):
    return element.tag.rsplit("}", 1)[-1]


class Schema:
    def __init__(self, path):
        self.kinds = {name: Kind("<" + form) for name, form in PRIMITIVES.items()}
        self.headers = {}
        self.messages = {}  # template: Part
        root = ElementTree.parse(path).getroot()
        for types in root:
            if local(types) == "types":
                for one in types:
                    self.add_kind(one)
        for one in root:
            if local(one) == "message":
                self.messages[int(one.get("id"))] = self.part(one)

    def add_kind(self, one):
        name, what = one.get("name"), local(one)
        if what == "type":
            if one.get("presence") == "constant":
                self.kinds[name] = None
                return
            length = one.get("length", "1")
            form = PRIMITIVES[one.get("primitiveType")]
            text = form == "c"
            null = one.get("nullValue")
            self.kinds[name] = Kind("<" + (length + "s" if text else form),
                                    int(null) if null and not text else None)
        elif what in ("enum", "set"):
            kind = self.kinds[one.get("encodingType")]
            form = kind.form[1:]
            self.kinds[name] = Kind("<" + ("1s" if form in ("c", "1s") else form))
        elif what == "composite":
            self.add_composite(name, one)

    def add_composite(self, name, one):
        """A price is a mantissa whose exponent is constant; others are headers or have parts."""
        parts, end = [], 0
        for part in one:
            if part.get("presence") == "constant":
                continue
            offset = int(part.get("offset", end))
            form = PRIMITIVES[part.get("primitiveType")]
            end = offset + struct.calcsize("<" + form) * int(part.get("length", "1"))
            parts.append((part, form))
        if any(part.get("name") == "numInGroup" for part, _ in parts):
            self.headers[name] = end
        elif len(parts) == 1 and parts[0][0].get("name") == "mantissa":
            null = parts[0][0].get("nullValue")
            self.kinds[name] = Kind("<" + parts[0][1], int(null) if null else None)
        else:
            self.kinds[name] = Kind(f"<{end}s")

    def part(self, element):
        part, end = Part(), 0
        for one in element:
            if local(one) == "field":
                kind = self.kinds[one.get("type")]
                if kind is None:
                    continue
                offset = int(one.get("offset", end))
                end = offset + struct.calcsize(kind.form)
                part.fields.append((one.get("name"), offset, kind))
            elif local(one) == "group":
                part.groups.append((one.get("name"), self.headers[one.get("dimensionType")],
                                    self.part(one)))
        return part

    @staticmethod
    def values(block, part):
        """Of the fields that are there, numbers and text without padding."""
        found = []
        for name, offset, kind in part.fields:
            value, = struct.unpack_from(kind.form, block, offset)
            if value == kind.null:
                continue
            found.append((name, value.decode("latin-1").strip("\0 ") if isinstance(value, bytes)
                          else value))
        return found

    def read(self, message):
        """Values of the fixed part and, group by group, those of its entries."""
        size, block, template = struct.unpack_from("<HHH", message)
        assert size == len(message)
        part = self.messages[template]
        at, groups = 10 + block, []
        for _, header, entry in part.groups:
            if at == size:  # older than the group
                break
            length, = struct.unpack_from("<H", message, at)
            count = message[at + header - 1]
            at += header
            groups.append([self.values(message[at + index * length:at + (index + 1) * length],
                                       entry) for index in range(count)])
            at += length * count
        assert at == size, f"template {template}: groups end at {at}, the message at {size}"
        return self.values(message[10:10 + block], part), groups


def messages_of(payload):
    """(packet number, message) of a packet."""
    sequence, = struct.unpack_from("<I", payload)
    at = 12
    while at < len(payload):
        size, = struct.unpack_from("<H", payload, at)
        yield sequence, payload[at:at + size]
        at += size
