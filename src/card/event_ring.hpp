// SPDX-License-Identifier: Apache-2.0
// In: the memory that the card writes its records to. Out: the records, each once, in the order of
// their numbers. The card writes a record's mark last or with the whole record at once; a record
// whose mark has the next number is there. Hot core; no system call.
#pragma once

#include <atomic>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "card/records.hpp"
#include "event/records.hpp"

namespace ridley::card {

inline constexpr std::size_t kRecordBytes = sizeof(CardPacket);
inline constexpr std::size_t kMarkAt = kRecordBytes - sizeof(CardMark);
static_assert(sizeof(event::MarketEvent) == kRecordBytes);

// One record, as it stands in the ring.
class Record {
 public:
  Record(const std::byte* at, const CardMark& mark) noexcept : at_{at}, mark_{mark} {}

  [[nodiscard]] CardForm form() const noexcept { return mark_.form; }
  [[nodiscard]] unsigned port() const noexcept { return mark_.flags & 1U; }
  // Records between the one before and this one found no room.
  [[nodiscard]] bool lost_before() const noexcept { return (mark_.flags & 2U) != 0; }
  [[nodiscard]] std::uint16_t latency_cycles() const noexcept { return mark_.latency_cycles; }
  [[nodiscard]] std::uint32_t number() const noexcept { return mark_.number; }

  // Of an event: the bytes that the software's decoder gives.
  [[nodiscard]] event::MarketEvent event() const noexcept {
    event::MarketEvent event{};
    std::memcpy(static_cast<void*>(&event), at_, kMarkAt);
    return event;
  }
  // Of a packet or a short message; its mark is left out.
  [[nodiscard]] CardPacket packet() const noexcept {
    CardPacket packet{};
    std::memcpy(static_cast<void*>(&packet), at_, kMarkAt);
    return packet;
  }

 private:
  const std::byte* at_;
  CardMark mark_;
};

class EventRing {
 public:
  // Zeroed memory of a power of two of records, aligned to one. Anything else has no records.
  explicit EventRing(std::span<std::byte> memory) noexcept
      : memory_{memory.data()}, records_{static_cast<std::uint32_t>(memory.size() / kRecordBytes)} {
    if (!std::has_single_bit(records_)) records_ = 0;
  }

  [[nodiscard]] std::uint32_t records() const noexcept { return records_; }

  // Whether there is a record that has not been read.
  [[nodiscard]] bool has_next() const noexcept { return mark_of_next().number == number_; }

  // Only when there is one; valid until pop().
  [[nodiscard]] Record next() const noexcept { return {at(), mark_of_next()}; }

  void pop() noexcept {
    ++number_;
    // Release: what was read is no longer needed when the card is told.
    consumed_.store(number_ - 1, std::memory_order_release);
  }

  // How many records were read, modulo 2^32: what the card may write over. Any thread.
  [[nodiscard]] std::uint32_t consumed() const noexcept {
    return consumed_.load(std::memory_order_acquire);
  }

 private:
  [[nodiscard]] std::byte* at() const noexcept {
    return memory_ + std::size_t{(number_ - 1) & (records_ - 1)} * kRecordBytes;
  }
  // Acquire: the record's other bytes are there when its mark is.
  [[nodiscard]] CardMark mark_of_next() const noexcept {
    if (records_ == 0) return {};
    auto* mark = reinterpret_cast<std::uint64_t*>(at() + kMarkAt);
    return std::bit_cast<CardMark>(std::atomic_ref{*mark}.load(std::memory_order_acquire));
  }

  std::byte* memory_;
  std::uint32_t records_;
  std::uint32_t number_ = 1;
  std::atomic<std::uint32_t> consumed_{0};
};

}  // namespace ridley::card
