// SPDX-License-Identifier: Apache-2.0
#include "control/itch_passes.hpp"

#include "control/own_costs.hpp"

namespace ridley::control {

std::uint64_t walk(const DayInMemory& day) noexcept {
  std::uint64_t length_sum = 0;
  for_each_message(day, [&](std::span<const std::byte> message, std::uint64_t) {
    length_sum += message.size();
  });
  return length_sum;
}

feed::DecodeCounters decode(const DayInMemory& day) noexcept {
  return for_each_event(day, [](const event::MarketEvent& event) { keep(event); });
}

AppliedDay apply(const DayInMemory& day, book::Books& books) noexcept {
  std::uint64_t top_changes = 0;
  const feed::DecodeCounters decoded = for_each_event(
      day, [&](const event::MarketEvent& event) { top_changes += books.apply(event).top ? 1 : 0; });
  return {.decoded = decoded, .top_changes = top_changes};
}

}  // namespace ridley::control
