# SPDX-License-Identifier: Apache-2.0
"""Wire messages as C++: a view that reads in place, a writer, named codes and a visit by type."""

from .model import camel

LOADS = {"u8": "std::uint8_t", "u16": "std::uint16_t", "u32": "std::uint32_t",
         "u64": "std::uint64_t", "i8": "std::int8_t", "i16": "std::int16_t",
         "i32": "std::int32_t", "i64": "std::int64_t",
         "price4": "std::uint32_t", "price8": "std::uint64_t", "long_price4": "std::uint64_t",
         "short_price2": "std::uint16_t", "signed_price4": "std::int64_t",
         "signed_price9": "std::int64_t", "u48": "std::uint64_t", "char": "char"}


def value_type(field):
    if field.family == "digits":
        return f"Digits<{field.count}>"
    if field.family == "char" and field.base != "char":
        return f"Alpha<{field.count}>"
    return LOADS[field.base]


def offset_name(name):
    return f"k{camel(name)}At"


def load(field, at, order):
    if field.base == "u48":
        return f"base::load_{order}_48(bytes_ + {at})"
    if field.base == "char":
        return f"static_cast<char>(bytes_[{at}])"
    kind = value_type(field)
    if "<" in kind:
        return f"{kind}{{bytes_ + {at}}}"
    if kind.startswith("std::int"):
        unsigned = kind.replace("std::int", "std::uint")
        return f"static_cast<{kind}>(base::load_{order}<{unsigned}>(bytes_ + {at}))"
    return f"base::load_{order}<{kind}>(bytes_ + {at})"


def store(field, at, order):
    """The argument's type and the statement that stores `value`."""
    if field.base == "u48":
        return "std::uint64_t", f"base::store_{order}_48(bytes_ + {at}, value);"
    if field.base == "char":
        return "char", f"bytes_[{at}] = static_cast<std::byte>(value);"
    if field.family == "digits":
        return "std::uint64_t", f"Digits<{field.count}>::write(bytes_ + {at}, value);"
    kind = value_type(field)
    if "<" in kind:
        write = "write_left_padded" if field.left_pad else "write"
        return "std::string_view", f"{kind}::{write}(bytes_ + {at}, value);"
    if kind.startswith("std::int"):
        unsigned = kind.replace("std::int", "std::uint")
        return kind, f"base::store_{order}(bytes_ + {at}, static_cast<{unsigned}>(value));"
    return kind, f"base::store_{order}<{kind}>(bytes_ + {at}, value);"


def code_enumeration(codes):
    """Single letters and small integers become an enumeration, longer texts a table."""
    name = camel(codes.name)
    if codes.kind.startswith("char") and codes.kind != "char":
        lines = [f"struct {name}Name {{", "  std::string_view text;", "  std::string_view name;",
                 "};", f"inline constexpr std::array<{name}Name, {len(codes.codes)}> "
                       f"k{name}Names{{{{"]
        lines += [f'    {{"{code.value.rstrip()}", "{code.name}"}},' for code in codes.codes]
        return lines + ["}};", ""]
    lines = [f"enum class {name} : {LOADS[codes.kind]} {{"]
    for code in codes.codes:
        value = f"'{code.value}'" if isinstance(code.value, str) else f"0x{code.value:04X}"
        lines.append(f"  {camel(code.name)} = {value},")
    lines += ["};", f"[[nodiscard]] constexpr std::string_view name_of({name} value) noexcept {{",
              "  switch (value) {"]
    lines += [f'    case {name}::{camel(code.name)}: return "{code.name}";'
              for code in codes.codes]
    return lines + ["  }", '  return "unknown";', "}", ""]


def order_of(protocol):
    return "little_endian" if protocol.little_endian else "big_endian"


def type_kind(protocol):
    """Of the type: a letter, or a number of one or two bytes."""
    numbers = any(isinstance(one.type, int) for one in protocol.messages)
    if not numbers:
        return "char"
    return {1: "std::uint8_t", 2: "std::uint16_t"}[protocol.type_bytes]


def type_literal(message):
    return f"0x{message.type:02X}" if isinstance(message.type, int) else f"'{message.type}'"


