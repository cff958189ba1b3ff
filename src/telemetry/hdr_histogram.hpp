// SPDX-License-Identifier: Apache-2.0
// In: nanoseconds, from one thread. Out: counts that any other thread or process may read at the
// same time. Recording is one index computation and one increment; what is to be known of the
// counts (percentiles, mean, differences) is worked out by HistogramValues on another core.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "telemetry/histogram_shape.hpp"
#include "telemetry/hop.hpp"

namespace ridley::telemetry {

inline constexpr std::uint64_t kHighestRecordedNs = 10'000'000'000ULL;

template <unsigned kDigits>
class HdrHistogramOf {
 public:
  static constexpr HistogramShape kShape{kDigits, kHighestRecordedNs};

  // One thread only. What is above the highest value counts as the highest: a stamp from the future
  // wraps around and shows there.
  void record(std::uint64_t ns) noexcept {
    const std::uint64_t value = ns < kHighestRecordedNs ? ns : kHighestRecordedNs;
    std::atomic<std::uint64_t>& count = counts_[kShape.index(value)];
    // Relaxed, and no locked instruction: there is one writer, and a reader needs no order between
    // counts.
    count.store(count.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  }

  [[nodiscard]] std::span<const std::atomic<std::uint64_t>> counts() const noexcept {
    return counts_;
  }

 private:
  static constexpr std::size_t kCounts = kShape.counts();
  std::array<std::atomic<std::uint64_t>, kCounts> counts_{};
};

// 200 KB, for offline work.
using HdrHistogram = HdrHistogramOf<3>;

// 28 KB, for the hops: exact below 256 ns, within 1 % above, and all six fit the second-level cache
// beside the book.
using HopHistogram = HdrHistogramOf<2>;

// The hot core's set, in the shared page.
struct HopHistograms {
  std::array<HopHistogram*, kHopCount> of{};

  void record(Hop hop, std::uint64_t ns) noexcept { of[static_cast<std::size_t>(hop)]->record(ns); }
};

}  // namespace ridley::telemetry
