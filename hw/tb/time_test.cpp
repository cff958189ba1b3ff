// SPDX-License-Identifier: Apache-2.0
// In: ridley_time at two clocks. Out: whether it counts the nanoseconds that its cycles take.
#include <gtest/gtest.h>

#include "Vridley_time_156.h"
#include "Vridley_time_322.h"
#include "clocked.hpp"

namespace ridley::card {
namespace {

constexpr std::uint64_t kCycles = 1'000'000;
constexpr long double kNsASecond = 1e9L;

template <typename Model>
void counts_nanoseconds_of(std::uint64_t clock_hz) {
  Clocked<Model> block{"ridley_time"};
  EXPECT_EQ(block->time_o, 0U);
  for (std::uint64_t cycles = 1; cycles <= kCycles; ++cycles) {
    const std::uint64_t before = block->time_o;
    block.cycle();
    ASSERT_GE(block->time_o, before);
    const long double expected = kNsASecond * static_cast<long double>(cycles) / clock_hz;
    ASSERT_NEAR(static_cast<double>(block->time_o), static_cast<double>(expected), 1.001);
  }
  block.reset();
  EXPECT_EQ(block->time_o, 0U);
}

}  // namespace

TEST(Time, CountsNanosecondsAtAWholeNumberOfPartsACycle) {
  counts_nanoseconds_of<Vridley_time_156>(156'250'000);
}

TEST(Time, CountsNanosecondsAtAClockThatDividesNothing) {
  counts_nanoseconds_of<Vridley_time_322>(322'265'625);
}

}  // namespace ridley::card
