// SPDX-License-Identifier: Apache-2.0
// In: durations in ticks. Out: percentiles in nanoseconds, exact: every duration is kept, in memory
// taken before. Cold but for add().
#pragma once

#include <cstdint>
#include <vector>

#include "base/tsc_clock.hpp"
#include "bench/support/report.hpp"

namespace ridley::bench {

class Latencies {
 public:
  explicit Latencies(std::size_t room) { ticks_.reserve(room); }

  void add(std::uint64_t ticks) noexcept {
    if (ticks_.size() < ticks_.capacity()) ticks_.push_back(ticks);
  }

  [[nodiscard]] std::size_t size() const noexcept { return ticks_.size(); }

  [[nodiscard]] Percentiles in_ns(const base::TscClock& clock) const {
    std::vector<double> ns;
    ns.reserve(ticks_.size());
    for (const std::uint64_t ticks : ticks_)
      ns.push_back(static_cast<double>(ticks) * 1e9 / clock.frequency_hz());
    return ns.empty() ? Percentiles{} : percentiles_of(ns);
  }

 private:
  std::vector<std::uint64_t> ticks_;
};

// What two readings of the counter with nothing between them are apart. Every latency has it in it
// once; nothing is subtracted.
[[nodiscard]] inline Latencies timer_overhead() {
  constexpr std::size_t kPairs = 10'000;
  Latencies pairs{kPairs};
  for (std::size_t i = 0; i < kPairs; ++i) {
    const std::uint64_t begin = base::read_tsc();
    pairs.add(base::read_tsc() - begin);
  }
  return pairs;
}

}  // namespace ridley::bench
