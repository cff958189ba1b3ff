# SPDX-License-Identifier: Apache-2.0
"""TOML in, model out. Knows on which line every entry stands, which tomllib does not tell, and
refuses what it does not know."""

import pathlib
import re
import tomllib

from .model import (Body, Code, CodeList, Element, Field, Group, Message, Protocol, SchemaError,
                    kind_size)

HEADER = re.compile(r"^\[\[?([A-Za-z0-9_.]+)\]\]?\s*(#.*)?$")

KEYS = {
    "protocol": {"name", "title", "form", "byte_order", "type_at", "type_bytes", "source", "doc",
                 "header", "namespace", "block_length"},
    "codes": {"name", "kind", "doc", "values"},
    "enumeration": {"name", "kind", "doc", "values"},
    "value": {"value", "name", "doc"},
    "message": {"type", "name", "title", "size", "doc", "fields", "direction", "appendage",
                "payload", "header", "part", "groups"},
    "group": {"name", "part", "header"},
    "record": {"name", "size", "doc", "fields", "body", "body_at", "body_by", "body_size",
               "plugin"},
    "body": {"name", "class", "kinds", "fields"},
    "field": {"at", "name", "kind", "doc", "codes", "optional", "pad", "default", "null"},
    "element": {"tag", "name", "kind", "doc", "codes"},
    "file": {"protocol", "codes", "enumeration", "message", "record", "element"},
}
# Keys that have the same type wherever they stand; the others are checked where they are used.
TYPES = {
    "at": int, "size": int, "tag": int, "number": int, "type_at": int, "body_at": int,
    "body_size": int, "body_by": str, "bytes": int, "count": int, "stride": int, "name": str,
    "kind": str, "kinds": list, "doc": str, "title": str, "access": str, "null": int,
    "type_bytes": int, "byte_order": str, "block_length": str,
    "direction": str, "appendage": str, "codes": str, "form": str, "source": str, "class": str,
    "optional": bool, "payload": bool, "plugin": bool, "implemented": bool, "fields": list,
    "values": list, "inputs": list,
}
DIRECTIONS = ("", "inbound", "outbound", "client", "server", "either")
NEEDED = {
    "protocol": {"name", "title", "form", "source"},
    "codes": {"name", "kind", "values"},
    "enumeration": {"name", "kind", "values"},
    "value": {"value", "name"},
    "message": {"name", "size", "fields"},
    "group": {"name", "part", "header"},
    "record": {"name", "size", "fields"},
    "body": {"name", "class", "kinds", "fields"},
    "field": {"at", "name", "kind", "doc"},
    "element": {"tag", "name", "kind", "doc"},
}


ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def shown(file):
    """The file's name below the project, the same wherever the generator runs."""
    path = pathlib.Path(file).resolve()
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(file)


class Lines:
    """Where tables start and, in each, the lines that open an entry with a brace."""

    def __init__(self, text):
        self.sections = {}
        entries = self.sections.setdefault("", [(1, [])])[0][1]
        for number, line in enumerate(text.splitlines(), start=1):
            stripped = line.strip()
            header = HEADER.match(stripped)
            if header:
                entries = []
                self.sections.setdefault(header[1], []).append((number, entries))
            elif stripped.startswith("{"):
                entries.append(number)

    def section(self, name, index):
        found = self.sections.get(name, [])
        return found[index] if index < len(found) else (1, [])


class TableFile:
    """A parsed file with its lines."""

    def __init__(self, file):
        self.file = shown(file)
        with open(file, encoding="utf-8") as stream:
            text = stream.read()
        self.lines = Lines(text)
        try:
            self.tables = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            found = re.search(r"\(at line (\d+), column \d+\)", str(error))
            line = int(found[1]) if found else text.count("\n") + 1
            raise SchemaError(self.file, line, f"not TOML: {error}") from None

    def refuse(self, line, message):
        raise SchemaError(self.file, line, message)

    def refuse_unknown(self, what, table, known, line):
        for key in table:
            if key not in known:
                self.refuse(line, f"{what} has an unknown key '{key}'")

    def refuse_wrong_types(self, table, line):
        for key, value in table.items():
            wanted = TYPES.get(key)
            if wanted and type(value) is not wanted:  # a bool is an int to isinstance
                self.refuse(line, f"'{key}' must be {wanted.__name__}, is {type(value).__name__}")

    def refuse_missing(self, what, table, needed, line):
        for key in sorted(needed):
            if key not in table:
                self.refuse(line, f"{what} lacks '{key}'")


