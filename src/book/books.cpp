// SPDX-License-Identifier: Apache-2.0
// Orders: what every add, execution, cancel and replace does to the books.
#include "book/books.hpp"

namespace ridley::book {

using event::EventKind;
using event::Side;

Change Books::apply_other(const Event& event) noexcept {
  switch (event.kind) {
    case EventKind::ReplaceOrder: return replace(event);
    case EventKind::ExecuteOrder:
    case EventKind::ExecuteOrderAtPrice: return execute(event);
    case EventKind::CancelOrder: return cancel(event);
    case EventKind::Trade:
      return print(event.locate, event.exchange_ns, event.trade.price_e4, event.trade.quantity);
    case EventKind::CrossTrade:
      return print(event.locate, event.exchange_ns, event.cross.price_e4, event.cross.quantity);
    default: return apply_reference(event);
  }
}

// What needs more than a few steps goes elsewhere, so that registers are all this needs.
Change Books::add_at_new_level(const Event& event, Ladder& ladder, Ladders::Place place,
                               std::uint32_t rank) noexcept {
  if (ladders_.is_deep(ladder, place) | Ladders::is_full(ladder)) [[unlikely]]
    return add_elsewhere(event);
  Instrument& instrument = instruments_[event.locate];
  const std::uint32_t sells = static_cast<std::uint32_t>(event.side) & 1;
  const Level& opposite = nodes_[instrument.ladders[sells ^ 1].best].level;
  if (meet(rank, opposite)) [[unlikely]]
    return add_elsewhere(event);
  NodeIndex& link = orders_.link_to(nodes_, event.add.order_id);
  if ((link != kNoNode) | orders_.full()) [[unlikely]]
    return refuse(event);
  instrument.exchange_ns = event.exchange_ns;
  const NodeIndex level =
      open_level(event.add.order_id, event.add.quantity, rank, event.locate * 2U + sells, link);
  ladders_.insert_near(ladder, place, rank, level);
  return applied(event.locate, level == ladder.best);
}

// At any level, new or not.
Change Books::add_elsewhere(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.add.order_id);
  if (link != kNoNode || orders_.full()) return refuse(event);
  Instrument& instrument = instruments_[event.locate];
  instrument.exchange_ns = event.exchange_ns;
  const unsigned sells = static_cast<unsigned>(event.side) & 1;
  const std::uint32_t rank = event.add.price_e4 ^ (0 - sells);
  const Ladder& ladder = instrument.ladders[sells];
  const Level before = nodes_[ladder.best].level;
  const NodeIndex level =
      queue(event.add.order_id, event.add.quantity, event.locate * 2U + sells, rank, link);
  if (level == kNoNode)
    return {event.locate, false, false, doubt(event.locate, Outcome::OutOfMemory)};
  const Level& opposite = nodes_[instrument.ladders[sells ^ 1].best].level;
  const bool top = level == ladder.best;
  if (top && meet(rank, opposite)) note_crossing(event.locate, before, opposite);
  return applied(event.locate, top);
}

Change Books::remove_with_level(Locate locate, NodeIndex& link) noexcept {
  take_out(link);
  return applied(locate, true);
}

// Of another instrument than it says, or with followers.
Change Books::remove_with_care(const Event& event, NodeIndex& link) noexcept {
  const NodeIndex level = nodes_[link].order.level;
  const std::uint32_t side = nodes_[level].level.owner.side;
  const Locate locate = locate_of_side(side);
  const Outcome outcome = event.locate == locate ? Outcome::Applied : mismatch(locate, event);
  instruments_[locate].exchange_ns = event.exchange_ns;
  const bool top = level == ladder_of(side).best;
  take_out(link);
  return {locate, top, false, outcome};
}

Change Books::execute(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.execute.order_id);
  if (link == kNoNode) return unknown(event);
  const Level& level = nodes_[nodes_[link].order.level].level;
  const bool at_own_price = event.kind == EventKind::ExecuteOrder;
  // A part that a cross reports later as one volume is not printable here.
  if (event.execute.quantity != 0 && (at_own_price || event.execute.printable != 0)) {
    instruments_[locate_of_side(level.owner.side)].last_price_e4 =
        at_own_price ? rank_of(level.rank, buys_of_side(level.owner.side)) : event.execute.price_e4;
  }
  return reduce(link, event, event.execute.quantity);
}

