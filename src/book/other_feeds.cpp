// SPDX-License-Identifier: Apache-2.0
// What feeds other than ITCH do to the books: orders that change under their id, price levels
// without orders, books that begin anew, and events of several messages.
#include <algorithm>

#include "book/books.hpp"
#include "event/market_event.hpp"

namespace ridley::book {

using event::EventKind;
using event::LevelAction;
using event::Side;

namespace {

// What may change a top, and the end of what did.
constexpr bool is_of_book(EventKind kind) noexcept {
  switch (kind) {
    case EventKind::AddOrder:
    case EventKind::ExecuteOrder:
    case EventKind::ExecuteOrderAtPrice:
    case EventKind::CancelOrder:
    case EventKind::DeleteOrder:
    case EventKind::ReplaceOrder:
    case EventKind::ModifyOrder:
    case EventKind::ExecuteOrderLeaving:
    case EventKind::PriceLevel:
    case EventKind::ClearBook:
    case EventKind::EventEnd: return true;
    default: return false;
  }
}

}  // namespace

Books::Packed Books::apply_beyond_itch(const Event& event) noexcept {
  switch (event.kind) {
    case EventKind::ModifyOrder: return modify(event);
    case EventKind::ExecuteOrderLeaving: return execute_leaving(event);
    case EventKind::PriceLevel: return set_level(event);
    case EventKind::ClearBook: return clear_book(event.locate);
    case EventKind::SnapshotBegin: return begin_snapshot(event);
    case EventKind::SnapshotEnd: return end_snapshot(event);
    case EventKind::Doubt: return believe_doubt(event);
    case EventKind::Definition: return define(event);
    default: return packed(event.locate, false, Outcome::NoEffect);
  }
}

Books::Packed Books::modify(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.modify.order_id);
  if (link == kNoNode) return unknown(event);
  const Order& order = nodes_[link].order;
  const Level& level = nodes_[order.place.level].level;
  const std::uint32_t side = level.owner.side;
  const bool same_price = rank_of(event.modify.price_e4, buys_of_side(side)) == level.rank;
  const Locate locate = locate_of_side(side);
  if (event.modify.price_e4 == event::kPriceBeyond) (void)doubt(locate, Outcome::Doubted);
  const std::uint8_t keeps = event.modify.keeps_priority;
  const bool grows = event.modify.quantity > order.quantity;
  const bool stays = keeps == event::kKeepsUnlessItGrows ? !grows : keeps != 0;
  if (!stays || !same_price || event.modify.quantity == 0)
    return succeed(link, event, event.modify.order_id);

  Instrument& instrument = instruments_[locate];
  instrument.exchange_ns = event.exchange_ns;
  const Outcome outcome = event.locate == locate ? Outcome::Applied : mismatch(locate, event);
  const bool top = order.place.level == instrument.ladders[side % 2].best &&
                   order.quantity != event.modify.quantity;
  resize_order(link, event.modify.quantity);
  return packed(locate, top, outcome);
}

// It stays where it is in its queue, with another quantity that is not 0.
void Books::resize_order(NodeIndex index, std::uint32_t quantity) noexcept {
  Order& order = nodes_[index].order;
  Level& level = nodes_[order.place.level].level;
  if (level.owner.followers != 0) {
    if (quantity < order.quantity)
      followers_.reduce(nodes_, index, order.quantity - quantity, false);
    else
      followers_.increase(nodes_, index, quantity - order.quantity);
  }
  level.quantity += quantity;
  level.quantity -= order.quantity;
  order.quantity = quantity;
}

// What is left is set, not reckoned. Price 0: the feed's did not fit.
Books::Packed Books::execute_leaving(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.leaving.order_id);
  if (link == kNoNode) return unknown(event);
  const Order& order = nodes_[link].order;
  const std::uint32_t side = nodes_[order.place.level].level.owner.side;
  const Locate locate = locate_of_side(side);
  Instrument& instrument = instruments_[locate];
  instrument.exchange_ns = event.exchange_ns;
  if (event.leaving.price_e4 != 0) instrument.last_price_e4 = event.leaving.price_e4;
  Outcome outcome = event.locate == locate ? Outcome::Applied : mismatch(locate, event);
  const std::uint64_t needed = std::uint64_t{event.leaving.quantity} + event.leaving.remaining;
  if (event.leaving.quantity == 0 || needed > order.quantity)
    outcome = doubt(locate, Outcome::Inconsistent);

  const bool top = order.place.level == instrument.ladders[side % 2].best;
  if (event.leaving.remaining == 0)
    drop_order(link);
  else
    resize_order(link, event.leaving.remaining);
  return packed(locate, top, outcome);
}

Books::Packed Books::set_level(const Event& event) noexcept {
  const Locate locate = event.locate;
  if (locate >= instruments_max_)
    return packed(locate, false, doubt(locate, Outcome::LocateBeyondLimit));
  instruments_[locate].exchange_ns = event.exchange_ns;
  const bool has_side = event.side == Side::Buy || event.side == Side::Sell;
  if (!has_side) return packed(locate, false, doubt(locate, Outcome::Inconsistent));
  return event.level.action == LevelAction::Set ? set_price(event) : set_position(event);
}

Books::Packed Books::set_price(const Event& event) noexcept {
  const Locate locate = event.locate;
  const bool buys = event.side == Side::Buy;
  const std::uint32_t side = side_of(locate, buys);
  const std::uint32_t rank = rank_of(event.level.price_e4, buys);
  const NodeIndex level = ladders_.find(ladder_of(side), rank);
  if (level != kNoNode) return reset_level(event, level);
  if (event.level.quantity == 0) return packed(locate, false, Outcome::NoEffect);
  return open_priced_level(event, side, rank);
}

