// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the time of a hop stamp, for telemetry alone. No decision depends on it.
#pragma once

#include <concepts>
#include <cstdint>

#include "base/tsc_clock.hpp"

namespace ridley::engine {

template <typename Candidate>
concept HopClock = requires(const Candidate& clock) {
  // Nanoseconds in the same scale as the frames' stamps.
  { clock.now_ns() } noexcept -> std::same_as<std::uint64_t>;
};

class TscHopClock {
 public:
  explicit TscHopClock(const base::TscClock& clock) noexcept : clock_{&clock} {}
  [[nodiscard]] std::uint64_t now_ns() const noexcept { return clock_->utc_ns(base::read_tsc()); }

 private:
  const base::TscClock* clock_;
};
static_assert(HopClock<TscHopClock>);

}  // namespace ridley::engine