class MessageClasses:
    """The view and the writer of one message."""

    def __init__(self, protocol, message):
        self.protocol = protocol
        self.message = message
        self.name = camel(message.name)
        self.typed = protocol.type_at >= 0 and not message.part
        self.order = order_of(protocol)
        # A message with bytes behind its fixed part knows how many were received.
        self.sized = (message.appendage != "never" or message.payload
                      or bool(message.optional_fields) or bool(message.groups))
        self.size = message.size + (2 if message.appendage == "mandatory" else 0)

    def constants(self):
        message = self.message
        lines = []
        if self.typed:
            lines.append(f"  static constexpr {type_kind(self.protocol)} kType = "
                         f"{type_literal(message)};")
        lines.append(f"  static constexpr std::size_t kSize = {self.size};")
        if message.appendage != "never":
            lines.append(f"  static constexpr std::size_t kFixedSize = {message.size};")
        if message.optional_fields:
            lines.append("  static constexpr std::size_t kSizeWithOptions = "
                         f"{message.size_with_options};")
        lines.append(f'  static constexpr std::string_view kName = "{message.name}";')
        lines += [f"  static constexpr std::size_t {offset_name(one.name)} = {one.at};"
                  for one in message.fields]
        if message.appendage == "mandatory":
            lines.append(f"  static constexpr std::size_t kAppendageLengthAt = {message.size};")
        return lines

    def getters(self):
        lines = []
        for field in self.message.fields:
            lines.append(f"  // {field.doc}")
            lines.append(f"  [[nodiscard]] {value_type(field)} {field.name}() const noexcept {{ "
                         f"return {load(field, offset_name(field.name), self.order)}; }}")
            if field.optional:
                lines.append(f"  [[nodiscard]] bool has_{field.name}() const noexcept {{ "
                             f"return fixed_length() > {offset_name(field.name)}; }}")
            if field.null is not None:
                lines.append(f"  [[nodiscard]] bool has_{field.name}() const noexcept {{ "
                             f"return {field.name}() != {self.null_literal(field)}; }}")
        return lines

    @staticmethod
    def null_literal(field):
        kind = LOADS[field.base]
        limits = {(1 << 31) - 1: "std::int32_t", (1 << 63) - 1: "std::int64_t"}
        if limits.get(field.null) == kind:
            return f"std::numeric_limits<{kind}>::max()"
        return f"{kind}{{{field.null}u}}" if "uint" in kind else f"{kind}{{{field.null}}}"

    def tail(self):
        """Bytes behind the fixed part: payload, optional fields, appendage."""
        message = self.message
        lines = []
        if message.payload:
            lines += ["  // What the packet carries, as far as it was received.",
                      "  [[nodiscard]] std::span<const std::byte> payload() const noexcept {",
                      "    const std::size_t end = "
                      "std::min<std::size_t>(length_, packet_length() + 2);",
                      "    return {bytes_ + kSize, end > kSize ? end - kSize : 0};", "  }"]
        if message.optional_fields:
            exact = "length_ == kSizeWithOptions"
            if message.appendage != "never":
                exact += (" || (length_ >= kSizeWithOptions + 2 && length_ == kSizeWithOptions + 2"
                          " + base::load_big_endian<std::uint16_t>(bytes_ + kSizeWithOptions))")
            lines += ["  // Bytes before the appendage length: optional fields count where the",
                      "  // received length says that they are there.",
                      "  [[nodiscard]] std::size_t fixed_length() const noexcept {",
                      f"    return {exact} ? kSizeWithOptions : {self.message.size};", "  }"]
        elif message.appendage != "never":
            lines.append("  [[nodiscard]] std::size_t fixed_length() const noexcept "
                         "{ return kFixedSize; }")
        if message.appendage == "mandatory":
            lines += ["  // Bytes of elements that follow.",
                      "  [[nodiscard]] std::uint16_t appendage_length() const noexcept {",
                      "    return base::load_big_endian<std::uint16_t>(bytes_ + "
                      "kAppendageLengthAt);", "  }"]
        if message.appendage != "never":
            lines += ["  [[nodiscard]] Appendages appendages() const noexcept {",
                      "    return Appendages::behind({bytes_, length_}, fixed_length());", "  }"]
        lines += self.groups()
        if self.sized:
            lines.append("  [[nodiscard]] std::size_t length() const noexcept { return length_; }")
        return lines

    def header_bytes(self):
        """Of what stands before the part that block_length counts."""
        ends = [one.at + one.size for one in self.protocol.header]
        return max([*ends, self.protocol.type_at + self.protocol.type_bytes])

    def groups(self):
        """Each group begins where the one before it ends; all lengths are the wire's."""
        lines = []
        start = "fixed_end()"
        for group in self.message.groups:
            kind = f"Group<{camel(group.part)}, {group.header}>"
            lines.append(f"  [[nodiscard]] {kind} {group.name}() const noexcept {{ "
                         f"return {kind}::behind({{bytes_, length_}}, {start}); }}")
            start = f"{group.name}().end_at()"
        if lines:
            lines += ["  // Every group lies within the message.",
                      "  [[nodiscard]] bool well_formed() const noexcept {",
                      f"    return {start} <= length_;", "  }"]
            if self.protocol.block_length:
                lines += ["  // Where the fixed part ends on the wire.",
                          "  [[nodiscard]] std::size_t fixed_end() const noexcept {",
                          f"    return {self.header_bytes()} + "
                          f"std::size_t{{{self.protocol.block_length}()}};", "  }"]
            else:
                lines.append("  [[nodiscard]] static constexpr std::size_t fixed_end() noexcept "
                             "{ return kSize; }")
            lines += ["  // visit(name, group), in the order of the bytes.",
                      "  template <typename Visitor>",
                      "  void for_each_group(Visitor&& visit) const {"]
            lines += [f'    visit(std::string_view{{"{group.name}"}}, {group.name}());'
                      for group in self.message.groups]
            lines.append("  }")
        return lines

    def for_each(self):
        lines = ["  // visit(name, value), in the order of the bytes, the type first.",
                 "  template <typename Visitor>",
                 "  void for_each_field(Visitor&& visit) const {"]
        if self.typed:
            lines.append('    visit(std::string_view{"type"}, kType);')
        for field in self.message.fields:
            guard = self.guard(field, "")
            lines.append(f'    {guard}visit(std::string_view{{"{field.name}"}}, {field.name}());')
        return lines + ["  }"]

    def view(self):
        message = self.message
        lines = [f"// {message.title}. {message.doc}".rstrip(), f"class {self.name} {{", " public:"]
        lines += self.constants()
        if self.sized:
            lines += [f"  explicit {self.name}(const std::byte* bytes, "
                      "std::size_t length = kSize) noexcept",
                      "      : bytes_{bytes}, length_{length} {}"]
        else:
            lines.append(f"  explicit {self.name}(const std::byte* bytes) noexcept "
                         ": bytes_{bytes} {}")
        lines += self.getters() + self.tail()
        lines.append("  [[nodiscard]] const std::byte* bytes() const noexcept { return bytes_; }")
        lines += self.for_each()
        lines += ["", " private:", "  const std::byte* bytes_;"]
        if self.sized:
            lines.append("  std::size_t length_;")
        return lines + ["};", ""]

    def writer(self):
        name = f"{self.name}Writer"
        lines = [f"class {name} {{", " public:"]
        start = []
        if self.typed:
            if self.protocol.type_bytes == 1:
                start.append(f"bytes_[{self.protocol.type_at}] = "
                             f"std::byte{{{type_literal(self.message)}}};")
            else:
                start.append(f"base::store_{self.order}<std::uint16_t>(bytes_ + "
                             f"{self.protocol.type_at}, {type_literal(self.message)});")
        if any(one.name == "packet_length" for one in self.message.fields):
            start.append(f"packet_length({self.size} - 2);")
        if any(one.name == "message_length" and one.at == 0 for one in self.message.fields) \
                and self.typed:
            start.append(f"message_length({self.size});")
        if self.message.appendage == "mandatory":
            start.append(f"base::store_big_endian<std::uint16_t>(bytes_ + {self.message.size}, 0);")
        lines += ["  // Writes the type and leaves the fields as they are.",
                  f"  explicit {name}(std::byte* bytes) noexcept : bytes_{{bytes}} {{"]
        lines += [f"    {one}" for one in start] + ["  }"]
        for field in self.message.fields:
            kind, statement = store(field, f"{self.name}::{offset_name(field.name)}", self.order)
            lines += [f"  {name}& {field.name}({kind} value) noexcept {{", f"    {statement}",
                      "    return *this;", "  }"]
        return lines + self.copy() + ["", " private:", "  std::byte* bytes_;", "};", ""]

    def copy(self):
        """Every field of a view, so that a message can be made from another."""
        name = f"{self.name}Writer"
        lines = ["  // Every field of another message.",
                 f"  {name}& copy([[maybe_unused]] const {self.name}& from) noexcept {{"]
        for field in self.message.fields:
            value = f"from.{field.name}()"
            if field.family == "digits":
                value += ".value().value_or(0)"
            elif field.family == "char" and field.base != "char":
                value += ".text()"
            guard = f"if (from.has_{field.name}()) " if field.optional else ""
            lines.append(f"    {guard}{field.name}({value});")
        return lines + ["    return *this;", "  }"]

    @staticmethod
    def guard(field, owner):
        """Shown only where it is there."""
        there = field.optional or field.null is not None
        return f"if ({owner}has_{field.name}()) " if there else ""


