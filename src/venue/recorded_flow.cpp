// SPDX-License-Identifier: Apache-2.0
#include "venue/recorded_flow.hpp"

#include <sysexits.h>

#include <algorithm>
#include <map>

#include "base/error.hpp"
#include "event/market_event.hpp"

namespace ridley::venue {

using event::EventKind;
using event::MarketEvent;
using event::Side;

namespace {

bool is_of_order(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::ModifyOrder:
    case EventKind::ExecuteOrderLeaving:
    case EventKind::ClearBook: return true;
    default: return kind >= EventKind::AddOrder && kind <= EventKind::Trade;
  }
}

NewOrder order_at(std::uint16_t locate, Side side, std::uint32_t quantity,
                  std::uint32_t price_e4) noexcept {
  NewOrder order;
  order.locate = locate;
  order.side = side;
  order.quantity = quantity;
  order.price_e4 = price_e4;
  order.owner = {kParticipants, 0};
  return order;
}

Side other(Side side) noexcept { return side == Side::Buy ? Side::Sell : Side::Buy; }

}  // namespace

RecordedFlow::RecordedFlow(Exchange& exchange, const RecordedFlowSettings& settings)
    : exchange_{exchange}, events_{settings.file}, speed_{settings.speed} {
  read_next();
  if (!next_) {
    const std::vector<std::string> why = complaints();
    throw base::Error::with_exit(EX_DATAERR, settings.file, ": there is no order in it",
                                 why.empty() ? "" : ": ", why.empty() ? "" : why.front());
  }
  first_ns_ = newest_ns_ = next_->exchange_ns;
}

void RecordedFlow::begin(std::uint64_t ns) noexcept {
  begun_ns_ = ns;
  if (next_) next_ns_ = ns;
}

void RecordedFlow::act() {
  exchange_.at(next_ns_);
  const bool played = play(*next_);
  ++(played ? counts_.played : counts_.skipped);
  read_next();
  if (!next_) {
    next_ns_ = kNever;
    return;
  }
  newest_ns_ = std::max(newest_ns_, next_->exchange_ns);
  const auto passed = static_cast<double>(newest_ns_ - first_ns_) / speed_;
  next_ns_ = begun_ns_ + static_cast<std::uint64_t>(passed);
}

void RecordedFlow::read_next() {
  MarketEvent event;
  do {
    next_.reset();
    if (!events_.next(event)) return;
    next_ = event;
  } while (!is_of_order(event.kind));
}

bool RecordedFlow::play(const MarketEvent& event) {
  switch (event.kind) {
    case EventKind::AddOrder: return add(event);
    case EventKind::ExecuteOrder: return execute(event.execute.order_id, event.execute.quantity);
    case EventKind::ExecuteOrderAtPrice:
      // What is not printed is an order's part in a cross.
      return event.execute.printable == 0 ? reduce(event.execute.order_id, event.execute.quantity)
                                          : execute(event.execute.order_id, event.execute.quantity);
    case EventKind::ExecuteOrderLeaving:
      return execute(event.leaving.order_id, event.leaving.quantity);
    case EventKind::CancelOrder: return reduce(event.cancel.order_id, event.cancel.quantity);
    case EventKind::DeleteOrder: return reduce(event.remove.order_id, std::nullopt);
    case EventKind::ReplaceOrder: return replace(event.replace);
    case EventKind::ModifyOrder: return modify(event.modify);
    case EventKind::ClearBook: return clear(event.locate);
    case EventKind::Trade: return trade_hidden(event);
    default: return false;
  }
}

bool RecordedFlow::add(const MarketEvent& event) {
  const std::uint16_t locate = locate_of(event.locate);
  if (locate == 0 || !trades(locate) || event.add.quantity == 0) return false;
  const std::uint64_t rests =
      exchange_.enter(order_at(locate, event.side, event.add.quantity, event.add.price_e4));
  if (rests != 0) references_[event.add.order_id] = rests;
  return true;
}

// Whoever traded with it then does so now: with who is first here.
bool RecordedFlow::execute(std::uint64_t recorded, std::uint32_t quantity) {
  const std::optional<RestingOrder> order = live(recorded);
  if (!order || !trades(order->locate) || quantity == 0) return false;
  NewOrder taker = order_at(order->locate, other(order->side), quantity, order->price_e4);
  taker.immediate = true;
  (void)exchange_.enter(taker);
  (void)live(recorded);  // forgets it where it is gone
  return true;
}

