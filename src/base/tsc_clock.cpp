// SPDX-License-Identifier: Apache-2.0
#include "base/tsc_clock.hpp"

#include <ctime>

#include "base/assert.hpp"

namespace ridley::base {
namespace {

struct Pair {
  std::uint64_t tsc;
  std::uint64_t ns;
  std::uint64_t window;  // ticks between the reads around the kernel's clock
};

std::uint64_t now_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000ULL +
         static_cast<std::uint64_t>(now.tv_nsec);
}

// The tightest of a few readings: an interrupt between the reads would shift the pair.
Pair read_pair(clockid_t clock) {
  constexpr int kReadings = 9;
  Pair best{0, 0, ~std::uint64_t{0}};
  for (int i = 0; i < kReadings; ++i) {
    const std::uint64_t before = read_tsc();
    const std::uint64_t ns = now_ns(clock);
    const std::uint64_t window = read_tsc() - before;
    if (window < best.window) best = {before + window / 2, ns, window};
  }
  return best;
}

}  // namespace

TscClock TscClock::calibrate(std::uint32_t microseconds) {
  TscClock clock;
  const Pair raw = read_pair(CLOCK_MONOTONIC_RAW);
  const Pair utc = read_pair(CLOCK_REALTIME);
  clock.tsc_at_start_ = raw.tsc;
  clock.raw_ns_at_start_ = raw.ns;
  const timespec pause{microseconds / 1'000'000, (microseconds % 1'000'000) * 1000L};
  ::nanosleep(&pause, nullptr);
  clock.recalibrate();
  clock.utc_ns_at_start_ = utc.ns - clock.duration_ns(utc.tsc - raw.tsc);
  clock.error_ns_ = static_cast<std::uint32_t>(clock.duration_ns(utc.window)) + 1;
  return clock;
}

void TscClock::recalibrate() {
  const Pair now = read_pair(CLOCK_MONOTONIC_RAW);
  RIDLEY_ASSERT(now.tsc > tsc_at_start_);
  ns_per_tick_2_32_ = static_cast<std::uint64_t>(
      (static_cast<UInt128>(now.ns - raw_ns_at_start_) << 32) / (now.tsc - tsc_at_start_));
}

double TscClock::frequency_hz() const noexcept {
  return 1e9 * 4294967296.0 / static_cast<double>(ns_per_tick_2_32_);
}

}  // namespace ridley::base
