// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hot_log_decoder.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <bit>
#include <cctype>
#include <cstring>
#include <utility>

namespace ridley::telemetry {
namespace {

template <typename Integer>
Integer load(std::span<const std::byte> bytes, std::size_t at) {
  Integer value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

std::uint32_t checksum_of(std::span<const std::byte> bytes, std::uint32_t before = 0) {
  return static_cast<std::uint32_t>(
      crc32(before, reinterpret_cast<const Bytef*>(bytes.data()), static_cast<uInt>(bytes.size())));
}

std::uint32_t checksum_of_frame(std::span<const std::byte> frame) {
  constexpr std::array<std::byte, kLogChecksumBytes> kNone{};
  const std::uint32_t before = checksum_of(frame.first(kLogChecksumAt));
  return checksum_of(frame.subspan(kLogChecksumAt + kLogChecksumBytes), checksum_of(kNone, before));
}

// Takes values off the front; what is not there is not read and remembered.
class Cursor {
 public:
  explicit Cursor(std::span<const std::byte> bytes) : bytes_{bytes} {}

  template <typename Integer>
  Integer number() {
    if (bytes_.size() < sizeof(Integer)) return fail<Integer>();
    const auto value = load<Integer>(bytes_, 0);
    bytes_ = bytes_.subspan(sizeof(Integer));
    return value;
  }

  std::string text() {
    const std::size_t length = number<std::uint16_t>();
    if (bytes_.size() < length) return fail<std::string>();
    std::string value{reinterpret_cast<const char*>(bytes_.data()), length};
    bytes_ = bytes_.subspan(length);
    return value;
  }

  [[nodiscard]] bool whole() const { return whole_; }
  [[nodiscard]] bool empty() const { return bytes_.empty(); }

 private:
  template <typename Value>
  Value fail() {
    whole_ = false;
    bytes_ = {};
    return Value{};
  }

  std::span<const std::byte> bytes_;
  bool whole_ = true;
};

}  // namespace

void HotLogDecoder::feed(std::span<const std::byte> bytes) {
  bytes_.erase(bytes_.begin(), bytes_.begin() + static_cast<std::ptrdiff_t>(used_));
  used_ = 0;
  bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
}

HotLogDecoder::Step HotLogDecoder::next() {
  if (!cause_.empty()) return Step::Damaged;
  if (ended_) return rest().empty() ? Step::End : damaged("bytes behind the end mark");
  if (!has_header_) {
    const Step step = read_header();
    if (step != Step::Entry) return step;
  }
  return read_frame();
}

// Entry: it is read.
HotLogDecoder::Step HotLogDecoder::read_header() {
  const std::span<const std::byte> bytes = rest();
  if (bytes.empty()) return Step::More;
  const std::uint64_t magic = kLogMagic;
  const std::size_t seen = std::min(bytes.size(), sizeof magic);
  if (std::memcmp(bytes.data(), &magic, seen) != 0) return damaged("not a log of Ridley");
  if (bytes.size() < kLogHeaderFixedBytes) return Step::More;
  const auto version = load<std::uint16_t>(bytes, 8);
  if (version != kLogVersion) {
    return damaged(fmt::format("version {}; this program reads {}", version, kLogVersion));
  }
  const auto length = load<std::uint32_t>(bytes, 12);
  if (length < kLogHeaderFixedBytes + kLogChecksumBytes || length > kLogHeaderBytesMax) {
    return damaged(fmt::format("a header of {} bytes", length));
  }
  if (bytes.size() < length) return Step::More;
  const std::span<const std::byte> said = bytes.first(length - kLogChecksumBytes);
  if (load<std::uint32_t>(bytes, said.size()) != checksum_of(said)) {
    return damaged("the header's checksum is wrong");
  }
  start_ns_ = load<std::uint64_t>(bytes, 16);
  number_ = load<std::uint32_t>(bytes, 24);
  const auto count = load<std::uint16_t>(bytes, 10);
  if (read_formats(said.subspan(kLogHeaderFixedBytes), count) != Step::Entry) return Step::Damaged;
  use(length);
  has_header_ = true;
  return Step::Entry;
}

HotLogDecoder::Step HotLogDecoder::read_formats(std::span<const std::byte> header,
                                                std::size_t count) {
  Cursor cursor{header};
  for (std::size_t i = 0; i < count && cursor.whole(); ++i) {
    DecodedFormat format;
    const auto severity = cursor.number<std::uint8_t>();
    const auto arguments = cursor.number<std::uint8_t>();
    if (severity >= kSeverityNames.size() || arguments > kLogArgumentsMax) {
      return damaged(fmt::format("format {} makes no sense", i));
    }
    format.severity = static_cast<Severity>(severity);
    for (std::size_t argument = 0; argument < arguments; ++argument) {
      const auto kind = cursor.number<std::uint8_t>();
      if (kind >= kLogArgumentKinds) return damaged(fmt::format("format {} makes no sense", i));
      format.arguments.push_back(static_cast<LogArgument>(kind));
    }
    format.text = cursor.text();
    format.file = cursor.text();
    format.line = cursor.number<std::uint32_t>();
    formats_.push_back(std::move(format));
  }
  const bool right = cursor.whole() && cursor.empty();
  return right ? Step::Entry : damaged("the header's length and its formats disagree");
}

HotLogDecoder::Step HotLogDecoder::read_frame() {
  const std::span<const std::byte> bytes = rest();
  if (bytes.size() < kLogFrameFixedBytes) return Step::More;
  const auto kind = static_cast<LogFrame>(bytes[0]);
  const auto arguments = static_cast<std::size_t>(bytes[1]);
  const std::size_t length = kLogFrameFixedBytes + arguments * sizeof(std::uint64_t);
  if (kind < LogFrame::Record || kind > LogFrame::End || arguments > kLogArgumentsMax) {
    return damaged("not a record");
  }
  if (bytes.size() < length) return Step::More;
  const std::span<const std::byte> frame = bytes.first(length);
  if (load<std::uint32_t>(frame, kLogChecksumAt) != checksum_of_frame(frame)) {
    return damaged("the record's checksum is wrong");
  }
  entry_ = {};
  entry_.ns = load<std::uint64_t>(frame, 8);
  for (std::size_t i = 0; i < arguments; ++i) {
    entry_.arguments.push_back(load<std::uint64_t>(frame, kLogFrameFixedBytes + i * 8));
  }
  if (kind == LogFrame::Record) {
    const auto number = load<std::uint16_t>(frame, 2);
    if (number >= formats_.size() || formats_[number].arguments.size() != arguments) {
      return damaged(fmt::format("a record of format {}, which the file does not have", number));
    }
    entry_.format = &formats_[number];
  } else if (kind == LogFrame::Lost) {
    if (arguments != 1) return damaged("not a record");
    entry_.lost = entry_.arguments[0];
  }
  use(length);
  ended_ = kind == LogFrame::End;
  return ended_ ? next() : Step::Entry;
}

HotLogDecoder::Step HotLogDecoder::damaged(std::string cause) {
  cause_ = std::move(cause);
  return Step::Damaged;
}

std::string HotLogDecoder::damage() const {
  if (!cause_.empty()) return fmt::format("byte {}: {}", offset_, cause_);
  if (!has_header_) return fmt::format("byte {}: the header is cut off", offset_ + rest().size());
  if (!rest().empty()) return fmt::format("byte {}: a record is cut off", offset_ + rest().size());
  return fmt::format("byte {}: no end mark: still being written, or its writer was killed",
                     offset_);
}

void HotLogDecoder::use(std::size_t bytes) {
  used_ += bytes;
  offset_ += bytes;
}

std::string text_of(LogArgument kind, std::uint64_t bits) {
  switch (kind) {
    case LogArgument::Unsigned: return fmt::format("{}", bits);
    case LogArgument::Signed: return fmt::format("{}", static_cast<std::int64_t>(bits));
    case LogArgument::Real: return fmt::format("{}", std::bit_cast<double>(bits));
    case LogArgument::Boolean: return bits != 0 ? "true" : "false";
    case LogArgument::PriceE4: return fmt::format("{}.{:04}", bits / 10'000, bits % 10'000);
    case LogArgument::Letter:
    case LogArgument::Text: break;
  }
  const auto letters = std::bit_cast<LogText>(bits);
  std::string text{letters.data(), kind == LogArgument::Letter ? 1 : letters.size()};
  text.erase(text.find_last_not_of(std::string{" \0", 2}) + 1);
  const auto visible = [](char letter) { return std::isprint(static_cast<unsigned char>(letter)); };
  std::replace_if(text.begin(), text.end(), [&](char letter) { return !visible(letter); }, '?');
  return text;
}

std::string text_of(const LogEntry& entry) {
  if (entry.format == nullptr) return fmt::format("{} records lost: the ring was full", entry.lost);
  const std::string& sentence = entry.format->text;
  std::string text;
  std::size_t from = 0;
  for (std::size_t i = 0; i < entry.arguments.size(); ++i) {
    const std::size_t at = sentence.find("{}", from);
    if (at == std::string::npos) break;
    text +=
        sentence.substr(from, at - from) + text_of(entry.format->arguments[i], entry.arguments[i]);
    from = at + 2;
  }
  return text + sentence.substr(from);
}

}  // namespace ridley::telemetry