bool RecordedFlow::reduce(std::uint64_t recorded, std::optional<std::uint32_t> quantity) {
  const std::optional<RestingOrder> order = live(recorded);
  if (!order) return false;
  const std::uint32_t taken = std::min(quantity.value_or(order->quantity), order->quantity);
  exchange_.reduce(order->reference, taken);
  if (taken == order->quantity) references_.erase(recorded);
  return true;
}

bool RecordedFlow::replace(const MarketEvent::ReplaceOrder& changed) {
  const std::optional<RestingOrder> order = live(changed.order_id);
  if (!order || changed.quantity == 0) return false;
  references_.erase(changed.order_id);
  const std::uint64_t rests = exchange_.replace(
      order->reference, order_at(order->locate, order->side, changed.quantity, changed.price_e4));
  if (rests != 0) references_[changed.new_order_id] = rests;
  return true;
}

// The order keeps its number, and its place where it only gets smaller.
bool RecordedFlow::modify(const MarketEvent::ModifyOrder& changed) {
  const std::optional<RestingOrder> order = live(changed.order_id);
  if (!order || changed.price_e4 == event::kPriceBeyond) return false;
  const bool stays = changed.price_e4 == order->price_e4 && changed.keeps_priority != 0 &&
                     changed.quantity <= order->quantity;
  if (!stays)
    return replace({changed.order_id, changed.quantity, changed.price_e4, changed.order_id});
  if (changed.quantity == order->quantity) return true;
  return reduce(changed.order_id, order->quantity - changed.quantity);
}

// Of that instrument, of all where it names none; oldest first, so that every run does the same.
bool RecordedFlow::clear(std::uint16_t recorded) {
  const std::uint16_t locate = recorded == event::kNoLocate ? 0 : locate_of(recorded);
  if (recorded != event::kNoLocate && locate == 0) return false;
  std::map<std::uint64_t, std::uint64_t> gone;
  for (const auto& [named, reference] : references_) {
    const std::optional<RestingOrder> order = exchange_.engine().find(reference);
    if (order && (locate == 0 || order->locate == locate)) gone.emplace(reference, named);
  }
  for (const auto& [reference, named] : gone) (void)reduce(named, std::nullopt);
  return true;
}

// A print against an order that nobody saw; where displayed orders stand in the way it cannot be
// made again.
bool RecordedFlow::trade_hidden(const MarketEvent& event) {
  const std::uint16_t locate = locate_of(event.locate);
  if (locate == 0 || !trades(locate) || event.trade.quantity == 0) return false;
  const std::uint32_t price_e4 = event.trade.price_e4;
  const std::uint32_t bid = exchange_.engine().best_e4(locate, Side::Buy);
  const std::uint32_t ask = exchange_.engine().best_e4(locate, Side::Sell);
  if (price_e4 <= bid || (ask != 0 && price_e4 >= ask)) return false;
  NewOrder hidden = order_at(locate, event.side, event.trade.quantity, price_e4);
  hidden.display = Display::Hidden;
  (void)exchange_.enter(hidden);
  NewOrder taker = order_at(locate, other(event.side), event.trade.quantity, price_e4);
  taker.immediate = true;
  (void)exchange_.enter(taker);
  return true;
}

std::uint16_t RecordedFlow::locate_of(std::uint16_t recorded) {
  std::uint16_t& locate = locates_[recorded];
  if (locate == 0 && instruments_ < exchange_.instruments().count()) locate = ++instruments_;
  return locate;
}

std::optional<RestingOrder> RecordedFlow::live(std::uint64_t recorded) {
  const auto found = references_.find(recorded);
  if (found == references_.end()) return std::nullopt;
  std::optional<RestingOrder> order = exchange_.engine().find(found->second);
  if (!order) references_.erase(found);
  return order;
}

bool RecordedFlow::trades(std::uint16_t locate) const noexcept {
  const TradingState state = exchange_.trading_state(locate);
  return state == TradingState::Trading || state == TradingState::Quoting;
}

}  // namespace ridley::venue
