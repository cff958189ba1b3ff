// SPDX-License-Identifier: Apache-2.0
// Orders: what every add, execution, cancel and replace does to the books.
#include "book/books.hpp"

#include "event/market_event.hpp"

namespace ridley::book {

using event::EventKind;
using event::Side;

Books::Packed Books::apply_other(const Event& event) noexcept {
  switch (event.kind) {
    case EventKind::ReplaceOrder: return replace(event);
    case EventKind::ExecuteOrder:
    case EventKind::ExecuteOrderAtPrice: return execute(event);
    case EventKind::CancelOrder: return cancel(event);
    case EventKind::Trade:
      return print(event.locate, event.exchange_ns, event.trade.price_e4, event.trade.quantity);
    case EventKind::CrossTrade:
      return print(event.locate, event.exchange_ns, event.cross.price_e4, event.cross.quantity);
    default: break;
  }
  return event.kind <= EventKind::PriceDiscovery ? apply_reference(event)
                                                 : apply_beyond_itch(event);
}

// What needs more than a few steps goes elsewhere, so that registers are all this needs.
Books::Packed Books::add_at_new_level(const Event& event, NodeIndex order, Ladder& ladder,
                                      Ladders::Place place, std::uint32_t rank) noexcept {
  if (ladders_.is_deep(ladder, place)) [[unlikely]]
    return add_deep(event, order, ladder, rank);
  if (Ladders::is_full(ladder) | !nodes_.has_level()) [[unlikely]]
    return add_elsewhere(event, order);
  const std::uint32_t sells = static_cast<std::uint32_t>(event.side) & 1;
  const Ladder& opposite = instruments_[event.locate].ladders[sells ^ 1];
  if (meet(rank, nodes_[opposite.best].level)) [[unlikely]]
    return add_elsewhere(event, order);
  const NodeIndex level = nodes_.take_level_at_once();
  open_level(level, event.locate * 2U + sells, rank, event.add.order_id, event.add.quantity, order);
  ladders_.insert_near(ladder, place, rank, level);
  return packed(event.locate, level == ladder.best, Outcome::Applied);
}

// Behind the best ones, so it neither is the best nor meets the other side.
Books::Packed Books::add_deep(const Event& event, NodeIndex order, Ladder& ladder,
                              std::uint32_t rank) noexcept {
  const Ladders::Place place = ladders_.deep_place_of(ladder, rank);
  const NodeIndex found = Ladders::level_at(ladder, place, rank);
  if (found != kNoNode) {
    enqueue(event.add.order_id, event.add.quantity, found, order);
    return packed(event.locate, false, Outcome::Applied);
  }
  if (Ladders::is_full(ladder)) [[unlikely]]
    return add_elsewhere(event, order);
  const std::uint32_t sells = static_cast<std::uint32_t>(event.side) & 1;
  const NodeIndex level = nodes_.take_level();
  open_level(level, event.locate * 2U + sells, rank, event.add.order_id, event.add.quantity, order);
  ladders_.insert(ladder, place, rank, level);
  return packed(event.locate, false, Outcome::Applied);
}

// At any level, new or not.
Books::Packed Books::add_elsewhere(const Event& event, NodeIndex order) noexcept {
  const Instrument& instrument = instruments_[event.locate];
  const unsigned sells = static_cast<unsigned>(event.side) & 1;
  const std::uint32_t rank = rank_of(event.add.price_e4, sells == 0);
  const Ladder& ladder = instrument.ladders[sells];
  const std::uint64_t reach_before = reach(nodes_[ladder.best].level);
  const NodeIndex level =
      join_level(event.locate * 2U + sells, rank, event.add.order_id, event.add.quantity, order);
  if (level == kNoNode)
    return packed(event.locate, false, doubt(event.locate, Outcome::OutOfMemory));
  const Level& opposite = nodes_[instrument.ladders[sells ^ 1].best].level;
  const bool top = level == ladder.best;
  if (top && meet(rank, opposite)) note_crossing(event.locate, reach_before, opposite);
  return packed(event.locate, top, Outcome::Applied);
}

// With followers, of another instrument than the message says, or not the first of its bucket.
Books::Packed Books::remove_with_care(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.remove.order_id);
  if (link == kNoNode) return unknown(event);
  const NodeIndex level = nodes_[link].order.place.level;
  const std::uint32_t side = nodes_[level].level.owner.side;
  const Locate locate = locate_of_side(side);
  const Outcome outcome = event.locate == locate ? Outcome::Applied : mismatch(locate, event);
  instruments_[locate].exchange_ns = event.exchange_ns;
  const bool top = level == ladder_of(side).best;
  take_out(link);
  return packed(locate, top, outcome);
}

