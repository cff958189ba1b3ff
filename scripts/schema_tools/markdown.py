# SPDX-License-Identifier: Apache-2.0
"""One reference page a protocol: every message, field, code and element."""

KIND_WORDS = {
    "price4": "u32, 4 implied decimals", "price8": "u64, 8 implied decimals",
    "long_price4": "u64, 4 implied decimals", "char": "1 character",
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
    return cell(" ".join(parts))


def field_table(fields):
    lines = ["| at | bytes | name | kind | |", "|---:|---:|---|---|---|"]
    return lines + [f"| {one.at} | {one.size} | `{one.name}` | {words(one.base)} | {note(one)} |"
                    for one in fields]


def message_heading(message):
    return f"`{message.type}` {message.title}" if message.type else message.title


def message_page(message):
    lines = ["", f"### {message_heading(message)}", "", message.doc, ""]
    facts = [f"`{message.name}`", f"{message.size} bytes"]
    if message.direction:
        facts.append(message.direction)
    if message.appendage != "never":
        facts.append(f"appendage {message.appendage}")
    if message.payload:
        facts.append("then the payload")
    lines += [", ".join(facts) + ".", ""]
    if message.fields:
        lines += field_table(message.fields)
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
    order = "big-endian" if protocol.form == "wire" else "little-endian, naturally aligned"
    lines += ["", f"Integers are {order}; text is padded with spaces. Offsets count from the first "
              "byte.", "", "| | message | bytes |", "|---|---|---:|"]
    lines += [f"| {'`' + one.type + '`' if one.type else ''} | {one.title} | {one.size} |"
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
