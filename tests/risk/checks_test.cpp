// SPDX-License-Identifier: Apache-2.0
#include "risk/checks.hpp"

#include <gtest/gtest.h>

#include <limits>
#include <random>

#include "gate_fixture.hpp"

namespace ridley::risk {
namespace {

constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();

TEST(PriceCollar, IncludesBothEdgesAndNothingBeyond) {
  // 5 % around 100.00
  EXPECT_FALSE(check_price_collar(500, 2'000'000, 950'000));
  EXPECT_TRUE(check_price_collar(500, 2'000'000, 949'999));
  EXPECT_FALSE(check_price_collar(500, 2'000'000, 1'050'000));
  EXPECT_TRUE(check_price_collar(500, 2'000'000, 1'050'001));
}

TEST(PriceCollar, AMidBetweenTwoTicksIsExact) {
  // Mid of 1.0001 and 1.0002, no distance allowed: neither side is it.
  EXPECT_TRUE(check_price_collar(0, 20'003, 10'001));
  EXPECT_TRUE(check_price_collar(0, 20'003, 10'002));
  EXPECT_FALSE(check_price_collar(0, 20'002, 10'001));
}

TEST(PriceCollar, WithoutAReferenceNothingPasses) {
  EXPECT_TRUE(check_price_collar(10'000, 0, 1));
  EXPECT_TRUE(check_price_collar(kMost, 0, 0));
}

TEST(PriceCollar, ReportsTheDistanceRoundedUp) {
  EXPECT_EQ(check_price_collar(500, 2'000'000, 1'050'001).observed, 501);
  EXPECT_EQ(check_price_collar(500, 2'000'000, 940'000).observed, 600);
}

TEST(PriceCollar, TheLargestPricesDoNotOverflow) {
  const std::uint64_t highest = 2ULL * kMost;
  EXPECT_FALSE(check_price_collar(0, highest, kMost));
  EXPECT_TRUE(check_price_collar(0, highest, kMost - 1));
  EXPECT_FALSE(check_price_collar(kMost, 2, kMost / 10'000));
  EXPECT_TRUE(check_price_collar(1, 2, kMost));
}

TEST(PriceCollar, AgreesWithSignedArithmeticOnRandomOrders) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 100'000; ++i) {
    const auto bps = static_cast<std::uint32_t>(random() % 12'000);
    const std::uint64_t reference = random() % 4'000'000 + 1;
    const auto price =
        static_cast<std::uint32_t>(reference / 2 * (8'000 + random() % 4'000) / 10'000);
    const Int128 distance = Int128{price} * 2 - static_cast<Int128>(reference);
    const Int128 allowed = static_cast<Int128>(reference) * bps;
    const bool near = distance * kBasisPoints <= allowed && -distance * kBasisPoints <= allowed;
    ASSERT_EQ(!check_price_collar(bps, reference, price), near)
        << bps << ' ' << reference << ' ' << price;
  }
}

TEST(Reference, IsTheOppositeTouchTheMidOrTheLast) {
  Market market = open_market();
  market.last_price_e4 = 990'000;
  EXPECT_EQ(doubled_reference_e4(Reference::OppositeTouch, buy(), market), 2'000'000U);
  EXPECT_EQ(doubled_reference_e4(Reference::OppositeTouch, sell(), market), 1'999'800U);
  EXPECT_EQ(doubled_reference_e4(Reference::Mid, buy(), market), 1'999'900U);
  EXPECT_EQ(doubled_reference_e4(Reference::Last, buy(), market), 1'980'000U);
}

TEST(Reference, IsMissingWhenASideIsEmptyOrUnknown) {
  Market market = open_market();
  market.ask_price_e4 = 0;
  EXPECT_EQ(doubled_reference_e4(Reference::OppositeTouch, buy(), market), 0U);
  EXPECT_NE(doubled_reference_e4(Reference::OppositeTouch, sell(), market), 0U);
  EXPECT_EQ(doubled_reference_e4(Reference::Mid, sell(), market), 0U);
  event::OrderIntent odd = buy();
  odd.side = event::Side::None;
  EXPECT_EQ(doubled_reference_e4(Reference::OppositeTouch, odd, open_market()), 0U);
  EXPECT_EQ(doubled_reference_e4(static_cast<Reference>(9), buy(), open_market()), 0U);
}

TEST(Notional, TheLargestOrderDoesNotOverflow) {
  OrderLimits limits;
  limits.notional_max_e4 = Lot{kMost, kMost}.notional_e4();
  EXPECT_FALSE(check_notional(limits, {kMost, kMost}));
  limits.notional_max_e4 -= 1;
  const Failure failure = check_notional(limits, {kMost, kMost});
  EXPECT_TRUE(failure);
  EXPECT_EQ(failure.observed, std::numeric_limits<std::int64_t>::max());
}

TEST(Position, CountsTheWorstCaseInAllBits) {
  OrderLimits limits;
  limits.long_max = kMost;
  Exposure exposure;
  EXPECT_FALSE(check_position(limits, exposure, buy(kMost)));
  exposure.open_order(event::Side::Buy, {1, 1});
  EXPECT_TRUE(check_position(limits, exposure, buy(kMost)));
  limits.long_max = std::numeric_limits<std::uint64_t>::max();
  EXPECT_FALSE(check_position(limits, exposure, buy(kMost)));
}

TEST(Gross, ATotalBeyond64BitsIsTooMuch) {
  Exposure exposure;
  for (int i = 0; i < 3; ++i) exposure.execute(event::Side::Buy, {kMost, kMost});
  EXPECT_TRUE(check_gross(std::numeric_limits<std::uint64_t>::max(), exposure, {1, 1}));
}

TEST(OpenOrders, TheCountCannotWrapAround) {
  EXPECT_FALSE(check_open_orders(1, Exposure{}));
  EXPECT_TRUE(check_open_orders(0, Exposure{}));
}

}  // namespace
}  // namespace ridley::risk
