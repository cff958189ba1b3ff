// SPDX-License-Identifier: Apache-2.0
// In: what the strategy wants, a few intents at a time. Out: the same, first come first served.
// Fixed room: what a strategy wants beyond it in one turn is dropped and counted. Hot core.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "event/records.hpp"

namespace ridley::engine {

// A strategy that answers every order event with a new order would never let the next frame in.
// Sixteen calls that all use their whole answer fit; a turn that needs more is a strategy in a
// loop.
inline constexpr std::size_t kIntentsPerTurnMax = 256;
static_assert(std::has_single_bit(kIntentsPerTurnMax), "indices are masked, not divided");

class IntentQueue {
 public:
  void push(std::span<const event::OrderIntent> intents) noexcept {
    for (const event::OrderIntent& intent : intents) {
      if (taken_this_turn_ == kIntentsPerTurnMax) {
        ++dropped_;
        continue;
      }
      slots_[taken_this_turn_++] = intent;
    }
  }

  // One that goes past the queue, its turn's first: it takes up as much of the turn as any other.
  void count_first() noexcept { taken_this_turn_ = given_ = 1; }

  [[nodiscard]] bool pop(event::OrderIntent& intent) noexcept {
    if (given_ == taken_this_turn_) return false;
    intent = slots_[given_++];
    return true;
  }

  // The turn is over: everything was given, the room is free again.
  void end_turn() noexcept { taken_this_turn_ = given_ = 0; }

  [[nodiscard]] std::uint64_t dropped() const noexcept { return dropped_; }

 private:
  std::array<event::OrderIntent, kIntentsPerTurnMax> slots_{};
  std::size_t taken_this_turn_ = 0;
  std::size_t given_ = 0;
  std::uint64_t dropped_ = 0;
};

}  // namespace ridley::engine
