# SPDX-License-Identifier: Apache-2.0
"""One reference page a protocol: every message, field, code and element."""

KIND_WORDS = {
    "price4": "u32, 4 implied decimals", "price8": "u64, 8 implied decimals",
    "long_price4": "u64, 4 implied decimals", "short_price2": "u16, 2 implied decimals",
    "signed_price4": "i64, 4 implied decimals", "signed_price9": "i64, 9 implied decimals",
    "char": "1 character",
}


def words(kind):
    if kind in KIND_WORDS:
        return KIND_WORDS[kind]
    for family, text in (("char", "characters"), ("digits", "digits as text"), ("pad", "bytes")):
        if kind.startswith(family):
            return f"{kind[len(family):]} {text}"
    return kind


def cell(value):
    return str(value).replace("|", "\\|")


def note(field):
    parts = [field.doc]
    if field.codes:
        parts.append(f"See [{field.codes.name}](#{field.codes.name}).")
    if field.optional:
        parts.append("Optional.")
    if field.null is not None:
        parts.append(f"{field.null}: none.")
    return cell(" ".join(parts))


def field_table(fields):
    lines = ["| at | bytes | name | kind | |", "|---:|---:|---|---|---|"]
    return lines + [f"| {one.at} | {one.size} | `{one.name}` | {words(one.base)} | {note(one)} |"
                    for one in fields]


def shown_type(message):
    if message.type == "":
        return ""
    return f"`0x{message.type:02X}`" if isinstance(message.type, int) else f"`{message.type}`"


def message_heading(message):
    return f"{shown_type(message)} {message.title}".strip()


def message_page(message):
    lines = ["", f"### {message_heading(message)}", "", message.doc, ""]
    facts = [f"`{message.name}`", f"{message.size} bytes"]
    if message.direction:
        facts.append(message.direction)
    if message.appendage != "never":
        facts.append(f"appendage {message.appendage}")
    if message.payload:
        facts.append("then the payload")
    if message.part:
        facts.append("an entry of a group")
    lines += [", ".join(facts) + ".", ""]
    if message.fields:
        lines += field_table(message.fields)
    if message.groups:
        lines += ["", "Then the groups, each behind a header of its entries' length (u16) and "
                      "number (u8):", ""]
        lines += [f"- `{one.name}`: {one.part}, header of {one.header} bytes"
                  for one in message.groups]
    for body in message.bodies:
        lines += ["", f"#### Body `{body.name}`", "", f"For {', '.join(body.kinds)}.", ""]
        lines += field_table(body.fields)
    return lines


def code_page(codes):
    lines = ["", f"### {codes.name}", ""]
    if codes.doc:
        lines += [codes.doc, ""]
    lines += ["| value | name | |", "|---|---|---|"]
    return lines + [f"| `{one.value}` | {one.name} | {cell(one.doc)} |" for one in codes.codes]


def element_pages(elements):
    lines = ["", "## Appendage elements", "",
             "Each is a length byte (tag and value), a tag byte and the value.", "",
             "| tag | name | value | |", "|---:|---|---|---|"]
    return lines + [f"| {one.tag} | `{one.name}` | {words(one.kind)} | {cell(one.doc)} |"
                    for one in elements]


def reference(protocol):
    lines = [f"# {protocol.title}", "", f"Made from `{protocol.file}`. Source: {protocol.source}."]
    wire_order = "little-endian" if protocol.little_endian else "big-endian"
    order = wire_order if protocol.form == "wire" else "little-endian, naturally aligned"
    lines += ["", f"Integers are {order}; text is padded with spaces. Offsets count from the first "
              "byte.", "", "| | message | bytes |", "|---|---|---:|"]
    lines += [f"| {shown_type(one)} | {one.title} | {one.size} |"
              for one in protocol.messages]
    lines += ["", "## Messages" if protocol.form == "wire" else "## Records"]
    for message in protocol.messages:
        lines += message_page(message)
    if protocol.elements:
        lines += element_pages(protocol.elements)
    if protocol.code_lists:
        lines += ["", "## Codes"]
        for codes in protocol.code_lists:
            lines += code_page(codes)
    return "\n".join(lines) + "\n"