// A level that has a place. It was empty before, perhaps, but never the best then.
Books::Packed Books::reset_level(const Event& event, NodeIndex index) noexcept {
  Node& node = nodes_[index];
  Level& level = node.level;
  const Locate locate = event.locate;
  // Orders are told one by one or as a sum, not both.
  if (node.behind != index) return packed(locate, false, doubt(locate, Outcome::Inconsistent));
  const std::uint64_t quantity = event.level.quantity;
  const std::uint32_t orders = quantity == 0 ? 0 : std::max(event.level.orders, 1U);
  if (level.quantity == quantity && level.orders == orders)
    return packed(locate, false, Outcome::NoEffect);
  Ladder& ladder = ladder_of(level.owner.side);
  const bool top = ladder.best == index;
  level.quantity = quantity;
  level.orders = orders;
  if (orders == 0 && top) ladders_.drop_best(ladder, nodes_);
  return packed(locate, top, Outcome::Applied);
}

Books::Packed Books::open_priced_level(const Event& event, std::uint32_t side,
                                       std::uint32_t rank) noexcept {
  const Locate locate = event.locate;
  Ladder& ladder = ladder_of(side);
  if (Ladders::is_full(ladder) && !ladders_.make_place(ladder, nodes_))
    return packed(locate, false, doubt(locate, Outcome::OutOfMemory));
  const NodeIndex index = nodes_.take_level();
  if (index == kNoNode) return packed(locate, false, doubt(locate, Outcome::OutOfMemory));
  Node& node = nodes_[index];
  node.ahead = index;
  node.behind = index;
  node.level = {.quantity = event.level.quantity,
                .orders = std::max(event.level.orders, 1U),
                .rank = rank,
                .owner = {.side = side, .followers = 0}};
  const std::uint64_t reach_before = reach(nodes_[ladder.best].level);
  ladders_.insert(ladder, ladders_.find_place(ladder, rank), rank, index);
  const bool top = ladder.best == index;
  const Level& opposite = nodes_[instruments_[locate].ladders[(side % 2) ^ 1].best].level;
  const bool whole = (event.flags & event::kIncomplete) == 0 && !references_[locate].in_event;
  if (top && whole && meet(rank, opposite)) note_crossing(locate, reach_before, opposite);
  return packed(locate, top, Outcome::Applied);
}

bool Books::crossed(Locate locate) const noexcept {
  const Instrument& instrument = instruments_[locate];
  const Level& bid = nodes_[instrument.ladders[0].best].level;
  return bid.orders != 0 && meet(bid.rank, nodes_[instrument.ladders[1].best].level);
}

Change Books::apply_in_event(const Event& event) noexcept {
  Change change = apply(event);
  // Prints and states come whenever they like.
  if (change.locate >= instruments_max_ || !is_of_book(event.kind)) return change;
  Reference& reference = references_[change.locate];
  if ((event.flags & event::kIncomplete) != 0) {
    reference.in_event = true;
    reference.top_waits |= change.top;
    change.top = false;
    return change;
  }
  if (!reference.in_event) return change;
  reference.in_event = false;
  change.top |= reference.top_waits;
  reference.top_waits = false;
  if (crossed(change.locate) && state(change.locate) == TradingState::Trading) ++counters_.crossed;
  return change;
}

// Locate 0: of every instrument. What is known of the instruments stays.
Books::Packed Books::clear_book(Locate locate) noexcept {
  if (locate >= instruments_max_)
    return packed(locate, false, doubt(locate, Outcome::LocateBeyondLimit));
  if (locate == 0) {
    nodes_.clear();
    orders_.clear();
    ladders_.clear();
    followers_.clear();
    for (Instrument& instrument : instruments_) instrument.ladders = {};
    return packed_state(0);
  }
  bool had_levels = false;
  for (Ladder& ladder : instruments_[locate].ladders) had_levels |= empty_side(ladder);
  return packed(locate, had_levels, Outcome::Applied);
}

// From the best level on, order by order; ends with the last of them. True when there was one.
bool Books::empty_side(Ladder& ladder) noexcept {
  const bool had_levels = ladder.best != kNoNode;
  while (ladder.best != kNoNode) {
    Node& best = nodes_[ladder.best];
    if (best.behind != ladder.best) {
      drop_order(orders_.link_to(nodes_, nodes_[best.behind].order.id));
    } else {
      best.level.quantity = 0;
      best.level.orders = 0;
      ladders_.drop_best(ladder, nodes_);
    }
  }
  return had_levels;
}

Books::Packed Books::begin_snapshot(const Event& event) noexcept {
  const Packed cleared = clear_book(event.locate);
  if (event.locate < instruments_max_) references_[event.locate].stale = true;
  return cleared;
}

Books::Packed Books::end_snapshot(const Event& event) noexcept {
  if (event.locate >= instruments_max_)
    return packed(event.locate, false, doubt(event.locate, Outcome::LocateBeyondLimit));
  references_[event.locate].stale = false;
  return packed_state(event.locate);
}

Books::Packed Books::believe_doubt(const Event& event) noexcept {
  if (event.locate == 0) {
    ++counters_.doubts;
    mark_all_stale();
    return packed_state(0);
  }
  return packed(event.locate, false, doubt(event.locate, Outcome::Doubted));
}

}  // namespace ridley::book
