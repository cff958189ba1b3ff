// SPDX-License-Identifier: Apache-2.0
#include "book/followers.hpp"

namespace ridley::book {

bool Followers::add(NodePool& nodes, NodeIndex order) noexcept {
  std::uint32_t number = free_;
  if (number != 0) {
    free_ = at(number).next;
  } else {
    if (used_ == kFollowedMax) return false;
    number = ++used_;
  }
  const NodeIndex level = nodes[order].order.place.level;
  Follower& follower = at(number);
  follower = {.position = {}, .order = order, .next = nodes[level].level.owner.followers};
  nodes[level].level.owner.followers = number;
  std::uint32_t next = 0;
  bool is_ahead = true;
  for (NodeIndex at = nodes[level].behind; at != level; at = nodes[at].behind) {
    nodes[at].order.number = next++;
    is_ahead = is_ahead && at != order;
    if (!is_ahead) continue;
    follower.position.quantity_ahead += nodes[at].order.quantity;
    ++follower.position.orders_ahead;
  }
  return true;
}

void Followers::remove(NodePool& nodes, NodeIndex order) noexcept {
  std::uint32_t* link = &nodes[nodes[order].order.place.level].level.owner.followers;
  while (*link != 0 && at(*link).order != order) link = &at(*link).next;
  const std::uint32_t number = *link;
  if (number == 0) return;
  *link = at(number).next;
  at(number).next = free_;
  free_ = number;
}

const QueuePosition* Followers::find(const NodePool& nodes, NodeIndex order) const noexcept {
  std::uint32_t number = nodes[nodes[order].order.place.level].level.owner.followers;
  while (number != 0 && at(number).order != order) number = at(number).next;
  return number == 0 ? nullptr : &at(number).position;
}

void Followers::reduce(NodePool& nodes, NodeIndex order, std::uint32_t quantity,
                       bool gone) noexcept {
  const std::uint32_t place = nodes[order].order.number;
  std::uint32_t number = nodes[nodes[order].order.place.level].level.owner.followers;
  for (; number != 0; number = at(number).next) {
    Follower& follower = at(number);
    if (place >= nodes[follower.order].order.number) continue;
    follower.position.quantity_ahead -= quantity;
    follower.position.orders_ahead -= gone ? 1 : 0;
  }
  if (gone) remove(nodes, order);
}

void Followers::increase(NodePool& nodes, NodeIndex order, std::uint32_t quantity) noexcept {
  const std::uint32_t place = nodes[order].order.number;
  std::uint32_t number = nodes[nodes[order].order.place.level].level.owner.followers;
  for (; number != 0; number = at(number).next) {
    Follower& follower = at(number);
    if (place < nodes[follower.order].order.number) follower.position.quantity_ahead += quantity;
  }
}

}  // namespace ridley::book
