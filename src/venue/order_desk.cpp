// SPDX-License-Identifier: Apache-2.0
#include "venue/order_desk.hpp"

#include <algorithm>
#include <vector>

#include "venue/desk_orders.hpp"
#include "wire/ouch.hpp"

namespace ridley::venue {

namespace ouch = wire::ouch;

namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

}  // namespace

// Reads each message into plain values.
class OrderDesk::Visitor {
 public:
  Visitor(OrderDesk& desk, std::uint32_t account) noexcept : desk_{desk}, account_{account} {}

  void operator()(const ouch::EnterOrder& message) {
    Request request;
    AccountOrder& terms = request.terms;
    terms.number = message.user_ref_num();
    terms.side = message.side();
    terms.capacity = message.capacity();
    terms.cross_type = message.cross_type();
    read_common(message, request);
    const auto reason = read_appendage(message.appendages(), terms);
    desk_.enter(account_, request, message.symbol().text(), reason);
  }

  void operator()(const ouch::ReplaceOrder& message) {
    Request request;
    request.terms.number = message.user_ref_num();
    read_common(message, request);
    const auto reason = read_appendage(message.appendages(), request.terms);
    desk_.replace(account_, message.orig_user_ref_num(), request, reason);
  }

  void operator()(const ouch::CancelOrder& message) {
    desk_.cancel(account_, message.user_ref_num(), message.quantity());
  }

  void operator()(const ouch::ModifyOrder& message) {
    desk_.modify(account_, message.user_ref_num(), message.side(), message.quantity());
  }

  void operator()(const ouch::MassCancel& message) {
    desk_.mass_cancel(account_, message.user_ref_num(), message.firm().text(),
                      message.symbol().text());
  }

  void operator()(const ouch::DisableOrderEntry& message) {
    desk_.switch_entry(account_, false, message.user_ref_num(), message.firm().text());
  }

  void operator()(const ouch::EnableOrderEntry& message) {
    desk_.switch_entry(account_, true, message.user_ref_num(), message.firm().text());
  }

  void operator()(const ouch::AccountQuery&) { desk_.account(account_).query_response(); }

 private:
  template <typename Message>
  static void read_common(const Message& message, Request& request) {
    request.quantity = message.quantity();
    request.price_e4 = message.price();
    request.terms.time_in_force = message.time_in_force();
    request.terms.display = message.display();
    request.terms.sweep = message.inter_market_sweep_eligibility();
    request.terms.client_order_id = message.cl_ord_id().raw();
  }

  OrderDesk& desk_;
  std::uint32_t account_;
};

void OrderDesk::receive(std::uint32_t index, std::span<const std::byte> message) {
  if (!ouch::visit_inbound(message, Visitor{*this, index})) ++account(index).counts.malformed;
}

void OrderDesk::enter(std::uint32_t index, Request& request, std::string_view symbol,
                      std::optional<RejectReason> reason) {
  Account& owner = account(index);
  AccountOrder& terms = request.terms;
  ++owner.counts.orders_received;
  if (!owner.is_fresh(terms.number)) {
    ++owner.counts.ignored;
    return;
  }
  owner.use(terms.number);
  terms.locate = exchange_.instruments().locate(symbol);
  if (terms.locate == 0) reason = RejectReason::InvalidSymbol;
  if (!reason) reason = check_entry(request);
  if (!reason) reason = check_market(owner, terms);
  if (!reason) reason = check_port(owner, request, owner.orders().size());
  if (!reason) reason = storm(owner);
  if (reason) {
    owner.rejected(terms.number, *reason, terms.client_order_id);
    return;
  }

  terms.price_e4 = static_cast<std::uint32_t>(request.price_e4);
  terms.open_quantity = request.quantity;
  if (terms.cross_type != 'N') return enter_cross(index, request);
  const NewOrder order = admitted(index, terms);
  const Submission submission = exchange_.engine().submit(order);
  terms.reference = submission.reference;
  owner.accepted(terms, stillborn(submission) ? 'D' : 'L');
  if (!stillborn(submission)) owner.insert(terms);
  exchange_.publish(order, submission);
  finish(index, terms, submission);
}

void OrderDesk::enter_cross(std::uint32_t index, const Request& request) {
  Account& owner = account(index);
  AccountOrder terms = request.terms;
  terms.reference = exchange_.crosses().enter({.locate = terms.locate,
                                               .type = static_cast<CrossType>(terms.cross_type),
                                               .side = side_of(terms.side),
                                               .quantity = terms.open_quantity,
                                               .price_e4 = terms.price_e4,
                                               .owner = {index, terms.number}});
  if (terms.reference == 0) {
    return owner.rejected(terms.number, RejectReason::Other, terms.client_order_id);
  }
  owner.accepted(terms, 'L');
  owner.insert(terms);
  expire_later(index, terms);
}

