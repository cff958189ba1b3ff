// SPDX-License-Identifier: Apache-2.0
// In: one TotalView-ITCH 5.0 message. Out: one MarketEvent, every byte of it defined, so that the
// same message gives the same bytes. Knows all 23 types. The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "event/records.hpp"
#include "feed/recipe.hpp"

namespace ridley::feed {

enum class Decoded : std::uint8_t {
  Event,
  UnknownType,  // newer than this decoder: to be skipped and counted
  Truncated,    // shorter than its type; empty messages as well
};

struct DecodeCounters {
  std::uint64_t events;
  std::uint64_t unknown_types;
  std::uint64_t truncated;

  void count(Decoded decoded) noexcept {
    events += decoded == Decoded::Event ? 1 : 0;
    unknown_types += decoded == Decoded::UnknownType ? 1 : 0;
    truncated += decoded == Decoded::Truncated ? 1 : 0;
  }
};

// Any type, one by one: what has no recipe, and what is too short for it.
[[nodiscard]] Decoded decode_by_type(std::span<const std::byte> message, std::uint64_t sequence,
                                     event::MarketEvent& out) noexcept;

// Bytes beyond the type's length are a later version's fields and are left alone. The event is
// only written when the answer is Event.
[[nodiscard]] inline Decoded decode(std::span<const std::byte> message, std::uint64_t sequence,
                                    event::MarketEvent& out) noexcept {
#ifdef __SSE4_1__
  // Of an empty message the first byte is not there to be looked at.
  if (!message.empty()) [[likely]] {
    const Recipe& recipe = kRecipes[static_cast<std::uint8_t>(message[0])];
    if (message.size() >= recipe.size) [[likely]] {
      follow_recipe(recipe, message.data(), sequence, out);
      return Decoded::Event;
    }
  }
#endif
  return decode_by_type(message, sequence, out);
}

}  // namespace ridley::feed
