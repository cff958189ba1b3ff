// SPDX-License-Identifier: Apache-2.0
// What an added and a deleted order do to the books at a level that is there and stays: the greater
// part of a day. Here so that it becomes part of the loop that reads the messages. Included by
// books.hpp alone; the hot core.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "book/books.hpp"

namespace ridley::book {

// What a price is combined with to be a rank, for every letter that may stand for a side.
inline constexpr std::int8_t kNoSide = 1;
inline constexpr auto kRankMasks = [] {
  std::array<std::int8_t, 256> masks;
  masks.fill(kNoSide);
  masks[static_cast<std::size_t>(event::Side::Buy)] = 0;
  masks[static_cast<std::size_t>(event::Side::Sell)] = -1;
  return masks;
}();

[[gnu::always_inline]] inline Change Books::add(const Event& event) noexcept {
  // No branch asks for the side, which is as good as random.
  const std::int32_t mask = kRankMasks[static_cast<std::size_t>(event.side)];
  if (event.locate >= instruments_max_ || mask == kNoSide || event.add.quantity == 0) [[unlikely]]
    return unpacked(refuse(event));
  Instrument& instrument = instruments_[event.locate];
  Ladder& ladder = instrument.ladders[mask & 1];
  const std::uint32_t rank = event.add.price_e4 ^ static_cast<std::uint32_t>(mask);
  NodeIndex* link = &orders_.first(event.add.order_id);
  if (*link != kNoNode) [[unlikely]] {
    link = &OrderTable::link_behind(nodes_, *link, event.add.order_id);
    if (*link != kNoNode) return unpacked(refuse(event));
  }
  const NodeIndex order = nodes_.take_order();
  if (order == kNoNode) [[unlikely]]
    return unpacked(refuse(event));
  *link = order;
  instrument.exchange_ns = event.exchange_ns;
  const Ladders::Place place = ladders_.near_place_of(ladder, rank);
  const NodeIndex level = Ladders::level_at(ladder, place, rank);
  if (level == kNoNode) return unpacked(add_at_new_level(event, order, ladder, place, rank));
  enqueue(event.add.order_id, event.add.quantity, level, order);
  return {event.locate, level == ladder.best, false, Outcome::Applied};
}

[[gnu::always_inline]] inline Change Books::remove(const Event& event) noexcept {
  NodeIndex& link = orders_.first(event.remove.order_id);
  const NodeIndex order = link;
  const Node& node = nodes_[order];
  const NodeIndex level_index = node.order.place.level;
  const Level& level = nodes_[level_index].level;
  // Nobody's are the level of no order, and of node 0, which is where an empty bucket leads.
  const std::uint64_t sells =
      std::bit_cast<std::uint64_t>(level.owner) ^ std::uint64_t{event.locate} * 2;
  if ((node.order.id != event.remove.order_id) | (sells > 1)) [[unlikely]]
    return unpacked(remove_with_care(event));
  Instrument& instrument = instruments_[event.locate];
  instrument.exchange_ns = event.exchange_ns;
  const bool top = instrument.ladders[sells].best == level_index;
  const std::uint32_t orders_left = unlink(order);
  link = node.order.place.next_in_bucket;
  nodes_.give_back_order(order);
  if (top & (orders_left == 0)) ladders_.drop_best(instrument.ladders[sells], nodes_);
  return {event.locate, top, false, Outcome::Applied};
}

// The last of the level's queue from here on.
inline void Books::enqueue(std::uint64_t id, std::uint32_t quantity, NodeIndex level,
                           NodeIndex order) noexcept {
  Node& queue = nodes_[level];
  const NodeIndex ahead = queue.ahead;
  make_order(order, id, quantity, level, ahead);
  nodes_[ahead].behind = order;
  queue.ahead = order;
  queue.level.quantity += quantity;
  ++queue.level.orders;
}

inline void Books::make_order(NodeIndex order, std::uint64_t id, std::uint32_t quantity,
                              NodeIndex level, NodeIndex ahead) noexcept {
  Node& node = nodes_[order];
  node.ahead = ahead;
  node.behind = level;
  node.order = {.id = id,
                .place = std::bit_cast<OrderPlace>(std::uint64_t{level}),
                .quantity = quantity,
                .number = kUnnumbered};
}

// An order leaves its queue. The level stays, be it empty. How many are left.
inline std::uint32_t Books::unlink(NodeIndex order) noexcept {
  const Node& node = nodes_[order];
  Level& level = nodes_[node.order.place.level].level;
  const std::uint32_t orders_left = level.orders - 1;
  level.quantity -= node.order.quantity;
  level.orders = orders_left;
  nodes_[node.ahead].behind = node.behind;
  nodes_[node.behind].ahead = node.ahead;
  return orders_left;
}

}  // namespace ridley::book
