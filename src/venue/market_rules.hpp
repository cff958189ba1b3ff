// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the rules that stop and start trading, as an operator chooses them. Times are
// nanoseconds since midnight or lengths in nanoseconds. Plain values; any core.
#pragma once

#include <array>
#include <cstdint>
#include <limits>

namespace ridley::venue {

inline constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint64_t kSecond_ns = 1'000'000'000;

// Circuit breakers of the whole market: an index of 5,000 at the open, and 7, 13 and 20 % below.
inline constexpr std::uint64_t kIndexAtOpen_e8 = 5'000'00000000ULL;
inline constexpr std::array<std::uint64_t, 3> kDeclineLevels_e8{
    4'650'00000000ULL, 4'350'00000000ULL, 4'000'00000000ULL};

struct MarketRules {
  bool price_bands = false;       // limit up, limit down, and the pauses they lead to
  bool circuit_breakers = false;  // of the whole market
  bool short_sale_test = false;   // after a fall of ten percent

  std::uint64_t open_ns = 0;        // the market opens then, or when its opening book stands
  std::uint64_t close_ns = kNever;  // or when the day ends
  std::uint64_t pause_ns = 300 * kSecond_ns;    // of a limit state
  std::uint64_t breaker_ns = 900 * kSecond_ns;  // of levels 1 and 2; level 3 ends the day
  // At the end of a pause: orders are taken and shown, and nobody trades before the cross.
  std::uint64_t quoting_ns = 5 * kSecond_ns;
};

}  // namespace ridley::venue
