// SPDX-License-Identifier: Apache-2.0
// In: the number of an order. Out: its token, and the number again. OUCH 4.2 names orders by
// fourteen letters and digits that are used once a day (section 1 of its sheet): ours are six
// letters of the process and the number in eight hexadecimal digits, so that nothing has to be
// looked up and a process that starts again uses none twice. Hot core and session thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ridley::order {

inline constexpr std::size_t kTokenBytes = 14;
inline constexpr std::size_t kTokenPrefixBytes = 6;
inline constexpr std::size_t kTokenDigits = kTokenBytes - kTokenPrefixBytes;

using TokenPrefix = std::array<char, kTokenPrefixBytes>;
using Token = std::array<char, kTokenBytes>;

// Cold. Six letters and digits that follow from a moment: another one every second, for 69 years.
[[nodiscard]] constexpr TokenPrefix token_prefix(std::uint64_t utc_s) noexcept {
  constexpr std::string_view kLetters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
  TokenPrefix prefix{};
  for (std::size_t i = prefix.size(); i-- > 0; utc_s /= kLetters.size())
    prefix[i] = kLetters[utc_s % kLetters.size()];
  return prefix;
}

inline void write_token_digits(std::byte* to, std::uint32_t user_ref) noexcept {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  for (std::size_t i = 0; i < kTokenDigits; ++i)
    to[i] = static_cast<std::byte>(kDigits[(user_ref >> (4 * (kTokenDigits - 1 - i))) & 0xF]);
}

// 0, the number of no order, when the token is not one of this process.
[[nodiscard]] constexpr std::uint32_t user_ref_of(const TokenPrefix& prefix,
                                                  std::string_view token) noexcept {
  if (token.size() != kTokenBytes) return 0;
  if (!std::equal(prefix.begin(), prefix.end(), token.begin())) return 0;
  std::uint32_t user_ref = 0;
  for (const char digit : token.substr(kTokenPrefixBytes)) {
    const bool decimal = digit >= '0' && digit <= '9';
    if (!decimal && (digit < 'A' || digit > 'F')) return 0;
    const int value = decimal ? digit - '0' : digit - 'A' + 10;
    user_ref = (user_ref << 4) | static_cast<std::uint32_t>(value);
  }
  return user_ref;
}

}  // namespace ridley::order
