// SPDX-License-Identifier: Apache-2.0
#include "control/itch_passes.hpp"

#include "feed/blocks.hpp"

namespace ridley::control {
namespace {

using feed::Block;
using Iterator = feed::Blocks::Iterator;

constexpr std::uint64_t kFirstSequence = 1;

struct Messages {
  const DayInMemory& day;
  [[nodiscard]] Iterator begin() const noexcept { return {day.bytes.data(), kFirstSequence}; }
  [[nodiscard]] Iterator end() const noexcept { return {nullptr, kFirstSequence + day.messages}; }
};

// Whoever reads the event afterwards is invisible to the compiler: it must all be there.
void keep(const event::MarketEvent& event) noexcept { asm volatile("" : : "r"(&event) : "memory"); }

}  // namespace

std::uint64_t walk(const DayInMemory& day) noexcept {
  std::uint64_t length_sum = 0;
  for (const Block block : Messages{day}) length_sum += block.message.size();
  return length_sum;
}

feed::DecodeCounters decode(const DayInMemory& day) noexcept {
  feed::DecodeCounters counters{};
  event::MarketEvent event;
  for (const Block block : Messages{day}) {
    counters.count(feed::decode(block.message, block.sequence, event));
    keep(event);
  }
  return counters;
}

AppliedDay apply(const DayInMemory& day, book::Books& books) noexcept {
  AppliedDay applied{};
  event::MarketEvent event;
  for (const Block block : Messages{day}) {
    const feed::Decoded decoded = feed::decode(block.message, block.sequence, event);
    applied.decoded.count(decoded);
    if (decoded == feed::Decoded::Event) applied.top_changes += books.apply(event).top ? 1 : 0;
  }
  return applied;
}

}  // namespace ridley::control
