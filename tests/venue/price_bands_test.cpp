// SPDX-License-Identifier: Apache-2.0
#include "venue/price_bands.hpp"

#include <gtest/gtest.h>

namespace ridley::venue {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kMinute = 60 * kSecond;
constexpr std::uint64_t kOpen = 34'200 * kSecond;

TEST(PriceBands, AreAsWideAsThePriceAsks) {
  PriceBands bands;
  bands.begin(1'000'000, kOpen, PriceBands::kNever);
  EXPECT_EQ(bands.lower_e4(), 950'000u);
  EXPECT_EQ(bands.upper_e4(), 1'050'000u);
  bands.begin(30'000, kOpen, PriceBands::kNever);
  EXPECT_EQ(bands.lower_e4(), 24'000u);
  bands.begin(30'100, kOpen, PriceBands::kNever);
  EXPECT_EQ(bands.lower_e4(), 28'600u);  // to the cent
  bands.begin(5'000, kOpen, PriceBands::kNever);
  EXPECT_EQ(bands.upper_e4(), 6'500u);
  bands.begin(1'000, kOpen, PriceBands::kNever);
  EXPECT_EQ(bands.lower_e4(), 250u);
}

TEST(PriceBands, AreTwiceAsWideNearTheClose) {
  PriceBands bands;
  const std::uint64_t close = kOpen + 60 * kMinute;
  bands.begin(1'000'000, close - 25 * kMinute - 1, close);
  EXPECT_EQ(bands.upper_e4(), 1'050'000u);
  bands.begin(1'000'000, close - 25 * kMinute, close);
  EXPECT_EQ(bands.upper_e4(), 1'100'000u);
}

TEST(PriceBands, FollowTheMeanOfFiveMinutesByOnePercent) {
  PriceBands bands;
  bands.begin(1'000'000, kOpen, PriceBands::kNever);
  bands.traded(1'020'000, kOpen + 30 * kSecond - 1);  // too soon after the last reference
  EXPECT_EQ(bands.reference_e4(), 1'000'000u);
  bands.traded(998'000, kOpen + 30 * kSecond);  // the mean is 0.9 % away
  EXPECT_EQ(bands.reference_e4(), 1'000'000u);
  bands.traded(1'015'000, kOpen + 31 * kSecond);
  EXPECT_EQ(bands.reference_e4(), 1'011'000u);
  // After five minutes the old trades are forgotten.
  bands.traded(900'000, kOpen + 6 * kMinute);
  EXPECT_EQ(bands.reference_e4(), 900'000u);
}

TEST(PriceBands, AskForAPauseAfterFifteenSecondsAtOneOfThem) {
  PriceBands bands;
  bands.begin(1'000'000, kOpen, PriceBands::kNever);
  bands.quoted(1'049'900, 0, kOpen);
  EXPECT_EQ(bands.pause_ns(), PriceBands::kNever);
  bands.quoted(1'050'000, 0, kOpen + 1);
  EXPECT_EQ(bands.pause_ns(), kOpen + 1 + 15 * kSecond);
  EXPECT_EQ(bands.limit_e4(), 1'050'000u);
  bands.quoted(1'050'000, 0, kOpen + 2);  // it goes on
  EXPECT_EQ(bands.pause_ns(), kOpen + 1 + 15 * kSecond);
  bands.quoted(0, 0, kOpen + 3);
  EXPECT_EQ(bands.pause_ns(), PriceBands::kNever);
  bands.quoted(0, 950'000, kOpen + 4);
  EXPECT_EQ(bands.limit_e4(), 950'000u);
}

TEST(PriceBands, SayNothingBeforeTheyBeginAndAfterTheyEnd) {
  PriceBands bands;
  bands.traded(1, kOpen);
  bands.quoted(1, 1, kOpen);
  EXPECT_FALSE(bands.active());
  EXPECT_EQ(bands.pause_ns(), PriceBands::kNever);
  bands.begin(100, kOpen, PriceBands::kNever);
  EXPECT_TRUE(bands.active());
  bands.end();
  EXPECT_FALSE(bands.active());
}

}  // namespace
}  // namespace ridley::venue
