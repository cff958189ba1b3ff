// SPDX-License-Identifier: Apache-2.0
// In: the time that a simulation has reached. Out: the same as a clock for the street's stamps, and
// as the exchange counts it. One thread.
#pragma once

#include <cstdint>

namespace ridley::simulation {

inline constexpr std::uint64_t kMicrosecondNs = 1'000;
inline constexpr std::uint64_t kMillisecondNs = 1'000'000;
inline constexpr std::uint64_t kNeverNs = UINT64_MAX;

inline constexpr std::uint64_t kMidnightNs = 1'700'000'000'000'000'000;  // of a simulated day, UTC
inline constexpr std::uint64_t kOpeningNs = 34'200'000'000'000;          // half past nine
inline constexpr std::uint64_t kStartNs = kMidnightNs + kOpeningNs;

// Nanoseconds since midnight, as the exchange counts.
[[nodiscard]] constexpr std::uint64_t since_midnight(std::uint64_t now_ns) noexcept {
  return now_ns - kMidnightNs;
}

// The stamps of the pipeline see the time that the simulation has set.
struct Clock {
  const std::uint64_t* ns;
  [[nodiscard]] std::uint64_t ticks() const noexcept { return *ns; }
  [[nodiscard]] std::uint64_t ns_of(std::uint64_t ticks) const noexcept { return ticks; }
};

}  // namespace ridley::simulation
