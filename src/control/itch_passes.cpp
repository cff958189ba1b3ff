// SPDX-License-Identifier: Apache-2.0
#include "control/itch_passes.hpp"

#include "base/bytes.hpp"
#include "feed/blocks.hpp"

namespace ridley::control {
namespace {

constexpr std::uint64_t kFirstSequence = 1;

// The length is read once, whatever the visitor does to the memory.
template <typename Visitor>
void for_each_message(const DayInMemory& day, Visitor&& visit) noexcept {
  const std::byte* at = day.bytes.data();
  const std::uint64_t messages = day.messages;
  for (std::uint64_t i = 0; i < messages; ++i) {
    const std::size_t length = base::load_big_endian<std::uint16_t>(at);
    visit(std::span{at + feed::Blocks::kLengthBytes, length}, kFirstSequence + i);
    at += feed::Blocks::kLengthBytes + length;
  }
}

// Whoever reads the event afterwards is invisible to the compiler: it must all be there.
void keep(const event::MarketEvent& event) noexcept { asm volatile("" : : "r"(&event) : "memory"); }

// All messages are counted as events beforehand.
void count_failure(feed::Decoded decoded, feed::DecodeCounters& counters) noexcept {
  --counters.events;
  counters.count(decoded);
}

}  // namespace

std::uint64_t walk(const DayInMemory& day) noexcept {
  std::uint64_t length_sum = 0;
  for_each_message(day, [&](std::span<const std::byte> message, std::uint64_t) {
    length_sum += message.size();
  });
  return length_sum;
}

feed::DecodeCounters decode(const DayInMemory& day) noexcept {
  feed::DecodeCounters counters{.events = day.messages, .unknown_types = 0, .truncated = 0};
  event::MarketEvent event;
  for_each_message(day, [&](std::span<const std::byte> message, std::uint64_t sequence) {
    const feed::Decoded decoded = feed::decode(message, sequence, event);
    if (decoded != feed::Decoded::Event) [[unlikely]]
      count_failure(decoded, counters);
    keep(event);
  });
  return counters;
}

AppliedDay apply(const DayInMemory& day, book::Books& books) noexcept {
  feed::DecodeCounters counters{.events = day.messages, .unknown_types = 0, .truncated = 0};
  std::uint64_t top_changes = 0;
  event::MarketEvent event;
  for_each_message(day, [&](std::span<const std::byte> message, std::uint64_t sequence) {
    const feed::Decoded decoded = feed::decode(message, sequence, event);
    if (decoded == feed::Decoded::Event) [[likely]] {
      top_changes += books.apply(event).top ? 1 : 0;
    } else {
      count_failure(decoded, counters);
    }
  });
  return {.decoded = counters, .top_changes = top_changes};
}

}  // namespace ridley::control
