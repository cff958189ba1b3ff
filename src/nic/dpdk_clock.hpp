// SPDX-License-Identifier: Apache-2.0
// In: what stamps a port's frames. Out: how its numbers become nanoseconds. Cold.
#pragma once

#include <cstdint>

#include "base/tsc_clock.hpp"
#include "nic/dpdk_port.hpp"

namespace ridley::nic {

// A clock's reading and the UTC of the same moment.
struct ClockPair {
  std::uint64_t units = 0;
  std::uint64_t utc_ns = 0;
};

[[nodiscard]] StampScale scale_of_tsc(const base::TscClock& clock);

// DPDK's capture port gives nanoseconds as recorded.
[[nodiscard]] StampScale scale_of_capture();

// Of a network card's own clock: measured against the TSC where the driver can read it, which takes
// 20 ms; else the stamps are taken for nanoseconds of unknown error.
[[nodiscard]] StampScale scale_of_hardware(std::uint16_t port, const base::TscClock& clock);

// The straight line through two readings. The clock has moved in between.
[[nodiscard]] StampScale scale_through(const ClockPair& first, const ClockPair& second,
                                       std::uint32_t error_ns);

}  // namespace ridley::nic
