// SPDX-License-Identifier: Apache-2.0
#include "simulation/own_orders.hpp"

#include <gtest/gtest.h>

#include "order/order_packets.hpp"
#include "simulation/violation.hpp"
#include "venue/market_feed.hpp"
#include "wire/ouch.hpp"

namespace ridley::simulation {
namespace {

namespace ouch = wire::ouch;

class OwnOrdersTest : public testing::Test {
 protected:
  OwnOrdersTest() {
    own_.add({.number = 1, .locate = 2, .side = 'B', .quantity = 100, .price_e4 = 10'0000});
  }

  template <typename Message, typename Writer, typename Fill>
  void hear(const Fill& fill) {
    std::vector<std::byte> bytes(Message::kSize);
    Writer writer{bytes.data()};
    fill(writer);
    own_.hear(bytes);
  }
  void accepted(std::uint32_t number, std::uint32_t quantity, char state = 'L') {
    hear<ouch::OrderAccepted, ouch::OrderAcceptedWriter>(
        [&](auto& writer) { writer.user_ref_num(number).quantity(quantity).order_state(state); });
  }
  void executed(std::uint32_t number, std::uint32_t quantity, std::uint32_t price_e4) {
    hear<ouch::OrderExecuted, ouch::OrderExecutedWriter>(
        [&](auto& writer) { writer.user_ref_num(number).quantity(quantity).price(price_e4); });
  }
  void replaced(std::uint32_t original, std::uint32_t number) {
    hear<ouch::OrderReplaced, ouch::OrderReplacedWriter>([&](auto& writer) {
      writer.orig_user_ref_num(original).user_ref_num(number).order_state('L');
    });
  }
  void tell(event::OrderEventKind kind, std::uint32_t number, bool terminal) {
    event::OrderEvent event{};
    event.kind = kind;
    event.user_ref = number;
    event.terminal = terminal ? 1 : 0;
    own_.tell(event);
  }

  OwnOrders own_;
};

}  // namespace

TEST_F(OwnOrdersTest, CountsAnOrderFromTheMomentItIsSent) {
  const OwnExposure exposure = own_.exposure(2);
  EXPECT_EQ(exposure.open_buys, 100u);
  EXPECT_EQ(exposure.open_e4, 1'000'0000u);
  EXPECT_EQ(exposure.open_orders, 1u);
  EXPECT_EQ(own_.exposure(3).open_orders, 0u);
  EXPECT_EQ(own_.exposure().open_orders, 1u);
}

TEST_F(OwnOrdersTest, MovesWhatWasTradedFromOpenToHeld) {
  accepted(1, 100);
  executed(1, 40, 9'9900);
  const OwnExposure exposure = own_.exposure(2);
  EXPECT_EQ(exposure.position, 40);
  EXPECT_EQ(exposure.cash_e4, -40 * 9'9900);
  EXPECT_EQ(exposure.open_buys, 60u);
  EXPECT_EQ(exposure.executed_e4, 40u * 9'9900u);
}

TEST_F(OwnOrdersTest, AReplacementTradesWhatTheChainHasNot) {
  accepted(1, 100);
  own_.add(
      {.number = 2, .original = 1, .locate = 2, .side = 'B', .quantity = 80, .price_e4 = 10'0000});
  EXPECT_EQ(own_.exposure(2).open_buys, 180u) << "both may trade";
  executed(1, 30, 10'0000);
  replaced(1, 2);
  EXPECT_EQ(own_.exposure(2).open_buys, 50u);
  EXPECT_EQ(own_.exposure(2).open_orders, 1u);
}

TEST_F(OwnOrdersTest, WhatIsSaidFirstAcknowledges) {
  own_.add(
      {.number = 2, .original = 1, .locate = 2, .side = 'B', .quantity = 80, .price_e4 = 10'0000});
  executed(2, 30, 10'0000);
  EXPECT_EQ(own_.exposure(2).open_buys, 50u) << "the original is replaced";
  EXPECT_EQ(own_.exposure(2).open_orders, 1u);
  accepted(1, 100);
  replaced(1, 2);
  EXPECT_EQ(own_.exposure(2).open_buys, 50u);
}

TEST_F(OwnOrdersTest, ALateAcceptanceKnowsWhatWasTradedMeanwhile) {
  executed(1, 30, 10'0000);
  accepted(1, 100);
  EXPECT_EQ(own_.exposure(2).open_buys, 70u);
}

TEST_F(OwnOrdersTest, AnotherProcessTakesOverWhatWasTraded) {
  accepted(1, 100);
  executed(1, 40, 10'0000);
  OwnOrders earlier;
  earlier.adopt(std::move(own_));
  EXPECT_TRUE(earlier.has(1));
  EXPECT_EQ(earlier.exposure(2).position, 40);
  EXPECT_FALSE(earlier.forget_unanswered(1)) << "its number is used up";
  earlier.add({.number = 2, .locate = 2, .side = 'B', .quantity = 10, .price_e4 = 1});
  EXPECT_TRUE(earlier.forget_unanswered(2));
  EXPECT_FALSE(earlier.has(2));
}

TEST_F(OwnOrdersTest, ADeadAnswerLeavesNothingOpen) {
  accepted(1, 100, 'D');
  EXPECT_EQ(own_.exposure(2).open_orders, 0u);
}

TEST_F(OwnOrdersTest, AnOrderEndsOnce) {
  accepted(1, 100);
  executed(1, 100, 10'0000);
  tell(event::OrderEventKind::Executed, 1, true);
  EXPECT_TRUE(own_.orders().at(1).ended);
  EXPECT_THROW(tell(event::OrderEventKind::Canceled, 1, true), Violation);
}

TEST_F(OwnOrdersTest, AnOpenOrderHasNotEnded) {
  EXPECT_THROW(tell(event::OrderEventKind::Canceled, 1, true), Violation);
}

TEST_F(OwnOrdersTest, OnlyAnUnansweredOrderCanBeLost) {
  accepted(1, 100);
  EXPECT_THROW(tell(event::OrderEventKind::Lost, 1, true), Violation);
}

TEST_F(OwnOrdersTest, ALostOrderIsOpenNoMore) {
  tell(event::OrderEventKind::Lost, 1, true);
  EXPECT_EQ(own_.exposure().open_orders, 0u);
  EXPECT_TRUE(own_.orders().at(1).ended);
}

TEST_F(OwnOrdersTest, NothingTradesMoreThanItHad) {
  accepted(1, 100);
  EXPECT_THROW(executed(1, 101, 10'0000), Violation);
  EXPECT_THROW(executed(7, 1, 10'0000), Violation) << "nobody sent it";
}

TEST_F(OwnOrdersTest, NumbersGrow) { EXPECT_THROW(own_.add({.number = 1}), Violation); }

TEST_F(OwnOrdersTest, ReadsThePacketsOfTheOrderRoom) {
  const venue::Instruments instruments{2};
  venue::MarketFeed feed{instruments};
  feed.directory(2);
  NaiveBooks books;
  (void)books.apply(venue::first_message(feed.published().bytes()));

  event::Symbol symbol;
  symbol.fill(' ');
  std::ranges::copy(instruments.symbol(2), symbol.begin());
  event::OrderIntent intent{};
  intent.kind = event::IntentKind::New;
  intent.side = event::Side::SellShort;
  intent.quantity = 70;
  intent.price_e4 = 12'3400;
  const order::OrderPackets packets{{}, 'P'};
  order::Outbound packet;
  packets.enter(intent, 5, symbol, packet);
  ASSERT_TRUE(OwnOrders::brings_order(packet.packet()));
  const OwnOrder order = own_.read(packet.packet(), books);
  EXPECT_EQ(order.number, 5u);
  EXPECT_EQ(order.locate, 2);
  EXPECT_EQ(order.side, 'T');
  EXPECT_EQ(order.quantity, 70u);
  EXPECT_EQ(order.price_e4, 12'3400u);

  packets.cancel(5, 0, packet);
  EXPECT_FALSE(OwnOrders::brings_order(packet.packet()));
  intent.user_ref = 4;
  packets.replace(intent, 6, packet);
  EXPECT_THROW((void)own_.read(packet.packet(), books), Violation) << "4 was never sent";
}

}  // namespace ridley::simulation
