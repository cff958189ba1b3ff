// SPDX-License-Identifier: Apache-2.0
#include "venue/matching_engine.hpp"

#include <algorithm>
#include <utility>

namespace ridley::venue {

using book::kNoNode;
using book::Ladder;
using book::Ladders;
using book::Level;
using book::Node;
using book::NodeIndex;
using book::rank_of;
using event::Side;

namespace {

// A level's owner, as book/node_pool.hpp has it: which ladder of which book.
constexpr std::uint32_t kLaddersABook = 4;

constexpr std::uint32_t ladder_id(std::uint16_t locate, unsigned place) noexcept {
  return locate * kLaddersABook + place;
}

}  // namespace

Submission MatchingEngine::submit(const NewOrder& order) noexcept {
  fill_count_ = 0;
  prevention_count_ = 0;
  Submission result;
  result.reference = next_reference_++;
  Book& book = books_[order.locate];
  const unsigned contra = sells(order.side) ^ 1;
  const std::uint32_t reach = rank_of(order.price_e4, contra == 0);
  std::uint32_t left = order.quantity;

  // Node 0 has rank 0, which reaches nobody's price.
  if (best_rank(book, contra) >= reach && !order.quoting) {
    if (order.post_only) {
      result.ending = Ending::PostOnly;
      result.open_quantity = left;
      result.contra_displayed = nodes_[book.ladders[contra].best].level.rank >= reach;
      return result;
    }
    if (order.group != 0 || order.minimum_quantity != 0 || minimums_ != 0) [[unlikely]] {
      match_with_care(order, reach, result);
      left = result.open_quantity;
    } else {
      left = match(book, contra, reach, left);
      result.executed_quantity = order.quantity - left;
    }
    next_match_ += fill_count_;
    result.fills = {fills_.get(), fill_count_};
  }
  result.open_quantity = left;
  if (left == 0) {
    result.ending = Ending::Filled;
  } else if (result.ending == Ending::SelfMatch) {
    return result;
  } else if (order.immediate) {
    result.ending = Ending::Expired;
  } else if (!rest(order, result.reference, left)) [[unlikely]] {
    result.ending = Ending::Full;
    ++refused_;
  }
  return result;
}

Submission MatchingEngine::replace(std::uint64_t original_reference,
                                   const NewOrder& order) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, original_reference);
  if (link != kNoNode) take_out(link);
  return submit(order);
}

Reduction MatchingEngine::reduce(std::uint64_t reference, std::uint32_t quantity) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, reference);
  if (link == kNoNode) return {};
  book::Order& order = nodes_[link].order;
  Level& level = nodes_[order.place.level].level;
  const std::uint32_t ladder = level.owner.side;
  Reduction result{.quantity = std::min(quantity, order.quantity),
                   .open_quantity = order.quantity,
                   .locate = static_cast<std::uint16_t>(ladder / kLaddersABook),
                   .displayed = (ladder & kHidden) == 0};
  result.open_quantity -= result.quantity;
  if (result.open_quantity == 0) {
    take_out(link);
    return result;
  }
  order.quantity -= quantity;
  level.quantity -= quantity;
  return result;
}

void MatchingEngine::rename(std::uint64_t reference, std::uint32_t number) noexcept {
  terms(orders_.find(nodes_, reference)).owner.number = number;
}

std::optional<RestingOrder> MatchingEngine::find(std::uint64_t reference) const noexcept {
  const NodeIndex index = orders_.find(nodes_, reference);
  if (index == kNoNode) return std::nullopt;
  return resting(index);
}

MatchingEngine::Best MatchingEngine::displayed_best(std::uint16_t locate,
                                                    Side side) const noexcept {
  const Level& level = nodes_[books_[locate].ladders[sells(side)].best].level;
  if (level.orders == 0) return {};
  return {rank_of(level.rank, side == Side::Buy), level.orders, level.quantity};
}

std::uint32_t MatchingEngine::best_e4(std::uint16_t locate, Side side) const noexcept {
  const std::uint32_t rank = best_rank(books_[locate], sells(side));
  return rank == 0 ? 0 : rank_of(rank, side == Side::Buy);
}

RestingOrder MatchingEngine::resting(NodeIndex index) const noexcept {
  const book::Order& order = nodes_[index].order;
  const Level& level = nodes_[order.place.level].level;
  const bool buys = (level.owner.side & 1) == 0;
  const Terms& own = terms(index);
  return {.reference = order.id,
          .quantity = order.quantity,
          .price_e4 = rank_of(level.rank, buys),
          .owner = own.owner,
          .locate = static_cast<std::uint16_t>(level.owner.side / kLaddersABook),
          .side = buys ? Side::Buy : Side::Sell,
          .display = own.display};
}

// What is left of the wanted quantity. Ends: each round fills the order or drops a level.
inline std::uint32_t MatchingEngine::match(Book& book, unsigned contra, std::uint32_t reach,
                                           std::uint32_t wanted) noexcept {
  while (wanted != 0) {
    Ladder& shown = book.ladders[contra];
    Ladder& hidden = book.ladders[contra + kHidden];
    const bool is_hidden = nodes_[hidden.best].level.rank > nodes_[shown.best].level.rank;
    Ladder& ladder = is_hidden ? hidden : shown;
    if (nodes_[ladder.best].level.rank < reach) break;
    wanted = trade(ladder, ladder.best, wanted);
  }
  return wanted;
}

