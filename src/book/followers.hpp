// SPDX-License-Identifier: Apache-2.0
// In: which resting orders somebody wants to follow, and what leaves their levels. Out: what trades
// before each of them, kept up to date without walking a queue. Fixed memory; the hot core that
// owns the books.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "book/node_pool.hpp"

namespace ridley::book {

// A desk's own resting orders, with room for whom it watches. What leaves a level costs a few
// nanoseconds for each followed order of that level.
inline constexpr std::size_t kFollowedMax = 256;

// Where an order stands in the queue of its price.
struct QueuePosition {
  std::uint64_t quantity_ahead;
  std::uint32_t orders_ahead;
  std::uint32_t quantity;  // its own

  bool operator==(const QueuePosition&) const = default;
};

// Whoever begins to follow an order numbers its whole queue from the front. What has a lower number
// stands before it; what joins later has none, which is higher than all.
class Followers {
 public:
  // False when kFollowedMax are followed already. Walks the queue once. An order must not be added
  // twice.
  bool add(NodePool& nodes, NodeIndex order) noexcept;
  void remove(NodePool& nodes, NodeIndex order) noexcept;
  // nullptr when it is not followed.
  [[nodiscard]] const QueuePosition* find(const NodePool& nodes, NodeIndex order) const noexcept;

  // That quantity of the order leaves the queue, and with gone the order itself. The order is still
  // linked. To be called for levels that have followers.
  void reduce(NodePool& nodes, NodeIndex order, std::uint32_t quantity, bool gone) noexcept;
  // That much more of it stands where it stood.
  void increase(NodePool& nodes, NodeIndex order, std::uint32_t quantity) noexcept;

  void clear() noexcept { *this = Followers{}; }

 private:
  struct Follower {
    QueuePosition position;  // quantity is not kept here: the order has it
    NodeIndex order;
    std::uint32_t next;
  };

  [[nodiscard]] Follower& at(std::uint32_t number) noexcept { return followers_[number - 1]; }
  [[nodiscard]] const Follower& at(std::uint32_t number) const noexcept {
    return followers_[number - 1];
  }

  // Numbers begin with 1; 0 ends a list.
  std::array<Follower, kFollowedMax> followers_{};
  std::uint32_t used_ = 0;
  std::uint32_t free_ = 0;
};

}  // namespace ridley::book
