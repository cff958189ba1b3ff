// SPDX-License-Identifier: Apache-2.0
// In: frames sent at one end. Out: the same frames at the other end, stamped with the time that was
// set, so that a test is the same every time. One thread an end; no allocation after construction.
#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstring>
#include <memory>

#include "base/assert.hpp"
#include "base/spsc_ring.hpp"
#include "nic/frame.hpp"
#include "nic/port.hpp"

namespace ridley::nic {

// Frames in flight in one direction, each in a slot of its own. One sender, one receiver.
class MemoryLine {
 public:
  explicit MemoryLine(std::size_t slots)
      : slots_{std::make_unique<Slot[]>(slots)}, mask_{slots - 1} {
    RIDLEY_ASSERT(std::has_single_bit(slots));
  }

  [[nodiscard]] bool push(std::span<const std::byte> bytes,
                          const event::Timestamp& stamp) noexcept {
    const std::size_t tail = tail_.load(std::memory_order_relaxed);
    // Acquire: the receiver is done with the slot before it is written again.
    if (tail - head_.load(std::memory_order_acquire) > mask_) return false;
    if (bytes.empty() || bytes.size() > kFrameBytesMax) return false;
    Slot& slot = slots_[tail & mask_];
    std::memcpy(slot.bytes, bytes.data(), bytes.size());
    slot.length = static_cast<std::uint32_t>(bytes.size());
    slot.stamp = stamp;
    // Release: the frame is whole before the receiver sees it.
    tail_.store(tail + 1, std::memory_order_release);
    return true;
  }

  // Gives back the slots of the burst before, then shows the next ones.
  [[nodiscard]] std::size_t pop_burst(std::span<Frame> frames) noexcept {
    const std::size_t head = shown_until_;
    // Release: every read of the last burst is over before the sender may write there.
    head_.store(head, std::memory_order_release);
    // Acquire: pairs with push, the frames are whole.
    const std::size_t waiting = tail_.load(std::memory_order_acquire) - head;
    const std::size_t count = std::min({waiting, frames.size(), kBurstFramesMax});
    for (std::size_t i = 0; i < count; ++i) {
      const Slot& slot = slots_[(head + i) & mask_];
      frames[i] = {.bytes = slot.bytes,
                   .length = slot.length,
                   .wire_length = slot.length,
                   .stamp = slot.stamp};
    }
    shown_until_ = head + count;
    return count;
  }

 private:
  struct Slot {
    alignas(64) std::byte bytes[kFrameBytesMax];
    std::uint32_t length;
    event::Timestamp stamp;
  };

  std::unique_ptr<Slot[]> slots_;
  std::size_t mask_;
  std::size_t shown_until_ = 0;
  alignas(base::kNoFalseSharingBytes) std::atomic<std::size_t> head_{0};
  alignas(base::kNoFalseSharingBytes) std::atomic<std::size_t> tail_{0};
};

class MemoryPort {
 public:
  MemoryPort(MemoryLine& incoming, MemoryLine& outgoing) noexcept
      : incoming_{&incoming}, outgoing_{&outgoing} {}

  [[nodiscard]] std::size_t receive_burst(std::span<Frame> frames) noexcept {
    const std::size_t count = incoming_->pop_burst(frames);
    statistics_.received += count;
    return count;
  }

  [[nodiscard]] bool send(std::span<const std::byte> bytes) noexcept {
    const bool taken = outgoing_->push(bytes, send_stamp_);
    ++(taken ? statistics_.sent : statistics_.send_refused);
    return taken;
  }

  // The stamp that the other end sees on every frame sent from now on.
  void set_send_stamp(const event::Timestamp& stamp) noexcept { send_stamp_ = stamp; }
  void set_send_time(std::uint64_t ns) noexcept {
    send_stamp_ = {.ns = ns,
                   .error_ns = 0,
                   .source = event::TimeSource::Simulated,
                   .domain = event::ClockDomain::Simulated,
                   .reserved = 0};
  }

  [[nodiscard]] PortStatistics statistics() const noexcept { return statistics_; }
  [[nodiscard]] Link link() const noexcept { return {.up = true, .megabits_per_second = 0}; }

 private:
  MemoryLine* incoming_;
  MemoryLine* outgoing_;
  event::Timestamp send_stamp_{};
  PortStatistics statistics_{};
};

static_assert(Port<MemoryPort>);

// Two ports and the lines between them.
class MemoryLink {
 public:
  explicit MemoryLink(std::size_t slots = 1024) : to_right_{slots}, to_left_{slots} {}

  [[nodiscard]] MemoryPort& left() noexcept { return left_; }
  [[nodiscard]] MemoryPort& right() noexcept { return right_; }

 private:
  MemoryLine to_right_;
  MemoryLine to_left_;
  MemoryPort left_{to_left_, to_right_};
  MemoryPort right_{to_right_, to_left_};
};

}  // namespace ridley::nic
