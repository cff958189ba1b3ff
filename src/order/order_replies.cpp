// SPDX-License-Identifier: Apache-2.0
// In: messages of the exchange and of the session. Out: events. Hot core.
#include <algorithm>
#include <array>

#include "order/order_entry.hpp"
#include "risk/exposure.hpp"

namespace ridley::order {
namespace {

namespace ouch = wire::ouch;
using event::OrderEventKind;

constexpr char kDeadOnArrival = 'D';
constexpr std::uint16_t kInvalidQuantity = 0x0013;

// Captures and tests hold messages that lack an appendage length which is mandatory.
template <typename Message, typename Visitor>
bool visit_bare(std::span<const std::byte> message, Visitor& visitor) noexcept {
  if (message.size() < Message::kFixedSize) return false;
  visitor(Message{message.data(), Message::kFixedSize});
  return true;
}

template <typename Visitor>
bool visit(std::span<const std::byte> message, Visitor& visitor) noexcept {
  if (ouch::visit_outbound(message, visitor)) return true;
  if (message.empty()) return false;
  switch (static_cast<char>(message[0])) {
    case ouch::OrderAccepted::kType: return visit_bare<ouch::OrderAccepted>(message, visitor);
    case ouch::OrderReplaced::kType: return visit_bare<ouch::OrderReplaced>(message, visitor);
    case ouch::OrderExecuted::kType: return visit_bare<ouch::OrderExecuted>(message, visitor);
    case ouch::OrderRestated::kType: return visit_bare<ouch::OrderRestated>(message, visitor);
    default: return false;
  }
}

std::uint16_t letter(char reason) noexcept { return static_cast<unsigned char>(reason); }

}  // namespace

// One function for each message; the lines after find() are the protocol's rules.
class OrderEntry::Replies {
 public:
  explicit Replies(OrderEntry& entry) noexcept : entry_{entry} {}

  void operator()(const ouch::OrderAccepted& message) noexcept {
    Order* order = find_open(message);
    if (order == nullptr) return;
    const bool presumed = order->state == OrderState::Presumed;
    const bool dead = message.order_state() == kDeadOnArrival;
    const bool expected =
        order->original == 0 && (presumed ? !dead : order->state == OrderState::Sent);
    entry_.expect(expected);
    if (!expected) return;
    acknowledge(message, *order);
    const std::uint32_t requested = order->open_quantity + order->taken_quantity;
    const std::uint32_t less = dead ? requested : requested - message.quantity();
    entry_.expect(message.quantity() <= requested && less <= order->open_quantity);
    if (presumed && less == 0) return;
    event::OrderEvent& event =
        emit(presumed ? OrderEventKind::Modified : OrderEventKind::Accepted, message, *order);
    if (less <= order->open_quantity) entry_.release(event, *order, less);
    if (presumed) event.quantity = order->open_quantity;
    entry_.finish(event, *order);
  }

  void operator()(const ouch::OrderReplaced& message) noexcept {
    Order* order = find_open(message);
    if (order == nullptr) return;
    Order* original = entry_.orders_.find_open(message.orig_user_ref_num());
    if (original != nullptr) presume(message, *original);
    const bool presumed = order->state == OrderState::Presumed;
    const bool dead = message.order_state() == kDeadOnArrival;
    const bool asked_for =
        order->original != 0 && order->original == message.orig_user_ref_num() &&
        (presumed ? !dead : order->state == OrderState::ReplacementSent && original != nullptr);
    entry_.expect(asked_for);
    if (!asked_for) return;
    acknowledge(message, *order);
    if (!presumed) take_over(message, *order, *original, dead);
  }

  void operator()(const ouch::OrderCanceled& message) noexcept {
    reduce(message, message.quantity(), message.cancel_order_reason());
  }

  void operator()(const ouch::AiqCanceled& message) noexcept {
    reduce(message, message.decrement_shares(), message.order_cancel_reason());
  }

  void operator()(const ouch::OrderExecuted& message) noexcept {
    Order* order = find(message);
    // A position has moved that the gate cannot know of: of an earlier process, or of nobody.
    entry_.expect(order != nullptr);
    if (order == nullptr) return;
    presume(message, *order);
    const std::uint32_t quantity = message.quantity();
    const bool covered = order->is_open() && quantity <= order->open_quantity;
    // The shares are ours whatever we think of it: the position moves, then somebody looks.
    entry_.expect(covered);
    ++entry_.counters_.executions;
    entry_.counters_.executed_quantity += quantity;
    order->executed_quantity += quantity;
    event::OrderEvent& event = emit(OrderEventKind::Executed, message, *order);
    event.quantity = quantity;
    event.price_e4 = entry_.checked_price(message.price());
    event.match_number = message.match_number();
    event.liquidity = static_cast<std::uint8_t>(message.liquidity_flag());
    keep(event);
    if (!order->is_open()) return;
    entry_.release(event, *order, std::min(quantity, order->open_quantity));
    entry_.finish(event, *order);
  }