void OrderDesk::replace(std::uint32_t index, std::uint32_t original_number, Request& request,
                        std::optional<RejectReason> reason) {
  Account& owner = account(index);
  AccountOrder& terms = request.terms;
  ++owner.counts.orders_received;
  const AccountOrder* found = owner.find(original_number);
  if (found == nullptr || !owner.is_fresh(terms.number)) {
    ++owner.counts.ignored;
    return;
  }
  owner.use(terms.number);
  const AccountOrder original = *found;
  terms.locate = original.locate;
  if (!reason) reason = check_terms(request);
  if (!reason) reason = check_market(owner, terms);
  if (original.cross_type != 'N') reason = RejectReason::ReplaceNotAllowed;
  terms.side = original.side;
  if (!reason) reason = check_port(owner, request, owner.orders().size() - 1);
  if (!reason) reason = storm(owner);
  if (original.cross_type == 'N' && !valid_quantity(request.quantity)) {
    reason = RejectReason::InvalidQuantity;
  }
  if (reason) {
    owner.rejected(terms.number, *reason, terms.client_order_id);
    if (reason != RejectReason::InvalidQuantity) return;
  }
  // The client is liable for no more than this over the whole chain, and it has traded already.
  if (reason || request.quantity <= original.executed_quantity) {
    take_away(index, original_number, original.open_quantity, CancelReason::User);
    return;
  }

  terms.capacity = original.capacity;
  terms.cross_type = original.cross_type;
  terms.executed_quantity = original.executed_quantity;
  terms.price_e4 = static_cast<std::uint32_t>(request.price_e4);
  terms.open_quantity = request.quantity - original.executed_quantity;
  const NewOrder order = admitted(index, terms);
  if (keeps_priority(original, terms)) return shrink_in_place(index, original, terms);
  const RestingOrder resting = *exchange_.engine().find(original.reference);
  const Submission submission = exchange_.engine().replace(original.reference, order);
  terms.reference = submission.reference;
  owner.erase(original_number);
  owner.replaced(original_number, terms, stillborn(submission) ? 'D' : 'L');
  if (!stillborn(submission)) owner.insert(terms);
  exchange_.publish_replace(resting, order, submission);
  finish(index, terms, submission);
}

void OrderDesk::shrink_in_place(std::uint32_t index, const AccountOrder& original,
                                AccountOrder& terms) {
  Account& owner = account(index);
  terms.reference = original.reference;
  exchange_.reduce(original.reference, original.open_quantity - terms.open_quantity);
  exchange_.engine().rename(original.reference, terms.number);
  owner.erase(original.number);
  owner.replaced(original.number, terms, 'L');
  owner.insert(terms);
  expire_later(index, terms);
}

void OrderDesk::cancel(std::uint32_t index, std::uint32_t number, std::uint32_t quantity) {
  Account& owner = account(index);
  ++owner.counts.cancels_received;
  const AccountOrder* order = owner.find(number);
  if (order == nullptr || quantity >= order->open_quantity) {
    ++owner.counts.ignored;
    return;
  }
  take_away(index, number, order->open_quantity - quantity, CancelReason::User);
}

void OrderDesk::modify(std::uint32_t index, std::uint32_t number, char side,
                       std::uint32_t quantity) {
  Account& owner = account(index);
  AccountOrder* order = owner.find(number);
  const bool changes = order != nullptr && quantity > 0 && may_become(order->side, side) &&
                       (quantity < order->open_quantity || side != order->side);
  if (!changes) {
    ++owner.counts.ignored;
    return;
  }
  if (quantity < order->open_quantity) {
    exchange_.reduce(order->reference, order->open_quantity - quantity);
    order->open_quantity = quantity;
  }
  order->side = side;
  owner.modified(*order);
}

void OrderDesk::mass_cancel(std::uint32_t index, std::uint32_t number, std::string_view firm,
                            std::string_view symbol) {
  Account& owner = account(index);
  if (owner.is_fresh(number)) owner.use(number);
  owner.mass_cancel_response(number, firm, symbol);
  if (!is_firm(firm, owner)) return;
  const std::uint16_t locate = exchange_.instruments().locate(symbol);
  const auto orders = owner.orders();  // a copy: canceling takes from it
  for (const auto& [order_number, order] : orders) {
    if (!symbol.empty() && order.locate != locate) continue;
    take_away(index, order_number, order.open_quantity, CancelReason::User);
  }
}

void OrderDesk::switch_entry(std::uint32_t index, bool enabled, std::uint32_t number,
                             std::string_view firm) {
  Account& owner = account(index);
  if (owner.is_fresh(number)) owner.use(number);
  if (is_firm(firm, owner)) owner.entry_enabled = enabled;
  owner.entry_response(enabled, number, firm);
}

