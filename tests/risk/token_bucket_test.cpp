// SPDX-License-Identifier: Apache-2.0
#include "risk/token_bucket.hpp"

#include <gtest/gtest.h>

#include <limits>

namespace ridley::risk {
namespace {

TEST(TokenBucket, GivesItsCapacityAndNotOneMore) {
  TokenBucket bucket{3, 100};
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(bucket.take());
  EXPECT_FALSE(bucket.take());
}

TEST(TokenBucket, EarnsATokenAtItsNanosecondAndNotOneBefore) {
  TokenBucket bucket{3, 100};
  bucket.refill(1'000);
  for (int i = 0; i < 3; ++i) bucket.take();
  bucket.refill(1'099);
  EXPECT_EQ(bucket.tokens(), 0U);
  bucket.refill(1'100);
  EXPECT_EQ(bucket.tokens(), 1U);
}

TEST(TokenBucket, KeepsTheNanosecondsThatDidNotMakeAToken) {
  TokenBucket bucket{3, 100};
  bucket.refill(1'000);
  for (int i = 0; i < 3; ++i) bucket.take();
  bucket.refill(1'150);
  bucket.refill(1'199);
  EXPECT_EQ(bucket.tokens(), 1U);
  bucket.refill(1'200);
  EXPECT_EQ(bucket.tokens(), 2U);
}

TEST(TokenBucket, HoldsNoMoreThanItsCapacity) {
  TokenBucket bucket{3, 100};
  bucket.take();
  bucket.refill(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(bucket.tokens(), 3U);
}

TEST(TokenBucket, AClockThatGoesBackEarnsNothing) {
  TokenBucket bucket{2, 100};
  bucket.refill(1'000);
  bucket.take();
  bucket.take();
  bucket.refill(500);
  bucket.refill(0);
  EXPECT_EQ(bucket.tokens(), 0U);
  bucket.refill(1'099);
  EXPECT_EQ(bucket.tokens(), 0U);
}

TEST(TokenBucket, WithoutCapacityGivesNothing) {
  TokenBucket bucket{0, 1};
  bucket.refill(1'000'000);
  EXPECT_FALSE(bucket.take());
}

TEST(TokenBucket, SettingItAgainGivesNothingAway) {
  TokenBucket bucket{5, 100};
  for (int i = 0; i < 4; ++i) bucket.take();
  bucket.change(10, 100);
  EXPECT_EQ(bucket.tokens(), 1U);
  bucket.change(0, 0);
  EXPECT_EQ(bucket.tokens(), 0U);
}

}  // namespace
}  // namespace ridley::risk
