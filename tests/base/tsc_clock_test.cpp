// SPDX-License-Identifier: Apache-2.0
#include "base/tsc_clock.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <chrono>
#include <thread>

namespace ridley::base {

TEST(TscClock, AgreesWithTheSteadyClock) {
  const TscClock clock = TscClock::calibrate(20'000);
  const auto steady = std::chrono::steady_clock::now();
  const std::uint64_t tsc = read_tsc();
  std::this_thread::sleep_for(std::chrono::milliseconds{50});
  const auto steady_ns = std::chrono::duration_cast<std::chrono::nanoseconds>(
      std::chrono::steady_clock::now() - steady);
  const auto ours = static_cast<double>(clock.duration_ns(read_tsc() - tsc));
  // 1 % is far beyond the calibration's error and far below any wrong unit; a busy machine may
  // still put a pause between the paired reads.
  EXPECT_NEAR(ours / static_cast<double>(steady_ns.count()), 1.0, 0.01);
  EXPECT_GT(clock.frequency_hz(), 1e8);
}

TEST(TscClock, GivesNearlyTheSameFrequencyFromAShortLookAsFromALongOne) {
  const double hz = TscClock::calibrate(1'000).frequency_hz();
  EXPECT_NEAR(TscClock::calibrate(100'000).frequency_hz() / hz, 1.0, 5e-4);
}

TEST(TscClock, IsNearTheKernelsUtc) {
  const TscClock clock = TscClock::calibrate(5'000);
  const auto utc = std::chrono::system_clock::now().time_since_epoch();
  const auto ours = static_cast<double>(clock.utc_ns(read_tsc()));
  const auto kernel =
      static_cast<double>(std::chrono::duration_cast<std::chrono::nanoseconds>(utc).count());
  EXPECT_NEAR(ours, kernel, 50e6);
  EXPECT_GT(clock.error_ns(), 0u);
}

namespace {

// How often this thread has given its core away by itself.
long naps() {
  rusage used{};
  ::getrusage(RUSAGE_THREAD, &used);
  return used.ru_nvcsw;
}

}  // namespace

TEST(TscClock, WaitsOnlyForWhatIsLeftSinceItsCalibrationBegan) {
  using namespace std::chrono_literals;
  const TscCalibration begun;
  std::this_thread::sleep_for(20ms);
  const long before = naps();
  const TscClock clock = TscClock::calibrate(begun, 20'000);
  EXPECT_EQ(naps(), before);
  EXPECT_NEAR(clock.frequency_hz() / TscClock::calibrate(20'000).frequency_hz(), 1.0, 5e-4);
}

TEST(TscClock, WaitsWhenItsCalibrationHasJustBegun) {
  using namespace std::chrono_literals;
  const auto start = std::chrono::steady_clock::now();
  static_cast<void>(TscClock::calibrate(TscCalibration{}, 5'000));
  EXPECT_GE(std::chrono::steady_clock::now() - start, 4'900us);
}

}  // namespace ridley::base
