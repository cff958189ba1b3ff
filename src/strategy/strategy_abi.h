// SPDX-License-Identifier: Apache-2.0
// What a strategy plug-in is: a shared object with one function, ridley_strategy(), that gives one
// table. Plain C11; this header and event/records.h are all that an author needs.
//
// In: book changes, trades and the life of its own orders, one at a time, on the hot core.
// Out: order intents, written into an array of the caller's. Nothing leaves before the risk gate
// has approved it.
//
// Rules. create and destroy may do anything. Everything else runs between a packet and an order:
// no allocation, no lock, no system call, no clock; time is what the arguments say, so that the
// same events give the same intents again. All prices are whole numbers of 1/10,000.
#ifndef RIDLEY_STRATEGY_ABI_H
#define RIDLEY_STRATEGY_ABI_H

#include <stddef.h>
#include <stdint.h>

#include "event/records.h"

#ifdef __cplusplus
extern "C" {
#endif

// Grows when something that is here changes. What is added comes at the end of a struct and shows
// in its struct_size.
#define RIDLEY_STRATEGY_ABI_VERSION 1u

// The one symbol that is looked up: const struct ridley_strategy_table* ridley_strategy(void).
#define RIDLEY_STRATEGY_SYMBOL "ridley_strategy"

// ridley_order_event.reason where the exchange had no part in it: what was to be cancelled or
// replaced is not open any more.
#define RIDLEY_REASON_UNKNOWN_ORDER 0xFF05u

#if defined(__GNUC__)
#define RIDLEY_STRATEGY_EXPORT __attribute__((visibility("default")))
#else
#define RIDLEY_STRATEGY_EXPORT
#endif

enum ridley_parameter_kind {
  RIDLEY_PARAMETER_FLAG = 1,     // integer 0 or 1
  RIDLEY_PARAMETER_INTEGER = 2,  // integer
  RIDLEY_PARAMETER_NUMBER = 3,   // number
  RIDLEY_PARAMETER_TEXT = 4      // text, never null
};

// The member that the kind names; the others are 0.
struct ridley_value {
  int64_t integer;
  double number;
  const char* text;
};

// A setting that the plug-in knows. The loader checks the configuration against it: kind, range
// (of a text: its length), unknown names.
struct ridley_parameter {
  const char* name;
  const char* doc;
  uint32_t kind;
  uint32_t reserved;
  struct ridley_value standard;  // when the configuration does not name it
  struct ridley_value min;
  struct ridley_value max;
};

// What create() is given; valid during the call.
struct ridley_strategy_setup {
  uint32_t struct_size;
  uint32_t strategy_id;
  uint32_t instrument_count;  // the configured symbols are instruments 0 to instrument_count - 1
  uint32_t value_count;       // as many as the table has parameters, in the same order
  const char* const* symbols;
  const struct ridley_value* values;
};

enum ridley_book_flag {
  RIDLEY_BOOK_TRADABLE = 1,   // trading, not halted, and the book can be believed
  RIDLEY_BOOK_STALE = 2,      // messages are missing
  RIDLEY_BOOK_HALTED = 4,     // halted, paused or not yet open
  RIDLEY_BOOK_SHORT_SALE = 8  // the short sale price test is in force
};

// A side without orders has quantity 0.
struct ridley_book_change {
  uint32_t instrument;
  uint16_t locate;
  uint8_t flags;  // RIDLEY_BOOK_*
  uint8_t reserved;
  uint32_t bid_price_e4;
  uint32_t ask_price_e4;
  uint64_t bid_quantity;
  uint64_t ask_quantity;
  uint32_t bid_orders;
  uint32_t ask_orders;
  uint32_t last_price_e4;
  uint32_t reserved_too;
  uint64_t exchange_ns;  // since midnight Eastern
  uint64_t receive_ns;   // the frame's stamp
};

struct ridley_trade {
  uint32_t instrument;
  uint16_t locate;
  uint8_t side;       // RIDLEY_SIDE_* of the order that rested, 0 when unknown
  uint8_t printable;  // 1: counts for volume and last price
  uint32_t quantity;
  uint32_t price_e4;
  uint64_t match_number;
  uint64_t exchange_ns;
  uint64_t receive_ns;
};

// What the exchange's time and the machine's time are at a call that no single event leads to.
struct ridley_now {
  uint64_t exchange_ns;
  uint64_t receive_ns;
};

// Every on_* writes at most intents_max intents and returns how many. Members that it does not set
// must be 0; strategy_id and decided_ns are filled in by the caller. A returned number above
// intents_max is a broken plug-in: nothing is sent. on_trade, on_timer, on_feed_lost, save_state
// and restore_state may be null.
struct ridley_strategy_table {
  uint32_t abi_version;  // RIDLEY_STRATEGY_ABI_VERSION
  uint32_t struct_size;  // sizeof(struct ridley_strategy_table)
  const char* name;
  const struct ridley_parameter* parameters;
  uint32_t parameter_count;
  uint32_t reserved;

  // Null with a sentence in error_text (zero ended) when the values do not fit together.
  void* (*create)(const struct ridley_strategy_setup* setup, char* error_text, size_t error_size);
  void (*destroy)(void* self);

  // The top of the book, the trading state or the belief in the book changed.
  uint32_t (*on_book)(void* self, const struct ridley_book_change* change,
                      struct ridley_order_intent* intents, uint32_t intents_max);
  // Somebody traded.
  uint32_t (*on_trade)(void* self, const struct ridley_trade* trade,
                       struct ridley_order_intent* intents, uint32_t intents_max);
  // Something happened to an order of this strategy.
  uint32_t (*on_order)(void* self, uint32_t instrument, const struct ridley_order_event* event,
                       struct ridley_order_intent* intents, uint32_t intents_max);
  // Time went on. Called about every millisecond of the machine's time.
  uint32_t (*on_timer)(void* self, const struct ridley_now* now,
                       struct ridley_order_intent* intents, uint32_t intents_max);
  // Every book is stale. Called again until it returns 0, so that any number of orders can be
  // cancelled.
  uint32_t (*on_feed_lost)(void* self, const struct ridley_now* now,
                           struct ridley_order_intent* intents, uint32_t intents_max);

  // For a reload. Returns how many bytes the state takes and writes them when they fit into size;
  // the number does not change between create and destroy.
  size_t (*save_state)(void* self, void* buffer, size_t size);
  // 0: taken over. Anything else: not a state of this plug-in, nothing changed.
  int (*restore_state)(void* self, const void* buffer, size_t size);
};

RIDLEY_STRATEGY_EXPORT const struct ridley_strategy_table* ridley_strategy(void);

#ifdef __cplusplus
}
#endif

#endif
