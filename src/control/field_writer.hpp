// SPDX-License-Identifier: Apache-2.0
// In: names and values of fields. Out: name=value for people or "name":value for programs, in a
// buffer of lines that goes to a stream from time to time. Cold; one thread.
#pragma once

#include <fmt/format.h>
#include <sysexits.h>

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <ostream>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.hpp"
#include "wire/alpha.hpp"

namespace ridley::control {

inline void append(fmt::memory_buffer& to, std::string_view text) {
  to.append(text.data(), text.data() + text.size());
}

// What JSON cannot hold as it is becomes \u00XX; text shows the same.
inline void append_escaped(fmt::memory_buffer& to, std::string_view text) {
  for (const char character : text) {
    const auto code = static_cast<unsigned char>(character);
    if (character == '"' || character == '\\') {
      to.push_back('\\');
      to.push_back(character);
    } else if (code < 0x20 || code >= 0x7F) {
      fmt::format_to(std::back_inserter(to), "\\u{:04x}", code);
    } else {
      to.push_back(character);
    }
  }
}

// Lines on their way to a stream.
class LineBuffer {
 public:
  explicit LineBuffer(std::ostream& out) : out_{out} {}

  [[nodiscard]] fmt::memory_buffer& text() { return text_; }

  void end_line() {
    text_.push_back('\n');
    if (text_.size() >= kFlushBytes) flush();
  }
  // Throws base::Error (EX_IOERR) where the stream takes no more.
  void flush() {
    out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    out_.flush();
    text_.clear();
    if (!out_) throw base::Error::with_exit(EX_IOERR, "cannot write the output");
  }

 private:
  static constexpr std::size_t kFlushBytes = 1 << 16;

  std::ostream& out_;
  fmt::memory_buffer text_;
};

// Writes ,"name":value or name=value.
class FieldWriter {
 public:
  FieldWriter(fmt::memory_buffer& to, bool json) : to_{to}, json_{json} {}

  template <std::integral Integer>
  void operator()(std::string_view name, Integer value) {
    key(name);
    const fmt::format_int digits{value};
    append(to_, {digits.data(), digits.size()});
  }
  void operator()(std::string_view name, char value) {
    text(name, value == ' ' ? std::string_view{} : std::string_view{&value, 1});
  }
  // A value without a name stays a number.
  template <typename Enumeration>
    requires std::is_enum_v<Enumeration>
  void operator()(std::string_view name, Enumeration value) {
    const std::string_view known = name_of(value);
    if (known != "unknown") return text(name, known);
    (*this)(name, static_cast<std::uint64_t>(value));
  }
  template <std::size_t kBytes>
  void operator()(std::string_view name, const wire::Alpha<kBytes>& value) {
    // CME pads with zeros.
    std::string_view all = value.trimmed();
    while (!all.empty() && all.back() == '\0') all.remove_suffix(1);
    text(name, all);
  }
  template <std::size_t kBytes>
  void operator()(std::string_view name, const std::array<char, kBytes>& value) {
    std::string_view all{value.data(), kBytes};
    while (!all.empty() && all.back() == ' ') all.remove_suffix(1);
    text(name, all);
  }
  template <std::size_t kBytes>
  void operator()(std::string_view name, const wire::Digits<kBytes>& value) {
    if (const auto number = value.value()) {
      (*this)(name, *number);
    } else {
      text(name, value.text());
    }
  }

  void text(std::string_view name, std::string_view value) {
    key(name);
    if (json_) to_.push_back('"');
    append_escaped(to_, value);
    if (json_) to_.push_back('"');
  }

  // An object of its own: ,"name":{ in JSON, a prefix in text.
  void open(std::string_view name) {
    if (json_) key(name);
    begin(name);
  }
  void close() {
    if (json_) to_.push_back('}');
    separator_ = json_ ? ",\"" : " ";
  }

  // The same objects one behind the other: ,"name":[{},{}] in JSON, name.0. as a prefix in text.
  void open_list(std::string_view name) {
    if (json_) key(name);
    if (json_) to_.push_back('[');
  }
  void open_entry(std::string_view name, std::size_t index) {
    if (json_ && index != 0) to_.push_back(',');
    begin(fmt::format("{}.{}", name, index));
  }
  void close_list() {
    if (json_) to_.push_back(']');
    separator_ = json_ ? ",\"" : " ";
  }

  void hexadecimal(std::string_view name, std::span<const std::byte> bytes) {
    key(name);
    if (json_) to_.push_back('"');
    for (const std::byte byte : bytes) {
      fmt::format_to(std::back_inserter(to_), "{:02x}", static_cast<unsigned>(byte));
    }
    if (json_) to_.push_back('"');
  }

 private:
  void begin(std::string_view prefix) {
    if (json_) to_.push_back('{');
    separator_ = json_ ? std::string{"\""} : fmt::format(" {}.", prefix);
  }
  void key(std::string_view name) {
    append(to_, separator_);
    append(to_, name);
    if (json_) separator_ = ",\"";
    append(to_, json_ ? "\":" : "=");
  }

  fmt::memory_buffer& to_;
  bool json_;
  std::string separator_ = json_ ? ",\"" : " ";
};

}  // namespace ridley::control
