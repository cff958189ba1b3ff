// SPDX-License-Identifier: Apache-2.0
// What a setting may be at most, where several settings share a bound. Cold.
#pragma once

#include <cstdint>
#include <limits>

namespace ridley::control {

inline constexpr std::uint64_t kTextMax = 255;
inline constexpr std::uint64_t kMillisecondsMax = 600'000;
// Prices have four decimals, and a notional must fit 63 bits with them, a thousand times over.
inline constexpr std::uint64_t kNotionalUsdMax = 100'000'000'000;
// The order protocol's own bound is one below a million shares.
inline constexpr std::uint64_t kQuantityMax = 999'999;
inline constexpr std::uint64_t kPositionMax = 1'000'000'000;
inline constexpr std::uint64_t kBasisPointsMax = 9'999;
inline constexpr std::uint64_t kEntriesMax = 65'535;
// What TOML's integers can say.
inline constexpr std::uint64_t kSequenceMax = std::numeric_limits<std::int64_t>::max();
inline constexpr std::uint64_t kServersMax = 8;
// A hundred megabytes.
inline constexpr std::uint64_t kHeldPacketsMax = 65'536;
inline constexpr std::uint64_t kVersionMax = std::numeric_limits<std::uint32_t>::max();
inline constexpr std::uint64_t kPortMax = std::numeric_limits<std::uint16_t>::max();

}  // namespace ridley::control
