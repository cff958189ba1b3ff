// SPDX-License-Identifier: Apache-2.0
// In: ridley_time at two clocks. Out: whether it counts the nanoseconds that its cycles take.
#include <gtest/gtest.h>

#include <cstdint>
#include <memory>

#include "Vridley_time_156.h"
#include "Vridley_time_322.h"

namespace {

constexpr std::uint64_t kCycles = 1'000'000;
constexpr long double kNsASecond = 1e9L;

template <typename Model>
void cycle(Model& model) {
  model.clk_i = 0;
  model.eval();
  model.clk_i = 1;
  model.eval();
}

template <typename Model>
void counts_nanoseconds_of(std::uint64_t clock_hz) {
  const auto model = std::make_unique<Model>();
  model->rst_i = 1;
  cycle(*model);
  model->rst_i = 0;
  EXPECT_EQ(model->time_o, 0U);
  for (std::uint64_t cycles = 1; cycles <= kCycles; ++cycles) {
    const std::uint64_t before = model->time_o;
    cycle(*model);
    ASSERT_GE(model->time_o, before);
    const long double expected = kNsASecond * static_cast<long double>(cycles) / clock_hz;
    ASSERT_NEAR(static_cast<double>(model->time_o), static_cast<double>(expected), 1.001);
  }
  model->rst_i = 1;
  cycle(*model);
  EXPECT_EQ(model->time_o, 0U);
}

}  // namespace

TEST(Time, CountsNanosecondsAtAWholeNumberOfPartsACycle) {
  counts_nanoseconds_of<Vridley_time_156>(156'250'000);
}

TEST(Time, CountsNanosecondsAtAClockThatDividesNothing) {
  counts_nanoseconds_of<Vridley_time_322>(322'265'625);
}
