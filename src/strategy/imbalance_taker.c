// SPDX-License-Identifier: Apache-2.0
// Takes the touch when the book leans: when one side holds most of the quantity at the top and the
// spread is small, it sends an immediate-or-cancel order against the other side. One order at a
// time an instrument, a pause after each, a bound on the position. Hot core, but for create and
// destroy.
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "strategy/strategy_abi.h"

enum parameter {
  kThresholdPermille,
  kSpreadTicksMax,
  kTickE4,
  kQuantity,
  kCooldownUs,
  kPositionMax,
  kShortSelling,
  kParameterCount
};

static const struct ridley_parameter kParameters[kParameterCount] = {
    {.name = "threshold_permille",
     .doc = "Share of the quantity at the touch that one side must hold",
     .kind = RIDLEY_PARAMETER_INTEGER,
     .standard = {.integer = 800},
     .min = {.integer = 501},
     .max = {.integer = 1000}},
    {.name = "spread_ticks_max",
     .doc = "Widest spread that is still taken",
     .kind = RIDLEY_PARAMETER_INTEGER,
     .standard = {.integer = 1},
     .min = {.integer = 1},
     .max = {.integer = 10000}},
    {.name = "tick_e4",
     .doc = "Price step in 1/10,000",
     .kind = RIDLEY_PARAMETER_INTEGER,
     .standard = {.integer = 100},
     .min = {.integer = 1},
     .max = {.integer = 10000}},
    {.name = "quantity",
     .doc = "Shares of an order",
     .kind = RIDLEY_PARAMETER_INTEGER,
     .standard = {.integer = 100},
     .min = {.integer = 1},
     .max = {.integer = 999999}},
    {.name = "cooldown_us",
     .doc = "Pause after an order, by the exchange's time",
     .kind = RIDLEY_PARAMETER_INTEGER,
     .standard = {.integer = 1000},
     .min = {.integer = 0},
     .max = {.integer = 60000000}},
    {.name = "position_max",
     .doc = "Shares that may be held, long or short",
     .kind = RIDLEY_PARAMETER_INTEGER,
     .standard = {.integer = 1000},
     .min = {.integer = 1},
     .max = {.integer = 1000000000}},
    {.name = "short_selling",
     .doc = "Whether it sells what it does not hold",
     .kind = RIDLEY_PARAMETER_FLAG,
     .standard = {.integer = 1},
     .max = {.integer = 1}},
};

struct instrument {
  int64_t position;
  uint64_t next_order_ns;     // exchange time before which nothing is sent
  uint32_t sent_orders;       // the working order's number, part of its tag
  uint32_t working_quantity;  // of the order that is out; 0 when none is
};

struct taker {
  int64_t values[kParameterCount];
  uint32_t instrument_count;
  struct instrument instruments[];
};

// What a state starts with; another layout gets another name.
struct state_head {
  char layout[8];
  uint64_t instrument_count;
};
static const char kLayout[8] = "taker.1";

// Asking again at once would be refused again.
static const uint64_t kPauseAfterRefusalNs = 100000000;

static uint64_t tag_of(uint32_t instrument, uint32_t order) {
  return (uint64_t)order << 32 | instrument;
}

static void* create(const struct ridley_strategy_setup* setup, char* error_text,
                    size_t error_size) {
  struct taker* self =
      calloc(1, sizeof *self + setup->instrument_count * sizeof(struct instrument));
  if (self == NULL) {
    snprintf(error_text, error_size, "no memory for %u instruments", setup->instrument_count);
    return NULL;
  }
  for (uint32_t i = 0; i < kParameterCount; ++i) self->values[i] = setup->values[i].integer;
  self->instrument_count = setup->instrument_count;
  if (self->values[kQuantity] > self->values[kPositionMax]) {
    snprintf(error_text, error_size, "quantity %lld is above position_max %lld",
             (long long)self->values[kQuantity], (long long)self->values[kPositionMax]);
    free(self);
    return NULL;
  }
  return self;
}

static void destroy(void* self) { free(self); }

// Which side to take: the one opposite to where the quantity is.
static uint8_t wanted_side(const struct taker* self, const struct ridley_book_change* change) {
  // Quantities are compared as shares of a thousand; 2^53 shares at one price do not happen.
  const uint64_t both = change->bid_quantity + change->ask_quantity;
  const uint64_t threshold = (uint64_t)self->values[kThresholdPermille];
  if (change->bid_quantity * 1000 >= threshold * both) return RIDLEY_SIDE_BUY;
  if (change->ask_quantity * 1000 >= threshold * both) return RIDLEY_SIDE_SELL;
  return RIDLEY_SIDE_NONE;
}

static bool is_takeable(const struct taker* self, const struct ridley_book_change* change) {
  if ((change->flags & RIDLEY_BOOK_TRADABLE) == 0) return false;
  if (change->bid_quantity == 0 || change->ask_quantity == 0) return false;
  if (change->bid_price_e4 == 0 || change->ask_price_e4 <= change->bid_price_e4) return false;
  const int64_t spread = (int64_t)change->ask_price_e4 - change->bid_price_e4;
  return spread <= self->values[kSpreadTicksMax] * self->values[kTickE4];
}