def type_load(protocol):
    if protocol.type_bytes == 2:
        return (f"base::load_{order_of(protocol)}<std::uint16_t>(message.data() + "
                f"{protocol.type_at})")
    return f"static_cast<{type_kind(protocol)}>(message[{protocol.type_at}])"


def block_check(protocol, classes):
    """An older sender's fixed part may be shorter than the table: its fields are not all there."""
    if not protocol.block_length or classes.message.part:
        return []
    least = classes.message.size - classes.header_bytes()
    return [f"      if ({classes.name}{{message.data()}}.{protocol.block_length}() < {least}) "
            "return false;"] if least > 0 else []


def visit(protocol, messages, name):
    """Dispatch on the type byte; a longer message is fine, a shorter one is not."""
    lines = ["// Calls visitor(view) for the message's type. False: unknown type or too short.",
             "template <typename Visitor>",
             f"inline bool {name}(std::span<const std::byte> message, Visitor&& visitor) {{",
             f"  if (message.size() < {protocol.type_at + protocol.type_bytes}) return false;",
             f"  switch ({type_load(protocol)}) {{"]
    for message in messages:
        classes = MessageClasses(protocol, message)
        arguments = "message.data(), message.size()" if classes.sized else "message.data()"
        lines += [f"    case {type_literal(message)}:",
                  f"      if (message.size() < {classes.size}) return false;",
                  *block_check(protocol, classes),
                  f"      visitor({classes.name}{{{arguments}}});", "      return true;"]
    return lines + ["    default: return false;", "  }", "}", ""]


