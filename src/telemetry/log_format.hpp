// SPDX-License-Identifier: Apache-2.0
// In: a sentence with a {} for each argument and the arguments' types. Out: a log format that the
// compiler has checked, and 64 bits for each argument. Any core; nothing here runs when a record is
// written but the packing of its arguments.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <source_location>
#include <string_view>
#include <type_traits>

namespace ridley::telemetry {

// With its time and its number a record is one cache line.
inline constexpr std::size_t kLogArgumentsMax = 6;

enum class Severity : std::uint8_t { Debug, Notice, Warning, Alarm };
inline constexpr std::array<std::string_view, 4> kSeverityNames{"debug", "notice", "warning",
                                                                "alarm"};

// How the 64 bits of an argument are read.
enum class LogArgument : std::uint8_t { Unsigned, Signed, Real, Boolean, Letter, Text, PriceE4 };
inline constexpr std::size_t kLogArgumentKinds = 7;

// Eight characters, padded with blanks or zeros: a symbol.
using LogText = std::array<char, 8>;

// Ten-thousandths of a dollar, shown as dollars.
struct LogPrice {
  std::uint32_t price_e4;
};

template <typename Argument>
consteval LogArgument log_argument_of() {
  if constexpr (std::same_as<Argument, bool>) {
    return LogArgument::Boolean;
  } else if constexpr (std::same_as<Argument, char>) {
    return LogArgument::Letter;
  } else if constexpr (std::same_as<Argument, LogText>) {
    return LogArgument::Text;
  } else if constexpr (std::same_as<Argument, LogPrice>) {
    return LogArgument::PriceE4;
  } else if constexpr (std::floating_point<Argument>) {
    return LogArgument::Real;
  } else {
    static_assert(std::integral<Argument>, "a log argument is a number, a letter or a symbol");
    return std::unsigned_integral<Argument> ? LogArgument::Unsigned : LogArgument::Signed;
  }
}

template <typename Argument>
[[nodiscard]] constexpr std::uint64_t log_bits_of(Argument argument) noexcept {
  if constexpr (std::same_as<Argument, LogText>) {
    return std::bit_cast<std::uint64_t>(argument);
  } else if constexpr (std::same_as<Argument, LogPrice>) {
    return argument.price_e4;
  } else if constexpr (std::floating_point<Argument>) {
    return std::bit_cast<std::uint64_t>(static_cast<double>(argument));
  } else if constexpr (std::unsigned_integral<Argument>) {
    return argument;
  } else {
    return static_cast<std::uint64_t>(static_cast<std::int64_t>(argument));
  }
}

struct LogFormat {
  std::string_view text;
  std::string_view file;  // where the format stands
  std::uint32_t line = 0;
  Severity severity = Severity::Debug;
  std::uint8_t argument_count = 0;
  std::array<LogArgument, kLogArgumentsMax> arguments{};

  template <typename... Arguments>
  [[nodiscard]] static consteval bool takes(const LogFormat& format) {
    constexpr std::array<LogArgument, sizeof...(Arguments)> kGiven{log_argument_of<Arguments>()...};
    if (kGiven.size() != format.argument_count) return false;
    for (std::size_t i = 0; i < kGiven.size(); ++i) {
      if (kGiven[i] != format.arguments[i]) return false;
    }
    return true;
  }
};

// From the source folder on: who reads the log has another checkout.
[[nodiscard]] constexpr std::string_view path_in_source(std::string_view path) noexcept {
  constexpr std::string_view kFolder = "src/";
  const std::size_t at = path.rfind(kFolder);
  return at == std::string_view::npos ? path : path.substr(at);
}

[[nodiscard]] constexpr std::size_t count_placeholders(std::string_view text) noexcept {
  std::size_t count = 0;
  for (std::size_t at = text.find("{}"); at != std::string_view::npos; at = text.find("{}", at + 2))
    ++count;
  return count;
}

// Not defined, and no constant: a format that comes to call it does not compile.
void a_format_has_one_placeholder_for_each_argument();

template <typename... Arguments>
[[nodiscard]] consteval LogFormat log_format(
    Severity severity, std::string_view text,
    const std::source_location& place = std::source_location::current()) {
  static_assert(sizeof...(Arguments) <= kLogArgumentsMax, "a record is one cache line");
  if (count_placeholders(text) != sizeof...(Arguments))
    a_format_has_one_placeholder_for_each_argument();
  return {.text = text,
          .file = path_in_source(place.file_name()),
          .line = place.line(),
          .severity = severity,
          .argument_count = sizeof...(Arguments),
          .arguments = {log_argument_of<Arguments>()...}};
}

}  // namespace ridley::telemetry
