// SPDX-License-Identifier: Apache-2.0
#include "control/config_characters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>

namespace ridley::control {
namespace {

constexpr std::uint32_t kFirst = 0xFB26;
constexpr std::uint32_t kLast = 0xFEFE;

// All these are three bytes of UTF-8 that begin with 0xEF.
std::uint32_t code_point(std::string_view three) {
  const auto bits = [three](std::size_t i) { return static_cast<unsigned char>(three[i]) & 0x3FU; };
  return 0xF000U | bits(1) << 6 | bits(2);
}

}  // namespace

std::optional<Problem> refused_character(std::string_view text) {
  for (std::size_t at = text.find('\xEF'); at != text.npos; at = text.find('\xEF', at + 1)) {
    if (text.size() - at < 3) break;
    const std::uint32_t code = code_point(text.substr(at, 3));
    if (code < kFirst || code > kLast) continue;
    const std::string_view before = text.substr(0, at);
    const auto line = static_cast<std::uint32_t>(std::ranges::count(before, '\n')) + 1;
    const std::size_t begin = before.rfind('\n') + 1;  // npos + 1 is 0
    return Problem{{line, static_cast<std::uint32_t>(at - begin) + 1},
                   fmt::format("the character U+{:04X} cannot be in a configuration", code)};
  }
  return std::nullopt;
}

}  // namespace ridley::control
