// SPDX-License-Identifier: Apache-2.0
#include "order/order_entry.hpp"

#include <algorithm>

namespace ridley::order {
namespace {

using event::OrderEventKind;
using event::OrderIntent;

// A command's scopes.
constexpr std::uint8_t kFirm = 0;
constexpr std::uint8_t kSymbol = 1;
constexpr std::uint8_t kStrategy = 2;

// Numbers tried when old orders still hold the slots of the next ones.
constexpr std::uint32_t kSlotsTriedMax = 16;

constexpr LocalReason kNoRefusal{};

bool in_scope(const Order& order, const event::Command& scope) noexcept {
  switch (scope.scope) {
    case kFirm: return true;
    case kSymbol: return order.locate == scope.locate;
    case kStrategy: return static_cast<std::int64_t>(order.strategy_id) == scope.value;
    default: return true;  // a cancel too many is safer than one too few
  }
}

}  // namespace

void OrderEntry::set_symbol(std::uint16_t locate, const event::Symbol& symbol) noexcept {
  symbols_[locate] = symbol;
}

Sent OrderEntry::send(const risk::ApprovedOrder& approved) noexcept {
  const OrderIntent& intent = approved.intent();
  if (intent.kind == event::IntentKind::Cancel) return cancel(intent);
  if (!ready()) return refuse(intent, LocalReason::NotReady);
  if (doubts_.of(intent.locate) != 0) return refuse(intent, LocalReason::StateUnknown);
  return intent.kind == event::IntentKind::Replace ? replace(intent) : enter(intent);
}

Sent OrderEntry::enter(const OrderIntent& intent) noexcept {
  const event::Symbol& symbol = symbols_[intent.locate];
  if (symbol[0] == '\0') return refuse(intent, LocalReason::UnknownSymbol);
  const std::uint32_t user_ref = take_user_ref();
  if (user_ref == 0) return refuse(intent, LocalReason::TooManyOrders);
  Outbound* slot = claim();
  if (slot == nullptr) return refuse(intent, LocalReason::OutboundFull);
  packets_.enter(intent, user_ref, symbol, *slot);
  outbound_.publish();
  Order& order = orders_.insert({.user_ref = user_ref,
                                 .open_quantity = intent.quantity,
                                 .price_e4 = intent.price_e4,
                                 .strategy_id = intent.strategy_id,
                                 .locate = intent.locate,
                                 .side = intent.side,
                                 .state = OrderState::Sent,
                                 .client_tag = intent.client_tag,
                                 .sent_ms = now_ms_});
  return sent(intent, order);
}

Sent OrderEntry::replace(const OrderIntent& intent) noexcept {
  Order* target = orders_.find_open(intent.user_ref);
  const LocalReason refusal = refusal_of_replace(intent, target);
  if (refusal != kNoRefusal) return refuse(intent, refusal);
  const std::uint32_t user_ref = take_user_ref();
  if (user_ref == 0) return refuse(intent, LocalReason::TooManyOrders);
  Outbound* slot = claim();
  if (slot == nullptr) return refuse(intent, LocalReason::OutboundFull);
  packets_.replace(intent, user_ref, *slot);
  outbound_.publish();
  target->replacement = user_ref;
  Order& order = orders_.insert({.user_ref = user_ref,
                                 .original = intent.user_ref,
                                 .open_quantity = intent.quantity,
                                 .price_e4 = intent.price_e4,
                                 .strategy_id = intent.strategy_id,
                                 .locate = intent.locate,
                                 .side = intent.side,
                                 .state = OrderState::ReplacementSent,
                                 .client_tag = intent.client_tag,
                                 .sent_ms = now_ms_});
  return sent(intent, order);
}

LocalReason OrderEntry::refusal_of_replace(const OrderIntent& intent, Order* target) noexcept {
  if (target == nullptr) return LocalReason::UnknownOrder;
  const bool same = target->locate == intent.locate && target->side == intent.side &&
                    target->strategy_id == intent.strategy_id;
  if (!same) return LocalReason::OtherInstrument;
  const bool free =
      target->replacement == 0 && replacements_in_flight(*target) < kReplacementsInFlightMax;
  return free ? kNoRefusal : LocalReason::ReplaceInFlight;
}

std::uint32_t OrderEntry::replacements_in_flight(const Order& order) noexcept {
  std::uint32_t count = 0;
  const Order* at = &order;
  while (at != nullptr && at->state == OrderState::ReplacementSent &&
         count < kReplacementsInFlightMax) {
    ++count;
    at = orders_.find_open(at->original);
  }
  return count;
}

Sent OrderEntry::sent(const OrderIntent& intent, Order& order) noexcept {
  ++counters_.orders_sent;
  Sent result{.user_ref = order.user_ref, .ok = true};
  event::OrderEvent& event = result.event;
  event.kind = OrderEventKind::Sent;
  event.side = order.side;
  event.locate = order.locate;
  event.user_ref = order.user_ref;
  event.original_user_ref = order.original;
  event.quantity = intent.quantity;
  event.price_e4 = intent.price_e4;
  event.open_quantity = order.open_quantity;
  event.strategy_id = order.strategy_id;
  event.client_tag = order.client_tag;
  return result;
}

// The gate has reserved the order, so the event gives all of it back.
Sent OrderEntry::refuse(const OrderIntent& intent, LocalReason reason) noexcept {
  ++counters_.refused;
  const bool cancel = intent.kind == event::IntentKind::Cancel;
  Sent result;
  event::OrderEvent& event = result.event;
  event.kind = cancel ? OrderEventKind::CancelRejected : OrderEventKind::Lost;
  event.side = intent.side;
  event.locate = intent.locate;
  event.user_ref = cancel ? intent.user_ref : 0;
  event.quantity = intent.quantity;
  event.price_e4 = intent.price_e4;
  event.strategy_id = intent.strategy_id;
  event.client_tag = intent.client_tag;
  event.reason = static_cast<std::uint16_t>(reason);
  if (cancel) return result;
  ++counters_.lost;
  event.released_quantity = intent.quantity;
  event.released_price_e4 = intent.price_e4;
  event.terminal = 1;
  return result;
}

Sent OrderEntry::cancel(const OrderIntent& intent) noexcept {
  Order* order = orders_.find_open(intent.user_ref);
  if (order == nullptr) return refuse(intent, LocalReason::UnknownOrder);
  if (order->strategy_id != intent.strategy_id) {
    return refuse(intent, LocalReason::OtherInstrument);
  }
  if (!connected()) return refuse(intent, LocalReason::NotReady);
  if (!push_cancel(*order, intent.quantity)) return refuse(intent, LocalReason::OutboundFull);
  return {.user_ref = order->user_ref, .ok = true};
}

bool OrderEntry::push_cancel(Order& order, std::uint32_t quantity) noexcept {
  Outbound* slot = claim();
  if (slot == nullptr) return false;
  packets_.cancel(order.user_ref, quantity, *slot);
  outbound_.publish();
  order.cancel_sent = order.cancel_sent || quantity == 0;
  ++counters_.cancels_sent;
  return true;
}

std::size_t OrderEntry::cancel_all(const event::Command& scope) noexcept {
  std::size_t left = 0;
  for (Order* order = orders_.first_open(); order != nullptr; order = orders_.after(*order)) {
    if (order->cancel_sent || !in_scope(*order, scope)) continue;
    if (left > 0 || !connected() || !push_cancel(*order, 0)) ++left;
  }
  return left;
}

// Zero when the next slots are all taken by orders that are still open. The last number is never
// given out, so that numbers cannot start again.
std::uint32_t OrderEntry::take_user_ref() noexcept {
  for (std::uint32_t i = 0; i < kSlotsTriedMax && next_user_ref_ != 0xFFFF'FFFF; ++i) {
    const std::uint32_t user_ref = next_user_ref_++;
    if (orders_.has_room_for(user_ref)) return user_ref;
  }
  return 0;
}

// Packets are written where they are read: copied right after being patched, each of the patched
// bytes would have to reach the cache first.
Outbound* OrderEntry::claim() noexcept {
  Outbound* slot = outbound_.claim();
  if (slot != nullptr) slot->connection = connection_;
  return slot;
}

void OrderEntry::poll() noexcept {
  if (phase_ != Phase::QueryDue) return;
  if (!packets_.has_account_query()) {
    phase_ = Phase::Querying;
    return;
  }
  Outbound* slot = claim();
  if (slot == nullptr) return;
  packets_.account_query(*slot);
  outbound_.publish();
  ++queries_unanswered_;
  phase_ = Phase::Querying;
}

}  // namespace ridley::order
