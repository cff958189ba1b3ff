// SPDX-License-Identifier: Apache-2.0
#include "simulation/plan.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "simulation/clock.hpp"
#include "simulation/limit_changes.hpp"
#include "venue/random.hpp"

namespace ridley::simulation {
namespace {

using venue::Random;

constexpr std::array<std::string_view, kDeeds> kNames{"loss",
                                                      "burst_loss",
                                                      "reordering",
                                                      "duplication",
                                                      "corruption",
                                                      "truncation",
                                                      "wrong_session",
                                                      "duplicate_session",
                                                      "delay",
                                                      "line_dead",
                                                      "sequence_reset",
                                                      "servers_silent",
                                                      "requests_lost",
                                                      "answers_lost",
                                                      "answers_late",
                                                      "answers_wrong",
                                                      "answers_strange",
                                                      "answers_cut",
                                                      "slow_reads",
                                                      "slow_stream",
                                                      "pieces",
                                                      "half_open",
                                                      "disconnect",
                                                      "duplicate_login",
                                                      "reject_storm",
                                                      "late_acknowledgements",
                                                      "unsolicited_cancels",
                                                      "halt",
                                                      "shock",
                                                      "rush",
                                                      "venue_crash",
                                                      "session_restart",
                                                      "snapshots_refused",
                                                      "snapshots_cut",
                                                      "snapshots_slow",
                                                      "snapshots_silent",
                                                      "recovery_away",
                                                      "copy_slow",
                                                      "copy_lost",
                                                      "copy_silent",
                                                      "appliance_crash",
                                                      "arm",
                                                      "disarm",
                                                      "kill",
                                                      "rearm",
                                                      "cancel_all",
                                                      "set_limit",
                                                      "restrict",
                                                      "unrestrict",
                                                      "reconnect"};

// The day has as many faults as this, and half as many deeds of the operator beside his arming.
constexpr std::uint32_t kFaultsMin = 40;
constexpr std::uint32_t kFaultsMore = 30;
// What happens to all lines at once is what has to be asked for again.
constexpr double kAllLinesShare = 0.4;
constexpr std::uint32_t kOperatorDeedsMax = 24;
// The operator looks that often, and arms what is not armed.
constexpr std::uint64_t kArmEveryNs = 60 * kMillisecondNs;
// What has killed itself is looked into for longer.
constexpr std::uint64_t kLookAgainEveryNs = 200 * kMillisecondNs;
// Until a session that was left is being read again: what it is behind is held or lost by then.
constexpr std::uint64_t kSessionsApartNs = 50 * kMillisecondNs;
// Besides those that are drawn with the other faults.
constexpr std::uint32_t kSessionRestarts = 4;

std::uint64_t between(Random& random, std::uint64_t least, std::uint64_t most) {
  return least + random.next() % (most - least + 1);
}

PlannedDeed numbers_of_fault(Deed deed, Random& random, const PlanSettings& settings) {
  const auto us = [&random](std::uint64_t least, std::uint64_t most) {
    return between(random, least * kMicrosecondNs, most * kMicrosecondNs);
  };
  const auto lasting = [&](std::uint64_t for_ns, std::uint64_t second) {
    return PlannedDeed{.deed = deed, .first = for_ns, .second = second};
  };
  const std::uint64_t instrument = between(random, 1, settings.instruments);
  switch (deed) {
    case Deed::BurstLoss: return lasting(us(1'000, 10'000), 100);
    case Deed::Loss:
    case Deed::Reordering:
    case Deed::Duplication:
    case Deed::Corruption:
    case Deed::Truncation:
    case Deed::WrongSession:
    case Deed::DuplicateSession: return lasting(us(500, 8'000), between(random, 10, 500));
    case Deed::Delay: return lasting(us(500, 20'000), us(20, 2'000));
    case Deed::LineDead: return lasting(us(1'000, 30'000), 0);
    // Numbers that begin anew must not come to where they were: nobody could tell.
    case Deed::SequenceReset: return lasting(us(200, 4'000), 0);
    case Deed::ServersSilent: return lasting(us(1'000, 100'000), 0);
    case Deed::RequestsLost:
    case Deed::AnswersLost:
    case Deed::AnswersStrange:
    case Deed::AnswersCut: return lasting(us(5'000, 100'000), between(random, 100, 1'000));
    case Deed::AnswersLate: return lasting(us(5'000, 100'000), us(200, 20'000));
    case Deed::AnswersWrong: return lasting(us(5'000, 60'000), 0);
    case Deed::SnapshotsRefused:
    case Deed::SnapshotsCut:
    case Deed::SnapshotsSilent: return lasting(us(10'000, 200'000), 0);
    case Deed::SnapshotsSlow:
      return lasting(us(10'000, 200'000), between(random, 20'000, 1'000'000));
    case Deed::RecoveryAway: return lasting(us(500, 60'000), 0);
    case Deed::CopySlow: return lasting(us(5'000, 100'000), us(1'000, 100'000));
    case Deed::CopyLost: return lasting(us(1'000, 100'000), 0);
    case Deed::ApplianceCrash: return lasting(us(100, 60'000), 0);
    case Deed::SlowReads: return lasting(us(5'000, 200'000), between(random, 2'000, 50'000));
    case Deed::SlowStream: return lasting(us(5'000, 60'000), us(200, 5'000));
    case Deed::Pieces: return lasting(us(5'000, 400'000), 0);
    case Deed::RejectStorm: return lasting(us(1'000, 30'000), between(random, 200, 1'000));
    case Deed::LateAcknowledgements: return lasting(us(5'000, 30'000), us(100, 3'000));
    case Deed::UnsolicitedCancels: return lasting(0, between(random, 1, 10));
    case Deed::Halt: return lasting(us(2'000, 60'000), instrument);
    case Deed::Shock: return lasting(0, instrument);
    case Deed::Rush: return lasting(us(1'000, 20'000), between(random, 2, 8));
    case Deed::VenueCrash: return lasting(us(2'000, 40'000), 0);
    default: return lasting(0, 0);
  }
}

PlannedDeed numbers_of_operator(Deed deed, Random& random, const PlanSettings& settings) {
  const std::uint64_t instrument = between(random, 1, settings.instruments);
  switch (deed) {
    case Deed::Kill:
    case Deed::Rearm:
    case Deed::CancelAll:
      return {.deed = deed, .first = random.chance(0.5) ? 1ULL : 0ULL, .second = instrument};
    case Deed::SetLimit: {
      const auto which = random.below(static_cast<std::uint32_t>(kLimitChanges.size()));
      const std::size_t values = kLimitChanges[which].values.size();
      const auto value = random.below(static_cast<std::uint32_t>(values));
      return {.deed = deed, .first = which, .second = value};
    }
    case Deed::Restrict:
    case Deed::Unrestrict: return {.deed = deed, .first = instrument};
    default: return {.deed = deed};
  }
}

Deed any_of(Random& random, Deed first, Deed last) {
  const auto count = static_cast<std::uint32_t>(last) - static_cast<std::uint32_t>(first) + 1;
  return static_cast<Deed>(static_cast<std::uint32_t>(first) + random.below(count));
}

// A fault that lasts until it is ended; the rest is done at once.
bool lasts(Deed deed) noexcept {
  return deed != Deed::HalfOpen && deed != Deed::Disconnect && deed != Deed::DuplicateLogin &&
         deed != Deed::UnsolicitedCancels && deed != Deed::Shock;
}

// A killed firm is looked at and taken into use again, or the rest of the day shows nothing.
void add_second_thoughts(const PlannedDeed& deed, Random& random, const PlanSettings& settings,
                         Plan& plan) {
  PlannedDeed opposite = deed;
  if (deed.deed == Deed::Kill)
    opposite.deed = Deed::Rearm;
  else if (deed.deed == Deed::Restrict)
    opposite.deed = Deed::Unrestrict;
  else
    return;
  opposite.at_ns = std::min(deed.at_ns + between(random, 5 * kMillisecondNs, 80 * kMillisecondNs),
                            settings.until_ns);
  plan.push_back(opposite);
}

// Whoever has followed another session begins its own anew, at number 1. Should a line give its
// numbers anew in the same moments, nobody could tell.
void leave_out_ambiguous(Plan& plan) {
  const auto meet = [](const PlannedDeed& one, const PlannedDeed& other) {
    return one.at_ns < other.at_ns + other.first + kSessionsApartNs &&
           other.at_ns < one.at_ns + one.first + kSessionsApartNs;
  };
  const Plan all = plan;
  std::erase_if(plan, [&](const PlannedDeed& deed) {
    return deed.deed == Deed::SequenceReset &&
           std::ranges::any_of(all, [&](const PlannedDeed& other) {
             return other.deed == Deed::WrongSession && meet(deed, other);
           });
  });
}

}  // namespace

std::string_view name_of(Deed deed) noexcept { return kNames[static_cast<std::size_t>(deed)]; }

Plan draw_plan(std::uint64_t seed, const PlanSettings& settings) {
  Random random{seed ^ 0xB0A7'0000'0000'0000ULL};  // not the numbers that the participants draw
  Plan plan;
  const auto add = [&](PlannedDeed deed) {
    deed.at_ns = between(random, settings.from_ns, settings.until_ns);
    if (is_staged(deed.deed)) deed.first = std::min(deed.first, settings.until_ns - deed.at_ns);
    if (is_of_line(deed.deed) && !random.chance(kAllLinesShare))
      deed.line = static_cast<std::uint8_t>(between(random, 1, settings.lines));
    if (is_staged(deed.deed) && deed.first == 0 && lasts(deed.deed)) return;
    plan.push_back(deed);
    add_second_thoughts(deed, random, settings, plan);
  };
  for (std::uint32_t i = kFaultsMin + random.below(kFaultsMore); i > 0; --i)
    add(numbers_of_fault(any_of(random, Deed::Loss, Deed::ApplianceCrash), random, settings));
  for (std::uint32_t i = random.below(kSessionRestarts + 1); i > 0; --i)
    add({.deed = Deed::SessionRestart});
  for (std::uint32_t i = random.below(kOperatorDeedsMax + 1); i > 0; --i)
    add(numbers_of_operator(any_of(random, Deed::Disarm, Deed::Reconnect), random, settings));
  for (std::uint64_t ns = settings.from_ns; ns < settings.until_ns; ns += kArmEveryNs)
    plan.push_back({.at_ns = ns + random.below(kArmEveryNs / 2), .deed = Deed::Arm});
  for (std::uint64_t ns = settings.from_ns; ns < settings.until_ns; ns += kLookAgainEveryNs)
    plan.push_back({.at_ns = ns + random.below(kLookAgainEveryNs), .deed = Deed::Rearm});
  std::ranges::stable_sort(plan, {}, &PlannedDeed::at_ns);
  leave_out_ambiguous(plan);
  return plan;
}

Plan only(const Plan& plan, std::span<const std::size_t> places) {
  Plan shorter;
  for (const std::size_t place : places) shorter.push_back(plan.at(place));
  return shorter;
}

std::string text_of(const PlannedDeed& deed) {
  constexpr std::array<std::string_view, 4> kLines{"", " A", " B", " C"};
  return fmt::format("{:.6f} ms {} {} {}{}", static_cast<double>(deed.at_ns) / kMillisecondNs,
                     name_of(deed.deed), deed.first, deed.second, kLines.at(deed.line));
}

}  // namespace ridley::simulation