// A sale of what is not held is a short sale and must say so.
static uint8_t permitted_side(const struct taker* self, const struct instrument* instrument,
                              uint8_t side) {
  const int64_t quantity = self->values[kQuantity];
  const int64_t limit = self->values[kPositionMax];
  if (side == RIDLEY_SIDE_BUY) {
    return instrument->position + quantity <= limit ? RIDLEY_SIDE_BUY : RIDLEY_SIDE_NONE;
  }
  if (side != RIDLEY_SIDE_SELL || instrument->position - quantity < -limit) return RIDLEY_SIDE_NONE;
  if (instrument->position >= quantity) return RIDLEY_SIDE_SELL;
  return self->values[kShortSelling] != 0 ? RIDLEY_SIDE_SELL_SHORT : RIDLEY_SIDE_NONE;
}

static uint32_t on_book(void* opaque, const struct ridley_book_change* change,
                        struct ridley_order_intent* intents, uint32_t intents_max) {
  struct taker* self = opaque;
  if (intents_max == 0 || change->instrument >= self->instrument_count) return 0;
  struct instrument* instrument = &self->instruments[change->instrument];
  if (instrument->working_quantity != 0 || change->exchange_ns < instrument->next_order_ns)
    return 0;
  if (!is_takeable(self, change)) return 0;
  const uint8_t side = permitted_side(self, instrument, wanted_side(self, change));
  if (side == RIDLEY_SIDE_NONE) return 0;

  const uint32_t quantity = (uint32_t)self->values[kQuantity];
  instrument->working_quantity = quantity;
  instrument->next_order_ns = change->exchange_ns + (uint64_t)self->values[kCooldownUs] * 1000;
  ++instrument->sent_orders;
  intents[0] = (struct ridley_order_intent){
      .kind = RIDLEY_INTENT_KIND_NEW,
      .side = side,
      .locate = change->locate,
      .quantity = quantity,
      .price_e4 = side == RIDLEY_SIDE_BUY ? change->ask_price_e4 : change->bid_price_e4,
      .time_in_force = RIDLEY_TIME_IN_FORCE_IMMEDIATE_OR_CANCEL,
      .display = 'Y',
      .client_tag = tag_of(change->instrument, instrument->sent_orders)};
  return 1;
}

static uint32_t on_order(void* opaque, uint32_t number, const struct ridley_order_event* event,
                         struct ridley_order_intent* intents, uint32_t intents_max) {
  (void)intents;
  (void)intents_max;
  struct taker* self = opaque;
  if (number >= self->instrument_count) return 0;
  struct instrument* instrument = &self->instruments[number];
  const int64_t bought =
      event->side == RIDLEY_SIDE_BUY ? event->quantity : -(int64_t)event->quantity;
  // A correction is a breaking and a new execution.
  if (event->kind == RIDLEY_ORDER_EVENT_KIND_EXECUTED) instrument->position += bought;
  if (event->kind == RIDLEY_ORDER_EVENT_KIND_CORRECTED) instrument->position += bought;
  if (event->kind == RIDLEY_ORDER_EVENT_KIND_BROKEN) instrument->position -= bought;

  // A late word about an earlier order does not free the way for a second one.
  if (event->client_tag != tag_of(number, instrument->sent_orders)) return 0;
  const bool refused = event->kind == RIDLEY_ORDER_EVENT_KIND_GATE_REJECTED ||
                       event->kind == RIDLEY_ORDER_EVENT_KIND_REJECTED ||
                       event->kind == RIDLEY_ORDER_EVENT_KIND_LOST;
  if (refused) instrument->next_order_ns += kPauseAfterRefusalNs;
  if (refused || event->terminal != 0) instrument->working_quantity = 0;
  return 0;
}

static size_t save_state(void* opaque, void* buffer, size_t size) {
  const struct taker* self = opaque;
  const size_t rows = self->instrument_count * sizeof(struct instrument);
  struct state_head head = {.instrument_count = self->instrument_count};
  memcpy(head.layout, kLayout, sizeof kLayout);
  if (size >= sizeof head + rows) {
    memcpy(buffer, &head, sizeof head);
    memcpy((char*)buffer + sizeof head, self->instruments, rows);
  }
  return sizeof head + rows;
}

static int restore_state(void* opaque, const void* buffer, size_t size) {
  struct taker* self = opaque;
  const size_t rows = self->instrument_count * sizeof(struct instrument);
  struct state_head head;
  if (size != sizeof head + rows) return 1;
  memcpy(&head, buffer, sizeof head);
  if (memcmp(head.layout, kLayout, sizeof kLayout) != 0) return 1;
  if (head.instrument_count != self->instrument_count) return 1;
  memcpy(self->instruments, (const char*)buffer + sizeof head, rows);
  return 0;
}

static const struct ridley_strategy_table kTable = {
    .abi_version = RIDLEY_STRATEGY_ABI_VERSION,
    .struct_size = sizeof(struct ridley_strategy_table),
    .name = "imbalance_taker",
    .parameters = kParameters,
    .parameter_count = kParameterCount,
    .create = create,
    .destroy = destroy,
    .on_book = on_book,
    .on_order = on_order,
    .save_state = save_state,
    .restore_state = restore_state};

const struct ridley_strategy_table* ridley_strategy(void) { return &kTable; }