// The best level's orders, oldest first. The ring is closed again once, behind the last that went.
inline std::uint32_t MatchingEngine::trade(Ladder& ladder, NodeIndex level_index,
                                           std::uint32_t wanted) noexcept {
  Node& head = nodes_[level_index];
  Level& level = head.level;
  const std::uint32_t owner = level.owner.side;
  const std::uint32_t price_e4 = rank_of(level.rank, (owner & 1) == 0);
  const bool displayed = (owner & kHidden) == 0;
  const std::uint32_t before = wanted;
  std::uint32_t gone = 0;
  NodeIndex at = head.behind;
  while (at != level_index) {
    Node& node = nodes_[at];
    const std::uint32_t quantity = std::min(wanted, node.order.quantity);
    wanted -= quantity;
    node.order.quantity -= quantity;
    record(at, price_e4, quantity, displayed);
    if (node.order.quantity != 0) break;
    const NodeIndex next = node.behind;
    orders_.link_to(nodes_, node.order.id) = node.order.place.next_in_bucket;
    nodes_.give_back_order(at);
    ++gone;
    at = next;
    if (wanted == 0) break;
  }
  head.behind = at;
  nodes_[at].ahead = level_index;
  resting_ -= gone;
  level.quantity -= before - wanted;
  level.orders -= gone;
  if (level.orders == 0) ladders_.drop_best(ladder, nodes_);
  return wanted;
}

void MatchingEngine::record(NodeIndex index, std::uint32_t price_e4, std::uint32_t quantity,
                            bool displayed) noexcept {
  const book::Order& order = nodes_[index].order;
  fills_[fill_count_] = {.reference = order.id,
                         .match_number = next_match_ + fill_count_,
                         .quantity = quantity,
                         .price_e4 = price_e4,
                         .open_quantity = order.quantity,
                         .owner = terms(index).owner,
                         .displayed = displayed};
  ++fill_count_;
}

// False when there is no memory for it.
inline bool MatchingEngine::rest(const NewOrder& order, std::uint64_t reference,
                                 std::uint32_t quantity) noexcept {
  const NodeIndex index = nodes_.take_order();
  if (index == kNoNode) [[unlikely]]
    return false;
  const bool hidden = order.display == Display::Hidden;
  const unsigned place = sells(order.side) + (hidden ? kHidden : 0);
  Book& book = books_[order.locate];
  const NodeIndex level =
      level_for(book, ladder_id(order.locate, place), rank_of(order.price_e4, (place & 1) == 0));
  if (level == kNoNode) [[unlikely]] {
    nodes_.give_back_order(index);
    return false;
  }
  orders_.link_to(nodes_, reference) = index;
  Node& head = nodes_[level];
  Node& node = nodes_[index];
  node.ahead = head.ahead;
  node.behind = level;
  node.order = {.id = reference,
                .place = {.level = level, .next_in_bucket = kNoNode},
                .quantity = quantity,
                .number = book::kUnnumbered};
  nodes_[head.ahead].behind = index;
  head.ahead = index;
  head.level.quantity += quantity;
  ++head.level.orders;
  // One by one: as a whole they would be put together in memory and read back over two stores,
  // which waits for every store before them.
  Terms& own = terms(index);
  own.owner = order.owner;
  own.minimum_quantity = order.minimum_quantity;
  own.group = order.group;
  own.display = order.display;
  ++resting_;
  minimums_ += order.minimum_quantity != 0 ? 1 : 0;
  return true;
}

// The level of that rank, made if it is not there; kNoNode when there is no memory for it. A new
// one is without orders for the moment.
inline NodeIndex MatchingEngine::level_for(Book& book, std::uint32_t side,
                                           std::uint32_t rank) noexcept {
  Ladder& ladder = book.ladders[side % kLaddersABook];
  const NodeIndex near = Ladders::level_at(ladder, ladders_.near_place_of(ladder, rank), rank);
  if (near != kNoNode) return near;
  Ladders::Place place = ladders_.find_place(ladder, rank);
  const NodeIndex found = Ladders::level_at(ladder, place, rank);
  if (found != kNoNode) return found;
  if (Ladders::is_full(ladder)) {
    if (!ladders_.make_place(ladder, nodes_)) return kNoNode;
    place = ladders_.find_place(ladder, rank);
  }
  const NodeIndex level = nodes_.take_level();
  Node& head = nodes_[level];
  head.ahead = level;
  head.behind = level;
  head.level = {.quantity = 0, .orders = 0, .rank = rank, .owner = {.side = side, .followers = 0}};
  ladders_.insert(ladder, place, rank, level);
  return level;
}

inline void MatchingEngine::take_out(NodeIndex& link) noexcept {
  const NodeIndex index = link;
  const Node& node = nodes_[index];
  const NodeIndex level_index = node.order.place.level;
  Level& level = nodes_[level_index].level;
  level.quantity -= node.order.quantity;
  --level.orders;
  nodes_[node.ahead].behind = node.behind;
  nodes_[node.behind].ahead = node.ahead;
  if (minimums_ != 0) [[unlikely]]
    forget_minimum(index);
  link = node.order.place.next_in_bucket;
  nodes_.give_back_order(index);
  --resting_;
  if (level.orders != 0) return;
  Ladder& ladder =
      books_[level.owner.side / kLaddersABook].ladders[level.owner.side % kLaddersABook];
  if (ladder.best == level_index) ladders_.drop_best(ladder, nodes_);
}

void MatchingEngine::forget_minimum(NodeIndex order) noexcept {
  minimums_ -= terms(order).minimum_quantity != 0 ? 1 : 0;
}

}  // namespace ridley::venue
