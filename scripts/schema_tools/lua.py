# SPDX-License-Identifier: Apache-2.0
"""The Wireshark dissector: the tables of every protocol as Lua values, then the code that walks
them (dissector*.lua beside this file), which knows no field of a message by name."""

import pathlib

from .model import SCALARS

RUNTIMES = [pathlib.Path(__file__).with_name(name)
            for name in ("dissector.lua", "dissector_feeds.lua", "dissector_mdp.lua")]

# kind: the constructor of the Wireshark field
FIELD_TYPES = {"u8": "uint8", "u16": "uint16", "u32": "uint32", "u48": "uint64", "u64": "uint64",
               "i8": "int8", "i16": "int16", "i32": "int32", "i64": "int64", "price4": "uint32",
               "price8": "uint64", "long_price4": "uint64", "short_price2": "uint16",
               "signed_price4": "int64", "signed_price9": "int64"}


def quoted(value):
    return '"' + str(value).replace("\\", "\\\\").replace('"', '\\"') + '"'


def decimals(kind):
    return SCALARS.get(kind, (0, 0))[1]


def type_key(message):
    """A number is written as in the publisher's tables."""
    return f"0x{message.type:02x}" if isinstance(message.type, int) else quoted(message.type)


def key(value):
    """A code as the dissector will read it: a trimmed text or a number."""
    return f"[{quoted(value.strip())}]" if isinstance(value, str) else f"[{value}]"


class Tables:
    """One protocol as Lua."""

    def __init__(self, protocol):
        self.protocol = protocol
        self.fields = {}

    def field_name(self, owner, name, kind):
        """A field keeps its name where every message gives it the same kind."""
        base = kind
        if self.fields.setdefault(name, base) == base:
            return name
        longer = f"{owner}_{name}"
        self.fields[longer] = base
        return longer

    def codes(self):
        lines = ["  codes = {"]
        for codes in self.protocol.code_lists:
            values = ", ".join(f"{key(one.value)} = {quoted(one.name)}" for one in codes.codes)
            lines.append(f"    {codes.name} = {{ {values} }},")
        return lines + ["  },"]

    def field(self, owner, field):
        name = self.field_name(owner, field.name, field.kind)
        parts = [f"at = {field.at}", f"size = {field.size}", f"field = {quoted(name)}",
                 f"kind = {quoted(FIELD_TYPES.get(field.base, 'string'))}"]
        if field.decimals:
            parts.append(f"decimals = {field.decimals}")
        if field.codes:
            parts.append(f"codes = {quoted(field.codes.name)}")
        if field.optional:
            parts.append("optional = true")
        if field.null is not None:
            parts.append(f"null = {quoted(field.null)}")
        return f"      {{ {', '.join(parts)} }},"

    def message(self, message):
        parts = [f"name = {quoted(message.name)}", f"title = {quoted(message.title)}",
                 f"size = {message.size}", f"appendage = {quoted(message.appendage)}"]
        if message.payload:
            parts.append("payload = true")
        if message.groups:
            groups = ", ".join(f"{{ name = {quoted(one.name)}, part = {quoted(one.part)}, "
                               f"header = {one.header} }}" for one in message.groups)
            parts.append(f"groups = {{ {groups} }}")
        lines = [f"    {{ {', '.join(parts)}, type = {type_key(message)},",
                 f"      direction = {quoted(message.direction)}, fields = {{"]
        lines += [self.field(message.name, one) for one in message.fields]
        return lines + ["    } },"]

    def element(self, element):
        name = self.field_name("element", element.name, element.kind)
        parts = [f"name = {quoted(element.name)}", f"size = {element.size}",
                 f"field = {quoted(name)}",
                 f"kind = {quoted(FIELD_TYPES.get(element.kind, 'string'))}"]
        if decimals(element.kind):
            parts.append(f"decimals = {decimals(element.kind)}")
        if element.codes:
            parts.append(f"codes = {quoted(element.codes.name)}")
        return f"    [{element.tag}] = {{ {', '.join(parts)} }},"

    def text(self):
        protocol = self.protocol
        lines = [f"tables.{protocol.namespace} = {{", f"  title = {quoted(protocol.title)},",
                 f"  type_at = {protocol.type_at}, type_bytes = {protocol.type_bytes},",
                 f"  little_endian = {str(protocol.little_endian).lower()},"]
        lines += self.codes() + ["  messages = {"]
        for message in protocol.messages:
            lines += self.message(message)
        lines += ["  },", "  elements = {"]
        lines += [self.element(one) for one in protocol.elements]
        lines += ["  },", "  kinds = {"]
        lines += [f"    {name} = {quoted(FIELD_TYPES.get(kind, 'string'))},"
                  for name, kind in sorted(self.fields.items())]
        return lines + ["  },", "}", ""]


def lua(*protocols):
    files = ", ".join(protocol.file for protocol in protocols)
    lines = ["-- SPDX-License-Identifier: Apache-2.0",
             f"-- Made from {files}", "-- by scripts/generate.py; never edited.", "",
             "local tables = {}", ""]
    for protocol in protocols:
        lines += Tables(protocol).text()
    # Their SPDX lines are ours.
    runtimes = [file.read_text(encoding="utf-8").split("\n", 1)[1] for file in RUNTIMES]
    return "\n".join(lines) + "\n".join(runtimes)
