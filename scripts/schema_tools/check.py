# SPDX-License-Identifier: Apache-2.0
"""The rules a table must keep before anything is made from it: no gap, no overlap, the right sum,
every name and type once."""

import re

from .model import SchemaError

NAME = re.compile(r"[a-z][a-z0-9_]*")


class Checker:
    def __init__(self, protocol):
        self.protocol = protocol

    def refuse(self, line, message):
        raise SchemaError(self.protocol.file, line, message)

    def unique(self, entries, what, key=lambda one: one.name):
        seen = {}
        for entry in entries:
            value = key(entry)
            if value in seen:
                self.refuse(entry.line, f"duplicate {what} '{value}', first on line {seen[value]}")
            seen[value] = entry.line

    def name(self, entry, what):
        if not NAME.fullmatch(entry.name):
            self.refuse(entry.line, f"{what} name '{entry.name}' is not snake_case")

    def code_list(self, codes):
        self.name(codes, "code list")
        self.unique(codes.codes, "code value", lambda one: one.value)
        self.unique(codes.codes, "code name")
        width = 1 if codes.kind == "char" else None
        if codes.kind.startswith("char") and width is None:
            width = int(codes.kind[4:])
        for code in codes.codes:
            self.name(code, "code")
            if width and not (isinstance(code.value, str) and 0 < len(code.value) <= width):
                self.refuse(code.line, f"code '{code.value}' does not fit {codes.kind}")

    def layout(self, fields, start, line, what):
        """Fields one behind the other from start; returns where they end."""
        expected = start
        for field in fields:
            self.name(field, "field")
            if field.at > expected:
                self.refuse(field.line, f"gap in {what}: field '{field.name}' is at {field.at}, "
                                        f"the one before ends at {expected}")
            if field.at < expected:
                self.refuse(field.line, f"overlap in {what}: field '{field.name}' is at "
                                        f"{field.at}, the one before ends at {expected}")
            expected += field.size
        self.unique(fields, f"field name in {what}")
        return expected

    def wire_message(self, message):
        what = f"message '{message.name}'"
        type_at = self.protocol.type_at
        self.name(message, "message")
        if type_at >= 0 and not message.part:
            self.type_of(message, what)
        if message.appendage not in ("never", "optional", "mandatory"):
            self.refuse(message.line, f"{what}: appendage '{message.appendage}' is unknown")
        fields = message.fields
        typed = type_at >= 0 and not message.part
        if typed:
            before = [one for one in fields if one.at < type_at]
            end = self.layout(before, 0, message.line, what)
            if end != type_at:
                self.refuse(message.line, f"gap in {what}: the type is at {type_at}, the fields "
                                          f"before it end at {end}")
            self.layout(fields[len(before):], type_at + self.protocol.type_bytes, message.line,
                        what)
            self.unique(fields, f"field name in {what}")
        else:
            self.layout(fields, 0, message.line, what)
        for field in fields:
            if field.base == "u48" and self.protocol.little_endian:
                self.refuse(field.line, f"u48 field '{field.name}': only big-endian protocols have "
                                        "six-byte numbers")
            if field.base == "u48" and field.at < 2:
                self.refuse(field.line, f"u48 field '{field.name}' needs two bytes before it")
        total = sum(one.size for one in message.fixed_fields)
        total += self.protocol.type_bytes if typed else 0
        if total != message.size:
            self.refuse(message.line, f"{what} has size {message.size}, its fields add up to "
                                      f"{total}")
        seen_optional = False
        for field in fields:
            if seen_optional and not field.optional:
                self.refuse(field.line, f"field '{field.name}' follows an optional field")
            seen_optional = field.optional

    def type_of(self, message, what):
        """A letter, or a number that fits."""
        width = self.protocol.type_bytes
        if isinstance(message.type, int):
            if not 0 <= message.type < 1 << 8 * width:
                self.refuse(message.line, f"{what}: type {message.type} does not fit {width} "
                                          "bytes")
        elif width != 1:
            self.refuse(message.line, f"{what} needs a number as its type")
        elif not (len(message.type) == 1 and message.type.isprintable()):
            self.refuse(message.line, f"{what} needs a type of one character")

    def groups(self, message):
        parts = {one.name for one in self.protocol.messages if one.part}
        self.unique(message.groups, "group")
        for group in message.groups:
            self.name(group, "group")
            if group.part not in parts:
                self.refuse(group.line, f"group '{group.name}' is of '{group.part}', which is no "
                                        "part")
            if group.header not in (3, 8):
                self.refuse(group.line, f"group '{group.name}' has a header of {group.header} "
                                        "bytes, not 3 or 8")

    def record(self, record):
        what = f"record '{record.name}'"
        self.name(record, "record")
        end = self.layout(record.fields, 0, record.line, what)
        if record.bodies and end != record.body_at:
            self.refuse(record.line, f"{what}: its fields end at {end}, its bodies start at "
                                     f"{record.body_at}")
        if not record.bodies and end != record.size:
            self.refuse(record.line, f"{what} has size {record.size}, its fields add up to {end}")
        for body in record.bodies:
            end = self.layout(body.fields, record.body_at, body.line, f"body '{body.name}'")
            if end > record.size:
                self.refuse(body.line, f"body '{body.name}' ends at {end}, {what} at "
                                       f"{record.size}")
        self.unique(record.bodies, f"body in {what}")
        if record.bodies:
            self.selection(record, what)
        for field in record.fields + [one for body in record.bodies for one in body.fields]:
            numeric = not field.family in ("char", "pad", "digits")
            if numeric and field.at % field.size != 0:
                self.refuse(field.line, f"field '{field.name}' at {field.at} is not aligned to "
                                        f"its {field.size} bytes")

    def selection(self, record, what):
        """Every body is selected by values of one enumeration, each by its own."""
        selector = next((one for one in record.fields if one.name == record.body_by), None)
        if selector is None or selector.kind == selector.base:
            self.refuse(record.line, f"{what}: body_by '{record.body_by}' is no field with an "
                                     "enumeration")
        known = {code.name for code in selector.codes.codes}
        seen = set()
        for body in record.bodies:
            if not body.kinds:
                self.refuse(body.line, f"body '{body.name}' is for no kind")
            for kind in body.kinds:
                if kind not in known:
                    self.refuse(body.line, f"body '{body.name}': {selector.kind} has no '{kind}'")
                if kind in seen:
                    self.refuse(body.line, f"body '{body.name}': '{kind}' has a body already")
                seen.add(kind)

    def protocol_tables(self):
        protocol = self.protocol
        for codes in protocol.code_lists:
            self.code_list(codes)
        self.unique(protocol.code_lists, "code list")
        classes = {one.name for one in protocol.code_lists}
        for message in protocol.messages:
            if message.name in classes:
                self.refuse(message.line, f"message '{message.name}' is called like a code list")
        for message in protocol.messages:
            if protocol.form == "wire":
                self.wire_message(message)
                self.groups(message)
            else:
                self.record(message)
        self.unique(protocol.messages, "message name",
                    lambda one: f"{one.name} {one.direction}".strip())
        if protocol.type_at >= 0:
            self.types()
        self.unique(protocol.elements, "element tag", lambda one: one.tag)
        self.unique(protocol.elements, "element name")
        for element in protocol.elements:
            self.name(element, "element")

    def types(self):
        """A type is unique among the messages that go the same way; 'either' goes both."""
        typed = [one for one in self.protocol.messages if not one.part]
        ways = {one.direction for one in typed} - {"either"} or {""}
        for way in ways:
            self.unique([one for one in typed if one.direction in (way, "either")], "message type",
                        lambda one: one.type)


def check(protocol):
    Checker(protocol).protocol_tables()
    return protocol
