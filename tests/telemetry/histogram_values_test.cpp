// SPDX-License-Identifier: Apache-2.0
#include "telemetry/histogram_values.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <random>
#include <thread>
#include <vector>

#include "base/error.hpp"

namespace ridley::telemetry {
namespace {

constexpr HistogramShape kThreeDigits{3, kHighestRecordedNs};

std::uint64_t random_value(std::mt19937_64& random) { return random() >> (random() % 40 + 24); }

}  // namespace

TEST(HistogramValues, IsAllZeroWhenEmpty) {
  const HistogramValues values{kThreeDigits};
  EXPECT_EQ(values.count(), 0U);
  EXPECT_EQ(values.max(), 0U);
  EXPECT_EQ(values.value_at_percentile(99.9), 0U);
  EXPECT_EQ(values.mean(), 0.0);
}

TEST(HistogramValues, AgreesWithSortedValuesWithinItsDigits) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  HistogramValues values{kThreeDigits};
  std::vector<std::uint64_t> sorted(50'000);
  for (std::uint64_t& value : sorted) {
    value = std::min(random_value(random), kHighestRecordedNs);
    values.record(value);
  }
  std::sort(sorted.begin(), sorted.end());
  for (const double percentile : {1.0, 25.0, 50.0, 90.0, 99.0, 99.9, 100.0}) {
    const auto rank = static_cast<std::size_t>(percentile * 500.0 + 0.5) - 1;
    const std::size_t index = kThreeDigits.index(sorted[rank]);
    EXPECT_EQ(values.value_at_percentile(percentile), kThreeDigits.highest_at(index)) << percentile;
  }
}

TEST(HistogramValues, AddsAndSubtractsBackToTheSame) {
  HistogramValues one{kThreeDigits};
  HistogramValues other{kThreeDigits};
  one.record(10, 5);
  other.record(10, 2);
  other.record(1'000'000);
  const HistogramValues before = one;
  one.add(other);
  EXPECT_EQ(one.count(), 8U);
  one.subtract(other);
  EXPECT_EQ(one, before);
  EXPECT_THROW(one.subtract(other), base::Error);
  EXPECT_EQ(one, before);
  EXPECT_THROW(one.add(HistogramValues{HopHistogram::kShape}), base::Error);
}

TEST(IntervalReader, GivesEveryValueOnceWhileTheWriterGoesOn) {
  const auto histogram = std::make_unique<HopHistogram>();
  constexpr std::uint64_t kValues = 500'000;
  std::atomic<bool> finished{false};
  std::thread writer{[&] {
    for (std::uint64_t i = 0; i < kValues; ++i) histogram->record(i % 5000);
    finished.store(true, std::memory_order_release);
  }};
  IntervalReader reader{HopHistogram::kShape};
  HistogramValues sum{HopHistogram::kShape};
  bool last_round = false;
  while (!last_round) {
    last_round = finished.load(std::memory_order_acquire);
    sum.add(reader.take(histogram->counts()));
  }
  writer.join();
  EXPECT_EQ(sum.count(), kValues);
  EXPECT_EQ(sum, HistogramValues{*histogram});
  EXPECT_EQ(sum, reader.total());
}

}  // namespace ridley::telemetry
