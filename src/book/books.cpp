// SPDX-License-Identifier: Apache-2.0
// Orders: what every add, execution, cancel and replace does to the books.
#include "book/books.hpp"

#include <algorithm>

namespace ridley::book {

using event::EventKind;
using event::Side;

Change Books::apply(const Event& event) noexcept {
  ++counters_.events;
  switch (event.kind) {
    case EventKind::AddOrder: return add(event);
    case EventKind::ExecuteOrder:
    case EventKind::ExecuteOrderAtPrice: return execute(event);
    case EventKind::CancelOrder: return cancel(event);
    case EventKind::DeleteOrder: return remove(event);
    case EventKind::ReplaceOrder: return replace(event);
    case EventKind::Trade:
      return print(event.locate, event.exchange_ns, event.trade.price_e4, event.trade.quantity);
    case EventKind::CrossTrade:
      return print(event.locate, event.exchange_ns, event.cross.price_e4, event.cross.quantity);
    default: return apply_reference(event);
  }
}

Change Books::add(const Event& event) noexcept {
  const auto& add = event.add;
  if (event.locate >= instruments_max_)
    return {event.locate, false, false, doubt(event.locate, Outcome::LocateBeyondLimit)};
  if (event.side != Side::Buy && event.side != Side::Sell)
    return changed(event, event.locate, doubt(event.locate, Outcome::Inconsistent));
  const NewOrder order{.id = add.order_id,
                       .quantity = add.quantity,
                       .price_e4 = add.price_e4,
                       .locate = event.locate,
                       .buys = event.side == Side::Buy};
  return changed(event, event.locate, insert(order));
}

Change Books::execute(const Event& event) noexcept {
  const OrderIndex index = orders_.find(event.execute.order_id);
  if (index == kNoOrder) return unknown(event);
  const Order order = orders_[index];
  const bool at_own_price = event.kind == EventKind::ExecuteOrder;
  // A part that a cross reports later as one volume is not printable here.
  if (event.execute.quantity != 0 && (at_own_price || event.execute.printable != 0)) {
    instruments_[order.locate].top.last_price_e4 =
        at_own_price ? order.price_e4 : event.execute.price_e4;
  }
  return changed(event, order.locate, reduce(index, event, event.execute.quantity));
}

Change Books::cancel(const Event& event) noexcept {
  const OrderIndex index = orders_.find(event.cancel.order_id);
  if (index == kNoOrder) return unknown(event);
  const Locate locate = orders_[index].locate;
  return changed(event, locate, reduce(index, event, event.cancel.quantity));
}

Change Books::remove(const Event& event) noexcept {
  const OrderIndex index = orders_.find(event.remove.order_id);
  if (index == kNoOrder) return unknown(event);
  const Locate locate = orders_[index].locate;
  const Outcome outcome = check_locate(locate, event);
  take_out(index);
  return changed(event, locate, outcome);
}

Change Books::replace(const Event& event) noexcept {
  const OrderIndex index = orders_.find(event.replace.order_id);
  if (index == kNoOrder) return unknown(event);
  const Order& old = orders_[index];
  const NewOrder order{.id = event.replace.new_order_id,
                       .quantity = event.replace.quantity,
                       .price_e4 = event.replace.price_e4,
                       .locate = old.locate,
                       .buys = old.buys != 0};
  const Outcome outcome = check_locate(order.locate, event);
  take_out(index);
  const Outcome inserted = insert(order);
  return changed(event, order.locate, inserted == Outcome::Applied ? outcome : inserted);
}

Change Books::print(Locate locate, std::uint64_t exchange_ns, std::uint32_t price_e4,
                    std::uint64_t quantity) noexcept {
  if (locate >= instruments_max_)
    return {locate, false, false, doubt(locate, Outcome::LocateBeyondLimit)};
  Top& top = instruments_[locate].top;
  top.exchange_ns = exchange_ns;
  // A cross without volume is announced with a price that nobody paid.
  if (quantity != 0) top.last_price_e4 = price_e4;
  return {locate, false, false, Outcome::Applied};
}

Outcome Books::insert(const NewOrder& new_order) noexcept {
  const Locate locate = new_order.locate;
  if (new_order.quantity == 0) return doubt(locate, Outcome::Inconsistent);
  if (const OrderIndex older = orders_.find(new_order.id); older != kNoOrder) {
    references_[orders_[older].locate].stale = true;
    return doubt(locate, Outcome::DuplicateOrder);
  }
  const OrderIndex index = orders_.insert(new_order.id);
  if (index == kNoOrder) return doubt(locate, Outcome::OutOfMemory);

  Instrument& instrument = instruments_[locate];
  Ladder& ladder = new_order.buys ? instrument.bids : instrument.asks;
  Level* level = ladders_.find_or_insert(ladder, rank_of(new_order.price_e4, new_order.buys));
  if (level == nullptr) {
    orders_.erase(index);
    return doubt(locate, Outcome::OutOfMemory);
  }
  Order& order = orders_[index];
  order.quantity = new_order.quantity;
  order.price_e4 = new_order.price_e4;
  order.locate = locate;
  order.buys = new_order.buys ? 1 : 0;
  order.ahead = level->youngest;
  (level->youngest == kNoOrder ? level->oldest : orders_[level->youngest].behind) = index;
  level->youngest = index;
  level->quantity += new_order.quantity;
  ++level->orders;
  return Outcome::Applied;
}

Outcome Books::reduce(OrderIndex index, const Event& event, std::uint32_t quantity) noexcept {
  Order& order = orders_[index];
  Outcome outcome = check_locate(order.locate, event);
  if (quantity == 0) return doubt(order.locate, Outcome::Inconsistent);
  if (quantity > order.quantity) outcome = doubt(order.locate, Outcome::Inconsistent);
  if (quantity >= order.quantity) {
    take_out(index);
    return outcome;
  }
  Instrument& instrument = instruments_[order.locate];
  const bool buys = order.buys != 0;
  Level* level =
      ladders_.find(buys ? instrument.bids : instrument.asks, rank_of(order.price_e4, buys));
  RIDLEY_HOT_ASSERT(level != nullptr);
  order.quantity -= quantity;
  level->quantity -= quantity;
  return outcome;
}

void Books::take_out(OrderIndex index) noexcept {
  const Order& order = orders_[index];
  Instrument& instrument = instruments_[order.locate];
  const bool buys = order.buys != 0;
  Ladder& ladder = buys ? instrument.bids : instrument.asks;
  Level* level = ladders_.find(ladder, rank_of(order.price_e4, buys));
  RIDLEY_HOT_ASSERT(level != nullptr);
  if (level->orders == 1) {
    ladders_.erase(ladder, level);
  } else {
    (order.ahead == kNoOrder ? level->oldest : orders_[order.ahead].behind) = order.behind;
    (order.behind == kNoOrder ? level->youngest : orders_[order.behind].ahead) = order.ahead;
    level->quantity -= order.quantity;
    --level->orders;
  }
  orders_.erase(index);
}

Outcome Books::check_locate(Locate locate, const Event& event) noexcept {
  if (event.locate == locate) [[likely]]
    return Outcome::Applied;
  if (event.locate < instruments_max_) references_[event.locate].stale = true;
  return doubt(locate, Outcome::Inconsistent);
}

Outcome Books::doubt(Locate locate, Outcome outcome) noexcept {
  if (locate < instruments_max_) references_[locate].stale = true;
  switch (outcome) {
    case Outcome::UnknownOrder: ++counters_.unknown_orders; break;
    case Outcome::DuplicateOrder: ++counters_.duplicate_orders; break;
    case Outcome::Inconsistent: ++counters_.inconsistencies; break;
    case Outcome::OutOfMemory: ++counters_.out_of_memory; break;
    case Outcome::LocateBeyondLimit: ++counters_.locates_beyond_limit; break;
    case Outcome::Applied:
    case Outcome::NoEffect: break;
  }
  return outcome;
}

Change Books::unknown(const Event& event) noexcept {
  const bool has_book = event.locate < instruments_max_;
  return {event.locate, false, false,
          doubt(event.locate, has_book ? Outcome::UnknownOrder : Outcome::LocateBeyondLimit)};
}

Change Books::changed(const Event& event, Locate locate, Outcome outcome) noexcept {
  Instrument& instrument = instruments_[locate];
  instrument.top.exchange_ns = event.exchange_ns;
  return {locate, refresh_top(locate, instrument), false, outcome};
}

bool Books::refresh_top(Locate locate, Instrument& instrument) noexcept {
  static constexpr Level kNone{};
  const std::span<const Level> bids = ladders_.levels(instrument.bids);
  const std::span<const Level> asks = ladders_.levels(instrument.asks);
  const Level& bid = bids.empty() ? kNone : bids.back();
  const Level& ask = asks.empty() ? kNone : asks.back();
  const std::uint32_t bid_price_e4 = bid.rank;
  const std::uint32_t ask_price_e4 = asks.empty() ? 0 : rank_of(ask.rank, false);

  Top& top = instrument.top;
  const bool same = top.bid_quantity == bid.quantity && top.bid_price_e4 == bid_price_e4 &&
                    top.bid_orders == bid.orders && top.ask_quantity == ask.quantity &&
                    top.ask_price_e4 == ask_price_e4 && top.ask_orders == ask.orders;
  if (same) return false;
  const bool was_crossed = is_crossed(top);
  top.bid_quantity = bid.quantity;
  top.bid_price_e4 = bid_price_e4;
  top.bid_orders = bid.orders;
  top.ask_quantity = ask.quantity;
  top.ask_price_e4 = ask_price_e4;
  top.ask_orders = ask.orders;
  if (is_crossed(top) && !was_crossed && state(locate) == TradingState::Trading)
    ++counters_.crossed;
  return true;
}

}  // namespace ridley::book
