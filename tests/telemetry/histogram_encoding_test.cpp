// SPDX-License-Identifier: Apache-2.0
#include "telemetry/histogram_encoding.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/error.hpp"

namespace ridley::telemetry {
namespace {

constexpr HistogramShape kShape{3, kHighestRecordedNs};

}  // namespace

TEST(HistogramEncoding, ReadsBackWhatItWrote) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random{seed};
  for (int round = 0; round < 50; ++round) {
    HistogramValues values{HistogramShape{1 + static_cast<unsigned>(random() % 4), 10'000'000'000}};
    for (int i = 0; i < 200; ++i) values.record(random() >> (random() % 60), random() % 5);
    ASSERT_EQ(decode_histogram(encode(values)), values);
  }
}

TEST(HistogramEncoding, KeepsTheLargestCountAndTheEmptyHistogram) {
  HistogramValues values{kShape};
  EXPECT_EQ(decode_histogram(encode(values)), values);
  values.record(7, std::uint64_t{1} << 62);
  values.record(9, (std::uint64_t{1} << 63) - 1);
  EXPECT_EQ(decode_histogram(encode(values)), values);
}

TEST(HistogramEncoding, StartsLikeEveryCompressedHistogram) {
  EXPECT_TRUE(encode(HistogramValues{kShape}).starts_with("HISTFAAA"));
}

TEST(HistogramEncoding, RefusesWhatIsCutOrBent) {
  HistogramValues values{kShape};
  values.record(1234, 99);
  const std::string good = encode(values);
  for (std::size_t length = 0; length < good.size() - 4; ++length) {
    EXPECT_THROW(static_cast<void>(decode_histogram(good.substr(0, length))), base::Error);
  }
  for (std::size_t i = 0; i < good.size(); ++i) {
    std::string bent = good;
    bent[i] = bent[i] == 'A' ? 'B' : 'A';
    try {
      static_cast<void>(decode_histogram(bent));  // some bits carry nothing
    } catch (const base::Error& error) {
      EXPECT_EQ(error.exit_code(), EX_DATAERR);
    }
  }
  EXPECT_THROW(static_cast<void>(decode_histogram("HIST!")), base::Error);
}

}  // namespace ridley::telemetry
