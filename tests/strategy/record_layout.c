// SPDX-License-Identifier: Apache-2.0
// The records as a C compiler lays them out, for the test that compares them with C++.
#include "record_layout.h"

#include "strategy/strategy_abi.h"

#define OFFSET(record, member) offsetof(struct ridley_##record, member),

const size_t kIntentLayout[] = {
    RIDLEY_TEST_INTENT_MEMBERS(OFFSET) sizeof(struct ridley_order_intent)};
const size_t kEventLayout[] = {RIDLEY_TEST_EVENT_MEMBERS(OFFSET) sizeof(struct ridley_order_event)};
const size_t kTableBytes = sizeof(struct ridley_strategy_table);
const size_t kChangeBytes = sizeof(struct ridley_book_change);
const size_t kTradeBytes = sizeof(struct ridley_trade);
