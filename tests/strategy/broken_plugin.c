// SPDX-License-Identifier: Apache-2.0
// A plug-in with one fault, chosen by a macro; without one it is whole and does what it is told to:
// its only parameter says how many intents every call returns.
#include <stdlib.h>

#include "strategy/strategy_abi.h"

#if defined(FAULT_VERSION)
#define ABI_VERSION (RIDLEY_STRATEGY_ABI_VERSION + 1)
#else
#define ABI_VERSION RIDLEY_STRATEGY_ABI_VERSION
#endif
#if defined(FAULT_SIZE)
#define STRUCT_SIZE (sizeof(struct ridley_strategy_table) - 8)
#else
#define STRUCT_SIZE sizeof(struct ridley_strategy_table)
#endif

static const struct ridley_parameter kParameters[] = {
    {.name = "intents",
     .doc = "How many to return",
     .kind = RIDLEY_PARAMETER_INTEGER,
     .max = {.integer = 1000}},
    {.name = "foreign",
     .doc = "Whether they are for an instrument that is not configured",
     .kind = RIDLEY_PARAMETER_FLAG,
     .max = {.integer = 1}},
};

struct told {
  int64_t intents;
  int64_t foreign;
};

static void* create(const struct ridley_strategy_setup* setup, char* error_text,
                    size_t error_size) {
  (void)error_text;
  (void)error_size;
#if defined(FAULT_CREATE)
  return NULL;
#endif
  struct told* self = malloc(sizeof *self);
  self->intents = setup->values[0].integer;
  self->foreign = setup->values[1].integer;
  return self;
}

static void destroy(void* self) { free(self); }

static uint32_t write_intents(const struct told* self, uint16_t locate,
                              struct ridley_order_intent* intents, uint32_t intents_max) {
  for (uint32_t i = 0; i < intents_max && i < self->intents; ++i) {
    const uint16_t foreign = (uint16_t)(self->foreign != 0 && i % 2 == 1 ? 1 : 0);
    intents[i] = (struct ridley_order_intent){
        .kind = RIDLEY_INTENT_KIND_NEW, .locate = (uint16_t)(locate + foreign), .client_tag = i};
  }
  return (uint32_t)self->intents;
}

static uint32_t on_book(void* self, const struct ridley_book_change* change,
                        struct ridley_order_intent* intents, uint32_t intents_max) {
  return write_intents(self, change->locate, intents, intents_max);
}

static uint32_t on_order(void* self, uint32_t instrument, const struct ridley_order_event* event,
                         struct ridley_order_intent* intents, uint32_t intents_max) {
  (void)instrument;
  return write_intents(self, event->locate, intents, intents_max);
}

// Sends back what it was told of a trade.
static uint32_t on_trade(void* self, const struct ridley_trade* trade,
                         struct ridley_order_intent* intents, uint32_t intents_max) {
  (void)self;
  if (intents_max == 0) return 0;
  intents[0] = (struct ridley_order_intent){.kind = RIDLEY_INTENT_KIND_NEW,
                                            .side = trade->side,
                                            .locate = trade->locate,
                                            .quantity = trade->quantity,
                                            .price_e4 = trade->price_e4,
                                            .post_only = trade->printable,
                                            .client_tag = trade->match_number};
  return 1;
}

static size_t save_state(void* self, void* buffer, size_t size) {
  (void)self;
  (void)buffer;
  (void)size;
  return 1;
}

static const struct ridley_strategy_table kTable = {
    .abi_version = ABI_VERSION,
    .struct_size = STRUCT_SIZE,
#if !defined(FAULT_NAME)
    .name = "told",
#endif
    .parameters = kParameters,
    .parameter_count = 2,
    .create = create,
    .destroy = destroy,
#if !defined(FAULT_FUNCTION)
    .on_book = on_book,
#endif
    .on_order = on_order,
#if defined(FAULT_NONE_BUT_TRADES)
    .on_trade = on_trade,
#endif
#if defined(FAULT_STATE)
    .save_state = save_state,
#endif
};

#if defined(FAULT_SYMBOL)
#define ridley_strategy another_name
RIDLEY_STRATEGY_EXPORT const struct ridley_strategy_table* ridley_strategy(void);
#endif

const struct ridley_strategy_table* ridley_strategy(void) {
  (void)on_book;
  (void)on_trade;
  (void)save_state;
#if defined(FAULT_TABLE)
  return NULL;
#endif
  return &kTable;
}
