// SPDX-License-Identifier: Apache-2.0
#include "base/tsc_clock.hpp"

#include <ctime>

#include "base/assert.hpp"

namespace ridley::base {
namespace {

std::uint64_t now_ns(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000ULL +
         static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

// The tightest of a few readings: an interrupt between the reads would shift the pair.
TscCalibration::Pair TscCalibration::read_pair(int clock) noexcept {
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

TscCalibration::TscCalibration() noexcept
    : raw_{read_pair(CLOCK_MONOTONIC_RAW)}, utc_{read_pair(CLOCK_REALTIME)} {}

TscClock TscClock::calibrate(std::uint32_t microseconds) {
  return calibrate(TscCalibration{}, microseconds);
}

TscClock TscClock::calibrate(const TscCalibration& begun, std::uint32_t microseconds) {
  TscClock clock;
  clock.tsc_at_start_ = begun.raw_.tsc;
  clock.raw_ns_at_start_ = begun.raw_.ns;
  const std::uint64_t wanted_ns = std::uint64_t{microseconds} * 1000;
  const std::uint64_t passed_ns = now_ns(CLOCK_MONOTONIC_RAW) - begun.raw_.ns;
  if (passed_ns < wanted_ns) {
    const std::uint64_t left_ns = wanted_ns - passed_ns;
    const timespec pause{static_cast<time_t>(left_ns / 1'000'000'000),
                         static_cast<long>(left_ns % 1'000'000'000)};
    ::nanosleep(&pause, nullptr);
  }
  clock.recalibrate();
  clock.utc_ns_at_start_ = begun.utc_.ns - clock.duration_ns(begun.utc_.tsc - begun.raw_.tsc);
  clock.error_ns_ = static_cast<std::uint32_t>(clock.duration_ns(begun.utc_.window)) + 1;
  return clock;
}

void TscClock::recalibrate() {
  const TscCalibration::Pair now = TscCalibration::read_pair(CLOCK_MONOTONIC_RAW);
  RIDLEY_ASSERT(now.tsc > tsc_at_start_);
  ns_per_tick_2_32_ = static_cast<std::uint64_t>(
      (static_cast<UInt128>(now.ns - raw_ns_at_start_) << 32) / (now.tsc - tsc_at_start_));
}

double TscClock::frequency_hz() const noexcept {
  return 1e9 * 4294967296.0 / static_cast<double>(ns_per_tick_2_32_);
}

}  // namespace ridley::base
