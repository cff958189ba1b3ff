// SPDX-License-Identifier: Apache-2.0
// In: the bytes of a log file, in pieces of any size. Out: its entries, one after the other, and
// where and why the file is damaged or ends too early. Believes nothing it reads. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "telemetry/hot_log_file.hpp"
#include "telemetry/log_format.hpp"

namespace ridley::telemetry {

// A format as the file tells it.
struct DecodedFormat {
  Severity severity = Severity::Debug;
  std::vector<LogArgument> arguments;
  std::string text;
  std::string file;
  std::uint32_t line = 0;
};

struct LogEntry {
  std::uint64_t ns = 0;
  const DecodedFormat* format = nullptr;  // nothing: records were lost
  std::uint64_t lost = 0;                 // how many
  std::vector<std::uint64_t> arguments;
};

class HotLogDecoder {
 public:
  enum class Step : std::uint8_t {
    Entry,    // entry() is the next one
    More,     // feed() it
    End,      // the end mark: the file is whole
    Damaged,  // damage() says where and why; nothing follows
  };

  void feed(std::span<const std::byte> bytes);
  [[nodiscard]] Step next();

  [[nodiscard]] const LogEntry& entry() const noexcept { return entry_; }
  // "byte 123: cause". Of bytes that ended where More was the answer, why that is too early.
  [[nodiscard]] std::string damage() const;

  [[nodiscard]] bool has_header() const noexcept { return has_header_; }
  [[nodiscard]] std::uint64_t start_ns() const noexcept { return start_ns_; }
  [[nodiscard]] std::uint32_t number() const noexcept { return number_; }
  [[nodiscard]] const std::vector<DecodedFormat>& formats() const noexcept { return formats_; }
  // Of the first byte that no entry has used.
  [[nodiscard]] std::uint64_t offset() const noexcept { return offset_; }

 private:
  Step read_header();
  Step read_formats(std::span<const std::byte> header, std::size_t count);
  Step read_frame();
  Step damaged(std::string cause);
  void use(std::size_t bytes);
  [[nodiscard]] std::span<const std::byte> rest() const { return std::span{bytes_}.subspan(used_); }

  std::vector<std::byte> bytes_;
  std::size_t used_ = 0;
  std::uint64_t offset_ = 0;
  bool has_header_ = false;
  bool ended_ = false;
  std::string cause_;
  std::uint64_t start_ns_ = 0;
  std::uint32_t number_ = 0;
  std::vector<DecodedFormat> formats_;
  LogEntry entry_;
};

// The sentence with its arguments in it.
[[nodiscard]] std::string text_of(const LogEntry& entry);
// One argument alone: 12, -3, 1.5, true, "N", 123.4500.
[[nodiscard]] std::string text_of(LogArgument kind, std::uint64_t bits);

}  // namespace ridley::telemetry
