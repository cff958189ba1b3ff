// SPDX-License-Identifier: Apache-2.0
// In: what happened to an order or to the session. Out: the events that say so, with what the gate
// gets back. Hot core.
#include <algorithm>
#include <limits>

#include "order/order_entry.hpp"

namespace ridley::order {

using event::OrderEventKind;

void OrderEntry::logged_in(const Inbound& inbound) noexcept {
  follow_stream(inbound);
  connection_ = inbound.connection;
  answers_needed_ = queries_unanswered_ + 1;
  phase_ = Phase::QueryDue;
  poll();
}

// The stream goes on where it ended. Another session has another stream: whatever it says, it is
// not about the orders of this one.
void OrderEntry::follow_stream(const Inbound& inbound) noexcept {
  if (inbound.sequence == 0) return;
  const std::size_t length = std::min<std::size_t>(inbound.length, session_.size());
  decltype(session_) session{};
  std::copy_n(inbound.bytes.begin(), length, session.begin());
  const bool follows =
      session == session_ ? inbound.sequence == next_sequence_ : orders_.open_count() == 0;
  if (next_sequence_ != 0 && !follows) {
    ++counters_.sequence_breaks;
    expect(false);
  }
  session_ = session;
  next_sequence_ = inbound.sequence;
}

void OrderEntry::count_message(const Inbound& inbound) noexcept {
  if (inbound.sequence == 0) return;
  if (next_sequence_ != 0 && inbound.sequence != next_sequence_) {
    ++counters_.sequence_breaks;
    expect(false);
  }
  next_sequence_ = inbound.sequence + 1;
}

// Cancels may not have arrived; the next cancel_all sends them again.
void OrderEntry::disconnected() noexcept {
  if (phase_ != Phase::Ended) phase_ = Phase::Down;
  for (Order* order = orders_.first_open(); order != nullptr; order = orders_.after(*order)) {
    order->cancel_sent = false;
  }
}

// All answers but late acknowledgements stand before this one in the stream. Of the orders that
// were sent before the query and have none, those from the number on that the exchange expects next
// never arrived, and their numbers are used up. Those below it did arrive: they keep what they have
// reserved until the exchange speaks of them. OUCH 4.2 has no such number, but a second of silence.
//
// But answers have no names: this one may be to a query of a connection that is gone, and orders
// sent after that query may have arrived. There are at most as many of those as queries without an
// answer, so one answer more than that is surely to a query of this connection. Another query after
// each makes sure that it comes.
void OrderEntry::reconcile(std::uint32_t next_user_ref, std::uint32_t arrived_before) noexcept {
  next_user_ref_ = std::max(next_user_ref_, next_user_ref);
  if (queries_unanswered_ > 0) --queries_unanswered_;
  if (phase_ != Phase::Querying && phase_ != Phase::QueryDue) return;
  if (answers_needed_ > 0) --answers_needed_;
  if (answers_needed_ > 0) {
    phase_ = Phase::QueryDue;
    return poll();
  }
  phase_ = Phase::Ready;
  Order* order = orders_.first_open();
  while (order != nullptr) {
    // Nothing was sent since the login, so it is of the connection before.
    const bool outlived =
        cancel_on_disconnect_ && !order->is_unanswered() && order->user_ref < queried_before_;
    if (outlived) {
      ++counters_.outlived_connections;
      expect(false);
    }
    const bool lost = order->is_unanswered() && order->user_ref < queried_before_ &&
                      order->user_ref >= arrived_before;
    Order* original = lost ? orders_.find_open(order->original) : nullptr;
    if (original != nullptr) original->replacement = 0;
    // Replacements are behind their originals in the list, so what follows is still there.
    Order& this_order = *order;
    order = orders_.after(this_order);
    if (lost) {
      this_order.replacement = 0;
      lose(this_order, LocalReason::NeverArrived);
    }
  }
}

// OUCH 4.2 only. A server is silent for a second only when it has nothing left to say (SoupBinTCP
// sheet, section 3.3), neither of what it replays nor to what it got before this login.
void OrderEntry::quiet() noexcept {
  if (phase_ == Phase::Querying && !packets_.has_account_query()) reconcile(next_user_ref_, 0);
}

event::OrderEvent& OrderEntry::emit(OrderEventKind kind, const Order& order) noexcept {
  RIDLEY_HOT_ASSERT(event_count_ < events_.size());
  event::OrderEvent& event = events_[event_count_++];
  event = {};
  event.kind = kind;
  event.side = order.side;
  event.locate = order.locate;
  event.user_ref = order.user_ref;
  event.quantity = order.open_quantity;
  event.price_e4 = order.price_e4;
  event.open_quantity = order.open_quantity;
  event.executed_quantity = order.executed_quantity;
  event.strategy_id = order.strategy_id;
  event.client_tag = order.client_tag;
  event.order_reference = order.order_reference;
  return event;
}

void OrderEntry::release(event::OrderEvent& event, Order& order, std::uint32_t quantity) noexcept {
  order.open_quantity -= quantity;
  order.taken_quantity += quantity;
  event.released_quantity += quantity;
  event.released_price_e4 = order.price_e4;
  event.open_quantity = order.open_quantity;
}

// An order without anything open is dead.
void OrderEntry::finish(event::OrderEvent& event, Order& order) noexcept {
  if (order.open_quantity != 0) return;
  event.terminal = 1;
  lose_replacements(order);
  orders_.remove(order);
}

void OrderEntry::lose(Order& order, LocalReason reason) noexcept {
  ++counters_.lost;
  event::OrderEvent& event = emit(OrderEventKind::Lost, order);
  event.reason = static_cast<std::uint16_t>(reason);
  event.original_user_ref = order.original;
  event.terminal = 1;
  release(event, order, order.open_quantity);
  orders_.remove(order);
}

// Those sent for a dead order, and those sent for them: at most kReplacementsInFlightMax.
void OrderEntry::lose_replacements(Order& order) noexcept {
  std::uint32_t user_ref = order.replacement;
  for (std::uint32_t i = 0; i < kReplacementsInFlightMax && user_ref != 0; ++i) {
    Order* replacement = orders_.find_open(user_ref);
    if (replacement == nullptr) return;
    user_ref = replacement->replacement;
    lose(*replacement, LocalReason::OriginalDied);
  }
}

std::uint32_t OrderEntry::checked_price(std::uint64_t price) noexcept {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  expect(price <= kMost);
  return static_cast<std::uint32_t>(std::min(price, kMost));
}

}  // namespace ridley::order
