// SPDX-License-Identifier: Apache-2.0
#include "control/log_command.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <ctime>
#include <iostream>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/byte_source.hpp"
#include "base/error.hpp"
#include "telemetry/hot_log_decoder.hpp"

namespace ridley::control {
namespace {

using telemetry::HotLogDecoder;
using telemetry::LogArgument;
using telemetry::LogEntry;
using telemetry::Severity;

constexpr std::uint64_t kSecondNs = 1'000'000'000;
constexpr std::size_t kPieceBytes = 1 << 16;

struct Wanted {
  std::uint64_t from_ns = 0;
  std::uint64_t to_ns = std::numeric_limits<std::uint64_t>::max();
  Severity least = Severity::Debug;
};

std::uint64_t time_option(std::string_view name, const std::string& text, std::uint64_t otherwise) {
  if (text.empty()) return otherwise;
  if (const auto ns = log_time_of(text)) return *ns;
  throw base::Error::with_exit(EX_USAGE, name, ": '", text,
                               "' is no time; 2026-11-21T14:30:00 is, and so are nanoseconds");
}

Wanted wanted_by(const LogOptions& options) {
  Wanted wanted;
  wanted.from_ns = time_option("--from", options.from, wanted.from_ns);
  wanted.to_ns = time_option("--to", options.to, wanted.to_ns);
  const auto& names = telemetry::kSeverityNames;
  const auto at = std::find(names.begin(), names.end(), options.severity);
  if (at == names.end()) {
    throw base::Error::with_exit(EX_USAGE, "--severity: '", options.severity,
                                 "' is none of debug, notice, warning, alarm");
  }
  wanted.least = static_cast<Severity>(at - names.begin());
  return wanted;
}

// That records were lost is always wanted.
bool is_wanted(const Wanted& wanted, const LogEntry& entry) {
  const bool severe = entry.format == nullptr || entry.format->severity >= wanted.least;
  return severe && entry.ns >= wanted.from_ns && entry.ns <= wanted.to_ns;
}

std::string time_text(std::uint64_t ns) {
  const auto seconds = static_cast<std::time_t>(ns / kSecondNs);
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:09}Z", utc.tm_year + 1900,
                     utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                     ns % kSecondNs);
}

nlohmann::ordered_json argument_json(LogArgument kind, std::uint64_t bits) {
  switch (kind) {
    case LogArgument::Unsigned:
    case LogArgument::PriceE4: return bits;
    case LogArgument::Signed: return static_cast<std::int64_t>(bits);
    case LogArgument::Real: return std::bit_cast<double>(bits);
    case LogArgument::Boolean: return bits != 0;
    case LogArgument::Letter:
    case LogArgument::Text: break;
  }
  return telemetry::text_of(kind, bits);
}

Severity severity_of(const LogEntry& entry) {
  return entry.format == nullptr ? Severity::Alarm : entry.format->severity;
}

std::string json_line(const LogEntry& entry) {
  nlohmann::ordered_json line;
  line["ns"] = entry.ns;
  line["time"] = time_text(entry.ns);
  line["severity"] = telemetry::kSeverityNames[static_cast<std::size_t>(severity_of(entry))];
  line["text"] = telemetry::text_of(entry);
  if (entry.format == nullptr) {
    line["lost"] = entry.lost;
  } else {
    line["format"] = entry.format->text;
    line["arguments"] = nlohmann::ordered_json::array();
    for (std::size_t i = 0; i < entry.arguments.size(); ++i) {
      line["arguments"].push_back(argument_json(entry.format->arguments[i], entry.arguments[i]));
    }
    line["file"] = entry.format->file;
    line["line"] = entry.format->line;
  }
  // What a damaged file says need not be UTF-8.
  return line.dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

void print(const LogEntry& entry, bool json, std::ostream& out) {
  if (json) {
    out << json_line(entry) << '\n';
  } else {
    const auto severity = static_cast<std::size_t>(severity_of(entry));
    out << fmt::format("{} {:<7} {}\n", time_text(entry.ns), telemetry::kSeverityNames[severity],
                       telemetry::text_of(entry));
  }
  if (!out) throw base::Error::with_exit(EX_IOERR, "cannot write the output");
}

// False at the end of the input, which for a damaged .gz or .xz is also the end.
bool feed(base::ByteSource& source, HotLogDecoder& decoder, std::string& cause) {
  std::array<std::byte, kPieceBytes> piece;
  try {
    const std::size_t size = source.read(piece);
    decoder.feed(std::span{piece}.first(size));
    return size > 0;
  } catch (const base::Error& error) {
    if (error.exit_code() != EX_DATAERR) throw;
    cause = error.what();
    return false;
  }
}

// Digits of a fixed width, as a time of day has them.
std::optional<int> digits(std::string_view text, std::size_t at, std::size_t width) {
  int value = 0;
  if (text.size() < at + width) return std::nullopt;
  const char* begin = text.data() + at;
  const auto [end, error] = std::from_chars(begin, begin + width, value);
  if (error != std::errc{} || end != begin + width || *begin == '-') return std::nullopt;
  return value;
}

// Nothing, or a point and one to nine digits.
std::optional<std::uint64_t> fraction_ns(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != '.' || text.size() < 2 || text.size() > 10) return std::nullopt;
  const std::size_t width = text.size() - 1;
  const auto value = digits(text, 1, width);
  if (!value) return std::nullopt;
  std::uint64_t unit = kSecondNs;
  for (std::size_t i = 0; i < width; ++i) unit /= 10;
  return static_cast<std::uint64_t>(*value) * unit;
}

}  // namespace

