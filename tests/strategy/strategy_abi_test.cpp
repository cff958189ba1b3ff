// SPDX-License-Identifier: Apache-2.0
#include "strategy/strategy_abi.h"

#include <gtest/gtest.h>

#include <cstddef>
#include <vector>

#include "event/records.hpp"
#include "strategy/record_layout.h"

namespace ridley::strategy {
namespace {

using order_intent = event::OrderIntent;
using order_event = event::OrderEvent;

std::vector<std::size_t> read(const std::size_t* layout, std::size_t count) {
  return {layout, layout + count};
}

}  // namespace

#define OFFSET(record, member) offsetof(record, member),

TEST(StrategyAbi, HasTheSameIntentInCAndCxx) {
  const std::vector<std::size_t> here{RIDLEY_TEST_INTENT_MEMBERS(OFFSET) sizeof(order_intent)};
  EXPECT_EQ(read(kIntentLayout, here.size()), here);
}

TEST(StrategyAbi, HasTheSameOrderEventInCAndCxx) {
  const std::vector<std::size_t> here{RIDLEY_TEST_EVENT_MEMBERS(OFFSET) sizeof(order_event)};
  EXPECT_EQ(read(kEventLayout, here.size()), here);
}

TEST(StrategyAbi, HasTheSameTableInCAndCxx) {
  EXPECT_EQ(kTableBytes, sizeof(ridley_strategy_table));
  EXPECT_EQ(kChangeBytes, sizeof(ridley_book_change));
  EXPECT_EQ(kTradeBytes, sizeof(ridley_trade));
}

TEST(StrategyAbi, FillsOneCacheLineWithABookChange) { EXPECT_EQ(sizeof(ridley_book_change), 64U); }

TEST(StrategyAbi, UsesTheLettersOfTheRecords) {
  EXPECT_EQ(RIDLEY_SIDE_SELL_SHORT, static_cast<int>(event::Side::SellShort));
  EXPECT_EQ(RIDLEY_INTENT_KIND_CANCEL, static_cast<int>(event::IntentKind::Cancel));
  EXPECT_EQ(RIDLEY_ORDER_EVENT_KIND_CORRECTED, static_cast<int>(event::OrderEventKind::Corrected));
  EXPECT_EQ(RIDLEY_TIME_IN_FORCE_IMMEDIATE_OR_CANCEL,
            static_cast<int>(event::TimeInForce::ImmediateOrCancel));
}

}  // namespace ridley::strategy
