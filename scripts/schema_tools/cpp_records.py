# SPDX-License-Identifier: Apache-2.0
"""Records as C++ structs (event/records.hpp) and, for plug-in authors, as C (event/records.h)."""

from .model import camel

CPP_TYPES = {"u8": "std::uint8_t", "u16": "std::uint16_t", "u32": "std::uint32_t",
             "u64": "std::uint64_t", "i32": "std::int32_t", "i64": "std::int64_t",
             "char": "char"}
C_TYPES = {"u8": "uint8_t", "u16": "uint16_t", "u32": "uint32_t", "u64": "uint64_t",
           "i32": "int32_t", "i64": "int64_t", "char": "char"}


def literal(value):
    return f"'{value}'" if isinstance(value, str) else str(value)


def comment(doc, indent=""):
    return [f"{indent}// {doc}"] if doc else []


def cpp_type(field):
    if field.kind != field.base:
        return camel(field.kind)
    if field.family == "pad":
        return f"std::array<std::uint8_t, {field.count}>"
    if field.base == "char8":
        return "Symbol"
    if field.family == "char" and field.base != "char":
        return f"std::array<char, {field.count}>"
    return CPP_TYPES[field.base]


def cpp_default(field):
    if field.default is None:
        return "{}"
    if field.kind != field.base:
        return "{" + f"{camel(field.kind)}::{camel(field.default)}" + "}"
    return "{" + literal(field.default) + "}"


def enumeration(codes):
    name = camel(codes.name)
    lines = comment(codes.doc)
    lines.append(f"enum class {name} : {CPP_TYPES[codes.kind]} {{")
    for code in codes.codes:
        doc = f"  // {code.doc}" if code.doc else ""
        lines.append(f"  {camel(code.name)} = {literal(code.value)},{doc}")
    lines += ["};", "",
              f"[[nodiscard]] constexpr std::string_view name_of({name} value) noexcept {{",
              "  switch (value) {"]
    for code in codes.codes:
        lines.append(f'    case {name}::{camel(code.name)}: return "{code.name}";')
    lines += ["  }", '  return "unknown";', "}", ""]
    return lines


def member(field, indent, default):
    value = cpp_default(field) if default else ""
    return f"{indent}{cpp_type(field)} {field.name}{value};  // @{field.at} {field.doc}".rstrip()


def record(message):
    name = camel(message.name)
    lines = comment(message.doc)
    lines.append(f"struct {name} {{")
    for body in message.bodies:
        lines += comment(", ".join(body.kinds), "  ")
        lines.append(f"  struct {body.type_name} {{")
        lines += [member(field, "    ", False) for field in body.fields]
        lines += ["  };", ""]
    lines += [member(field, "  ", not message.bodies) for field in message.fields]
    if message.bodies:
        size = message.size - message.body_at
        lines += ["  union {",
                  f"    std::array<std::byte, {size}> body_bytes;  // @{message.body_at}"]
        lines += [f"    {body.type_name} {body.name};" for body in message.bodies]
        lines.append("  };")
    lines += ["};", f"static_assert(sizeof({name}) == {message.size});",
              f"static_assert(std::is_trivially_copyable_v<{name}>);"]
    lines += [f"static_assert(offsetof({name}, {field.name}) == {field.at});"
              for field in message.fields]
    for body in message.bodies:
        lines += [f"static_assert(offsetof({name}, {body.name}) + "
                  f"offsetof({name}::{body.type_name}, {field.name}) == {field.at});"
                  for field in body.fields]
    return lines + [""]


def visits(fields, path, indent):
    """A call for each field that says something."""
    return [f'{indent}visit("{field.name}", {path}.{field.name});' for field in fields
            if field.family != "pad" and field.name != "reserved"]


def visitor(message):
    name = camel(message.name)
    lines = ["template <typename Visit>",
             f"void for_each_field(const {name}& record, Visit&& visit) {{"]
    lines += visits(message.fields, "record", "  ")
    if message.bodies:
        selector = next(one for one in message.fields if one.name == message.body_by)
        lines.append(f"  switch (record.{selector.name}) {{")
        for body in message.bodies:
            lines += [f"    case {camel(selector.kind)}::{camel(kind)}:" for kind in body.kinds]
            lines += visits(body.fields, f"record.{body.name}", "      ") + ["      break;"]
        lines += ["    default: break;", "  }"]
    return lines + ["}", ""]


def cpp_records(protocol):
    lines = ["// SPDX-License-Identifier: Apache-2.0",
             f"// Made from {protocol.file} by scripts/generate.py; never edited.",
             f"// {protocol.title}. Native byte order, no hidden padding. Any core.",
             "#pragma once", "", "#include <array>", "#include <cstddef>", "#include <cstdint>",
             "#include <string_view>", "#include <type_traits>", "",
             f"namespace ridley::{protocol.namespace} {{", "",
             "// A ticker, space padded.", "using Symbol = std::array<char, 8>;", ""]
    for codes in protocol.code_lists:
        lines += enumeration(codes)
    for message in protocol.messages:
        lines += record(message)
    lines += ["// Every field that says something, with its name; of the bodies that of the kind.",
              ""]
    for message in protocol.messages:
        lines += visitor(message)
    lines.append(f"}}  // namespace ridley::{protocol.namespace}")
    return "\n".join(lines) + "\n"


def c_member(field):
    if field.kind != field.base:
        return (f"  {C_TYPES[field.base]} {field.name}; "
                f"/* @{field.at} RIDLEY_{field.kind.upper()}_*: {field.doc} */")
    if field.family == "pad":
        return f"  uint8_t {field.name}[{field.count}]; /* @{field.at} {field.doc} */"
    if field.family == "char" and field.base != "char":
        return f"  char {field.name}[{field.count}]; /* @{field.at} {field.doc} */"
    return f"  {C_TYPES[field.base]} {field.name}; /* @{field.at} {field.doc} */"


def c_record(message):
    name = f"struct ridley_{message.name}"
    lines = [f"/* {message.doc} */", f"{name} {{"]
    lines += [c_member(field) for field in message.fields]
    lines += ["};", f'static_assert(sizeof({name}) == {message.size}, "{message.name}");']
    lines += [f'static_assert(offsetof({name}, {field.name}) == {field.at}, "{field.name}");'
              for field in message.fields]
    return lines + [""]


def c_records(protocol):
    chosen = [one for one in protocol.messages if one.plugin]
    used = {field.kind for one in chosen for field in one.fields}
    lines = ["/* SPDX-License-Identifier: Apache-2.0",
             f" * Made from {protocol.file} by scripts/generate.py; never edited.",
             " * The records a plug-in receives and writes, byte for byte those of records.hpp. */",
             "#ifndef RIDLEY_EVENT_RECORDS_H", "#define RIDLEY_EVENT_RECORDS_H", "",
             "#include <assert.h>", "#include <stddef.h>", "#include <stdint.h>", "",
             "#ifdef __cplusplus", 'extern "C" {', "#endif", ""]
    for codes in protocol.code_lists:
        if codes.name not in used:
            continue
        lines += [f"/* {codes.doc} */"] if codes.doc else []
        lines.append(f"enum ridley_{codes.name} {{")
        lines += [f"  RIDLEY_{codes.name.upper()}_{code.name.upper()} = {literal(code.value)},"
                  for code in codes.codes]
        lines[-1] = lines[-1].rstrip(",")
        lines += ["};", ""]
    for message in chosen:
        lines += c_record(message)
    lines += ["#ifdef __cplusplus", "}", "#endif", "", "#endif"]
    return "\n".join(lines) + "\n"
