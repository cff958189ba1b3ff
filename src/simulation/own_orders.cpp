// SPDX-License-Identifier: Apache-2.0
#include "simulation/own_orders.hpp"

#include <algorithm>
#include <string>

#include "order/soup_packet.hpp"
#include "simulation/violation.hpp"
#include "wire/ouch.hpp"

namespace ridley::simulation {

namespace ouch = wire::ouch;

namespace {

constexpr char kDead = 'D';
constexpr std::uint16_t kInvalidQuantity = 0x0013;

std::string named(std::uint32_t number) { return "order " + std::to_string(number); }

}  // namespace

// One function for each message that the exchange answers with.
class OwnOrders::Reader {
 public:
  explicit Reader(OwnOrders& own) noexcept : own_{own} {}

  // Acknowledgements may come behind what happened to the order meanwhile.
  void operator()(const ouch::OrderAccepted& message) {
    OwnOrder& order = own_.at(message.user_ref_num());
    order.answered = true;
    const std::uint32_t left = message.quantity() - std::min(message.quantity(), order.taken);
    order.quantity = std::min(order.quantity, left);
    if (message.order_state() == kDead || order.quantity == 0) close(order);
  }
  void operator()(const ouch::OrderReplaced& message) {
    OwnOrder& order = own_.at(message.user_ref_num());
    if (!order.answered) own_.take_over(order);
    if (message.order_state() == kDead) close(order);
  }
  void operator()(const ouch::OrderCanceled& message) {
    own_.reduce(answered(message), message.quantity());
  }
  void operator()(const ouch::AiqCanceled& message) {
    own_.reduce(answered(message), message.decrement_shares());
  }
  void operator()(const ouch::OrderExecuted& message) {
    OwnOrder& order = answered(message);
    const std::uint64_t notional_e4 = message.price() * message.quantity();
    Traded& traded = own_.traded_[order.locate];
    const std::int64_t sign = order.buys() ? 1 : -1;
    traded.position += sign * static_cast<std::int64_t>(message.quantity());
    traded.cash_e4 -= static_cast<risk::Int128>(sign) * static_cast<risk::Int128>(notional_e4);
    traded.executed_e4 += notional_e4;
    order.executed += message.quantity();
    own_.reduce(order, message.quantity());
  }
  void operator()(const ouch::OrderRejected& message) {
    OwnOrder& order = own_.at(message.user_ref_num());
    close(order);
    // A replace with a quantity that cannot be ends the order it named, too.
    if (order.original == 0 || message.rejected_order_reason() != kInvalidQuantity) return;
    OwnOrder& original = own_.at(order.original);
    own_.presume(original);
    close(original);
  }
  void operator()(const ouch::CancelPending& message) { (void)answered(message); }
  void operator()(const ouch::CancelReject& message) { (void)answered(message); }
  void operator()(const ouch::OrderPriorityUpdate& message) { (void)answered(message); }
  void operator()(const ouch::OrderModified& message) { (void)answered(message); }
  void operator()(const ouch::OrderRestated& message) { (void)answered(message); }
  template <typename Message>
  void operator()(const Message&) noexcept {}  // changes nothing that is open

 private:
  template <typename Message>
  OwnOrder& answered(const Message& message) {
    OwnOrder& order = own_.at(message.user_ref_num());
    own_.presume(order);
    return order;
  }