Books::Packed Books::execute(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.execute.order_id);
  if (link == kNoNode) return unknown(event);
  const Level& level = nodes_[nodes_[link].order.place.level].level;
  const bool at_own_price = event.kind == EventKind::ExecuteOrder;
  // A part that a cross reports later as one volume is not printable here.
  if (event.execute.quantity != 0 && (at_own_price || event.execute.printable != 0)) {
    instruments_[locate_of_side(level.owner.side)].last_price_e4 =
        at_own_price ? rank_of(level.rank, buys_of_side(level.owner.side)) : event.execute.price_e4;
  }
  return reduce(link, event, event.execute.quantity);
}

Books::Packed Books::cancel(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.cancel.order_id);
  if (link == kNoNode) return unknown(event);
  return reduce(link, event, event.cancel.quantity);
}

Books::Packed Books::reduce(NodeIndex& link, const Event& event, std::uint32_t quantity) noexcept {
  Order& order = nodes_[link].order;
  Level& level = nodes_[order.place.level].level;
  const Locate locate = locate_of_side(level.owner.side);
  Instrument& instrument = instruments_[locate];
  instrument.exchange_ns = event.exchange_ns;
  Outcome outcome = event.locate == locate ? Outcome::Applied : mismatch(locate, event);
  if (quantity == 0) return packed(locate, false, doubt(locate, Outcome::Inconsistent));
  if (quantity > order.quantity) outcome = doubt(locate, Outcome::Inconsistent);

  const bool top = order.place.level == instrument.ladders[level.owner.side % 2].best;
  if (quantity >= order.quantity) {
    take_out(link);
    return packed(locate, top, outcome);
  }
  if (level.owner.followers != 0) followers_.reduce(nodes_, link, quantity, false);
  order.quantity -= quantity;
  level.quantity -= quantity;
  return packed(locate, top, outcome);
}

Books::Packed Books::replace(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.replace.order_id);
  if (link == kNoNode) return unknown(event);
  return succeed(link, event, event.replace.new_order_id);
}

// An order ends and another one begins behind all that rest at its price. Quantity and price are
// where a replacement has them.
Books::Packed Books::succeed(NodeIndex& link, const Event& event, std::uint64_t new_id) noexcept {
  const Order& order = nodes_[link].order;
  const Level& level = nodes_[order.place.level].level;
  const std::uint32_t side = level.owner.side;
  const Locate locate = locate_of_side(side);
  Instrument& instrument = instruments_[locate];
  instrument.exchange_ns = event.exchange_ns;
  const Outcome outcome = event.locate == locate ? Outcome::Applied : mismatch(locate, event);
  const Ladder& ladder = instrument.ladders[side % 2];
  const std::uint64_t reach_before = reach(nodes_[ladder.best].level);
  const bool was_best = ladder.best == order.place.level;
  const std::uint32_t rank = rank_of(event.replace.price_e4, buys_of_side(side));
  const bool same = (rank == level.rank) & (event.replace.quantity == order.quantity);
  take_out(link);

  const Inserted inserted = insert(new_id, event.replace.quantity, side, rank);
  if (inserted.outcome != Outcome::Applied) [[unlikely]]
    return packed(locate, was_best, inserted.outcome);
  const bool is_best = inserted.level == ladder.best;
  const Level& opposite = nodes_[instrument.ladders[(side % 2) ^ 1].best].level;
  if (is_best & meet(rank, opposite)) [[unlikely]]
    note_crossing(locate, reach_before, opposite);
  return packed(locate, (was_best | is_best) & !same, outcome);
}

Books::Packed Books::print(Locate locate, std::uint64_t exchange_ns, std::uint32_t price_e4,
                           std::uint64_t quantity) noexcept {
  if (locate >= instruments_max_)
    return packed(locate, false, doubt(locate, Outcome::LocateBeyondLimit));
  Instrument& instrument = instruments_[locate];
  instrument.exchange_ns = exchange_ns;
  // A cross without volume is announced with a price that nobody paid.
  if (quantity != 0) instrument.last_price_e4 = price_e4;
  return packed(locate, false, Outcome::Applied);
}

inline Books::Inserted Books::insert(std::uint64_t id, std::uint32_t quantity, std::uint32_t side,
                                     std::uint32_t rank) noexcept {
  const Locate locate = locate_of_side(side);
  if (quantity == 0) return {kNoNode, doubt(locate, Outcome::Inconsistent)};
  NodeIndex& link = orders_.link_to(nodes_, id);
  if (link != kNoNode) [[unlikely]]
    return {kNoNode, duplicate(link, locate)};
  const NodeIndex order = nodes_.take_order();
  if (order == kNoNode) [[unlikely]]
    return {kNoNode, doubt(locate, Outcome::OutOfMemory)};
  link = order;
  const NodeIndex level = join_level(side, rank, id, quantity, order);
  return {level, level == kNoNode ? doubt(locate, Outcome::OutOfMemory) : Outcome::Applied};
}

