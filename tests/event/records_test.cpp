// SPDX-License-Identifier: Apache-2.0
#include "event/records.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "event/records.h"

namespace ridley::event {

TEST(Records, AFreshMarketEventIsAllZero) {
  const MarketEvent event{};
  std::array<std::byte, sizeof event> bytes{};
  std::memcpy(bytes.data(), &event, sizeof event);
  EXPECT_TRUE(
      std::all_of(bytes.begin(), bytes.end(), [](std::byte b) { return b == std::byte{}; }));
}

TEST(Records, AFreshIntentIsAVisibleDayOrderOfNoKind) {
  const OrderIntent intent{};
  EXPECT_EQ(intent.kind, IntentKind::None);
  EXPECT_EQ(intent.time_in_force, TimeInForce::Day);
  EXPECT_EQ(intent.display, 'Y');
}

TEST(Records, BodiesShareTheBytesBehindTheHead) {
  MarketEvent event{};
  event.add = {.order_id = 7, .quantity = 100, .price_e4 = 12'345, .symbol = {}, .attribution = {}};
  EXPECT_EQ(event.body_bytes[0], std::byte{7});
  EXPECT_EQ(event.execute.quantity, 100u);
}

TEST(Records, ThePluginStructsAreTheSameBytes) {
  OrderIntent intent{};
  intent.kind = IntentKind::Replace;
  intent.side = Side::SellShort;
  intent.price_e4 = 2'000'000'000;
  intent.user_ref = 41;
  ridley_order_intent same{};
  static_assert(sizeof same == sizeof intent);
  std::memcpy(&same, &intent, sizeof same);
  EXPECT_EQ(same.kind, RIDLEY_INTENT_KIND_REPLACE);
  EXPECT_EQ(same.side, RIDLEY_SIDE_SELL_SHORT);
  EXPECT_EQ(same.price_e4, 2'000'000'000u);
  EXPECT_EQ(same.user_ref, 41u);
  static_assert(sizeof(ridley_order_event) == sizeof(OrderEvent));
}

TEST(Records, EveryNameIsTheSchemasName) {
  EXPECT_EQ(name_of(EventKind::ExecuteOrderAtPrice), "execute_order_at_price");
  EXPECT_EQ(name_of(Side::None), "none");
  EXPECT_EQ(name_of(static_cast<Side>('q')), "unknown");
}

}  // namespace ridley::event
