# SPDX-License-Identifier: Apache-2.0
"""Messages and records for the hardware: a package of types, sizes and offsets in bytes. Constants
only, which Verilator and yosys both read and which need no import: package::Name."""

from .model import camel


UNUSED_IS_FINE = ["  // No module needs all of them.", "  /* verilator lint_off UNUSEDPARAM */", ""]
UNUSED_ENDS = ["  /* verilator lint_on UNUSEDPARAM */"]


def _type_of(message):
    return f"8'h{ord(message.type):02x}" if message.type else None


def _fields(name, fields):
    return [f"  localparam int unsigned {name}{camel(one.name)}At = {one.at};" for one in fields]


CODE_BITS = {"u8": 8, "char": 8, "u16": 16}


def _codes(codes):
    bits = CODE_BITS[codes.kind]
    lines = [f"  // {codes.doc}" if codes.doc else f"  // Values of {codes.name}."]
    for code in codes.codes:
        value = code.value
        if isinstance(value, str):
            if len(value) != 1:
                return []  # texts are nothing that a decoder compares with
            value = ord(value)
        lines.append(f"  localparam logic [{bits - 1}:0] {camel(codes.name)}{camel(code.name)} = "
                     f"{bits}'h{value:0{bits // 4}x};")
    return [*lines, ""]


def sv_messages(protocol):
    lines = ["// SPDX-License-Identifier: Apache-2.0",
             f"// Made from {protocol.file} by scripts/generate.py; never edited.",
             f"// {protocol.title}: types, sizes and offsets, in bytes.",
             f"package ridley_{protocol.name}_pkg;", "", *UNUSED_IS_FINE]
    for codes in protocol.code_lists:
        if codes.kind in CODE_BITS:
            lines += _codes(codes)
    typed = [one for one in protocol.messages if one.type]
    if typed:
        lines += ["  // No message of any type is shorter.",
                  f"  localparam int unsigned MessageBytesMin = {min(one.size for one in typed)};",
                  ""]
    for message in protocol.messages:
        name = camel(message.name)
        lines.append(f"  // {message.title or message.doc}")
        if _type_of(message):
            lines.append(f"  localparam logic [7:0] {name}Type = {_type_of(message)};")
        lines.append(f"  localparam int unsigned {name}Bytes = {message.size};")
        lines += _fields(name, message.fields)
        for body in message.bodies:
            lines += _fields(name + camel(body.name), body.fields)
        lines.append("")
    return "\n".join([*lines, *UNUSED_ENDS, "endpackage"]) + "\n"