  OwnOrders& own_;
};

bool OwnOrders::brings_order(std::span<const std::byte> packet) noexcept {
  if (packet.size() <= order::kSoupHeaderBytes) return false;
  const char type = static_cast<char>(packet[order::kSoupHeaderBytes]);
  return type == ouch::EnterOrder::kType || type == ouch::ReplaceOrder::kType;
}

OwnOrder OwnOrders::read(std::span<const std::byte> packet, const NaiveBooks& books) const {
  const std::span<const std::byte> message = packet.subspan(order::kSoupHeaderBytes);
  OwnOrder order;
  if (static_cast<char>(message[0]) == ouch::EnterOrder::kType) {
    const ouch::EnterOrder enter{message.data(), message.size()};
    order.number = enter.user_ref_num();
    order.side = enter.side();
    order.quantity = enter.quantity();
    order.price_e4 = static_cast<std::uint32_t>(enter.price());
    order.locate = books.locate_of(std::string{enter.symbol().text()});
    return order;
  }
  const ouch::ReplaceOrder replace{message.data(), message.size()};
  order.number = replace.user_ref_num();
  order.original = replace.orig_user_ref_num();
  order.quantity = replace.quantity();
  order.price_e4 = static_cast<std::uint32_t>(replace.price());
  const auto original = orders_.find(order.original);
  if (original == orders_.end())
    throw Violation{Rule::OneEnd, named(order.number) + " replaces one that was never sent"};
  order.side = original->second.side;
  order.locate = original->second.locate;
  return order;
}

void OwnOrders::add(const OwnOrder& order) {
  if (!orders_.empty() && order.number <= orders_.rbegin()->first)
    throw Violation{Rule::Sequence, named(order.number) + " has a number that was used before"};
  orders_.emplace(order.number, order);
  ++changes_;
  open_.push_back(order.number);
}

void OwnOrders::adopt(OwnOrders&& others) {
  ++changes_;
  orders_.merge(others.orders_);
  open_.insert(open_.end(), others.open_.begin(), others.open_.end());
  for (const auto& [locate, traded] : others.traded_) {
    Traded& sum = traded_[locate];
    sum.position += traded.position;
    sum.cash_e4 += traded.cash_e4;
    sum.executed_e4 += traded.executed_e4;
  }
}

bool OwnOrders::forget_unanswered(std::uint32_t number) {
  const auto found = orders_.find(number);
  if (found == orders_.end()) return true;
  if (found->second.answered) return false;
  std::erase(open_, number);
  orders_.erase(found);
  ++changes_;
  return true;
}

OwnOrder& OwnOrders::at(std::uint32_t number) {
  const auto found = orders_.find(number);
  if (found == orders_.end())
    throw Violation{Rule::Sequence, named(number) + " was answered and never sent"};
  return found->second;
}

std::uint32_t OwnOrders::number_of(std::span<const std::byte> message) {
  std::uint32_t number = 0;
  const auto read = [&number](const auto& one) {
    if constexpr (requires { one.user_ref_num(); }) number = one.user_ref_num();
  };
  (void)ouch::visit_outbound(message, read);
  return number;
}

void OwnOrders::hear(std::span<const std::byte> message) {
  ++changes_;
  Reader reader{*this};
  (void)ouch::visit_outbound(message, reader);
}

// The first thing that is said of an order acknowledges it, and those that it was to replace.
void OwnOrders::presume(OwnOrder& order) {
  if (order.answered || !order.open) return;
  if (order.original != 0) return take_over(order);
  order.answered = true;
}

void OwnOrders::take_over(OwnOrder& order) {
  OwnOrder& original = at(order.original);
  presume(original);
  order.answered = true;
  order.executed = original.executed;
  close(original);
  if (order.open) reduce(order, std::min(order.quantity, order.executed));
}

void OwnOrders::reduce(OwnOrder& order, std::uint32_t quantity) {
  if (!order.open || quantity > order.quantity)
    throw Violation{Rule::OneEnd, named(order.number) + " lost more than it had"};
  order.quantity -= quantity;
  order.taken += quantity;
  if (order.quantity == 0) close(order);
}

void OwnOrders::close(OwnOrder& order) noexcept {
  order.open = false;
  order.quantity = 0;
}

void OwnOrders::tell(const event::OrderEvent& event) {
  if (event.user_ref == 0) return;  // it was approved, and then not sent
  ++changes_;
  switch (event.kind) {
    case event::OrderEventKind::Accepted:
    case event::OrderEventKind::Executed:
    case event::OrderEventKind::Canceled:
    case event::OrderEventKind::Rejected:
      if (at(event.user_ref).ended)
        throw Violation{Rule::OneEnd, named(event.user_ref) + " lives on after its end"};
      break;
    case event::OrderEventKind::Replaced: end(event.original_user_ref); break;
    case event::OrderEventKind::Lost: {
      OwnOrder& lost = at(event.user_ref);
      if (lost.answered)
        throw Violation{Rule::OneEnd, named(event.user_ref) + " is lost, but it was answered"};
      close(lost);
      break;
    }
    default: break;
  }
  if (event.terminal != 0) end(event.user_ref);
}

void OwnOrders::end(std::uint32_t number) {
  OwnOrder& order = at(number);
  if (order.ended) throw Violation{Rule::OneEnd, named(number) + " ends twice"};
  if (order.open) throw Violation{Rule::OneEnd, named(number) + " ends and is open"};
  order.ended = true;
  std::erase(open_, number);
}

void OwnOrders::add_to(OwnExposure& sum, std::uint16_t locate) const {
  const auto found = traded_.find(locate);
  if (found == traded_.end()) return;
  sum.position += found->second.position;
  sum.cash_e4 += found->second.cash_e4;
  sum.executed_e4 += found->second.executed_e4;
}

OwnExposure OwnOrders::exposure(std::uint16_t locate) const {
  OwnExposure sum;
  add_to(sum, locate);
  for (const std::uint32_t number : open_) {
    const OwnOrder& order = orders_.at(number);
    if (!order.open || order.locate != locate) continue;
    (order.buys() ? sum.open_buys : sum.open_sells) += order.quantity;
    sum.open_e4 += order.notional_e4();
    ++sum.open_orders;
  }
  return sum;
}

OwnExposure OwnOrders::exposure() const {
  OwnExposure sum;
  for (const auto& [locate, traded] : traded_) add_to(sum, locate);
  for (const std::uint32_t number : open_) {
    const OwnOrder& order = orders_.at(number);
    if (!order.open) continue;
    (order.buys() ? sum.open_buys : sum.open_sells) += order.quantity;
    sum.open_e4 += order.notional_e4();
    ++sum.open_orders;
  }
  return sum;
}

}  // namespace ridley::simulation
