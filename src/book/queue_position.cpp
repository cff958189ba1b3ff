// SPDX-License-Identifier: Apache-2.0
// Where an order stands in its queue: asked once, or followed.
#include "book/books.hpp"

namespace ridley::book {

std::optional<std::uint64_t> Books::quantity_ahead(std::uint64_t order_id) const noexcept {
  const NodeIndex order = orders_.find(nodes_, order_id);
  if (order == kNoNode) return std::nullopt;
  const NodeIndex level = nodes_[order].order.place.level;
  std::uint64_t quantity = 0;
  for (NodeIndex ahead = nodes_[order].ahead; ahead != level; ahead = nodes_[ahead].ahead)
    quantity += nodes_[ahead].order.quantity;
  return quantity;
}

bool Books::follow(std::uint64_t order_id) noexcept {
  const NodeIndex order = orders_.find(nodes_, order_id);
  if (order == kNoNode) return false;
  return followers_.find(nodes_, order) != nullptr || followers_.add(nodes_, order);
}

void Books::unfollow(std::uint64_t order_id) noexcept {
  const NodeIndex order = orders_.find(nodes_, order_id);
  if (order != kNoNode) followers_.remove(nodes_, order);
}

std::optional<QueuePosition> Books::position(std::uint64_t order_id) const noexcept {
  const NodeIndex order = orders_.find(nodes_, order_id);
  if (order == kNoNode) return std::nullopt;
  const QueuePosition* position = followers_.find(nodes_, order);
  if (position == nullptr) return std::nullopt;
  return QueuePosition{.quantity_ahead = position->quantity_ahead,
                       .orders_ahead = position->orders_ahead,
                       .quantity = nodes_[order].order.quantity};
}

}  // namespace ridley::book