void OrderDesk::cancel_all(std::uint32_t index, CancelReason reason, std::size_t orders_max) {
  const auto orders = account(index).orders();
  for (const auto& [number, order] : orders) {
    if (orders_max-- == 0) return;
    take_away(index, number, order.open_quantity, reason);
  }
}

void OrderDesk::expire() {
  const std::uint64_t now_s = exchange_.now_ns() / kNsPerSecond;
  while (!expiries_.empty() && expiries_.begin()->first <= now_s) {
    const Target target = expiries_.begin()->second;
    expiries_.erase(expiries_.begin());
    const AccountOrder* order = account(target.account).find(target.number);
    if (order == nullptr) continue;
    take_away(target.account, target.number, order->open_quantity, CancelReason::Timeout);
  }
}

std::optional<RejectReason> OrderDesk::check_market(const Account& owner,
                                                    const AccountOrder& terms) const noexcept {
  if (!owner.entry_enabled) return RejectReason::FirmNotAuthorized;
  if (!exchange_.accepts_orders()) return RejectReason::DestinationClosed;
  const TradingState state = exchange_.trading_state(terms.locate);
  const bool open = state == TradingState::Trading || state == TradingState::Quoting;
  // An order for a cross has to come before it.
  const Exchange::Session session = exchange_.session();
  switch (terms.cross_type) {
    case 'O':
      if (session == Exchange::Session::SystemHours) return std::nullopt;
      return RejectReason::InvalidCrossOrder;
    case 'C':
      if (session != Exchange::Session::AfterHours) return std::nullopt;
      return RejectReason::InvalidCrossOrder;
    case 'H':
      if (state != TradingState::Trading) return std::nullopt;
      return RejectReason::InvalidCrossOrder;
    default: break;
  }
  if (!open) return RejectReason::Halted;
  return std::nullopt;
}

std::optional<RejectReason> OrderDesk::storm(const Account& owner) noexcept {
  if (owner.storm.share == 0 || !random_.chance(owner.storm.share)) return std::nullopt;
  return owner.storm.reason;
}

// As the exchange takes it: the price may be another one, and the client is told that one.
NewOrder OrderDesk::admitted(std::uint32_t index, AccountOrder& terms) {
  NewOrder order = engine_order(index, terms, exchange_);
  exchange_.admit(order, terms.side == 'T');
  terms.price_e4 = order.price_e4;
  return order;
}

std::optional<RejectReason> OrderDesk::check_port(Account& owner, const Request& request,
                                                  std::size_t open_orders) {
  const bool buys = request.terms.side == 'B';
  const event::Side contra = buys ? event::Side::Sell : event::Side::Buy;
  const bool takes_any = request.price_e4 == kMarketPrice;
  const auto breach = owner.port.check(
      {.quantity = request.quantity,
       .price_e4 = takes_any ? exchange_.last_e4(request.terms.locate) : request.price_e4,
       .contra_e4 = exchange_.engine().displayed_best_e4(request.terms.locate, contra),
       .buys = buys,
       .open_orders = open_orders},
      exchange_.now_ns());
  if (!breach) return std::nullopt;
  return reason_of(*breach);
}

// What is left of an order that may not rest.
void OrderDesk::finish(std::uint32_t index, const AccountOrder& order,
                       const Submission& submission) {
  Account& owner = account(index);
  if (submission.ending == Ending::PostOnly) {
    owner.canceled(order.number, submission.open_quantity,
                   submission.contra_displayed ? CancelReason::PostOnlyContraDisplayed
                                               : CancelReason::PostOnly);
  }
  if (submission.ending == Ending::Expired) {
    owner.canceled(order.number, submission.open_quantity, CancelReason::Immediate);
  }
  if (submission.ending == Ending::Full) {
    owner.canceled(order.number, submission.open_quantity, CancelReason::System);
  }
  if (submission.ending == Ending::SelfMatch) {
    owner.prevented(order.number, {.decrement = submission.open_quantity,
                                   .quantity = submission.open_quantity,
                                   .price_e4 = order.price_e4,
                                   .liquidity = Liquidity::Removed});
  }
  if (submission.ending == Ending::Rests) expire_later(index, order);
}

void OrderDesk::expire_later(std::uint32_t index, const AccountOrder& order) {
  if (order.time_in_force == '6') expiries_.emplace(order.expire_s, Target{index, order.number});
}

void OrderDesk::take_away(std::uint32_t index, std::uint32_t number, std::uint32_t quantity,
                          CancelReason reason) {
  Account& owner = account(index);
  exchange_.reduce(owner.find(number)->reference, quantity);
  owner.canceled(number, quantity, reason);
}

}  // namespace ridley::venue
