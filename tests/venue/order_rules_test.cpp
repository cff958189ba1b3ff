// SPDX-License-Identifier: Apache-2.0
#include "venue/order_rules.hpp"

#include <gtest/gtest.h>

#include <array>

#include "wire/ouch.hpp"

namespace ridley::venue {
namespace {

Request good() {
  Request request;
  request.quantity = 100;
  request.price_e4 = 100'000;
  return request;
}

TEST(OrderRules, KnowsWhetherAnOrderIsASweep) {
  Request request = good();
  for (const char letter : {'Y', 'N', ' ', 'y', 'X'}) {
    request.terms.sweep = letter;
    EXPECT_EQ(check_terms(request).has_value(), letter != 'Y' && letter != 'N') << letter;
  }
}

TEST(OrderRules, TakesQuantitiesFromOneToTheLimit) {
  EXPECT_FALSE(valid_quantity(0));
  EXPECT_TRUE(valid_quantity(1));
  EXPECT_TRUE(valid_quantity(999'999));
  EXPECT_FALSE(valid_quantity(1'000'000));
  EXPECT_FALSE(valid_quantity(0xFFFF'FFFF));
}

TEST(OrderRules, TakesPricesUpToTheLimitAndOnTheTick) {
  EXPECT_FALSE(valid_price(0));
  EXPECT_TRUE(valid_price(1));
  EXPECT_TRUE(valid_price(9'999));
  EXPECT_TRUE(valid_price(10'000));
  EXPECT_FALSE(valid_price(10'001));
  EXPECT_FALSE(valid_price(10'099));
  EXPECT_TRUE(valid_price(10'100));
  EXPECT_TRUE(valid_price(1'999'999'900));
  EXPECT_FALSE(valid_price(2'000'000'000));
  EXPECT_FALSE(valid_price(0x7FFF'FFFF));
  EXPECT_FALSE(valid_price(0x1'0000'2710));
}

TEST(OrderRules, FindNothingWrongWithAPlainOrder) { EXPECT_EQ(check_entry(good()), std::nullopt); }

TEST(OrderRules, NameTheFirstThingThatIsWrong) {
  Request request = good();
  request.quantity = 0;
  request.price_e4 = 0;
  EXPECT_EQ(check_entry(request), RejectReason::InvalidQuantity);
  request.terms.side = 'b';
  EXPECT_EQ(check_entry(request), RejectReason::InvalidSide);
  EXPECT_EQ(check_terms(request), RejectReason::InvalidQuantity);
}

TEST(OrderRules, TakeEverySideTimeAndCapacityOfTheList) {
  for (const char side : {'B', 'S', 'T', 'E'}) {
    Request request = good();
    request.terms.side = side;
    EXPECT_EQ(check_entry(request), std::nullopt) << side;
  }
  for (const char time : {'0', '3', '5', 'E'}) {
    Request request = good();
    request.terms.time_in_force = time;
    EXPECT_EQ(check_entry(request), std::nullopt) << time;
  }
  Request request = good();
  request.terms.time_in_force = '1';
  EXPECT_EQ(check_entry(request), RejectReason::Other);
  request = good();
  request.terms.capacity = 'X';
  EXPECT_EQ(check_entry(request), RejectReason::Other);
}

TEST(OrderRules, WantATimeOfTheDayForAnOrderThatExpires) {
  Request request = good();
  request.terms.time_in_force = '6';
  EXPECT_EQ(check_entry(request), RejectReason::Other);
  request.terms.expire_s = 86'399;
  EXPECT_EQ(check_entry(request), std::nullopt);
  request.terms.expire_s = 86'400;
  EXPECT_EQ(check_entry(request), RejectReason::Other);
}

TEST(OrderRules, KeepTheElementsForTheEcho) {
  const std::array<std::byte, 7> message{std::byte{0},   std::byte{5}, std::byte{2}, std::byte{12},
                                         std::byte{'P'}, std::byte{2}, std::byte{4}};
  // The second element says length 2 and has none of its value: malformed.
  AccountOrder terms;
  EXPECT_EQ(read_appendage(wire::ouch::Appendages::behind(message, 0), terms), RejectReason::Other);
  const std::array<std::byte, 5> whole{std::byte{0}, std::byte{3}, std::byte{2}, std::byte{12},
                                       std::byte{'P'}};
  EXPECT_EQ(read_appendage(wire::ouch::Appendages::behind(whole, 0), terms), std::nullopt);
  EXPECT_TRUE(terms.post_only);
  EXPECT_EQ(terms.appendage.size(), 3u);
}

}  // namespace
}  // namespace ridley::venue
