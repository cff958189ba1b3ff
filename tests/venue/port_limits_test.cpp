// SPDX-License-Identifier: Apache-2.0
#include "venue/port_limits.hpp"

#include <gtest/gtest.h>

namespace ridley::venue {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

PortOrder order() {
  return {.quantity = 100, .price_e4 = 100'000, .contra_e4 = 0, .buys = true, .open_orders = 0};
}

TEST(PortGate, LetsEverythingPassWithoutLimits) {
  PortGate gate{{}};
  PortOrder large = order();
  large.quantity = 999'999;
  large.price_e4 = 1'999'999'900;
  large.contra_e4 = 1;
  large.open_orders = 1'000'000;
  for (int i = 0; i < 1'000; ++i) EXPECT_EQ(gate.check(large, kSecond), std::nullopt);
}

TEST(PortGate, StopsOneShareAndOneTickBeyondItsLimits) {
  PortGate gate{{.quantity_max = 100, .notional_max_e4 = 10'000'000}};
  PortOrder at = order();
  EXPECT_EQ(gate.check(at, 0), std::nullopt);
  at.quantity = 101;
  EXPECT_EQ(gate.check(at, 0), PortBreach::Quantity);
  at = order();
  at.price_e4 = 100'001;
  EXPECT_EQ(gate.check(at, 0), PortBreach::Notional);
}

TEST(PortGate, StopsPricesThatCannotBeMeant) {
  PortGate gate{{.away_bps_max = 500}};
  PortOrder buys = order();
  buys.contra_e4 = 100'000;
  buys.price_e4 = 105'000;
  EXPECT_EQ(gate.check(buys, 0), std::nullopt);
  buys.price_e4 = 105'001;
  EXPECT_EQ(gate.check(buys, 0), PortBreach::Away);
  PortOrder sells = buys;
  sells.buys = false;
  EXPECT_EQ(gate.check(sells, 0), std::nullopt);
  sells.price_e4 = 95'000;
  EXPECT_EQ(gate.check(sells, 0), std::nullopt);
  sells.price_e4 = 94'999;
  EXPECT_EQ(gate.check(sells, 0), PortBreach::Away);
  sells.contra_e4 = 0;
  EXPECT_EQ(gate.check(sells, 0), std::nullopt);
}

TEST(PortGate, CountsOrdersAnewEverySecond) {
  PortGate gate{{.orders_a_second = 2}};
  EXPECT_EQ(gate.check(order(), kSecond), std::nullopt);
  EXPECT_EQ(gate.check(order(), kSecond), std::nullopt);
  EXPECT_EQ(gate.check(order(), 2 * kSecond - 1), PortBreach::Rate);
  EXPECT_EQ(gate.check(order(), 2 * kSecond), std::nullopt);
}

TEST(PortGate, LeavesNoRoomForOneOpenOrderMore) {
  PortGate gate{{.open_orders_max = 3}};
  PortOrder another = order();
  another.open_orders = 2;
  EXPECT_EQ(gate.check(another, 0), std::nullopt);
  another.open_orders = 3;
  EXPECT_EQ(gate.check(another, 0), PortBreach::OpenOrders);
}

}  // namespace
}  // namespace ridley::venue
