// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the time of a hop stamp, for telemetry alone. No decision depends on it. Taken
// in ticks on the way of an order, made nanoseconds when it has left. Hot core.
#pragma once

#include <concepts>
#include <cstdint>

#include "base/tsc_clock.hpp"

namespace ridley::engine {

template <typename Candidate>
concept HopClock = requires(const Candidate& clock) {
  { clock.ticks() } noexcept -> std::same_as<std::uint64_t>;
  // Nanoseconds in the same scale as the frames' stamps.
  { clock.ns_of(std::uint64_t{}) } noexcept -> std::same_as<std::uint64_t>;
};

class TscHopClock {
 public:
  explicit TscHopClock(const base::TscClock& clock) noexcept : clock_{&clock} {}
  [[nodiscard]] std::uint64_t ticks() const noexcept { return base::read_tsc(); }
  [[nodiscard]] std::uint64_t ns_of(std::uint64_t ticks) const noexcept {
    return clock_->utc_ns(ticks);
  }

 private:
  const base::TscClock* clock_;
};
static_assert(HopClock<TscHopClock>);

}  // namespace ridley::engine
