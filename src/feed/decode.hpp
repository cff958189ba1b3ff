// SPDX-License-Identifier: Apache-2.0
// In: one TotalView-ITCH 5.0 message. Out: one MarketEvent, every byte of it defined, so that the
// same message gives the same bytes. Knows all 23 types. The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "event/records.hpp"

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

// Bytes beyond the type's length are a later version's fields and are left alone. The event is
// only written when the answer is Event.
[[nodiscard]] Decoded decode(std::span<const std::byte> message, std::uint64_t sequence,
                             event::MarketEvent& out) noexcept;

}  // namespace ridley::feed
