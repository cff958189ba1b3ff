// SPDX-License-Identifier: Apache-2.0
// In: a day of ITCH messages in memory. Out: one pass over it, each as the appliance would make it:
// the lengths only, decoding, or decoding and the books. What is timed and counted is these loops,
// by `ridley bench itch`, the benchmarks and the instruction budgets alike. The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"
#include "book/books.hpp"
#include "feed/blocks.hpp"
#include "feed/decode.hpp"

namespace ridley::control {

// Every message behind its two-byte length. The lengths were checked and add up to the bytes.
struct DayInMemory {
  std::span<const std::byte> bytes;
  std::uint64_t messages;
};

struct AppliedDay {
  feed::DecodeCounters decoded;
  std::uint64_t top_changes;
};

// The sum of all lengths.
[[nodiscard]] std::uint64_t walk(const DayInMemory& day) noexcept;
// Every message becomes a MarketEvent in memory.
[[nodiscard]] feed::DecodeCounters decode(const DayInMemory& day) noexcept;
// Every message becomes a MarketEvent, every event goes into the books.
[[nodiscard]] AppliedDay apply(const DayInMemory& day, book::Books& books) noexcept;

// Gives each message and its sequence number. The length is read once, whatever the visitor does to
// the memory.
template <typename Visitor>
void for_each_message(const DayInMemory& day, Visitor&& visit) noexcept {
  constexpr std::uint64_t kFirstSequence = 1;
  const std::byte* at = day.bytes.data();
  const std::uint64_t messages = day.messages;
  for (std::uint64_t i = 0; i < messages; ++i) {
    const std::size_t length = base::load_big_endian<std::uint16_t>(at);
    visit(std::span{at + feed::Blocks::kLengthBytes, length}, kFirstSequence + i);
    at += feed::Blocks::kLengthBytes + length;
  }
}

// Gives the event of each message that makes one. All are counted as events beforehand, and taken
// back where they are none.
template <typename Visitor>
feed::DecodeCounters for_each_event(const DayInMemory& day, Visitor&& visit) noexcept {
  feed::DecodeCounters counters{.events = day.messages, .unknown_types = 0, .truncated = 0};
  event::MarketEvent event;
  for_each_message(day, [&](std::span<const std::byte> message, std::uint64_t sequence) {
    const feed::Decoded decoded = feed::decode(message, sequence, event);
    if (decoded == feed::Decoded::Event) [[likely]] {
      visit(event);
    } else {
      --counters.events;
      counters.count(decoded);
    }
  });
  return counters;
}

}  // namespace ridley::control
