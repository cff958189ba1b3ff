// SPDX-License-Identifier: Apache-2.0
// In: an order id. Out: its node. Chained buckets over the pool of nodes; fixed memory; the hot
// core that owns the books.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/arena.hpp"
#include "base/uint128.hpp"
#include "book/node_pool.hpp"

namespace ridley::book {

class OrderTable {
 public:
  // With the levels beside them, positions of nodes must fit their 32 bits.
  static constexpr std::uint32_t kOrdersMax = 1U << 29;

  // Cold: takes its memory.
  OrderTable(base::Arena& arena, std::uint32_t orders_max)
      : buckets_{arena.array<NodeIndex>(bucket_count(orders_max))},
        bucket_mask_{buckets_.size() - 1} {}

  [[nodiscard]] static constexpr std::size_t bytes_for(std::uint32_t orders_max) noexcept {
    return base::Arena::bytes_for<NodeIndex>(bucket_count(orders_max));
  }

  [[nodiscard]] NodeIndex find(const NodePool& nodes, std::uint64_t id) const noexcept {
    NodeIndex index = buckets_[bucket_of(id)];
    while (index != kNoNode && nodes[index].order.id != id)
      index = nodes[index].order.place.next_in_bucket;
    return index;
  }

  void prefetch(std::uint64_t id) const noexcept { __builtin_prefetch(&buckets_[bucket_of(id)]); }

  // The first of a chain. Nearly always there is no other one.
  [[nodiscard]] NodeIndex& first(std::uint64_t id) noexcept { return buckets_[bucket_of(id)]; }
  [[nodiscard]] NodeIndex first(std::uint64_t id) const noexcept { return buckets_[bucket_of(id)]; }
  // The link that names the order, or the one to name it with, which is kNoNode. What is named with
  // it names no next one.
  [[nodiscard]] NodeIndex& link_to(NodePool& nodes, std::uint64_t id) noexcept {
    NodeIndex& link = first(id);
    return link == kNoNode ? link : link_behind(nodes, link, id);
  }
  [[nodiscard]] static NodeIndex& link_behind(NodePool& nodes, NodeIndex& first,
                                              std::uint64_t id) noexcept {
    NodeIndex* link = &first;
    while (*link != kNoNode && nodes[*link].order.id != id)
      link = &nodes[*link].order.place.next_in_bucket;
    return *link;
  }

  void clear() noexcept { std::ranges::fill(buckets_, kNoNode); }

 private:
  static constexpr std::size_t kBucketsMin = 16;

  static constexpr std::size_t bucket_count(std::uint32_t orders_max) noexcept {
    return std::max(kBucketsMin, std::bit_ceil(std::size_t{orders_max}));
  }

  // Exchanges count order ids up, some in steps. Neighbours in time get neighbouring buckets, so a
  // new order's bucket is in the cache already, and no two of one turn of the table the same one.
  // Adding a small irrational part of the id leaves out a bucket in 1,657, which moves every turn
  // elsewhere and lets each bit of the id count.
  [[nodiscard]] std::size_t bucket_of(std::uint64_t id) const noexcept {
    constexpr auto kPart = static_cast<std::uint64_t>(0x9E37'79B9'7F4A'7C15 >> 10);
    const auto part = static_cast<std::uint64_t>(base::UInt128{id} * kPart >> 64);
    return (id + part) & bucket_mask_;
  }

  std::span<NodeIndex> buckets_;
  std::size_t bucket_mask_;
};

}  // namespace ridley::book
