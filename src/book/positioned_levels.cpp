// SPDX-License-Identifier: Apache-2.0
// Price levels of feeds that tell them by their position, 1 being the best, and only so many a
// side: what is inserted moves the others down, and the last one falls off. Source: MDP 3.0,
// section 5 "Book rules".
#include <limits>

#include "book/books.hpp"
#include "event/market_event.hpp"

namespace ridley::book {

using event::LevelAction;

namespace {

constexpr std::uint32_t kLast = std::numeric_limits<std::uint32_t>::max();

}  // namespace

Books::Packed Books::define(const Event& event) noexcept {
  if (event.locate >= instruments_max_)
    return packed(event.locate, false, doubt(event.locate, Outcome::LocateBeyondLimit));
  references_[event.locate].depth = event.definition.depth;
  return packed_state(event.locate);
}

// kNoNode where there are fewer. Levels are few, and those without orders that lie between go when
// their places are needed.
NodeIndex Books::at_position(const Ladder& ladder, std::uint32_t position) const noexcept {
  const std::span<const NodeIndex> levels = ladders_.levels(ladder);
  for (std::size_t i = levels.size(); i-- > 0;) {
    if (nodes_[levels[i]].level.orders != 0 && --position == 0) return levels[i];
  }
  return kNoNode;
}

// Where a price is, or would be.
std::uint32_t Books::position_of(const Ladder& ladder, std::uint32_t rank) const noexcept {
  std::uint32_t position = 1;
  const std::span<const NodeIndex> levels = ladders_.levels(ladder);
  for (std::size_t i = levels.size(); i-- > 0;) {
    const Level& level = nodes_[levels[i]].level;
    if (level.rank <= rank) break;
    position += level.orders != 0 ? 1U : 0U;
  }
  return position;
}

// From the last one on, so that the positions of those before stay. False where one has orders of
// its own: those are told one by one.
bool Books::remove_positions(Ladder& ladder, std::uint32_t first, std::uint32_t last) noexcept {
  const std::span<const NodeIndex> levels = ladders_.levels(ladder);
  std::uint32_t left = 0;
  for (const NodeIndex index : levels) left += nodes_[index].level.orders != 0 ? 1U : 0U;
  bool all = true;
  for (std::size_t i = 0; i < levels.size() && left >= first; ++i) {
    Node& node = nodes_[levels[i]];
    if (node.level.orders == 0 || left-- > last) continue;
    all &= node.behind == levels[i];
    if (node.behind != levels[i]) continue;
    node.level.quantity = 0;
    node.level.orders = 0;
  }
  if (ladder.best != kNoNode && nodes_[ladder.best].level.orders == 0)
    ladders_.drop_best(ladder, nodes_);
  return all;
}

Books::Packed Books::set_position(const Event& event) noexcept {
  const Locate locate = event.locate;
  const bool buys = event.side == event::Side::Buy;
  Ladder& ladder = ladder_of(side_of(locate, buys));
  const Level before = nodes_[ladder.best].level;
  const Outcome outcome = change_position(event, ladder);
  const Level& after = nodes_[ladder.best].level;
  const bool top = before.rank != after.rank || before.quantity != after.quantity ||
                   before.orders != after.orders;
  if (outcome == Outcome::Inconsistent) (void)doubt(locate, outcome);
  return packed(locate, top, outcome);
}

// A position that is not where the prices say makes the book stale; the prices are believed.
Outcome Books::change_position(const Event& event, Ladder& ladder) noexcept {
  const bool buys = event.side == event::Side::Buy;
  const std::uint32_t rank = rank_of(event.level.price_e4, buys);
  const std::uint32_t position = event.level.position;
  const std::uint32_t depth = references_[event.locate].depth;
  const bool has_price = event.level.price_e4 != event::kPriceBeyond;
  if (position == 0 || (depth != 0 && position > depth)) return Outcome::Inconsistent;
  const auto removed = [&](std::uint32_t first, std::uint32_t last) {
    return remove_positions(ladder, first, last) ? Outcome::Applied : Outcome::Inconsistent;
  };
  const NodeIndex there = at_position(ladder, position);
  const bool is_there = there != kNoNode && nodes_[there].level.rank == rank;
  switch (event.level.action) {
    case LevelAction::RemoveThrough: return removed(1, position);
    case LevelAction::RemoveFrom: return removed(position, kLast);
    case LevelAction::Remove:
      if (there == kNoNode || (has_price && !is_there)) return Outcome::Inconsistent;
      return removed(position, position);
    case LevelAction::Overlay:
      if (there != kNoNode && removed(position, position) != Outcome::Applied)
        return Outcome::Inconsistent;
      break;
    case LevelAction::Change:
      if (!is_there) return Outcome::Inconsistent;
      break;
    default: break;
  }
  if (!has_price || event.level.quantity == 0) return Outcome::Inconsistent;
  const NodeIndex old = ladders_.find(ladder, rank);
  const bool is_new = old == kNoNode || nodes_[old].level.orders == 0;
  const bool as_said = position_of(ladder, rank) == position &&
                       is_new == (event.level.action != LevelAction::Change);
  const Outcome set = unpacked(set_price(event)).outcome;
  if (set != Outcome::Applied && set != Outcome::NoEffect) return set;
  const bool trimmed = depth == 0 || remove_positions(ladder, depth + 1, kLast);
  return as_said && trimmed ? Outcome::Applied : Outcome::Inconsistent;
}

}  // namespace ridley::book