Change Books::cancel(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.cancel.order_id);
  if (link == kNoNode) return unknown(event);
  return reduce(link, event, event.cancel.quantity);
}

Change Books::reduce(NodeIndex& link, const Event& event, std::uint32_t quantity) noexcept {
  Order& order = nodes_[link].order;
  Level& level = nodes_[order.level].level;
  const Locate locate = locate_of_side(level.owner.side);
  Instrument& instrument = instruments_[locate];
  instrument.exchange_ns = event.exchange_ns;
  Outcome outcome = event.locate == locate ? Outcome::Applied : mismatch(locate, event);
  if (quantity == 0) return {locate, false, false, doubt(locate, Outcome::Inconsistent)};
  if (quantity > order.quantity) outcome = doubt(locate, Outcome::Inconsistent);

  const bool top = order.level == instrument.ladders[level.owner.side % 2].best;
  if (quantity >= order.quantity) {
    take_out(link);
    return {locate, top, false, outcome};
  }
  if (level.owner.followers != 0) followers_.reduce(nodes_, link, quantity, false);
  order.quantity -= quantity;
  level.quantity -= quantity;
  return {locate, top, false, outcome};
}

Change Books::replace(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.replace.order_id);
  if (link == kNoNode) return unknown(event);
  const Order& order = nodes_[link].order;
  const Level& level = nodes_[order.level].level;
  const std::uint32_t side = level.owner.side;
  const Locate locate = locate_of_side(side);
  Instrument& instrument = instruments_[locate];
  instrument.exchange_ns = event.exchange_ns;
  const Outcome outcome = event.locate == locate ? Outcome::Applied : mismatch(locate, event);
  Ladder& ladder = instrument.ladders[side % 2];
  const Level before = nodes_[ladder.best].level;
  const bool was_best = ladder.best == order.level;
  const std::uint32_t rank = rank_of(event.replace.price_e4, buys_of_side(side));
  const bool same = rank == level.rank && event.replace.quantity == order.quantity;
  take_out(link);

  const Inserted inserted = insert(event.replace.new_order_id, event.replace.quantity, side, rank);
  if (inserted.outcome != Outcome::Applied) return {locate, was_best, false, inserted.outcome};
  const bool is_best = inserted.level == ladder.best;
  const Level& opposite = nodes_[instrument.ladders[(side % 2) ^ 1].best].level;
  if (is_best && meet(rank, opposite)) [[unlikely]]
    note_crossing(locate, before, opposite);
  return {locate, (was_best || is_best) && !same, false, outcome};
}

Change Books::print(Locate locate, std::uint64_t exchange_ns, std::uint32_t price_e4,
                    std::uint64_t quantity) noexcept {
  if (locate >= instruments_max_)
    return {locate, false, false, doubt(locate, Outcome::LocateBeyondLimit)};
  Instrument& instrument = instruments_[locate];
  instrument.exchange_ns = exchange_ns;
  // A cross without volume is announced with a price that nobody paid.
  if (quantity != 0) instrument.last_price_e4 = price_e4;
  return {locate, false, false, Outcome::Applied};
}

Books::Inserted Books::insert(std::uint64_t id, std::uint32_t quantity, std::uint32_t side,
                              std::uint32_t rank) noexcept {
  const Locate locate = locate_of_side(side);
  if (quantity == 0) return {kNoNode, doubt(locate, Outcome::Inconsistent)};
  NodeIndex& link = orders_.link_to(nodes_, id);
  if (link != kNoNode) return {kNoNode, duplicate(link, locate)};
  if (orders_.full()) return {kNoNode, doubt(locate, Outcome::OutOfMemory)};
  const NodeIndex level = queue(id, quantity, side, rank, link);
  return {level, level == kNoNode ? doubt(locate, Outcome::OutOfMemory) : Outcome::Applied};
}

