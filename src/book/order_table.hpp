// SPDX-License-Identifier: Apache-2.0
// In: an order id. Out: the record of the live order with that id, in constant time for the ids an
// exchange gives out. Fixed memory; the hot core that owns the books.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/arena.hpp"
#include "base/assert.hpp"

namespace ridley::book {

// Positions instead of pointers: half the size, and zeroed memory is a table of nothing.
using OrderIndex = std::uint32_t;
inline constexpr OrderIndex kNoOrder = 0;

struct Order {
  std::uint64_t id;
  std::uint32_t quantity;
  std::uint32_t price_e4;
  OrderIndex ahead;           // the next older order of the level
  OrderIndex behind;          // the next younger order of the level
  OrderIndex next_in_bucket;  // also the list of free records
  std::uint16_t locate;
  std::uint8_t buys;  // 1 on the bid side
  std::uint8_t reserved;
};
static_assert(sizeof(Order) == 32, "two orders to a cache line, none across two");

// Chained buckets over a pool of records. Freed records are used again last in, first out, so
// the orders that come and go share few cache lines.
class OrderTable {
 public:
  // One record is kNoOrder; bucket numbers must fit the hash below.
  static constexpr std::uint32_t kOrdersMax = 1U << 30;

  // Cold: takes its memory.
  OrderTable(base::Arena& arena, std::uint32_t orders_max)
      : orders_{arena.array<Order>(std::size_t{orders_max} + 1)},
        buckets_{arena.array<OrderIndex>(bucket_count(orders_max))},
        bucket_bits_{static_cast<unsigned>(std::countr_zero(buckets_.size()))} {}

  [[nodiscard]] static constexpr std::size_t bytes_for(std::uint32_t orders_max) noexcept {
    return base::Arena::bytes_for<Order>(std::size_t{orders_max} + 1) +
           base::Arena::bytes_for<OrderIndex>(bucket_count(orders_max));
  }

  [[nodiscard]] OrderIndex find(std::uint64_t id) const noexcept {
    OrderIndex index = buckets_[bucket_of(id)];
    while (index != kNoOrder && orders_[index].id != id) index = orders_[index].next_in_bucket;
    return index;
  }

  // A record with that id and nothing else set, or kNoOrder when all are in use. The caller has
  // made sure that the id is not live.
  [[nodiscard]] OrderIndex insert(std::uint64_t id) noexcept {
    OrderIndex index = free_;
    if (index != kNoOrder) {
      free_ = orders_[index].next_in_bucket;
    } else {
      if (used_ + 1 == orders_.size()) return kNoOrder;
      index = ++used_;
    }
    OrderIndex& head = buckets_[bucket_of(id)];
    Order& order = orders_[index];
    order = {};
    order.id = id;
    order.next_in_bucket = head;
    head = index;
    ++live_;
    return index;
  }

  void erase(OrderIndex index) noexcept {
    OrderIndex* link = &buckets_[bucket_of(orders_[index].id)];
    while (*link != index) {
      RIDLEY_HOT_ASSERT(*link != kNoOrder);
      link = &orders_[*link].next_in_bucket;
    }
    *link = orders_[index].next_in_bucket;
    orders_[index].next_in_bucket = free_;
    free_ = index;
    --live_;
  }

  void clear() noexcept {
    for (OrderIndex& head : buckets_) head = kNoOrder;
    free_ = kNoOrder;
    used_ = 0;
    live_ = 0;
  }

  [[nodiscard]] Order& operator[](OrderIndex index) noexcept { return orders_[index]; }
  [[nodiscard]] const Order& operator[](OrderIndex index) const noexcept { return orders_[index]; }
  [[nodiscard]] std::uint32_t live() const noexcept { return live_; }

 private:
  static constexpr std::size_t kBucketsMin = 16;

  static constexpr std::size_t bucket_count(std::uint32_t orders_max) noexcept {
    return std::max(kBucketsMin, std::bit_ceil(std::size_t{orders_max}));
  }

  // Exchanges count order ids up, some in steps of four. Neighbours in time get neighbouring
  // buckets in either case, so a new order's bucket is in the cache already; each turn through
  // the table starts elsewhere, so ids that are a whole turn apart do not pile up.
  [[nodiscard]] std::size_t bucket_of(std::uint64_t id) const noexcept {
    const std::uint64_t turn = (id >> bucket_bits_) * 0x9E37'79B9'7F4A'7C15ULL;
    const std::uint64_t place = (id >> 2) + ((id & 3) << (bucket_bits_ - 2));
    return (place + (turn >> 32)) & (buckets_.size() - 1);
  }

  std::span<Order> orders_;
  std::span<OrderIndex> buckets_;
  unsigned bucket_bits_;
  OrderIndex free_ = kNoOrder;
  std::uint32_t used_ = 0;
  std::uint32_t live_ = 0;
};

}  // namespace ridley::book