// An order comes to the level of that rank, be there one or not. kNoNode when there is no memory
// for another; the order's node is free again then.
inline NodeIndex Books::join_level(std::uint32_t side, std::uint32_t rank, std::uint64_t id,
                                   std::uint32_t quantity, NodeIndex order) noexcept {
  const Ladder& ladder = ladder_of(side);
  const NodeIndex level = Ladders::level_at(ladder, ladders_.near_place_of(ladder, rank), rank);
  if (level == kNoNode) return join_deep_or_new_level(side, rank, id, quantity, order);
  enqueue(id, quantity, level, order);
  return level;
}

NodeIndex Books::join_deep_or_new_level(std::uint32_t side, std::uint32_t rank, std::uint64_t id,
                                        std::uint32_t quantity, NodeIndex order) noexcept {
  Ladder& ladder = ladder_of(side);
  Ladders::Place place = ladders_.find_place(ladder, rank);
  const NodeIndex found = Ladders::level_at(ladder, place, rank);
  if (found != kNoNode) {
    enqueue(id, quantity, found, order);
    return found;
  }
  if (Ladders::is_full(ladder)) {
    if (!ladders_.make_place(ladder, nodes_)) {
      forget(id, order);
      return kNoNode;
    }
    place = ladders_.find_place(ladder, rank);
  }
  const NodeIndex level = nodes_.take_level();
  open_level(level, side, rank, id, quantity, order);
  ladders_.insert(ladder, place, rank, level);
  return level;
}

inline void Books::take_out(NodeIndex& link) noexcept {
  const NodeIndex index = link;
  const Order& order = nodes_[index].order;
  const NodeIndex level_index = order.place.level;
  const Level& level = nodes_[level_index].level;
  if (level.owner.followers != 0) [[unlikely]]
    followers_.reduce(nodes_, index, order.quantity, true);
  const std::uint32_t orders_left = unlink(index);
  link = order.place.next_in_bucket;
  nodes_.give_back_order(index);
  if (orders_left != 0) return;
  Ladder& ladder = ladder_of(level.owner.side);
  if (ladder.best == level_index) ladders_.drop_best(ladder, nodes_);
}

void Books::drop_order(NodeIndex& link) noexcept { take_out(link); }

// An order that has no level yet does not get one.
void Books::forget(std::uint64_t id, NodeIndex order) noexcept {
  nodes_[order].order.id = id;
  nodes_[order].order.place = {};
  orders_.link_to(nodes_, id) = kNoNode;
  nodes_.give_back_order(order);
}

// A level and its first order. It has no place in the ladder yet.
inline void Books::open_level(NodeIndex level, std::uint32_t side, std::uint32_t rank,
                              std::uint64_t id, std::uint32_t quantity, NodeIndex order) noexcept {
  Node& head = nodes_[level];
  head.ahead = order;
  head.behind = order;
  head.level = {
      .quantity = quantity, .orders = 1, .rank = rank, .owner = {.side = side, .followers = 0}};
  make_order(order, id, quantity, level, level);
}

// A new best level reaches the other side; the best one before it may have done so already.
void Books::note_crossing(Locate locate, std::uint64_t reach_before,
                          const Level& opposite) noexcept {
  const bool was_crossed = reach_before > ~opposite.rank;
  if (!was_crossed && state(locate) == TradingState::Trading) ++counters_.crossed;
}

Outcome Books::duplicate(NodeIndex older, Locate locate) noexcept {
  const Level& level = nodes_[nodes_[older].order.place.level].level;
  references_[locate_of_side(level.owner.side)].stale = true;
  return doubt(locate, Outcome::DuplicateOrder);
}

Outcome Books::mismatch(Locate locate, const Event& event) noexcept {
  // The feed names no instrument but in the order's first message.
  if ((event.flags & event::kByOrder) != 0) return Outcome::Applied;
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
    case Outcome::Doubted: ++counters_.doubts; break;
    case Outcome::Applied:
    case Outcome::NoEffect: break;
  }
  return outcome;
}

// An order that no book can hold, and why.
Books::Packed Books::refuse(const Event& event) noexcept {
  const Locate locate = event.locate;
  if (locate >= instruments_max_)
    return packed(locate, false, doubt(locate, Outcome::LocateBeyondLimit));
  instruments_[locate].exchange_ns = event.exchange_ns;
  const bool has_side = event.side == Side::Buy || event.side == Side::Sell;
  if (!has_side || event.add.quantity == 0)
    return packed(locate, false, doubt(locate, Outcome::Inconsistent));
  const NodeIndex older = orders_.find(nodes_, event.add.order_id);
  if (older != kNoNode) return packed(locate, false, duplicate(older, locate));
  return packed(locate, false, doubt(locate, Outcome::OutOfMemory));
}

Books::Packed Books::unknown(const Event& event) noexcept {
  // Nobody can say whose order it was; after a known loss that is no news.
  if ((event.flags & (event::kByOrder | event::kAfterLoss)) == event::kByOrder) mark_all_stale();
  const bool has_book = event.locate < instruments_max_;
  return packed(event.locate, false,
                doubt(event.locate, has_book ? Outcome::UnknownOrder : Outcome::LocateBeyondLimit));
}

}  // namespace ridley::book
