// SPDX-License-Identifier: Apache-2.0
#include "telemetry/counter.hpp"

#include <gtest/gtest.h>

namespace ridley::telemetry {

TEST(Counter, WritesToItsPlace) {
  std::atomic<std::uint64_t> place{0};
  Counter counter{place};
  counter.add();
  counter.add(4);
  EXPECT_EQ(place.load(), 5U);
  EXPECT_EQ(counter.value(), 5U);
}

TEST(Counter, WithoutAPageIsHarmless) {
  Counter counter;
  counter.add(3);
  std::atomic<std::uint64_t> place{7};
  EXPECT_EQ(Counter{place}.value(), 7U);
}

TEST(Gauge, GoesBelowZero) {
  std::atomic<std::int64_t> place{0};
  Gauge gauge{place};
  gauge.set(-3);
  gauge.add(1);
  EXPECT_EQ(place.load(), -2);
}

TEST(CounterMirror, CopiesOnlyWhenToldTo) {
  struct RoomCounters {
    std::uint64_t accepted = 0;
    std::uint64_t refused = 0;
  } room;
  std::atomic<std::uint64_t> accepted{0};
  std::atomic<std::uint64_t> refused{0};
  CounterMirror mirror;
  mirror.add(room.accepted, Counter{accepted});
  mirror.add(room.refused, Counter{refused});
  room.accepted = 10;
  room.refused = 1;
  EXPECT_EQ(accepted.load(), 0U);
  mirror.publish();
  EXPECT_EQ(accepted.load(), 10U);
  EXPECT_EQ(refused.load(), 1U);
  EXPECT_EQ(mirror.size(), 2U);
}

}  // namespace ridley::telemetry
