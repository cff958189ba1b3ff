// SPDX-License-Identifier: Apache-2.0
// In: a seed. Out: what fate and the operator do in one simulated day: a list of events, each with
// its time and its numbers, so that a shorter list is a day as well. Cold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::simulation {

enum class Deed : std::uint8_t {
  // Fate, on the feed.
  FrameLoss,       // the next `first` frames
  BurstLoss,       // every frame for `first` ns
  Reordering,      // the next frame waits until `first` later ones have gone
  Duplication,     // the next `first` frames come twice, the second time `second` ns later
  Corruption,      // the next frame: byte `first` (modulo its length) is changed by `second`
  Truncation,      // the next frame loses `first` (modulo its length) bytes at its end
  Delay,           // frames take `first` ns longer, for `second` ns
  LineDead,        // nothing comes for `first` ns, which is longer than a burst
  WrongSession,    // the next `first` frames come a second time under another session's name
  SessionRestart,  // the exchange begins another session: directory, states, its whole book
  // Fate, on the order connection.
  ConnectionBroken,  // `first` per cent of the bytes under way arrive; back after `second` ns
  HalfOpen,          // nothing passes for `first` ns, and nobody says so
  SlowConnection,    // bytes take `first` ns longer, for `second` ns
  // Fate, at the exchange.
  RejectStorm,         // every new order is rejected for `first` ns
  UnsolicitedCancels,  // all orders of the firm are canceled
  AcksOutOfOrder,      // answers to different orders change places, for `first` ns
  VenueCrash,          // the feed stops, the connection breaks; back after `first` ns
  Halt,                // of instrument `first`, for `second` ns
  // The operator.
  Arm,
  Disarm,
  Kill,       // scope `first`: the firm, instrument `second`
  Rearm,      // the same
  CancelAll,  // scope as above
  SetLimit,   // number `first` of the limits that can change, to its value number `second`
  Restrict,   // instrument `first`
  Unrestrict,
  Reconnect,  // the operator breaks the connection, and it comes back
};
inline constexpr std::size_t kDeeds = static_cast<std::size_t>(Deed::Reconnect) + 1;

// As in reports: "frame_loss".
[[nodiscard]] std::string_view name_of(Deed deed) noexcept;
// Whether fate does it, or the operator.
[[nodiscard]] constexpr bool is_fault(Deed deed) noexcept { return deed < Deed::Arm; }

struct PlannedDeed {
  std::uint64_t at_ns = 0;  // since the start
  Deed deed{};
  std::uint64_t first = 0;
  std::uint64_t second = 0;
};

using Plan = std::vector<PlannedDeed>;

struct PlanSettings {
  std::uint64_t from_ns = 0;  // the first deed is not before, the last not behind
  std::uint64_t until_ns = 0;
  std::uint16_t instruments = 1;
};

// In order of time. Every day has a dozen kinds of faults or more, and an operator who arms again.
[[nodiscard]] Plan draw_plan(std::uint64_t seed, const PlanSettings& settings);

// The deeds of these places alone, which grow.
[[nodiscard]] Plan only(const Plan& plan, std::span<const std::size_t> places);

// "12.345678 ms frame_loss 2 0"
[[nodiscard]] std::string text_of(const PlannedDeed& deed);

}  // namespace ridley::simulation
