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
  // Fate, as a scenario of the venue knows it (docs/SCENARIOS.md): for `first` ns where it lasts.
  // Of a line of the feed, or of all; `second` is a share of their frames in thousandths.
  Loss,
  BurstLoss,
  Reordering,
  Duplication,
  Corruption,
  Truncation,
  WrongSession,
  DuplicateSession,
  Delay,  // of `second` ns at most
  LineDead,
  SequenceReset,
  // Of re-requests; `second` is a share as above.
  ServersSilent,
  RequestsLost,
  AnswersLost,
  AnswersLate,     // by `second` ns at most
  AnswersWrong,    // of other messages
  AnswersStrange,  // of another session
  AnswersCut,
  // Of the order connection.
  SlowReads,   // `second` bytes a second
  SlowStream,  // `second` ns later
  Pieces,
  HalfOpen,
  Disconnect,
  DuplicateLogin,
  // Of the exchange.
  RejectStorm,           // `second` thousandths of the new orders
  LateAcknowledgements,  // by `second` ns
  UnsolicitedCancels,    // of `second` orders
  Halt,                  // of instrument `second`
  Shock,                 // of instrument `second`
  Rush,                  // `second` times the messages
  VenueCrash,
  SessionRestart,  // the feed begins another session: directory, states, the whole book
  // Of snapshots that begin within `first` ns.
  SnapshotsRefused,
  SnapshotsCut,
  SnapshotsSlow,  // `second` bytes a second
  SnapshotsSilent,
  RecoveryAway,  // the recovery core has no turn for `first` ns
  // Of the drop copy.
  CopySlow,  // by `second` ns
  CopyLost,  // for `first` ns
  CopySilent,
  ApplianceCrash,  // the firm's process; another one starts `first` ns later
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

// As in reports: "burst_loss".
[[nodiscard]] std::string_view name_of(Deed deed) noexcept;
// Whether fate does it, or the operator.
[[nodiscard]] constexpr bool is_fault(Deed deed) noexcept { return deed < Deed::Arm; }
// What the venue's stage does by itself once it has the plan.
[[nodiscard]] constexpr bool is_staged(Deed deed) noexcept { return deed < Deed::SessionRestart; }
[[nodiscard]] constexpr bool is_of_line(Deed deed) noexcept { return deed < Deed::ServersSilent; }

struct PlannedDeed {
  std::uint64_t at_ns = 0;  // since the start
  Deed deed{};
  std::uint64_t first = 0;
  std::uint64_t second = 0;
  std::uint8_t line = 0;  // of the feed; 0: all of them
};

using Plan = std::vector<PlannedDeed>;

struct PlanSettings {
  std::uint64_t from_ns = 0;  // the first deed is not before, the last not behind
  std::uint64_t until_ns = 0;
  std::uint16_t instruments = 1;
  std::uint32_t lines = 1;
};

// In order of time. Every day has a dozen kinds of faults or more, and an operator who arms again.
[[nodiscard]] Plan draw_plan(std::uint64_t seed, const PlanSettings& settings);

// The deeds of these places alone, which grow.
[[nodiscard]] Plan only(const Plan& plan, std::span<const std::size_t> places);

// "12.345678 ms burst_loss 2000000 100 B"
[[nodiscard]] std::string text_of(const PlannedDeed& deed);

}  // namespace ridley::simulation
