# SPDX-License-Identifier: Apache-2.0
"""What a schema file says, as plain values. Every back end reads these and nothing else."""

import hashlib
import re
from dataclasses import dataclass, field

# kind: (bytes, implied decimals); the widths that do not depend on a number in the name.
SCALARS = {
    "u8": (1, 0), "u16": (2, 0), "u32": (4, 0), "u48": (6, 0), "u64": (8, 0),
    "i8": (1, 0), "i16": (2, 0), "i32": (4, 0), "i64": (8, 0), "char": (1, 0),
    "price4": (4, 4), "price8": (8, 8), "long_price4": (8, 4), "short_price2": (2, 2),
    "signed_price4": (8, 4), "signed_price9": (8, 9),
}
SIGNED = ("i8", "i16", "i32", "i64", "signed_price4", "signed_price9")
COUNTED = re.compile(r"(char|digits|pad)([1-9][0-9]*)")


class SchemaError(Exception):
    """A table that cannot be right: where it stands and why."""

    def __init__(self, file, line, message):
        super().__init__(f"{file}:{line}: {message}")


@dataclass
class Code:
    value: object
    name: str
    doc: str
    line: int


@dataclass
class CodeList:
    """Named values of a field; an enumeration in the languages that have one."""
    name: str
    kind: str
    doc: str
    codes: list
    line: int


@dataclass
class Field:
    at: int
    name: str
    kind: str
    doc: str
    line: int
    size: int = 0
    codes: CodeList = None     # named values, where there are some
    optional: bool = False     # a trailing field that older senders leave out
    left_pad: bool = False     # text padded on the left
    default: object = None     # records only: the value of a fresh record
    base: str = ""             # the scalar kind beneath an enumeration
    null: int = None           # the number that says that there is none

    @property
    def count(self):
        """Characters of charN, digitsN, padN."""
        return int(COUNTED.fullmatch(self.base)[2])

    @property
    def family(self):
        """The kind without its number."""
        found = COUNTED.fullmatch(self.base)
        return found[1] if found else self.base

    @property
    def decimals(self):
        return SCALARS.get(self.base, (0, 0))[1]


@dataclass
class Body:
    """One member of a record's union."""
    name: str
    type_name: str
    kinds: list                # values of the field that selects it
    fields: list
    line: int


@dataclass
class Group:
    """Entries behind the fixed part, as many and as long as the group's own header says."""
    name: str
    part: str                  # the message that is one entry
    header: int                # bytes of the group's header, 3 or 8
    line: int


@dataclass
class Message:
    name: str
    title: str
    doc: str
    size: int                  # of the fixed part, optional fields excluded
    fields: list
    line: int
    type: object = ""          # a letter or a number, where the protocol has types
    direction: str = ""        # inbound/outbound, client/server, or empty
    appendage: str = "never"   # never, optional or mandatory
    payload: bool = False      # variable bytes follow
    plugin: bool = False       # records: also given to plug-ins in C
    body_at: int = 0
    body_by: str = ""          # the field that selects the body
    bodies: list = field(default_factory=list)
    part: bool = False         # no message of its own: an entry of a group
    groups: list = field(default_factory=list)

    @property
    def optional_fields(self):
        return [one for one in self.fields if one.optional]

    @property
    def fixed_fields(self):
        return [one for one in self.fields if not one.optional]

    @property
    def size_with_options(self):
        return self.size + sum(one.size for one in self.optional_fields)


@dataclass
class Element:
    """An appendage element."""
    tag: int
    name: str
    kind: str
    size: int
    doc: str
    line: int
    codes: CodeList = None


@dataclass
class Protocol:
    file: str
    name: str
    title: str
    form: str                  # wire or record
    source: str
    doc: str
    type_at: int               # -1: no type byte
    namespace: str
    code_lists: list
    messages: list
    elements: list
    little_endian: bool = False
    type_bytes: int = 1
    block_length: str = ""     # the field that says how long the fixed part is on the wire
    header: list = field(default_factory=list)  # what every message begins with

    def code_list(self, name):
        return next((one for one in self.code_lists if one.name == name), None)


def kind_size(kind):
    """Bytes of a kind, or None for a kind nobody knows."""
    if kind in SCALARS:
        return SCALARS[kind][0]
    found = COUNTED.fullmatch(kind)
    return int(found[2]) if found else None


def fingerprint(facts):
    """64 bits of SHA-256 over facts, a line each."""
    return int.from_bytes(hashlib.sha256("\n".join(facts).encode()).digest()[:8], "big")


def camel(name):
    """order_id -> OrderId; digits stay where they are."""
    return "".join(part[:1].upper() + part[1:] for part in name.split("_"))
