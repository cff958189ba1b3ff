// SPDX-License-Identifier: Apache-2.0
// In: what stamps a port's frames. Out: how its numbers become nanoseconds. Cold.
#include "nic/dpdk_clock.hpp"

#include <rte_ethdev.h>

#include <chrono>
#include <limits>
#include <thread>

#include "base/uint128.hpp"

namespace ridley::nic {
namespace {

// How long both clocks run between two readings: 1 us of jitter is 50 ppm over it.
constexpr std::chrono::milliseconds kBetweenReadings{20};
constexpr std::uint64_t kOneNsPerUnit = std::uint64_t{1} << 32;

struct Reading {
  ClockPair pair;
  std::uint64_t window_ns = std::numeric_limits<std::uint64_t>::max();
  bool possible = false;
};

// The tightest of a few, since reading a card takes about a microsecond.
Reading read_card(std::uint16_t port, const base::TscClock& clock) {
  Reading best;
  for (int i = 0; i < 9; ++i) {
    std::uint64_t units = 0;
    const std::uint64_t before = base::read_tsc();
    if (rte_eth_read_clock(port, &units) != 0) return {};
    const std::uint64_t ticks = base::read_tsc() - before;
    const std::uint64_t window_ns = clock.duration_ns(ticks);
    if (window_ns >= best.window_ns) continue;
    best = {.pair = {.units = units, .utc_ns = clock.utc_ns(before + ticks / 2)},
            .window_ns = window_ns,
            .possible = true};
  }
  return best;
}

}  // namespace

StampScale scale_of_tsc(const base::TscClock& clock) {
  const std::uint64_t now = base::read_tsc();
  return {.source = event::TimeSource::Tsc,
          .domain = event::ClockDomain::Utc,
          .error_ns = clock.error_ns(),
          .reference = now,
          .reference_ns = clock.utc_ns(now),
          .ns_per_unit_2_32 = clock.duration_ns(std::uint64_t{1} << 40) >> 8};
}

StampScale scale_of_capture() {
  return {.source = event::TimeSource::Capture,
          .domain = event::ClockDomain::Utc,
          .error_ns = kErrorUnknown,
          .reference = 0,
          .reference_ns = 0,
          .ns_per_unit_2_32 = kOneNsPerUnit};
}

StampScale scale_through(const ClockPair& first, const ClockPair& second, std::uint32_t error_ns) {
  const auto ns = static_cast<base::UInt128>(second.utc_ns - first.utc_ns);
  return {
      .source = event::TimeSource::Nic,
      .domain = event::ClockDomain::Utc,
      .error_ns = error_ns,
      .reference = second.units,
      .reference_ns = second.utc_ns,
      .ns_per_unit_2_32 = static_cast<std::uint64_t>((ns << 32) / (second.units - first.units))};
}

StampScale scale_of_hardware(std::uint16_t port, const base::TscClock& clock) {
  const Reading first = read_card(port, clock);
  std::this_thread::sleep_for(kBetweenReadings);
  const Reading second = read_card(port, clock);
  if (first.possible && second.possible && second.pair.units != first.pair.units) {
    const std::uint64_t error_ns = second.window_ns + clock.error_ns();
    return scale_through(first.pair, second.pair, static_cast<std::uint32_t>(error_ns));
  }
  return {.source = event::TimeSource::Nic,
          .domain = event::ClockDomain::Nic,
          .error_ns = kErrorUnknown,
          .reference = 0,
          .reference_ns = 0,
          .ns_per_unit_2_32 = kOneNsPerUnit};
}

}  // namespace ridley::nic
