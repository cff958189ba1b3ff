// SPDX-License-Identifier: Apache-2.0
#include "telemetry/hdr_histogram.hpp"

#include <gtest/gtest.h>

#include <memory>

#include "telemetry/histogram_values.hpp"

namespace ridley::telemetry {

TEST(HdrHistogram, TellsSmallNanosecondsApart) {
  const auto histogram = std::make_unique<HdrHistogram>();
  for (std::uint64_t ns = 1; ns <= 1000; ++ns) histogram->record(ns);
  const HistogramValues values{*histogram};
  EXPECT_EQ(values.count(), 1000U);
  EXPECT_EQ(values.min(), 1U);
  EXPECT_EQ(values.max(), 1000U);
  EXPECT_EQ(values.value_at_percentile(50), 500U);
  EXPECT_EQ(values.value_at_percentile(99), 990U);
  EXPECT_EQ(values.value_at_percentile(99.9), 999U);
  EXPECT_EQ(values.value_at_percentile(100), 1000U);
  EXPECT_DOUBLE_EQ(values.mean(), 500.5);
}

TEST(HdrHistogram, CountsWhatIsTooHighAsTheHighest) {
  const auto histogram = std::make_unique<HopHistogram>();
  histogram->record(kHighestRecordedNs);
  histogram->record(kHighestRecordedNs + 1);
  histogram->record(~std::uint64_t{0});
  histogram->record(0);
  const HistogramValues values{*histogram};
  EXPECT_EQ(values.count(), 4U);
  EXPECT_EQ(values.counts()[HopHistogram::kShape.index(kHighestRecordedNs)], 3U);
  EXPECT_EQ(values.min(), 0U);
}

}  // namespace ridley::telemetry
