// SPDX-License-Identifier: Apache-2.0
// A log with a format for every kind of argument, and what its file says.
#pragma once

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "telemetry/hot_log.hpp"
#include "telemetry/hot_log_decoder.hpp"
#include "telemetry/hot_log_writer.hpp"

namespace ridley::telemetry {

enum class Sample : std::uint8_t { Plain, Numbers, Texts, Six };

inline constexpr std::array kSamples{
    log_format<>(Severity::Debug, "nothing to say"),
    log_format<std::uint64_t, std::int64_t, double, bool>(Severity::Notice, "{} and {}, {} is {}"),
    log_format<char, LogText, LogPrice>(Severity::Warning, "{} of '{}' at {}"),
    log_format<std::uint8_t, std::uint16_t, std::uint32_t, std::int8_t, std::int32_t, float>(
        Severity::Alarm, "{} {} {} {} {} {}"),
};

using SampleLog = HotLogOf<kSamples>;

inline void write_each(SampleLog& log) {
  log.write<Sample::Plain>(1'000);
  log.write<Sample::Numbers>(2'000, ~std::uint64_t{0}, std::int64_t{-5}, 1.5, true);
  log.write<Sample::Texts>(3'000, 'B', LogText{'R', 'D', 'L', 'Y', ' ', ' ', ' ', ' '},
                           LogPrice{1'234'500});
  log.write<Sample::Six>(4'000, std::uint8_t{255}, std::uint16_t{65'535}, std::uint32_t{7},
                         std::int8_t{-128}, std::int32_t{-1}, 0.25F);
}

inline const std::vector<std::string> kEachText{
    "nothing to say", "18446744073709551615 and -5, 1.5 is true", "B of 'RDLY' at 123.4500",
    "255 65535 7 -128 -1 0.25"};

class LogFolder {
 public:
  LogFolder() {
    std::string name = std::filesystem::temp_directory_path() / "ridley_log_XXXXXX";
    path_ = mkdtemp(name.data());
  }
  ~LogFolder() { std::filesystem::remove_all(path_); }
  LogFolder(const LogFolder&) = delete;
  LogFolder& operator=(const LogFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string bytes_of(const std::filesystem::path& file) {
  std::ifstream stream{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{stream}, {}};
}

// A whole file with each sample in it.
inline std::string sample_file() {
  const LogFolder folder;
  SampleLog log;
  write_each(log);
  HotLogWriter writer{{.folder = folder.path(), .start_ns = 500}, log.formats()};
  writer.drain(log, 5'000);
  writer.close(6'000);
  return bytes_of(writer.path());
}

struct Decoded {
  std::vector<std::string> texts;
  HotLogDecoder::Step last = HotLogDecoder::Step::More;
  std::string damage;
};

inline Decoded decoded(std::string_view bytes, std::size_t piece = ~std::size_t{0}) {
  Decoded result;
  HotLogDecoder decoder;
  do {
    const std::string_view now = bytes.substr(0, piece);
    bytes.remove_prefix(now.size());
    decoder.feed(std::as_bytes(std::span{now.data(), now.size()}));
    while ((result.last = decoder.next()) == HotLogDecoder::Step::Entry) {
      result.texts.push_back(text_of(decoder.entry()));
    }
  } while (!bytes.empty());
  if (result.last != HotLogDecoder::Step::End) result.damage = decoder.damage();
  return result;
}

}  // namespace ridley::telemetry
