// SPDX-License-Identifier: Apache-2.0
// In: executions. Out: an execution by its match number, which is all that a broken trade names.
// Fixed memory, open addressing, nothing is ever taken out. Hot core.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/assert.hpp"
#include "event/records.hpp"

namespace ridley::order {

struct Execution {
  std::uint64_t match_number = 0;
  std::uint64_t client_tag = 0;
  std::uint32_t user_ref = 0;  // 0: the slot is free
  std::uint32_t quantity = 0;  // 0: broken
  std::uint32_t price_e4 = 0;
  std::uint32_t strategy_id = 0;
  std::uint16_t locate = 0;
  event::Side side = event::Side::None;
};

class ExecutionTable {
 public:
  // The memory's size is a power of two. A quarter stays empty, so that a search ends soon.
  explicit ExecutionTable(std::span<Execution> slots) noexcept
      : slots_{slots}, mask_{slots.size() - 1} {
    RIDLEY_ASSERT(std::has_single_bit(slots.size()));
  }

  // Both orders of a match may be ours: the number alone does not name an execution.
  [[nodiscard]] Execution* find(std::uint64_t match_number, std::uint32_t user_ref) noexcept {
    Execution& slot = slot_of(match_number, user_ref);
    return slot.user_ref == 0 ? nullptr : &slot;
  }

  enum class Kept : std::uint8_t { New, Repeated, Full };

  [[nodiscard]] Kept keep(const Execution& execution) noexcept {
    Execution& slot = slot_of(execution.match_number, execution.user_ref);
    if (slot.user_ref != 0) return Kept::Repeated;
    if (count_ >= slots_.size() - slots_.size() / 4) return Kept::Full;
    slot = execution;
    ++count_;
    return Kept::New;
  }

  [[nodiscard]] std::size_t count() const noexcept { return count_; }

 private:
  // The execution's slot, or the free one where it would stand. Ends because some slot is free.
  [[nodiscard]] Execution& slot_of(std::uint64_t match_number, std::uint32_t user_ref) noexcept {
    // Fibonacci hashing: match numbers count up.
    const std::uint64_t key =
        (match_number ^ (std::uint64_t{user_ref} << 32)) * 0x9E37'79B9'7F4A'7C15ULL;
    std::size_t at = static_cast<std::size_t>(key >> 32) & mask_;
    while (slots_[at].user_ref != 0 &&
           (slots_[at].match_number != match_number || slots_[at].user_ref != user_ref)) {
      at = (at + 1) & mask_;
    }
    return slots_[at];
  }

  std::span<Execution> slots_;
  std::size_t mask_;
  std::size_t count_ = 0;
};

}  // namespace ridley::order
