# SPDX-License-Identifier: Apache-2.0
"""The register map of the card: schema/registers.toml in; a C++ header and a page out. What is made
for the hardware is in registers_sv.py."""

from dataclasses import dataclass

from .check import NAME
from .controls import text
from .load import TableFile
from .model import camel, fingerprint

WORD_BYTES = 4
KINDS = {"u1": 1, "u8": 8, "u16": 16, "u32": 32, "u64": 64}
ACCESSES = ("constant", "parameter", "status", "control", "command")
MAP_KEYS = {"name", "title", "bytes", "doc"}
KEYS = {"at", "name", "kind", "access", "doc"}
MORE_KEYS = {"count", "stride", "value"}
HASHED = "hash"  # as a value: of the map itself


@dataclass
class Register:
    at: int
    name: str
    kind: str
    access: str
    doc: str
    line: int
    count: int = 1
    stride: int = 0
    value: object = None

    @property
    def bits(self):
        return KINDS[self.kind]

    @property
    def words(self):
        return max(self.bits // 32, 1)

    def addresses(self):
        return [self.at + member * self.stride for member in range(self.count)]


@dataclass
class RegisterMap:
    file: str
    name: str
    title: str
    doc: str
    bytes: int
    registers: list

    @property
    def hash(self):
        """64 bits of SHA-256 over what a host could misunderstand: not the words about it."""
        facts = [f"{one.at} {one.name} {one.kind} {one.access} {one.count} {one.stride} {one.value}"
                 for one in self.registers]
        return fingerprint([f"{self.name} {self.bytes}", *facts])

    def value_of(self, register):
        return self.hash if register.value == HASHED else register.value


def load_registers(file):
    tables = TableFile(file)
    tables.refuse_unknown("file", tables.tables, {"map", "register"}, 1)
    described = tables.tables.get("map", {})
    tables.refuse_unknown("map", described, MAP_KEYS, 1)
    tables.refuse_missing("map", described, MAP_KEYS, 1)
    tables.refuse_wrong_types(described, 1)
    registers = []
    for index, table in enumerate(tables.tables.get("register", [])):
        line, _ = tables.lines.section("register", index)
        tables.refuse_unknown("register", table, KEYS | MORE_KEYS, line)
        tables.refuse_missing("register", table, KEYS, line)
        tables.refuse_wrong_types(table, line)
        register = Register(**table, line=line)
        _check(tables, register, described["bytes"])
        registers.append(register)
    if not registers:
        tables.refuse(1, "there is no [[register]] table")
    _refuse_overlaps(tables, registers)
    return RegisterMap(tables.file, described["name"], described["title"], described["doc"],
                       described["bytes"], registers)


def _check(tables, one, map_bytes):
    what = f"register '{one.name}'"
    if not NAME.fullmatch(one.name):
        tables.refuse(one.line, f"register name '{one.name}' is not snake_case")
    if one.kind not in KINDS:
        tables.refuse(one.line, f"{what}: kind '{one.kind}' is none of {', '.join(KINDS)}")
    if one.access not in ACCESSES:
        tables.refuse(one.line,
                      f"{what}: access '{one.access}' is none of {', '.join(ACCESSES)}")
    if (one.access == "constant") != (one.value is not None):
        tables.refuse(one.line, f"{what}: a constant has a value, and nothing else has")
    if isinstance(one.value, int) and not 0 <= one.value < 1 << one.bits:
        tables.refuse(one.line, f"{what}: its value does not fit {one.bits} bits")
    if isinstance(one.value, str) and (one.value != HASHED or one.bits != 64):
        tables.refuse(one.line, f"{what}: its value is neither a number nor the map's hash")
    if one.access == "command" and one.words != 1:
        tables.refuse(one.line, f"{what}: a command is one word")
    if (one.count > 1) != (one.stride > 0):
        tables.refuse(one.line, f"{what}: an array has a count above 1 and a stride")
    size = one.words * WORD_BYTES
    if one.at % size != 0 or one.stride % size != 0 or 0 < one.stride < size:
        tables.refuse(one.line, f"{what} is not aligned to its {size} bytes")
    if one.count < 1 or not 0 <= one.at <= one.addresses()[-1] + size <= map_bytes:
        tables.refuse(one.line, f"{what} is not within the map's {map_bytes} bytes")


def _refuse_overlaps(tables, registers):
    owners = {}
    names = {}
    for one in registers:
        if one.name in names:
            tables.refuse(one.line, f"duplicate register name '{one.name}', first on line "
                                    f"{names[one.name]}")
        names[one.name] = one.line
        for address in one.addresses():
            for word in range(one.words):
                at = address + word * WORD_BYTES
                if at in owners:
                    tables.refuse(one.line, f"register '{one.name}' lies over '{owners[at]}' at "
                                            f"{at:#05x}")
                owners[at] = one.name


def cpp_registers(described):
    lines = ["// SPDX-License-Identifier: Apache-2.0",
             f"// Made from {described.file} by scripts/generate.py; never edited.",
             f"// {described.title}: where each is, in bytes. A register of 64 bits is two words, "
             "the low one",
             "// first. In: nothing. Out: constants. Any core.",
             "#pragma once", "", "#include <array>", "#include <cstddef>", "#include <cstdint>",
             "#include <string_view>", "", "namespace ridley::card {", "",
             "enum class Access : std::uint8_t { Constant, Parameter, Status, Control, Command };",
             "", "struct RegisterDescription {", "  std::string_view name;", "  std::uint32_t at;",
             "  std::uint32_t bits;", "  std::uint32_t count;", "  std::uint32_t stride;",
             "  Access access;", "};", "", "namespace registers {", "",
             f"inline constexpr std::uint32_t kMapBytes = {described.bytes};",
             f"inline constexpr std::uint64_t kMapHash = {described.hash:#018x};", ""]
    for one in described.registers:
        lines.append(f"// {one.doc}")
        lines.append(f"inline constexpr std::uint32_t k{camel(one.name)}At = {one.at:#05x};")
        if one.count > 1:
            lines.append(f"inline constexpr std::uint32_t k{camel(one.name)}Count = {one.count};")
            lines.append(f"inline constexpr std::uint32_t k{camel(one.name)}Stride = "
                         f"{one.stride:#x};")
        if isinstance(one.value, int):
            lines.append(f"inline constexpr std::uint64_t k{camel(one.name)} = {one.value:#x};")
    lines += ["", f"inline constexpr std::array<RegisterDescription, {len(described.registers)}> "
              "kAll{{"]
    lines += [f"    {{{text(one.name)}, {one.at:#05x}, {one.bits}, {one.count}, {one.stride}, "
              f"Access::{camel(one.access)}}}," for one in described.registers]
    lines += ["}};", "", "}  // namespace registers", "", "}  // namespace ridley::card"]
    return "\n".join(lines) + "\n"


def registers_reference(described):
    lines = [f"# {described.title}", "",
             f"Made from `{described.file}`. {described.doc} Map hash `{described.hash:016x}`.", "",
             "Map and catalogue hash are 64 bits of SHA-256 over what the tables say as "
             "`scripts/generate.py` uses it: names, kinds, sizes, places, values, and what becomes "
             "of each field; not over the words about it or the bytes of the files. The map hash "
             "is of this table, the catalogue hash of `schema/itch_events.toml` and the messages "
             "that the hardware knows.", "",
             "| at | name | bits | access | what |", "|---|---|---:|---|---|"]
    for one in described.registers:
        members = f"`{one.at:#05x}`"
        if one.count > 1:
            members += f" and {one.count - 1} more, {one.stride} bytes apart"
        lines.append(f"| {members} | `{one.name}` | {one.bits} | {one.access} | "
                     + one.doc.replace("|", "\\|") + " |")
    return "\n".join(lines) + "\n"
