// SPDX-License-Identifier: Apache-2.0
#include "nic/dpdk_clock.hpp"

#include <gtest/gtest.h>

namespace ridley::nic {

TEST(StampScale, TurnsTicksIntoTheClocksTime) {
  const auto clock = base::TscClock::calibrate();
  const StampScale scale = scale_of_tsc(clock);
  for (const std::uint64_t later : {0ULL, 1'000ULL, 1'000'000'000ULL, 100'000'000'000'000ULL}) {
    const std::uint64_t stamp = scale.reference + later;
    const event::Timestamp time = scale.convert(stamp);
    EXPECT_NEAR(static_cast<double>(time.ns), static_cast<double>(clock.utc_ns(stamp)), 256.0);
    EXPECT_EQ(time.source, event::TimeSource::Tsc);
    EXPECT_EQ(time.domain, event::ClockDomain::Utc);
    EXPECT_EQ(time.error_ns, clock.error_ns());
  }
}

TEST(StampScale, DrawsALineThroughTwoReadings) {
  // A card that counts at 125 MHz: 8 ns a unit.
  const StampScale scale =
      scale_through({.units = 1'000, .utc_ns = 50'000}, {.units = 2'000, .utc_ns = 58'000}, 700);
  EXPECT_EQ(scale.convert(2'000).ns, 58'000u);
  EXPECT_EQ(scale.convert(2'125).ns, 59'000u);
  EXPECT_EQ(scale.convert(1'500).ns, 54'000u) << "before the reference";
  EXPECT_EQ(scale.convert(2'000).source, event::TimeSource::Nic);
  EXPECT_EQ(scale.convert(2'000).error_ns, 700u);
}

TEST(StampScale, LeavesACapturesNanosecondsAlone) {
  const event::Timestamp time = scale_of_capture().convert(1'700'000'000'123'456'789);
  EXPECT_EQ(time.ns, 1'700'000'000'123'456'789u);
  EXPECT_EQ(time.source, event::TimeSource::Capture);
  EXPECT_EQ(time.error_ns, kErrorUnknown);
}

}  // namespace ridley::nic