  void operator()(const ouch::BrokenTrade& message) noexcept {
    Execution* execution = find_execution(message);
    if (execution == nullptr) return;
    ++entry_.counters_.broken_trades;
    event::OrderEvent& event = restate(OrderEventKind::Broken, message, *execution);
    event.reason = letter(message.broken_trade_reason());
    execution->quantity = 0;
  }

  // The old execution goes and the corrected one comes.
  void operator()(const ouch::TradeCorrection& message) noexcept {
    Execution* execution = find_execution(message);
    if (execution == nullptr) return;
    restate(OrderEventKind::Broken, message, *execution);
    execution->quantity = message.quantity();
    execution->price_e4 = entry_.checked_price(message.price());
    event::OrderEvent& event = restate(OrderEventKind::Corrected, message, *execution);
    event.liquidity = static_cast<std::uint8_t>(message.liquidity_flag());
    event.reason = letter(message.trade_correction_reason());
  }

  void operator()(const ouch::OrderRejected& message) noexcept {
    Order* order = find_open(message);
    if (order == nullptr) return;
    entry_.expect(order->is_unanswered());
    ++entry_.counters_.rejected;
    entry_.answered(*order);
    const std::uint16_t reason = message.rejected_order_reason();
    Order* original = entry_.orders_.find_open(order->original);
    if (original != nullptr) original->replacement = 0;
    event::OrderEvent& event = emit(OrderEventKind::Rejected, message, *order);
    event.original_user_ref = order->original;
    event.reason = reason;
    entry_.release(event, *order, order->open_quantity);
    entry_.finish(event, *order);
    // A replace with a quantity that cannot be ends the order it named, too.
    if (original == nullptr || reason != kInvalidQuantity) return;
    presume(message, *original);
    event::OrderEvent& canceled = emit(OrderEventKind::Canceled, message, *original);
    canceled.quantity = original->open_quantity;
    canceled.reason = reason;
    entry_.release(canceled, *original, original->open_quantity);
    entry_.finish(canceled, *original);
  }

  void operator()(const ouch::CancelPending& message) noexcept {
    if (Order* order = find_live(message)) emit(OrderEventKind::CancelPending, message, *order);
  }

  void operator()(const ouch::CancelReject& message) noexcept {
    Order* order = find_live(message);
    if (order == nullptr) return;
    order->cancel_sent = false;
    emit(OrderEventKind::CancelRejected, message, *order);
  }

  void operator()(const ouch::OrderPriorityUpdate& message) noexcept {
    Order* order = find_live(message);
    if (order == nullptr) return;
    order->order_reference = message.order_reference_number();
    emit(OrderEventKind::PriorityUpdated, message, *order).price_e4 =
        entry_.checked_price(message.price());
  }

  void operator()(const ouch::OrderModified& message) noexcept {
    Order* order = find_live(message);
    if (order == nullptr) return;
    entry_.expect(message.quantity() <= order->open_quantity);
    const std::uint32_t left = std::min(message.quantity(), order->open_quantity);
    event::OrderEvent& event = emit(OrderEventKind::Modified, message, *order);
    event.quantity = left;
    entry_.release(event, *order, order->open_quantity - left);
    entry_.finish(event, *order);
    // A sale stays a sale: what the gate has reserved for it stays on the same side.
    const auto side = static_cast<event::Side>(message.side());
    const bool sells = risk::is_known(side) && side != event::Side::Buy;
    const bool sold = order->side != event::Side::Buy;
    entry_.expect(sells == sold);
    if (sells && sold) order->side = event.side = side;
  }

  void operator()(const ouch::OrderRestated& message) noexcept {
    Order* order = find_live(message);
    if (order == nullptr) return;
    emit(OrderEventKind::Restated, message, *order).reason =
        letter(message.order_restated_reason());
  }

  void operator()(const ouch::AccountQueryResponse& message) noexcept {
    entry_.reconcile(message.next_user_ref_num(), message.next_user_ref_num());
  }

  // News about the day and the account, not about an order. The orders that a mass cancel ends have
  // messages of their own.
  void operator()(const ouch::SystemEvent&) noexcept {}
  void operator()(const ouch::MassCancelResponse&) noexcept {}
  void operator()(const ouch::DisableOrderEntryResponse&) noexcept {}
  void operator()(const ouch::EnableOrderEntryResponse&) noexcept {}

 private:
  template <typename Message>
  Order* find(const Message& message) noexcept {
    Order* order = entry_.orders_.find(message.user_ref_num());
    if (order == nullptr) ++entry_.counters_.unknown_orders;
    return order;
  }

  template <typename Message>
  Order* find_open(const Message& message) noexcept {
    Order* order = find(message);
    if (order == nullptr || order->is_open()) return order;
    ++entry_.counters_.late;
    return nullptr;
  }

  // Of an order that the exchange has: whatever it says of one, its acknowledgement may come late.
  template <typename Message>
  Order* find_live(const Message& message) noexcept {
    Order* order = find_open(message);
    if (order == nullptr) return nullptr;
    presume(message, *order);
    return order->is_open() ? order : nullptr;
  }

