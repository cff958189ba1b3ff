// SPDX-License-Identifier: Apache-2.0
// In: a day of ITCH messages in memory. Out: one pass over it, each as the appliance would make it:
// the lengths only, decoding, or decoding and the books. What is timed and counted is these loops,
// by `ridley bench itch`, the benchmarks and the instruction budgets alike. The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "book/books.hpp"
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

}  // namespace ridley::control
