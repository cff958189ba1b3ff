// SPDX-License-Identifier: Apache-2.0
#include "risk/conditions.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "gate_fixture.hpp"

namespace ridley::risk {
namespace {

constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();

TEST(Step, OfZeroHasNoMultiplesButZero) {
  EXPECT_FALSE(Step{0}.divides(1));
  EXPECT_FALSE(Step{0}.divides(kMost));
  EXPECT_FALSE(Step{}.divides(7));
}

TEST(Step, OfOneDividesEverything) {
  for (const std::uint32_t number : {0U, 1U, 2U, 99U, kMost}) EXPECT_TRUE(Step{1}.divides(number));
}

TEST(Step, AgreesWithTheDivisionAtTheEdges) {
  const std::uint32_t edges[] = {1, 2, 3, 99, 100, 101, 0x7FFF'FFFF, 0x8000'0000, kMost - 1, kMost};
  for (const std::uint32_t step : edges) {
    for (const std::uint32_t number : edges) {
      EXPECT_EQ(Step{step}.divides(number), number % step == 0) << number << " by " << step;
    }
  }
}

TEST(Step, AgreesWithTheDivisionOnRandomNumbers) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 200'000; ++i) {
    const auto step = static_cast<std::uint32_t>((random() % kMost >> (random() % 32)) + 1);
    const auto any = static_cast<std::uint32_t>(random());
    const std::uint32_t number = i % 2 == 0 ? any : any / step * step;
    ASSERT_EQ(Step{step}.divides(number), number % step == 0) << number << " by " << step;
  }
}

TEST(Conditions, APriceOfZeroIsNotTheBandsAffair) {
  Market market = open_market();
  market.upper_band_e4 = 1'100'000;
  EXPECT_TRUE(is_within_band(buy(100, 0), market));
  EXPECT_FALSE(is_within_band(buy(100, 1'100'001), market));
  EXPECT_TRUE(is_within_band(buy(100, 1'100'000), market));
}

TEST(Conditions, AQuantityIsAboveZeroAndBelowItsEnd) {
  EXPECT_FALSE(is_tradable_quantity(0));
  EXPECT_TRUE(is_tradable_quantity(1));
  EXPECT_TRUE(is_tradable_quantity(kQuantityEnd - 1));
  EXPECT_FALSE(is_tradable_quantity(kQuantityEnd));
  EXPECT_FALSE(is_tradable_quantity(kMost));
}

TEST(Conditions, TheWorstPositionOfASaleIsHowShortItCanGet) {
  Exposure exposure;
  exposure.execute(event::Side::Buy, {.quantity = 70, .price_e4 = 1});
  exposure.open_order(event::Side::Buy, {.quantity = 20, .price_e4 = 1});
  exposure.open_order(event::Side::Sell, {.quantity = 5, .price_e4 = 1});
  EXPECT_TRUE(worst_position(exposure, buy(100)) == 190);
  EXPECT_TRUE(worst_position(exposure, sell(100)) == 35);
}

}  // namespace
}  // namespace ridley::risk