// At the level of that rank, be there one or not. kNoNode when there is no memory for another.
NodeIndex Books::queue(std::uint64_t id, std::uint32_t quantity, std::uint32_t side,
                       std::uint32_t rank, NodeIndex& link) noexcept {
  Ladder& ladder = ladder_of(side);
  Ladders::Place place = ladders_.find_place(ladder, rank);
  if (ladders_.holds(ladder, place, rank)) {
    const NodeIndex level = Ladders::level_at(ladder, place);
    enqueue(id, quantity, level, link);
    return level;
  }
  if (Ladders::is_full(ladder)) {
    if (!ladders_.make_place(ladder, nodes_)) return kNoNode;
    place = ladders_.find_place(ladder, rank);
  }
  const NodeIndex level = open_level(id, quantity, rank, side, link);
  ladders_.insert(ladder, place, rank, level);
  return level;
}

void Books::take_out(NodeIndex& link) noexcept {
  const Order& order = nodes_[link].order;
  const NodeIndex level_index = order.level;
  const Level& level = nodes_[level_index].level;
  if (level.owner.followers != 0) [[unlikely]]
    followers_.reduce(nodes_, link, order.quantity, true);
  unlink(link);
  if (level.orders != 0) return;
  Ladder& ladder = ladder_of(level.owner.side);
  if (ladder.best == level_index) ladders_.drop_best(ladder, nodes_);
}

// A level with its first order. It has no place in the ladder yet.
inline NodeIndex Books::open_level(std::uint64_t id, std::uint32_t quantity, std::uint32_t rank,
                                   std::uint32_t side, NodeIndex& link) noexcept {
  const NodeIndex level = nodes_.take();
  const NodeIndex index = nodes_.take();
  Node& node = nodes_[index];
  node.ahead = level;
  node.behind = level;
  node.order = {.id = id,
                .quantity = quantity,
                .level = level,
                .next_in_bucket = kNoNode,
                .number = kUnnumbered};
  Node& head = nodes_[level];
  head.ahead = index;
  head.behind = index;
  head.level = {
      .quantity = quantity, .orders = 1, .rank = rank, .owner = {.side = side, .followers = 0}};
  orders_.insert(link, index);
  return level;
}

// A new best level reaches the other side; the best one before it may have done so already.
void Books::note_crossing(Locate locate, const Level& before, const Level& opposite) noexcept {
  const bool was_crossed = before.orders != 0 && meet(before.rank, opposite);
  if (!was_crossed && state(locate) == TradingState::Trading) ++counters_.crossed;
}

Outcome Books::duplicate(NodeIndex older, Locate locate) noexcept {
  const Level& level = nodes_[nodes_[older].order.level].level;
  references_[locate_of_side(level.owner.side)].stale = true;
  return doubt(locate, Outcome::DuplicateOrder);
}

Outcome Books::mismatch(Locate locate, const Event& event) noexcept {
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

// An order that no book can hold, and why.
Change Books::refuse(const Event& event) noexcept {
  const Locate locate = event.locate;
  if (locate >= instruments_max_)
    return {locate, false, false, doubt(locate, Outcome::LocateBeyondLimit)};
  instruments_[locate].exchange_ns = event.exchange_ns;
  const bool has_side = event.side == Side::Buy || event.side == Side::Sell;
  if (!has_side || event.add.quantity == 0)
    return {locate, false, false, doubt(locate, Outcome::Inconsistent)};
  const NodeIndex older = orders_.find(nodes_, event.add.order_id);
  if (older != kNoNode) return {locate, false, false, duplicate(older, locate)};
  return {locate, false, false, doubt(locate, Outcome::OutOfMemory)};
}

Change Books::unknown(const Event& event) noexcept {
  const bool has_book = event.locate < instruments_max_;
  return {event.locate, false, false,
          doubt(event.locate, has_book ? Outcome::UnknownOrder : Outcome::LocateBeyondLimit)};
}

}  // namespace ridley::book
