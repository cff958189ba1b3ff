// SPDX-License-Identifier: Apache-2.0
// In: market events. Out: one number for every byte of all of them, so that two ways to the same
// events can be told equal. Not timed. Cold.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

#include "event/records.hpp"

namespace ridley::bench {

class EventDigest {
 public:
  void add(const event::MarketEvent& event) noexcept {
    using EventWords = std::array<std::uint64_t, sizeof(event::MarketEvent) / 8>;
    for (const std::uint64_t word : std::bit_cast<EventWords>(event)) {
      value_ = (std::rotl(value_, 23) ^ word) * 0x9E37'79B9'7F4A'7C15ULL;
    }
  }
  [[nodiscard]] std::uint64_t value() const noexcept { return value_; }

 private:
  std::uint64_t value_ = 1;
};

}  // namespace ridley::bench