class Loader(TableFile):
    def __init__(self, file):
        super().__init__(file)
        self.body_count = 0

    def check_keys(self, what, table, line):
        self.refuse_unknown(what, table, KEYS[what], line)
        self.refuse_missing(what, table, NEEDED.get(what, ()), line)
        if what != "file":
            self.refuse_wrong_types(table, line)

    def entries(self, table, key, line, lines):
        """The inline tables of an array with the line each stands on."""
        values = table.get(key, [])
        if len(values) > len(lines):
            self.refuse(line, f"'{key}' must have one entry a line, each starting with a brace")
        return list(zip(values, lines))

    def code_list(self, what, table, line, lines):
        self.check_keys(what, table, line)
        codes = []
        for value, at in self.entries(table, "values", line, lines):
            self.check_keys("value", value, at)
            codes.append(Code(value["value"], value["name"], value.get("doc", ""), at))
        return CodeList(table["name"], table["kind"], table.get("doc", ""), codes, line)

    def field(self, table, line, lists):
        self.check_keys("field", table, line)
        wanted = table.get("codes", table["name"])
        codes = next((one for one in lists if one.name == wanted), None)
        if codes is None and "codes" in table:
            self.refuse(line, f"field '{table['name']}' names unknown codes '{wanted}'")
        kind = base = table["kind"]
        by_kind = next((one for one in lists if one.name == kind), None)
        if by_kind:
            codes, base = by_kind, by_kind.kind
        size = kind_size(base)
        if size is None:
            self.refuse(line, f"field '{table['name']}' has an unknown kind '{kind}'")
        return Field(table["at"], table["name"], kind, table["doc"], line, size, codes,
                     table.get("optional", False), table.get("pad") == "left",
                     table.get("default"), base, table.get("null"))

    def fields(self, table, line, lines, lists, header=()):
        found = [self.field(*entry, lists) for entry in self.entries(table, "fields", line, lines)]
        return list(header) + found

    def message(self, table, index, lists, header):
        line, lines = self.lines.section("message", index)
        self.check_keys("message", table, line)
        if type(table.get("type", "")) not in (str, int):
            self.refuse(line, "'type' must be a letter or a number")
        if table.get("direction", "") not in DIRECTIONS:
            self.refuse(line, f"direction '{table['direction']}' is unknown")
        part = table.get("part", False)
        fields = self.fields(table, line, lines, lists,
                             header if table.get("header", not part) else ())
        groups = self.groups(table, line)
        return Message(table["name"], table.get("title", table["name"]), table.get("doc", ""),
                       table["size"], fields, line, table.get("type", ""),
                       table.get("direction", ""), table.get("appendage", "never"),
                       table.get("payload", False), part=part, groups=groups)

    def groups(self, table, line):
        found = []
        for one in table.get("groups", []):
            self.check_keys("group", one, line)
            found.append(Group(one["name"], one["part"], one["header"], line))
        return found

    def record(self, table, index, lists):
        line, lines = self.lines.section("record", index)
        self.check_keys("record", table, line)
        bodies = []
        for body in table.get("body", []):
            at, body_lines = self.lines.section("record.body", self.body_count)
            self.body_count += 1
            self.check_keys("body", body, at)
            bodies.append(Body(body["name"], body["class"], body["kinds"],
                               self.fields(body, at, body_lines, lists), at))
        return Message(table["name"], table["name"], table.get("doc", ""), table["size"],
                       self.fields(table, line, lines, lists), line,
                       plugin=table.get("plugin", False), body_at=table.get("body_at", 0),
                       body_by=table.get("body_by", ""), bodies=bodies)

    def element(self, table, index, lists):
        line, _ = self.lines.section("element", index)
        self.check_keys("element", table, line)
        size = kind_size(table["kind"])
        if size is None:
            self.refuse(line, f"element '{table['name']}' has an unknown kind '{table['kind']}'")
        codes = next((one for one in lists if one.name == table.get("codes", table["name"])), None)
        return Element(table["tag"], table["name"], table["kind"], size, table["doc"], line, codes)

    def protocol(self):
        self.check_keys("file", self.tables, 1)
        line, lines = self.lines.section("protocol", 0)
        head = self.tables.get("protocol")
        if head is None:
            self.refuse(1, "there is no [protocol] table")
        self.check_keys("protocol", head, line)
        if head["form"] not in ("wire", "record"):
            self.refuse(line, f"form '{head['form']}' is neither 'wire' nor 'record'")
        if head.get("byte_order", "big") not in ("big", "little"):
            self.refuse(line, f"byte_order '{head['byte_order']}' is neither 'big' nor 'little'")
        lists = []
        for what in ("codes", "enumeration"):
            for index, table in enumerate(self.tables.get(what, [])):
                lists.append(self.code_list(what, table, *self.lines.section(what, index)))
        header = [self.field(*entry, lists)
                  for entry in self.entries(head, "header", line, lines)]
        messages = [self.message(table, index, lists, header)
                    for index, table in enumerate(self.tables.get("message", []))]
        messages += [self.record(table, index, lists)
                     for index, table in enumerate(self.tables.get("record", []))]
        elements = [self.element(table, index, lists)
                    for index, table in enumerate(self.tables.get("element", []))]
        return Protocol(self.file, head["name"], head["title"], head["form"], head["source"],
                        head.get("doc", ""), head.get("type_at", -1),
                        head.get("namespace", head["name"]), lists, messages, elements,
                        head.get("byte_order") == "little", head.get("type_bytes", 1),
                        head.get("block_length", ""), header)


def load(file):
    return Loader(file).protocol()
