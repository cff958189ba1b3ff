// SPDX-License-Identifier: Apache-2.0
// In: a binary log of the hot core. Out: its entries as sentences or JSON, one a line. Needs
// nothing but the file. Cold; one thread.
#pragma once

#include <cstdint>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>

namespace ridley::control {

struct LogOptions {
  std::string file = "-";          // "-" is the standard input; also .gz and .xz
  bool json = false;               // one object a line
  std::string from = {};           // a time, see log_time_of; empty: from the beginning
  std::string to = {};             // up to and including it; empty: to the end
  std::string severity = "debug";  // and what is above it
};

// Nanoseconds since 1970 of "2026-11-21T14:30:00Z", with or without T, Z and a fraction, or of a
// number of nanoseconds. Nothing where the text is no time.
[[nodiscard]] std::optional<std::uint64_t> log_time_of(std::string_view text);

// 0, or EX_DATAERR where the file is damaged or cut off: its byte and cause go to `messages`, and
// what stands before it to `out`. Throws base::Error: EX_USAGE for a wrong option, EX_NOINPUT,
// EX_IOERR.
[[nodiscard]] int log_cat(const LogOptions& options, std::ostream& out, std::ostream& messages);

// The same on standard output and error.
[[nodiscard]] int log_cat_command(const LogOptions& options);

}  // namespace ridley::control
