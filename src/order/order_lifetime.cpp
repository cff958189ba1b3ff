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
  logged_in_before_ = next_user_ref_;
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

// Cancels may not have arrived; the next cancel_all sends them again. What became of an order is
// not known before the stream went on.
void OrderEntry::disconnected() noexcept {
  if (phase_ != Phase::Ended) phase_ = Phase::Down;
  for (Order* order = orders_.first_open(); order != nullptr; order = orders_.after(*order)) {
    order->cancel_sent = false;
    doubts_.raise(order->locate, Doubt::Connection);
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
  knows_numbers_ = true;
  doubts_.settle(Doubt::Connection);
  Order* order = orders_.first_open();
  while (order != nullptr) {
    const bool earlier = order->user_ref < logged_in_before_;
    if (earlier && cancel_on_disconnect_ && !order->is_unanswered()) {
      ++counters_.outlived_connections;
      expect(false);
    }
    const bool unanswered = earlier && order->is_unanswered();
    const bool lost = unanswered && order->user_ref >= arrived_before;
    if (unanswered && !lost) overdue(*order);
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
  answered(order);
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

// Numbers grow with time: each is looked at once, when it is old enough.
void OrderEntry::look_for_answers(std::uint64_t now_ns) noexcept {
  constexpr std::uint64_t kMillisecondNs = 1'000'000;
  now_ms_ = static_cast<std::uint16_t>(now_ns / kMillisecondNs);
  // Numbers may have been left out, but none that is still in the table.
  const auto capacity = static_cast<std::uint32_t>(orders_.capacity());
  if (next_user_ref_ - next_looked_for_ > capacity) next_looked_for_ = next_user_ref_ - capacity;
  for (std::size_t i = 0; i < kAnswersLookedForMax && next_looked_for_ < next_user_ref_; ++i) {
    Order* order = orders_.find_open(next_looked_for_);
    if (order != nullptr && order->is_unanswered()) {
      const auto age_ms = static_cast<std::uint16_t>(now_ms_ - order->sent_ms);
      if (age_ms <= answer_within_ms_) return;
      overdue(*order);
    }
    ++next_looked_for_;
  }
}

void OrderEntry::overdue(Order& order) noexcept {
  order.overdue = true;
  doubts_.raise(order.locate, Doubt::Unanswered);
}

// Answered, or dead. Another of the instrument may be overdue as well.
void OrderEntry::settle(Order& order) noexcept {
  order.overdue = false;
  for (Order* other = orders_.first_open(); other != nullptr; other = orders_.after(*other)) {
    if (other->overdue && other->locate == order.locate) return;
  }
  doubts_.settle(order.locate, Doubt::Unanswered);
}

std::uint16_t OrderEntry::doubt(std::uint32_t user_ref) noexcept {
  const Order* order = orders_.find(user_ref);
  const std::uint16_t locate = order == nullptr ? kEveryInstrument : order->locate;
  doubts_.raise(locate, Doubt::DropCopy);
  return locate;
}

std::uint32_t OrderEntry::checked_price(std::uint64_t price) noexcept {
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
  expect(price <= kMost);
  return static_cast<std::uint32_t>(std::min(price, kMost));
}

}  // namespace ridley::order
