// SPDX-License-Identifier: Apache-2.0
// In: the processor's time stamp counter. Out: nanoseconds of CLOCK_MONOTONIC_RAW and of UTC, by a
// frequency measured here: DPDK rounds its own to 10 MHz and was off by 1,483 ppm. Reading is hot,
// calibration is cold.
#pragma once

#include <cstdint>

#include "base/uint128.hpp"

namespace ridley::base {

[[nodiscard]] inline std::uint64_t read_tsc() noexcept { return __builtin_ia32_rdtsc(); }

// The first reading of both clocks. Whoever takes it early and finishes late, with other work in
// between, waits for nothing.
class TscCalibration {
 public:
  TscCalibration() noexcept;

 private:
  friend class TscClock;

  struct Pair {
    std::uint64_t tsc = 0;
    std::uint64_t ns = 0;
    std::uint64_t window = 0;  // ticks between the reads around the kernel's clock
  };
  [[nodiscard]] static Pair read_pair(int clock) noexcept;

  Pair raw_;
  Pair utc_;
};

class TscClock {
 public:
  // Compares both clocks over the given time, which sets the error: reading the pair costs about
  // 50 ns each end, so 2 ms gives some 50 ppm and 100 ms about 1 ppm. Blocks for that long.
  [[nodiscard]] static TscClock calibrate(std::uint32_t microseconds = 2000);

  // The same, begun earlier: blocks for what is left of that time.
  [[nodiscard]] static TscClock calibrate(const TscCalibration& begun,
                                          std::uint32_t microseconds = 2000);

  // Measures again from the first calibration until now: the longer ago, the better. Cold.
  void recalibrate();

  // Nanoseconds since the Unix epoch at that count.
  [[nodiscard]] std::uint64_t utc_ns(std::uint64_t tsc) const noexcept {
    return utc_ns_at_start_ + duration_ns(tsc - tsc_at_start_);
  }

  [[nodiscard]] std::uint64_t duration_ns(std::uint64_t ticks) const noexcept {
    return static_cast<std::uint64_t>((static_cast<UInt128>(ticks) * ns_per_tick_2_32_) >> 32);
  }

  [[nodiscard]] double frequency_hz() const noexcept;

  // How far utc_ns may be from the kernel's UTC at the moment of calibration.
  [[nodiscard]] std::uint32_t error_ns() const noexcept { return error_ns_; }

 private:
  TscClock() = default;

  std::uint64_t tsc_at_start_ = 0;
  std::uint64_t raw_ns_at_start_ = 0;
  std::uint64_t utc_ns_at_start_ = 0;
  std::uint64_t ns_per_tick_2_32_ = 0;
  std::uint32_t error_ns_ = 0;
};

}  // namespace ridley::base
