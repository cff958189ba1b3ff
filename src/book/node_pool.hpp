// SPDX-License-Identifier: Apache-2.0
// The memory of orders and price levels: nodes of 32 bytes in one array. A level is the head of the
// ring of its orders, so taking an order out of its queue asks no question. Fixed memory; the hot
// core that owns the books.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/arena.hpp"

namespace ridley::book {

// Positions instead of pointers: half the size, and zeroed memory names nobody. They count words of
// eight bytes, because that is what the processor multiplies by for nothing.
using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = 0;
inline constexpr NodeIndex kNodeWords = 4;

// Of an order that joined its queue after the last time that was numbered.
inline constexpr std::uint32_t kUnnumbered = 0xFFFF'FFFF;

// Both are written in one go.
struct OrderPlace {
  NodeIndex level;
  NodeIndex next_in_bucket;
};

struct Order {
  std::uint64_t id;
  OrderPlace place;
  std::uint32_t quantity;
  std::uint32_t number;  // see followers.hpp
};

// What makes an order's way out a longer one, to be compared in one go.
struct LevelOwner {
  std::uint32_t side;       // see side_of
  std::uint32_t followers;  // the first of its followed orders, see followers.hpp
};
inline constexpr LevelOwner kNobody{0xFFFF'FFFF, 0xFFFF'FFFF};

struct Level {
  std::uint64_t quantity;
  std::uint32_t orders;
  std::uint32_t rank;  // see rank_of
  LevelOwner owner;
};

struct Node {
  NodeIndex ahead;   // of an order the next older one; of a level its youngest
  NodeIndex behind;  // of an order the next younger one; of a level its oldest
  union {
    Order order;
    Level level;
  };
};
static_assert(sizeof(Node) == kNodeWords * 8, "two nodes to a cache line, none across two");

[[nodiscard]] inline Node& node_at(Node* nodes, NodeIndex index) noexcept {
  return *reinterpret_cast<Node*>(reinterpret_cast<std::byte*>(nodes) + std::size_t{index} * 8);
}

// The nodes nobody has, of one kind. Those given back are taken again last in, first out, so orders
// that come and go share few cache lines; the others come in their order. A list of the next of
// them is made at the first use, because writing all would take a start too long.
class FreeNodes {
 public:
  FreeNodes(NodeIndex begin, std::size_t nodes_max) noexcept
      : begin_{begin}, end_{begin + static_cast<NodeIndex>(nodes_max) * kNodeWords} {}

  // kNoNode when all are taken.
  [[nodiscard]] NodeIndex take(Node* nodes) noexcept {
    if (free_ == kNoNode) [[unlikely]] {
      list_some(nodes);
      if (free_ == kNoNode) return kNoNode;
    }
    return take_at_once(nodes);
  }
  [[nodiscard]] bool has_one() const noexcept { return free_ != kNoNode; }
  [[nodiscard]] NodeIndex take_at_once(Node* nodes) noexcept {
    return std::exchange(free_, node_at(nodes, free_).ahead);
  }
  void give_back(Node* nodes, NodeIndex index) noexcept {
    node_at(nodes, index).ahead = std::exchange(free_, index);
  }

  void clear() noexcept {
    free_ = kNoNode;
    untouched_ = begin_;
  }

 private:
  // One page of orders.
  static constexpr NodeIndex kListed = 128 * kNodeWords;

  [[gnu::noinline]] void list_some(Node* nodes) noexcept {
    const NodeIndex end = untouched_ + std::min(kListed, end_ - untouched_);
    for (NodeIndex index = end; index != untouched_;) {
      index -= kNodeWords;
      give_back(nodes, index);
    }
    untouched_ = end;
  }

  NodeIndex begin_;
  NodeIndex end_;
  NodeIndex untouched_ = begin_;
  NodeIndex free_ = kNoNode;
};

class NodePool {
 public:
  // Cold: takes its memory.
  NodePool(base::Arena& arena, std::size_t orders_max, std::size_t levels_max)
      : nodes_{arena.array<Node>(1 + orders_max + levels_max).data()},
        orders_{kNodeWords, orders_max},
        levels_{static_cast<NodeIndex>((1 + orders_max) * kNodeWords), levels_max} {
    (*this)[kNoNode].level.owner = kNobody;
  }

  [[nodiscard]] static constexpr std::size_t bytes_for(std::size_t orders_max,
                                                       std::size_t levels_max) noexcept {
    return base::Arena::bytes_for<Node>(1 + orders_max + levels_max);
  }

  // kNoNode when there are as many orders as there may be.
  [[nodiscard]] NodeIndex take_order() noexcept { return orders_.take(nodes_); }
  void give_back_order(NodeIndex index) noexcept { orders_.give_back(nodes_, index); }
  // The caller keeps count.
  [[nodiscard]] NodeIndex take_level() noexcept { return levels_.take(nodes_); }
  // The next one needs no list to be made.
  [[nodiscard]] bool has_level() const noexcept { return levels_.has_one(); }
  [[nodiscard]] NodeIndex take_level_at_once() noexcept { return levels_.take_at_once(nodes_); }
  void give_back_level(NodeIndex index) noexcept { levels_.give_back(nodes_, index); }

  void clear() noexcept {
    orders_.clear();
    levels_.clear();
  }

  // At kNoNode there is a level without orders that belongs to nobody.
  [[nodiscard]] Node& operator[](NodeIndex index) noexcept { return node_at(nodes_, index); }
  [[nodiscard]] const Node& operator[](NodeIndex index) const noexcept {
    return node_at(nodes_, index);
  }

 private:
  Node* nodes_;
  FreeNodes orders_;
  FreeNodes levels_;
};

}  // namespace ridley::book
