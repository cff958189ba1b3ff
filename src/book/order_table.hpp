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
#include "book/node_pool.hpp"

namespace ridley::book {

class OrderTable {
 public:
  // With the levels beside them, positions of nodes must fit their 32 bits.
  static constexpr std::uint32_t kOrdersMax = 1U << 29;

  // Cold: takes its memory.
  OrderTable(base::Arena& arena, std::uint32_t orders_max)
      : buckets_{arena.array<NodeIndex>(bucket_count(orders_max))},
        bucket_mask_{buckets_.size() - 1},
        bucket_bits_{static_cast<unsigned>(std::countr_zero(buckets_.size()))},
        orders_max_{orders_max} {}

  [[nodiscard]] static constexpr std::size_t bytes_for(std::uint32_t orders_max) noexcept {
    return base::Arena::bytes_for<NodeIndex>(bucket_count(orders_max));
  }

  [[nodiscard]] NodeIndex find(const NodePool& nodes, std::uint64_t id) const noexcept {
    NodeIndex index = buckets_[bucket_of(id)];
    while (index != kNoNode && nodes[index].order.id != id)
      index = nodes[index].order.next_in_bucket;
    return index;
  }

  void prefetch(std::uint64_t id) const noexcept { __builtin_prefetch(&buckets_[bucket_of(id)]); }

  // The link that names the order, or the one to name it with, which is kNoNode.
  [[nodiscard]] NodeIndex& link_to(NodePool& nodes, std::uint64_t id) noexcept {
    NodeIndex* link = &buckets_[bucket_of(id)];
    while (*link != kNoNode && nodes[*link].order.id != id)
      link = &nodes[*link].order.next_in_bucket;
    return *link;
  }

  [[nodiscard]] bool full() const noexcept { return live_ == orders_max_; }

  // The link is what link_to said, the table is not full, and the order names no next one.
  void insert(NodeIndex& link, NodeIndex index) noexcept {
    link = index;
    ++live_;
  }
  void erase(NodeIndex& link, NodeIndex next_in_bucket) noexcept {
    link = next_in_bucket;
    --live_;
  }

  void clear() noexcept {
    std::ranges::fill(buckets_, kNoNode);
    live_ = 0;
  }

  [[nodiscard]] std::uint32_t live() const noexcept { return live_; }

 private:
  static constexpr std::size_t kBucketsMin = 16;

  static constexpr std::size_t bucket_count(std::uint32_t orders_max) noexcept {
    return std::max(kBucketsMin, std::bit_ceil(std::size_t{orders_max}));
  }

  // Exchanges count order ids up, some in steps. Neighbours in time get neighbouring buckets, so a
  // new order's bucket is in the cache already; what the ids have above moves every stretch of them
  // elsewhere, so ids that are a whole turn of the table apart do not pile up.
  [[nodiscard]] std::size_t bucket_of(std::uint64_t id) const noexcept {
    return (id + ((id >> bucket_bits_) * 0x61C8'8647ULL >> 32)) & bucket_mask_;
  }

  std::span<NodeIndex> buckets_;
  std::size_t bucket_mask_;
  unsigned bucket_bits_;
  std::uint32_t orders_max_;
  std::uint32_t live_ = 0;
};

}  // namespace ridley::book
