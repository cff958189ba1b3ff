// SPDX-License-Identifier: Apache-2.0
#include "simulation/restless.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>

namespace ridley::simulation {
namespace {

constexpr std::uint32_t kMost = 16;
using Intents = std::array<ridley_order_intent, kMost>;

std::uint32_t show_book(Restless& restless, Intents& intents) {
  ridley_book_change change{};
  change.instrument = 1;
  change.locate = 7;
  change.bid_price_e4 = 100'0000;
  change.ask_price_e4 = 100'0100;
  const strategy::Loaded& loaded = restless.loaded();
  return loaded.table.on_book(loaded.self, &change, intents.data(), kMost);
}

void tell(Restless& restless, std::uint8_t kind, std::uint32_t number, bool terminal) {
  ridley_order_event event{};
  event.kind = kind;
  event.user_ref = number;
  event.locate = 9;  // of an instrument without a book: it wants nothing then
  event.terminal = terminal ? 1 : 0;
  Intents intents;
  const strategy::Loaded& loaded = restless.loaded();
  EXPECT_EQ(loaded.table.on_order(loaded.self, 1, &event, intents.data(), kMost), 0u);
}

std::uint32_t lose_feed(Restless& restless, Intents& intents) {
  const ridley_now now{};
  const strategy::Loaded& loaded = restless.loaded();
  return loaded.table.on_feed_lost(loaded.self, &now, intents.data(), kMost);
}

}  // namespace

TEST(Restless, WantsTheSameForTheSameSeed) {
  Restless one{5, {"A", "B"}};
  Restless other{5, {"A", "B"}};
  std::uint32_t wanted = 0;
  for (int i = 0; i < 1'000; ++i) {
    Intents of_one{};
    Intents of_other{};
    const std::uint32_t count = show_book(one, of_one);
    ASSERT_EQ(count, show_book(other, of_other));
    ASSERT_EQ(std::memcmp(&of_one, &of_other, sizeof of_one), 0);
    wanted += count;
  }
  EXPECT_GT(wanted, 50u);
}

TEST(Restless, WantsWhatAGateShouldNotGive) {
  Restless restless{5, {"A", "B"}};
  bool far = false;
  bool large = false;
  for (int i = 0; i < 20'000; ++i) {
    Intents intents{};
    if (show_book(restless, intents) == 0) continue;
    far = far || intents[0].price_e4 > 110'0000;
    large = large || intents[0].quantity > 1'000;
  }
  EXPECT_TRUE(far);
  EXPECT_TRUE(large);
}

TEST(Restless, TakesItsOrdersBackWhenTheFeedIsLost) {
  Restless restless{5, {"A", "B"}};
  for (const std::uint32_t number : {1u, 2u, 3u})
    tell(restless, RIDLEY_ORDER_EVENT_KIND_SENT, number, false);
  tell(restless, RIDLEY_ORDER_EVENT_KIND_CANCELED, 2, true);
  Intents intents{};
  ASSERT_EQ(lose_feed(restless, intents), 2u);
  EXPECT_EQ(intents[0].kind, RIDLEY_INTENT_KIND_CANCEL);
  EXPECT_EQ(intents[0].user_ref, 1u);
  EXPECT_EQ(intents[1].user_ref, 3u);
  EXPECT_EQ(lose_feed(restless, intents), 0u) << "each once";
}

}  // namespace ridley::simulation
