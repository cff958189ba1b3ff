// SPDX-License-Identifier: Apache-2.0
#include "engine/intent_queue.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ridley::engine {

TEST(IntentQueue, GivesIntentsInTheOrderTheyCame) {
  IntentQueue queue;
  std::vector<event::OrderIntent> intents(3);
  for (std::uint32_t i = 0; i < 3; ++i) intents[i].quantity = i + 1;
  queue.push(intents);
  event::OrderIntent intent{};
  for (std::uint32_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(queue.pop(intent));
    EXPECT_EQ(intent.quantity, i + 1);
  }
  EXPECT_FALSE(queue.pop(intent));
}

TEST(IntentQueue, DropsAndCountsWhatOneTurnMayNotHold) {
  IntentQueue queue;
  queue.push(std::vector<event::OrderIntent>(kIntentsPerTurnMax));
  EXPECT_EQ(queue.dropped(), 0u);
  queue.push(std::vector<event::OrderIntent>(1));
  EXPECT_EQ(queue.dropped(), 1u);
  event::OrderIntent intent{};
  ASSERT_TRUE(queue.pop(intent));
  // Room is given back by the turn, not by the pop: a strategy in a loop cannot hold the turn.
  queue.push(std::vector<event::OrderIntent>(1));
  EXPECT_EQ(queue.dropped(), 2u);
  queue.end_turn();
  queue.push(std::vector<event::OrderIntent>(1));
  EXPECT_EQ(queue.dropped(), 2u);
}

TEST(IntentQueue, CountsTheOneThatWentPast) {
  IntentQueue queue;
  queue.count_first();
  event::OrderIntent intent{};
  EXPECT_FALSE(queue.pop(intent));
  queue.push(std::vector<event::OrderIntent>(kIntentsPerTurnMax - 1));
  EXPECT_EQ(queue.dropped(), 0u);
  queue.push(std::vector<event::OrderIntent>(1));
  EXPECT_EQ(queue.dropped(), 1u);
  EXPECT_TRUE(queue.pop(intent));
}

}  // namespace ridley::engine
