// SPDX-License-Identifier: Apache-2.0
// Members of the records that plug-ins see; a macro is applied to each, in C and in C++.
#ifndef RIDLEY_TEST_RECORD_LAYOUT_H
#define RIDLEY_TEST_RECORD_LAYOUT_H

#include <stddef.h>

#define RIDLEY_TEST_INTENT_MEMBERS(apply)                                         \
  apply(order_intent, kind) apply(order_intent, side) apply(order_intent, locate) \
      apply(order_intent, quantity) apply(order_intent, price_e4)                 \
          apply(order_intent, time_in_force) apply(order_intent, display)         \
              apply(order_intent, post_only) apply(order_intent, client_tag)      \
                  apply(order_intent, user_ref) apply(order_intent, strategy_id)  \
                      apply(order_intent, decided_ns)

#define RIDLEY_TEST_EVENT_MEMBERS(apply)                                                      \
  apply(order_event, kind) apply(order_event, side) apply(order_event, locate)                \
      apply(order_event, user_ref) apply(order_event, original_user_ref)                      \
          apply(order_event, quantity) apply(order_event, price_e4)                           \
              apply(order_event, open_quantity) apply(order_event, executed_quantity)         \
                  apply(order_event, released_quantity) apply(order_event, released_price_e4) \
                      apply(order_event, strategy_id) apply(order_event, client_tag)          \
                          apply(order_event, match_number) apply(order_event, exchange_ns)    \
                              apply(order_event, reason) apply(order_event, liquidity)        \
                                  apply(order_event, terminal) apply(order_event, control)    \
                                      apply(order_event, limit) apply(order_event, observed)  \
                                          apply(order_event, order_reference)

#ifdef __cplusplus
extern "C" {
#endif

extern const size_t kIntentLayout[];
extern const size_t kEventLayout[];
extern const size_t kTableBytes;
extern const size_t kChangeBytes;
extern const size_t kTradeBytes;

#ifdef __cplusplus
}
#endif

#endif
