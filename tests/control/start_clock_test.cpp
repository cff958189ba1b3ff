// SPDX-License-Identifier: Apache-2.0
#include "control/start_clock.hpp"

#include <gtest/gtest.h>

#include <ctime>

namespace ridley::control {
namespace {

double processor_milliseconds() {
  timespec used{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

}  // namespace

TEST(StartClock, BeginsWithWhatTheProcessHadUsedBefore) {
  const double before = processor_milliseconds();
  EXPECT_GE(StartClock{}.milliseconds(), before);
}

TEST(StartClock, CountsTimeThatIsWaited) {
  const StartClock start;
  const double before = start.milliseconds();
  const timespec nap{0, 5'000'000};
  ::nanosleep(&nap, nullptr);
  EXPECT_GE(start.milliseconds() - before, 5.0);
}

TEST(StartClock, ReportsItsStepsInOrder) {
  StartClock start;
  EXPECT_EQ(start.report(), "");
  start.done("configuration");
  start.done("wire");
  const std::string report = start.report();
  const std::size_t first = report.find(" ms configuration\n");
  const std::size_t second = report.find(" ms wire\n");
  ASSERT_NE(first, std::string::npos);
  ASSERT_NE(second, std::string::npos);
  EXPECT_LT(first, second);
}

}  // namespace ridley::control
