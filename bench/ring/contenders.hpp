// SPDX-License-Identifier: Apache-2.0
// In: a capacity. Out: the three rings behind the same two calls, push and pop of one value; each
// does what its documentation shows for one producer and one consumer. Producer and consumer core.
#pragma once

#include <rte_ring.h>
#include <rte_ring_elem.h>

#include <boost/lockfree/spsc_queue.hpp>
#include <cstdlib>
#include <new>

#include "base/spsc_ring.hpp"

namespace ridley::bench::ring {

template <typename Value>
class RidleyRing {
 public:
  static constexpr const char* kName = "ridley";
  explicit RidleyRing(std::size_t capacity) : ring_{capacity} {}
  bool push(const Value& value) noexcept { return ring_.push(value); }
  bool pop(Value& value) noexcept { return ring_.pop_patiently(value); }

 private:
  base::SpscRing<Value> ring_;
};

// The call for a core that has other things to do than to wait for this ring.
template <typename Value>
class RidleyHotRing {
 public:
  static constexpr const char* kName = "ridley_hot_pop";
  explicit RidleyHotRing(std::size_t capacity) : ring_{capacity} {}
  bool push(const Value& value) noexcept { return ring_.push(value); }
  bool pop(Value& value) noexcept { return ring_.pop(value); }

 private:
  base::SpscRing<Value> ring_;
};

template <typename Value>
class BoostRing {
 public:
  static constexpr const char* kName = "boost";
  explicit BoostRing(std::size_t capacity) : ring_{capacity} {}
  bool push(const Value& value) { return ring_.push(value); }
  bool pop(Value& value) { return ring_.pop(value); }

 private:
  boost::lockfree::spsc_queue<Value> ring_;
};

// rte_ring_create wants DPDK's environment; in memory of our own the ring is the same. It keeps one
// slot empty.
template <typename Value>
class RteRing {
 public:
  static constexpr const char* kName = "rte_ring";
  explicit RteRing(std::size_t capacity) {
    const auto slots = static_cast<unsigned>(capacity);
    const auto bytes = static_cast<std::size_t>(rte_ring_get_memsize_elem(sizeof(Value), slots));
    void* memory =
        std::aligned_alloc(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment);
    if (memory == nullptr) throw std::bad_alloc{};
    ring_ = static_cast<rte_ring*>(memory);
    if (rte_ring_init(ring_, "bench", slots, RING_F_SP_ENQ | RING_F_SC_DEQ) != 0) std::abort();
  }
  ~RteRing() { std::free(ring_); }
  RteRing(const RteRing&) = delete;
  RteRing& operator=(const RteRing&) = delete;

  bool push(const Value& value) noexcept {
    return rte_ring_sp_enqueue_elem(ring_, const_cast<Value*>(&value), sizeof(Value)) == 0;
  }
  bool pop(Value& value) noexcept {
    return rte_ring_sc_dequeue_elem(ring_, &value, sizeof(Value)) == 0;
  }

 private:
  static constexpr std::size_t kAlignment = 128;
  rte_ring* ring_ = nullptr;
};

}  // namespace ridley::bench::ring
