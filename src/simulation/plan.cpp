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

constexpr std::array<std::string_view, kDeeds> kNames{"frame_loss",
                                                      "burst_loss",
                                                      "reordering",
                                                      "duplication",
                                                      "corruption",
                                                      "truncation",
                                                      "delay",
                                                      "line_dead",
                                                      "wrong_session",
                                                      "session_restart",
                                                      "connection_broken",
                                                      "half_open",
                                                      "slow_connection",
                                                      "reject_storm",
                                                      "unsolicited_cancels",
                                                      "acks_out_of_order",
                                                      "venue_crash",
                                                      "halt",
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
constexpr std::uint32_t kFaultsMin = 30;
constexpr std::uint32_t kFaultsMore = 24;
constexpr std::uint32_t kOperatorDeedsMax = 24;
// The operator looks that often, and arms what is not armed.
constexpr std::uint64_t kArmEveryNs = 60 * kMillisecondNs;
// A gap is answered by a new session soon enough that the day goes on.
constexpr std::uint32_t kSessionRestarts = 12;

std::uint64_t between(Random& random, std::uint64_t least, std::uint64_t most) {
  return least + random.next() % (most - least + 1);
}

PlannedDeed numbers_of_fault(Deed deed, Random& random, const PlanSettings& settings) {
  const auto us = [&random](std::uint64_t least, std::uint64_t most) {
    return between(random, least * kMicrosecondNs, most * kMicrosecondNs);
  };
  switch (deed) {
    case Deed::FrameLoss: return {.deed = deed, .first = between(random, 1, 3)};
    case Deed::BurstLoss: return {.deed = deed, .first = us(200, 3'000)};
    case Deed::Reordering: return {.deed = deed, .first = between(random, 1, 4)};
    case Deed::Duplication:
      return {.deed = deed, .first = between(random, 1, 4), .second = us(1, 800)};
    case Deed::Corruption:
      return {.deed = deed, .first = random.next(), .second = between(random, 1, 255)};
    case Deed::Truncation: return {.deed = deed, .first = random.next()};
    case Deed::Delay: return {.deed = deed, .first = us(20, 2'000), .second = us(500, 20'000)};
    case Deed::LineDead: return {.deed = deed, .first = us(5'000, 30'000)};
    case Deed::WrongSession: return {.deed = deed, .first = between(random, 1, 3)};
    case Deed::ConnectionBroken:
      return {.deed = deed, .first = between(random, 0, 100), .second = us(1'000, 30'000)};
    case Deed::HalfOpen: return {.deed = deed, .first = us(1'000, 400'000)};
    case Deed::SlowConnection:
      return {.deed = deed, .first = us(200, 5'000), .second = us(5'000, 60'000)};
    case Deed::RejectStorm: return {.deed = deed, .first = us(1'000, 30'000)};
    case Deed::AcksOutOfOrder: return {.deed = deed, .first = us(5'000, 60'000)};
    case Deed::VenueCrash: return {.deed = deed, .first = us(2'000, 40'000)};
    case Deed::Halt:
      return {.deed = deed,
              .first = between(random, 1, settings.instruments),
              .second = us(2'000, 60'000)};
    default: return {.deed = deed};
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

}  // namespace

std::string_view name_of(Deed deed) noexcept { return kNames[static_cast<std::size_t>(deed)]; }

Plan draw_plan(std::uint64_t seed, const PlanSettings& settings) {
  Random random{seed ^ 0xB0A7'0000'0000'0000ULL};  // not the numbers that the participants draw
  Plan plan;
  const auto add = [&](PlannedDeed deed) {
    deed.at_ns = between(random, settings.from_ns, settings.until_ns);
    plan.push_back(deed);
    add_second_thoughts(deed, random, settings, plan);
  };
  for (std::uint32_t i = kFaultsMin + random.below(kFaultsMore); i > 0; --i)
    add(numbers_of_fault(any_of(random, Deed::FrameLoss, Deed::Halt), random, settings));
  for (std::uint32_t i = random.below(kSessionRestarts + 1); i > 0; --i)
    add({.deed = Deed::SessionRestart});
  for (std::uint32_t i = random.below(kOperatorDeedsMax + 1); i > 0; --i)
    add(numbers_of_operator(any_of(random, Deed::Disarm, Deed::Reconnect), random, settings));
  for (std::uint64_t ns = settings.from_ns; ns < settings.until_ns; ns += kArmEveryNs)
    plan.push_back({.at_ns = ns + random.below(kArmEveryNs / 2), .deed = Deed::Arm});
  std::ranges::stable_sort(plan, {}, &PlannedDeed::at_ns);
  return plan;
}

Plan only(const Plan& plan, std::span<const std::size_t> places) {
  Plan shorter;
  for (const std::size_t place : places) shorter.push_back(plan.at(place));
  return shorter;
}

std::string text_of(const PlannedDeed& deed) {
  return fmt::format("{:.6f} ms {} {} {}", static_cast<double>(deed.at_ns) / kMillisecondNs,
                     name_of(deed.deed), deed.first, deed.second);
}

}  // namespace ridley::simulation
