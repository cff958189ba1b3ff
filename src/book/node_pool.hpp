// SPDX-License-Identifier: Apache-2.0
// The memory of orders and price levels: one pool of 32-byte nodes. A level is the head of the ring
// of its orders, so taking an order out of its queue asks no question. Fixed memory; the hot core
// that owns the books.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/arena.hpp"

namespace ridley::book {

// Positions instead of pointers: half the size, and zeroed memory is a pool of nothing. They count
// words of eight bytes, because that is what the processor multiplies by for nothing.
using NodeIndex = std::uint32_t;
inline constexpr NodeIndex kNoNode = 0;
inline constexpr NodeIndex kNodeWords = 4;

// Of an order that joined its queue after the last time that was numbered.
inline constexpr std::uint32_t kUnnumbered = 0xFFFF'FFFF;

struct Order {
  std::uint64_t id;
  std::uint32_t quantity;
  NodeIndex level;
  NodeIndex next_in_bucket;
  std::uint32_t number;  // see followers.hpp
};

// What makes an order's way out a longer one, to be compared in one go.
struct LevelOwner {
  std::uint32_t side;       // see side_of
  std::uint32_t followers;  // the first of its followed orders, see followers.hpp
};

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

class NodePool {
 public:
  // Cold: takes its memory.
  NodePool(base::Arena& arena, std::size_t nodes_max)
      : nodes_{arena.array<Node>(nodes_max + kReserved).data()} {}

  [[nodiscard]] static constexpr std::size_t bytes_for(std::size_t nodes_max) noexcept {
    return base::Arena::bytes_for<Node>(nodes_max + kReserved);
  }

  // The caller keeps count: a pool is never asked for more than it has. Freed nodes are used again
  // last in, first out, so orders that come and go share few cache lines.
  [[nodiscard]] NodeIndex take() noexcept {
    const NodeIndex index = free_;
    free_ = index + kNodeWords + skip(index);
    return index;
  }
  void give_back(NodeIndex index) noexcept {
    skip(index) = free_ - index - kNodeWords;
    free_ = index;
  }

  // Untouched nodes lie behind all that were ever taken, and of those each has another behind it:
  // an order its level at least, a level its oldest order.
  void clear() noexcept {
    for (NodeIndex i = kNodeWords; (*this)[i].behind != kNoNode; i += kNodeWords) (*this)[i] = {};
    free_ = kNodeWords;
  }

  [[nodiscard]] Node& operator[](NodeIndex index) noexcept { return *at(nodes_, index); }
  [[nodiscard]] const Node& operator[](NodeIndex index) const noexcept {
    return *at(nodes_, index);
  }

 private:
  // kNoNode, and an end for clear().
  static constexpr std::size_t kReserved = 2;

  [[nodiscard]] static Node* at(Node* nodes, NodeIndex index) noexcept {
    return reinterpret_cast<Node*>(reinterpret_cast<std::byte*>(nodes) + std::size_t{index} * 8);
  }

  // The free list is threaded through what the node ahead is for the living. It says how far the
  // next free one is from the one behind this, so that zeroed memory is a list of all nodes in
  // order and the first use of a node is no special case.
  [[nodiscard]] NodeIndex& skip(NodeIndex index) noexcept { return (*this)[index].ahead; }

  Node* nodes_;
  NodeIndex free_ = kNodeWords;
};

}  // namespace ridley::book
