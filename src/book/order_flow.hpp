// SPDX-License-Identifier: Apache-2.0
// What an added and a deleted order do to the books at a level that is there and stays: the greater
// part of a day. Here so that it becomes part of the loop that reads the messages. Included by
// books.hpp alone; the hot core.
#pragma once

#include "book/books.hpp"

namespace ridley::book {

[[gnu::always_inline]] inline Change Books::add(const Event& event) noexcept {
  // No branch asks for the side, which is as good as random: the letters differ in these bits.
  constexpr unsigned kBuy = static_cast<unsigned>(event::Side::Buy);
  constexpr unsigned kSellBits = static_cast<unsigned>(event::Side::Sell) - kBuy;
  static_assert(kSellBits == 17 && kBuy % 2 == 0);
  const unsigned side = static_cast<unsigned>(event.side);
  const std::size_t sells = side & 1;
  if (event.locate >= instruments_max_ || side != kBuy + sells * 16 + sells ||
      event.add.quantity == 0) [[unlikely]]
    return refuse(event);
  Instrument& instrument = instruments_[event.locate];
  Ladder& ladder = instrument.ladders[sells];
  const std::uint32_t rank = event.add.price_e4 ^ (0 - static_cast<std::uint32_t>(sells));
  const Ladders::Place place = ladders_.near_place_of(ladder, rank);
  if (!ladders_.holds(ladder, place, rank)) return add_at_new_level(event, ladder, place, rank);
  const NodeIndex level = Ladders::level_at(ladder, place);
  const bool top = level == ladder.best;
  NodeIndex& link = orders_.link_to(nodes_, event.add.order_id);
  if ((link != kNoNode) | orders_.full()) [[unlikely]]
    return refuse(event);
  instrument.exchange_ns = event.exchange_ns;
  enqueue(event.add.order_id, event.add.quantity, level, link);
  return applied(event.locate, top);
}

[[gnu::always_inline]] inline Change Books::remove(const Event& event) noexcept {
  NodeIndex& link = orders_.link_to(nodes_, event.remove.order_id);
  if (link == kNoNode) [[unlikely]]
    return unknown(event);
  const NodeIndex level_index = nodes_[link].order.level;
  const Level& level = nodes_[level_index].level;
  if (std::bit_cast<std::uint64_t>(level.owner) >> 1 != event.locate) [[unlikely]]
    return remove_with_care(event, link);
  Instrument& instrument = instruments_[event.locate];
  instrument.exchange_ns = event.exchange_ns;
  const bool top =
      (instrument.ladders[0].best == level_index) | (instrument.ladders[1].best == level_index);
  if (top & (level.orders == 1)) return remove_with_level(event.locate, link);
  unlink(link);
  return applied(event.locate, top);
}

// The last of the level's queue from here on. The link is where the table wants the order.
inline void Books::enqueue(std::uint64_t id, std::uint32_t quantity, NodeIndex level,
                           NodeIndex& link) noexcept {
  const NodeIndex index = nodes_.take();
  Node& queue = nodes_[level];
  Node& node = nodes_[index];
  node.ahead = queue.ahead;
  node.behind = level;
  node.order = {.id = id,
                .quantity = quantity,
                .level = level,
                .next_in_bucket = kNoNode,
                .number = kUnnumbered};
  nodes_[queue.ahead].behind = index;
  queue.ahead = index;
  queue.level.quantity += quantity;
  ++queue.level.orders;
  orders_.insert(link, index);
}

// An order leaves its queue and the table. The level stays, be it empty.
inline void Books::unlink(NodeIndex& link) noexcept {
  const NodeIndex index = link;
  const Node& node = nodes_[index];
  Level& level = nodes_[node.order.level].level;
  level.quantity -= node.order.quantity;
  --level.orders;
  nodes_[node.ahead].behind = node.behind;
  nodes_[node.behind].ahead = node.ahead;
  orders_.erase(link, node.order.next_in_bucket);
  nodes_.give_back(index);
}

}  // namespace ridley::book
