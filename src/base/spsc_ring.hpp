// SPDX-License-Identifier: Apache-2.0
// In: values from one thread. Out: the same values, in order, on one other thread. No locks, no
// waiting: a full ring refuses and an empty ring gives nothing.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <type_traits>

#include "base/assert.hpp"

namespace ridley::base {

// x86-64 fetches cache lines in pairs; 128 keeps the two ends from pulling at each other's line.
inline constexpr std::size_t kNoFalseSharingBytes = 128;

template <typename Value>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<Value>, "values are copied between threads as bytes");

 public:
  // Cold: allocates and touches its memory. The capacity is a power of two.
  explicit SpscRing(std::size_t capacity)
      : slots_{std::make_unique<Value[]>(capacity)}, mask_{capacity - 1} {
    RIDLEY_ASSERT(std::has_single_bit(capacity));
  }

  // Producer only. False when the ring is full; the value was not taken.
  [[nodiscard]] bool push(const Value& value) noexcept {
    const std::size_t tail = producer_.position.load(std::memory_order_relaxed);
    if (tail - producer_.other_seen > mask_) {
      // Acquire: the consumer has finished reading the slot before it is written again.
      producer_.other_seen = consumer_.position.load(std::memory_order_acquire);
      if (tail - producer_.other_seen > mask_) return false;
    }
    slots_[tail & mask_] = value;
    // Release: the value is in the slot before the consumer sees the new position.
    producer_.position.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Consumer only. False when the ring is empty; the value is left as it was.
  [[nodiscard]] bool pop(Value& value) noexcept {
    const std::size_t head = consumer_.position.load(std::memory_order_relaxed);
    if (head == consumer_.other_seen) {
      // Acquire: pairs with the producer's release, the slot is whole.
      consumer_.other_seen = producer_.position.load(std::memory_order_acquire);
      if (head == consumer_.other_seen) return false;
    }
    value = slots_[head & mask_];
    // Release: the slot has been read before the producer may reuse it.
    consumer_.position.store(head + 1, std::memory_order_release);
    return true;
  }

  // Any thread; exact only when both ends are quiet.
  [[nodiscard]] std::size_t size() const noexcept {
    return producer_.position.load(std::memory_order_acquire) -
           consumer_.position.load(std::memory_order_acquire);
  }

  [[nodiscard]] std::size_t capacity() const noexcept { return mask_ + 1; }

 private:
  struct alignas(kNoFalseSharingBytes) End {
    std::atomic<std::size_t> position{0};
    std::size_t other_seen = 0;  // the other end's position when last looked at
  };

  std::unique_ptr<Value[]> slots_;
  std::size_t mask_;
  End producer_;
  End consumer_;
};

}  // namespace ridley::base