def sizes(protocol, messages, name):
    """Length by type, for framing that carries none."""
    lines = ["// Bytes of the fixed part by type; 0 for a type that nobody knows.",
             f"[[nodiscard]] constexpr std::size_t {name}({type_kind(protocol)} type) noexcept {{",
             "  switch (type) {"]
    lines += [f"    case {type_literal(one)}: return {one.size};" for one in messages]
    return lines + ["    default: return 0;", "  }", "}", ""]


def tags(protocol):
    lines = ["// Appendage elements.", "enum class Tag : std::uint8_t {"]
    lines += [f"  {camel(one.name)} = {one.tag},  // {one.doc}" for one in protocol.elements]
    lines += ["};", "// Bytes of the element's value; 0 for an unknown tag.",
              "[[nodiscard]] constexpr std::size_t value_size(Tag tag) noexcept {",
              "  switch (tag) {"]
    lines += [f"    case Tag::{camel(one.name)}: return {one.size};" for one in protocol.elements]
    lines += ["  }", "  return 0;", "}",
              "[[nodiscard]] constexpr std::string_view name_of(Tag tag) noexcept {",
              "  switch (tag) {"]
    lines += [f'    case Tag::{camel(one.name)}: return "{one.name}";'
              for one in protocol.elements]
    lines += ["  }", '  return "unknown";', "}",
              "[[nodiscard]] constexpr bool is_text(Tag tag) noexcept {", "  switch (tag) {"]
    lines += [f"    case Tag::{camel(one.name)}: return true;" for one in protocol.elements
              if one.kind.startswith("char")]
    lines += ["    default: return false;", "  }", "}",
              "[[nodiscard]] constexpr bool is_signed(Tag tag) noexcept {", "  switch (tag) {"]
    lines += [f"    case Tag::{camel(one.name)}: return true;" for one in protocol.elements
              if one.kind.startswith("i")]
    return lines + ["    default: return false;", "  }", "}", ""]


def cpp_wire(protocol):
    space = protocol.namespace
    lines = ["// SPDX-License-Identifier: Apache-2.0",
             f"// Made from {protocol.file} by scripts/generate.py; never edited.",
             f"// {protocol.title}.",
             "// In: bytes whose length was checked. Out: host values, one load a field. Any core.",
             "#pragma once", "",
             "#include <algorithm>", "#include <array>", "#include <cstddef>", "#include <cstdint>",
             "#include <limits>", "#include <span>", "#include <string_view>", "",
             '#include "base/bytes.hpp"', '#include "wire/alpha.hpp"']
    if protocol.elements:
        lines.append('#include "wire/appendage.hpp"')
    if any(one.groups for one in protocol.messages):
        lines.append('#include "wire/group.hpp"')
    lines += ["", f"namespace ridley::wire::{space} {{", ""]
    ways = [one for one in dict.fromkeys(one.direction for one in protocol.messages)
            if one not in ("", "either")]
    for codes in protocol.code_lists:
        lines += code_enumeration(codes)
    if protocol.elements:
        lines += tags(protocol)
    taken = set()
    for message in protocol.messages:
        classes = MessageClasses(protocol, message)
        if classes.name in taken:
            raise ValueError(f"{protocol.file}: two messages are called {classes.name}")
        taken.add(classes.name)
        lines += classes.view() + classes.writer()
    if protocol.type_at >= 0:
        for way in ways or [""]:
            chosen = [one for one in protocol.messages
                      if one.direction in (way, "either") and not one.part]
            ending = f"_{way}" if way else ""
            lines += visit(protocol, chosen, f"visit{ending}")
            lines += sizes(protocol, chosen, f"size_of{ending}")
    lines.append(f"}}  // namespace ridley::wire::{space}")
    return "\n".join(lines) + "\n"
