// SPDX-License-Identifier: Apache-2.0
// In: values from one thread. Out: the same values, in order, on one other thread. No locks, no
// waiting: a full ring refuses and an empty ring gives nothing.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <memory>
#include <new>
#include <span>
#include <type_traits>

#include "base/assert.hpp"

namespace ridley::base {

inline constexpr std::size_t kCacheLineBytes = 64;
// x86-64 fetches cache lines in pairs; 128 keeps the two ends from pulling at each other's line.
inline constexpr std::size_t kNoFalseSharingBytes = 128;
// The consumer has read a slot before the producer comes round to it, so its line lies in the other
// core's cache. Asking for it this many values ahead hides the way: from 2 on a streaming producer
// no longer waits, beyond 8 what was asked for is taken away again.
inline constexpr std::size_t kSlotsAskedAhead = 4;

template <typename Value>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<Value>, "values are copied between threads as bytes");

 public:
  // Cold: allocates and touches its memory. The capacity is a power of two.
  explicit SpscRing(std::size_t capacity)
      : slots_{new(kSlotAlignment) Value[capacity]{}}, mask_{capacity - 1} {
    RIDLEY_ASSERT(std::has_single_bit(capacity));
  }

  // Cold: over slots that live longer, such as an arena's, at an address that kSlotAlignment
  // divides. Their number is a power of two.
  explicit SpscRing(std::span<Value> slots)
      : slots_{slots.data(), Free{.owned = false}}, mask_{slots.size() - 1} {
    RIDLEY_ASSERT(std::has_single_bit(slots.size()));
  }

  // Producer only. False when the ring is full; the value was not taken.
  [[nodiscard]] bool push(const Value& value) noexcept {
    Value* slot = claim();
    if (slot == nullptr) return false;
    *slot = value;
    publish();
    return true;
  }

  // Producer only. The next slot, to be written in place, or nothing when the ring is full. It
  // holds what stood there before. Until publish() the consumer does not see it and the next
  // claim() gives the same one.
  [[nodiscard]] Value* claim() noexcept {
    // Relaxed: the producer is the only writer of its position.
    const std::size_t tail = producer_.position.load(std::memory_order_relaxed);
    if (tail - producer_.other_seen > mask_) {
      // Acquire: the consumer has finished reading the slot before it is written again. Looked at
      // only when the ring seems full, because the look takes the consumer's line away from it.
      producer_.other_seen = consumer_.position.load(std::memory_order_acquire);
      if (tail - producer_.other_seen > mask_) return nullptr;
    }
    return &slots_[tail & mask_];
  }

  // Producer only. Hands over the slot that claim() gave.
  void publish() noexcept {
    const std::size_t tail = producer_.position.load(std::memory_order_relaxed);
    // Release: the value is in the slot before the consumer sees the new position.
    producer_.position.store(tail + 1, std::memory_order_release);
    ask_for(slots_[(tail + kSlotsAskedAhead) & mask_]);
  }

  // Consumer only. False when the ring is empty; the value is left as it was. Never waits: for a
  // core that has other things to do.
  [[nodiscard]] bool pop(Value& value) noexcept {
    if (head() == consumer_.other_seen && !look()) return false;
    take(value);
    return true;
  }

  // Consumer only. The next value where it stands, or nothing when the ring is empty. It stays
  // until drop_front(); large values need no copy.
  [[nodiscard]] const Value* front() noexcept {
    if (head() == consumer_.other_seen && !look()) return nullptr;
    return &slots_[head() & mask_];
  }

  // Consumer only, once for each front().
  void drop_front() noexcept {
    // Release: the slot has been read before the producer may reuse it.
    consumer_.position.store(head() + 1, std::memory_order_release);
  }

  // As pop, for a core that does little else. Each look at an empty ring takes the producer's line
  // away from it, and a consumer that keeps up would do so for every value: the first look behind a
  // value is put off for some tens of nanoseconds, in which a streaming producer gets several
  // values done. A consumer that has waited for longer is not held up.
  [[nodiscard]] bool pop_patiently(Value& value) noexcept {
    if (head() == consumer_.other_seen) {
      if (consumer_.took_one) wait_a_moment();
      consumer_.took_one = false;
      if (!look()) return false;
    }
    consumer_.took_one = true;
    take(value);
    return true;
  }

  // Any thread; exact only when both ends are quiet.
  [[nodiscard]] std::size_t size() const noexcept {
    return producer_.position.load(std::memory_order_acquire) -
           consumer_.position.load(std::memory_order_acquire);
  }

  [[nodiscard]] std::size_t capacity() const noexcept { return mask_ + 1; }

 private:
  // A value of a line's size lies in one line, not in two.
  static constexpr std::align_val_t kSlotAlignment{kNoFalseSharingBytes};

  struct Free {
    bool owned = true;
    void operator()(Value* slots) const noexcept {
      if (owned) ::operator delete[](slots, kSlotAlignment);
    }
  };

  struct alignas(kNoFalseSharingBytes) End {
    std::atomic<std::size_t> position{0};
    std::size_t other_seen = 0;  // the other end's position when last looked at
    bool took_one = false;       // consumer: since it last looked
  };

  // Relaxed: the consumer is the only writer of its position.
  [[nodiscard]] std::size_t head() const noexcept {
    return consumer_.position.load(std::memory_order_relaxed);
  }

  // Whether there is anything. Acquire: pairs with the producer's release, the slots are whole.
  [[nodiscard]] bool look() noexcept {
    consumer_.other_seen = producer_.position.load(std::memory_order_acquire);
    return head() != consumer_.other_seen;
  }

  void take(Value& value) noexcept {
    value = slots_[head() & mask_];
    drop_front();
  }

  static void ask_for(Value& slot) noexcept {
    for (std::size_t at = 0; at < sizeof(Value); at += kCacheLineBytes) {
      __builtin_prefetch(reinterpret_cast<std::byte*>(&slot) + at, 1);
    }
  }

  // Not the pause instruction: its length differs tenfold between generations of processors, and
  // under a hypervisor it may leave the guest.
  static void wait_a_moment() noexcept {
    for (int i = 0; i < 16; ++i) __builtin_ia32_lfence();
  }

  std::unique_ptr<Value[], Free> slots_;
  std::size_t mask_;
  End producer_;
  End consumer_;
};

}  // namespace ridley::base
