// SPDX-License-Identifier: Apache-2.0
#include "card/golden.hpp"

#include <fmt/format.h>

#include <charconv>
#include <optional>
#include <string_view>

#include "base/error.hpp"

namespace ridley::card {
namespace {

using base::Error;

constexpr std::string_view kFirstLine = "ridley-golden-1";
constexpr std::string_view kDigits = "0123456789abcdef";
constexpr std::array<CardForm, 3> kForms{CardForm::Packet, CardForm::Event, CardForm::ShortMessage};

void append_hex(std::span<const std::byte> bytes, std::string& text) {
  for (const std::byte one : bytes) {
    text += kDigits[std::to_integer<unsigned>(one) >> 4];
    text += kDigits[std::to_integer<unsigned>(one) & 15];
  }
}

template <typename Number>
std::optional<Number> number_in(std::string_view text, int base) {
  Number value{};
  const char* const end = text.data() + text.size();
  const auto [at, error] = std::from_chars(text.data(), end, value, base);
  if (error != std::errc{} || at != end) return {};
  return value;
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_{text} {}

  GoldenVectors read() {
    if (!next_line() || word() != kFirstLine) fail("is not ", kFirstLine);
    while (next_line()) take();
    if (lines_ != kPorts) fail("there must be a line of each port before");
    if (vectors_.frames.empty()) fail("there is no frame");
    return std::move(vectors_);
  }

 private:
  template <typename... Parts>
  [[noreturn]] void fail(const Parts&... parts) const {
    throw Error::with_exit(EX_DATAERR, "golden vectors: line ", number_, ": ", parts...);
  }

  bool next_line() {
    if (text_.empty()) return false;
    const std::size_t end = std::min(text_.find('\n'), text_.size());
    line_ = text_.substr(0, end);
    text_.remove_prefix(std::min(end + 1, text_.size()));
    ++number_;
    return true;
  }
  std::string_view word() {
    const std::size_t end = std::min(line_.find(' '), line_.size());
    const std::string_view word = line_.substr(0, end);
    line_.remove_prefix(std::min(end + 1, line_.size()));
    return word;
  }
  template <typename Number>
  Number number(Number max, int base = 10) {
    const std::optional<Number> value = number_in<Number>(word(), base);
    if (!value || *value > max) fail("a number is missing or out of range");
    return *value;
  }

  std::vector<std::byte> bytes() {
    const std::string_view digits = word();
    std::vector<std::byte> bytes(digits.size() / 2);
    if (digits.size() % 2 != 0) fail("half a byte");
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      const auto value = number_in<std::uint8_t>(digits.substr(2 * i, 2), 16);
      if (!value) fail("byte ", i, " is not hexadecimal");
      bytes[i] = static_cast<std::byte>(*value);
    }
    return bytes;
  }

  void take() {
    const std::string_view what = word();
    if (what == "frame" || what == "broken_frame") {
      frame(what == "broken_frame");
    } else if (what == "line") {
      line();
    } else if (what == "sessions") {
      const std::string_view policy = word();
      if (policy != "follow" && policy != "refuse") fail("sessions are follow or refuse");
      vectors_.follow_sessions = policy == "follow";
    } else if (what == "first_sequence") {
      vectors_.first_sequence = number<std::uint64_t>(~0ULL);
    } else {
      record(what);
    }
    if (!line_.empty()) fail("has more than it should");
  }

  void line() {
    if (lines_ == kPorts) fail("a line too many");
    Line& line = vectors_.lines.at(lines_++);
    line.address = number<std::uint32_t>(~0U, 16);
    line.port = number<std::uint16_t>(0xFFFF);
  }
  void frame(bool broken) {
    GoldenFrame& frame = vectors_.frames.emplace_back();
    frame.port = number<unsigned>(kPorts - 1);
    frame.time_ns = number<std::uint64_t>(~0ULL);
    frame.broken = broken;
    frame.bytes = bytes();
    if (frame.bytes.empty() || frame.bytes.size() > kGoldenFrameBytesMax)
      fail("a frame has 1 to ", kGoldenFrameBytesMax, " bytes");
    frame.records_end = vectors_.records.size();
  }
  void record(std::string_view what) {
    GoldenRecord record;
    for (const CardForm form : kForms)
      if (what == name_of(form)) record.form = form;
    if (record.form == CardForm::None) fail("nothing begins like this");
    if (vectors_.frames.empty()) fail("a record before any frame");
    record.port = number<unsigned>(kPorts - 1);
    const std::vector<std::byte> given = bytes();
    if (given.size() != record.bytes.size())
      fail("a record has ", record.bytes.size(), " bytes, not ", given.size());
    std::copy(given.begin(), given.end(), record.bytes.begin());
    vectors_.records.push_back(record);
    vectors_.frames.back().records_end = vectors_.records.size();
  }

  std::string_view text_;
  std::string_view line_;
  std::size_t number_ = 0;
  std::size_t lines_ = 0;
  GoldenVectors vectors_;
};

}  // namespace

std::string golden_text(const GoldenVectors& vectors) {
  std::string text{kFirstLine};
  text += '\n';
  for (const Line& line : vectors.lines)
    text += fmt::format("line {:08X} {}\n", line.address, line.port);
  text += fmt::format("sessions {}\nfirst_sequence {}\n",
                      vectors.follow_sessions ? "follow" : "refuse", vectors.first_sequence);
  std::size_t at = 0;
  for (const GoldenFrame& frame : vectors.frames) {
    text += fmt::format("{} {} {} ", frame.broken ? "broken_frame" : "frame", frame.port,
                        frame.time_ns);
    append_hex(frame.bytes, text);
    text += '\n';
    for (; at < frame.records_end; ++at) {
      const GoldenRecord& record = vectors.records[at];
      text += fmt::format("{} {} ", name_of(record.form), record.port);
      append_hex(record.bytes, text);
      text += '\n';
    }
  }
  return text;
}

GoldenVectors read_golden(std::span<const std::byte> file) {
  if (file.size() > kGoldenBytesMax)
    throw Error::with_exit(EX_DATAERR, "golden vectors: longer than ", kGoldenBytesMax, " bytes");
  return Reader{{reinterpret_cast<const char*>(file.data()), file.size()}}.read();
}

}  // namespace ridley::card