  // Acknowledges an order by what else is said of it, those that it was sent to replace before it.
  template <typename Message>
  void presume(const Message& message, Order& order) noexcept {
    std::array<Order*, kReplacementsInFlightMax + 1> chain{};
    std::size_t length = 0;
    for (Order* at = &order; at != nullptr && at->is_unanswered() && length < chain.size();
         at = entry_.orders_.find_open(at->original))
      chain[length++] = at;
    // From the oldest on. One that ends by it takes those behind it along.
    while (length > 0 && chain[length - 1]->is_open()) {
      Order& next = *chain[--length];
      ++entry_.counters_.acknowledged;
      entry_.answered(next);
      Order* original = entry_.orders_.find_open(next.original);
      next.state = OrderState::Presumed;
      if (original == nullptr)
        emit(OrderEventKind::Accepted, message, next);
      else
        take_over(message, next, *original, false);
    }
  }

  // The acknowledgement itself.
  template <typename Message>
  void acknowledge(const Message& message, Order& order) noexcept {
    ++(order.state == OrderState::Presumed ? entry_.counters_.late : entry_.counters_.acknowledged);
    entry_.answered(order);
    order.state = OrderState::Live;
    order.order_reference = message.order_reference_number();
  }

  // The replacement may trade what the whole chain has not: both names change in one event. What
  // the original had open is released here, and the gate takes quantity - open_quantity of the
  // replacement's own reservation.
  template <typename Message>
  void take_over(const Message& message, Order& order, Order& original, bool dead) noexcept {
    const std::uint32_t requested = order.open_quantity;
    order.executed_quantity = original.executed_quantity;
    order.open_quantity = dead ? 0 : requested - std::min(requested, order.executed_quantity);
    event::OrderEvent& event = emit(OrderEventKind::Replaced, message, order);
    event.original_user_ref = original.user_ref;
    event.quantity = requested;
    event.released_quantity = original.open_quantity;
    event.released_price_e4 = original.price_e4;
    entry_.orders_.remove(original);
    entry_.finish(event, order);
  }

  template <typename Message>
  Execution* find_execution(const Message& message) noexcept {
    Execution* execution = entry_.executions_.find(message.match_number(), message.user_ref_num());
    if (execution != nullptr && execution->quantity != 0) return execution;
    // Never seen, or broken before. If it was not kept, the position is wrong from here on.
    entry_.expect(execution != nullptr || entry_.counters_.executions_not_kept == 0);
    ++entry_.counters_.unknown_orders;
    return nullptr;
  }

  template <typename Message>
  event::OrderEvent& emit(OrderEventKind kind, const Message& message,
                          const Order& order) noexcept {
    event::OrderEvent& event = entry_.emit(kind, order);
    event.exchange_ns = message.timestamp();
    return event;
  }

  template <typename Message>
  void reduce(const Message& message, std::uint32_t decrement, char reason) noexcept {
    Order* order = find_live(message);
    if (order == nullptr) return;
    entry_.expect(decrement <= order->open_quantity);
    ++entry_.counters_.canceled;
    event::OrderEvent& event = emit(OrderEventKind::Canceled, message, *order);
    event.quantity = decrement;
    event.reason = letter(reason);
    entry_.release(event, *order, std::min(decrement, order->open_quantity));
    entry_.finish(event, *order);
  }

  void keep(const event::OrderEvent& event) noexcept {
    const auto kept = entry_.executions_.keep({.match_number = event.match_number,
                                               .client_tag = event.client_tag,
                                               .user_ref = event.user_ref,
                                               .quantity = event.quantity,
                                               .price_e4 = event.price_e4,
                                               .strategy_id = event.strategy_id,
                                               .locate = event.locate,
                                               .side = event.side});
    entry_.expect(kept != ExecutionTable::Kept::Repeated);
    if (kept == ExecutionTable::Kept::Full) ++entry_.counters_.executions_not_kept;
  }

  template <typename Message>
  event::OrderEvent& restate(OrderEventKind kind, const Message& message,
                             const Execution& execution) noexcept {
    event::OrderEvent& event = emit(kind, message,
                                    Order{.user_ref = execution.user_ref,
                                          .strategy_id = execution.strategy_id,
                                          .locate = execution.locate,
                                          .side = execution.side,
                                          .client_tag = execution.client_tag});
    event.quantity = execution.quantity;
    event.price_e4 = execution.price_e4;
    event.match_number = execution.match_number;
    return event;
  }

  OrderEntry& entry_;
};

std::span<const event::OrderEvent> OrderEntry::receive(const Inbound& inbound) noexcept {
  event_count_ = 0;
  poll();
  switch (inbound.kind) {
    case InboundKind::Message: {
      count_message(inbound);
      Replies replies{*this};
      if (!visit(inbound.message(), replies)) ++counters_.malformed;
      break;
    }
    case InboundKind::LoggedIn: logged_in(inbound); break;
    case InboundKind::Quiet: quiet(); break;
    case InboundKind::Disconnected: disconnected(); break;
    case InboundKind::EndOfSession: phase_ = Phase::Ended; break;
    case InboundKind::None: break;
  }
  return events_.first(event_count_);
}

}  // namespace ridley::order
