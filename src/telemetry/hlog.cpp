// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hlog.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <ctime>

#include "base/error.hpp"
#include "telemetry/histogram_encoding.hpp"

namespace ridley::telemetry {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
// Interval maxima are written in milliseconds, as other writers do by default.
constexpr double kNsPerMillisecond = 1e6;
// A log without a base time holds absolute times, unless they lie more than a year before its
// start: the rule of the other readers.
constexpr std::uint64_t kYearNs = 365 * 86'400 * kNsPerSecond;

std::string seconds(std::uint64_t ns) {
  return fmt::format("{}.{:03}", ns / kNsPerSecond, ns % kNsPerSecond / 1'000'000);
}

std::string date(std::uint64_t utc_ns) {
  const auto when = static_cast<std::time_t>(utc_ns / kNsPerSecond);
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  std::array<char, 32> text{};
  std::strftime(text.data(), text.size(), "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text.data();
}

std::uint64_t parse_seconds(std::string_view text) {
  double value = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr double kSecondsMax = 1e10;
  if (error != std::errc{} || end != text.data() + text.size() || !(value >= 0) ||
      value > kSecondsMax) {
    throw base::Error::with_exit(EX_DATAERR, "'", text, "' is not a time in seconds");
  }
  // To the microsecond: a double of seconds since the epoch holds no more.
  return static_cast<std::uint64_t>(std::llround(value * 1e6)) * 1000;
}

std::string_view take_field(std::string_view& line) {
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos) {
    throw base::Error::with_exit(EX_DATAERR, "an interval needs four fields");
  }
  const std::string_view field = line.substr(0, comma);
  line.remove_prefix(comma + 1);
  return field;
}

}  // namespace

HlogWriter::HlogWriter(const std::filesystem::path& path, std::uint64_t start_utc_ns,
                       std::string_view comment)
    : path_{path}, file_{path, std::ios::trunc}, start_utc_ns_{start_utc_ns} {
  if (!file_) throw base::Error::with_exit(EX_CANTCREAT, "cannot create ", path.string());
  const std::string start = seconds(start_utc_ns);
  write_line(fmt::format("#[{}]\n#[Histogram log format version 1.3]\n", comment));
  write_line(
      fmt::format("#[StartTime: {} (seconds since epoch), {}]\n", start, date(start_utc_ns)));
  write_line(fmt::format("#[BaseTime: {} (seconds since epoch)]\n", start));
  write_line(
      "\"StartTimestamp\",\"Interval_Length\",\"Interval_Max\",\"Interval_Compressed_"
      "Histogram\"\n");
}

void HlogWriter::write(const Interval& interval, const HistogramValues& values) {
  if (interval.tag.find_first_of(", \n\r") != std::string_view::npos) {
    throw base::Error{"'", interval.tag, "' cannot be a tag"};
  }
  const std::uint64_t begin = std::max(interval.begin_utc_ns, start_utc_ns_);
  const std::uint64_t end = std::max(interval.end_utc_ns, begin);
  write_line(fmt::format(
      "{}{}{}{},{},{:.3f},{}\n", interval.tag.empty() ? "" : "Tag=", interval.tag,
      interval.tag.empty() ? "" : ",", seconds(begin - start_utc_ns_), seconds(end - begin),
      static_cast<double>(values.max()) / kNsPerMillisecond, encode(values)));
}

void HlogWriter::write_line(const std::string& line) {
  file_ << line << std::flush;
  if (!file_) throw base::Error::with_exit(EX_IOERR, "cannot write to ", path_.string());
}

std::optional<HlogInterval> HlogReader::next() {
  std::string line;
  while (std::getline(in_, line)) {
    ++line_number_;
    if (!line.empty() && line.back() == '\r') line.pop_back();
    if (line.empty() || line.front() == '"') continue;
    try {
      if (line.front() != '#') return read_interval(line);
      read_comment(line);
    } catch (const base::Error& error) {
      throw base::Error::with_exit(EX_DATAERR, "line ", line_number_, ": ", error.what());
    }
  }
  return std::nullopt;
}

void HlogReader::read_comment(std::string_view line) {
  const auto time_after = [&](std::string_view mark) -> std::optional<std::uint64_t> {
    if (!line.starts_with(mark)) return std::nullopt;
    const std::string_view rest = line.substr(mark.size());
    return parse_seconds(rest.substr(0, rest.find_first_not_of("0123456789.")));
  };
  if (const auto start = time_after("#[StartTime: ")) start_utc_ns_ = *start;
  if (const auto base = time_after("#[BaseTime: ")) base_utc_ns_ = *base;
}

HlogInterval HlogReader::read_interval(std::string_view line) {
  std::string_view tag;
  if (line.starts_with("Tag=")) tag = take_field(line).substr(4);
  const std::uint64_t begin = parse_seconds(take_field(line));
  const std::uint64_t length = parse_seconds(take_field(line));
  static_cast<void>(take_field(line));  // the maximum, which the histogram holds as well
  if (!base_utc_ns_) base_utc_ns_ = begin + kYearNs < start_utc_ns_ ? start_utc_ns_ : 0;
  return {std::string{tag}, *base_utc_ns_ + begin, *base_utc_ns_ + begin + length,
          decode_histogram(line)};
}

}  // namespace ridley::telemetry