std::optional<std::uint64_t> log_time_of(std::string_view text) {
  std::uint64_t ns = 0;
  const char* end = text.data() + text.size();
  if (const auto [at, error] = std::from_chars(text.data(), end, ns);
      at == end && error == std::errc{})
    return ns;
  if (text.ends_with('Z')) text.remove_suffix(1);
  constexpr std::string_view kForm = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < kForm.size()) return std::nullopt;
  for (std::size_t i = 0; i < kForm.size(); ++i) {
    const bool separator = kForm[i] != 'd';
    const bool blank = kForm[i] == 'T' && text[i] == ' ';
    if (separator && text[i] != kForm[i] && !blank) return std::nullopt;
  }
  const std::array parts{digits(text, 0, 4),  digits(text, 5, 2),  digits(text, 8, 2),
                         digits(text, 11, 2), digits(text, 14, 2), digits(text, 17, 2)};
  constexpr std::array<int, 6> kLeast{1970, 1, 1, 0, 0, 0};
  constexpr std::array<int, 6> kMost{2500, 12, 31, 23, 59, 59};
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (!parts[i] || *parts[i] < kLeast[i] || *parts[i] > kMost[i]) return std::nullopt;
  }
  std::tm utc{};
  utc.tm_year = *parts[0] - 1900;
  utc.tm_mon = *parts[1] - 1;
  utc.tm_mday = *parts[2];
  utc.tm_hour = *parts[3];
  utc.tm_min = *parts[4];
  utc.tm_sec = *parts[5];
  ns = static_cast<std::uint64_t>(timegm(&utc)) * kSecondNs;
  // The 31st of February became one of March.
  if (utc.tm_mday != *parts[2]) return std::nullopt;
  const auto fraction = fraction_ns(text.substr(kForm.size()));
  return fraction ? std::optional{ns + *fraction} : std::nullopt;
}

int log_cat(const LogOptions& options, std::ostream& out, std::ostream& messages) {
  const Wanted wanted = wanted_by(options);
  base::ByteSource source{options.file};
  HotLogDecoder decoder;
  std::string cause;
  HotLogDecoder::Step step{};
  while (true) {
    step = decoder.next();
    if (step == HotLogDecoder::Step::Entry) {
      if (is_wanted(wanted, decoder.entry())) print(decoder.entry(), options.json, out);
    } else if (step == HotLogDecoder::Step::Damaged || !feed(source, decoder, cause)) {
      break;
    }
  }
  if (!out.flush()) throw base::Error::with_exit(EX_IOERR, "cannot write the output");
  if (step == HotLogDecoder::Step::End && cause.empty()) return EX_OK;
  messages << options.file << ": " << (cause.empty() ? decoder.damage() : cause) << '\n';
  return EX_DATAERR;
}

int log_cat_command(const LogOptions& options) {
  std::ios::sync_with_stdio(false);
  return log_cat(options, std::cout, std::cerr);
}

}  // namespace ridley::control
