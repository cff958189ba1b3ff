// SPDX-License-Identifier: Apache-2.0
#include "simulation/fate.hpp"

#include <array>
#include <string>
#include <string_view>

namespace ridley::simulation {
namespace {

using venue::Trouble;

struct Staged {
  Trouble trouble;
  std::string_view target = {};
};

// In the order of Deed.
constexpr std::array kStaged{Staged{Trouble::Loss},
                             Staged{Trouble::BurstLoss},
                             Staged{Trouble::Reorder},
                             Staged{Trouble::Duplicate},
                             Staged{Trouble::Corrupt},
                             Staged{Trouble::Truncate},
                             Staged{Trouble::WrongSession},
                             Staged{Trouble::DuplicateSession},
                             Staged{Trouble::Delay},
                             Staged{Trouble::Dead},
                             Staged{Trouble::SequenceReset},
                             Staged{Trouble::Dead, venue::kRequests},
                             Staged{Trouble::Loss, venue::kRequests},
                             Staged{Trouble::Loss, venue::kAnswers},
                             Staged{Trouble::Delay, venue::kAnswers},
                             Staged{Trouble::SequenceReset, venue::kAnswers},
                             Staged{Trouble::WrongSession, venue::kAnswers},
                             Staged{Trouble::Truncate, venue::kAnswers},
                             Staged{Trouble::SlowReads},
                             Staged{Trouble::SlowStream},
                             Staged{Trouble::Pieces},
                             Staged{Trouble::HalfOpen},
                             Staged{Trouble::Disconnect},
                             Staged{Trouble::DuplicateLogin},
                             Staged{Trouble::RejectStorm},
                             Staged{Trouble::LateAcknowledgements},
                             Staged{Trouble::UnsolicitedCancels},
                             Staged{Trouble::Halt},
                             Staged{Trouble::Shock},
                             Staged{Trouble::Rate},
                             Staged{Trouble::Crash}};
static_assert(kStaged.size() == static_cast<std::size_t>(Deed::SessionRestart));

constexpr std::array<std::string_view, 4> kLines{"", "A", "B", "C"};
constexpr double kShockPercent = 1.0;

venue::ScenarioEvent event_of(const PlannedDeed& deed, const venue::Instruments& instruments) {
  venue::ScenarioEvent event;
  const Staged& staged = kStaged[static_cast<std::size_t>(deed.deed)];
  event.trouble = staged.trouble;
  event.target = is_of_line(deed.deed) ? kLines.at(deed.line) : staged.target;
  event.at_ns = deed.at_ns;
  event.for_ns = deed.first;
  switch (deed.deed) {
    case Deed::Delay:
    case Deed::AnswersLate:
    case Deed::SlowStream:
      event.delay_ns = deed.second / 2;
      event.jitter_ns = deed.second / 2;
      break;
    case Deed::SlowReads: event.bytes_a_second = deed.second; break;
    case Deed::LateAcknowledgements: event.delay_ns = deed.second; break;
    case Deed::UnsolicitedCancels: event.orders = static_cast<std::uint32_t>(deed.second); break;
    case Deed::Halt:
    case Deed::Shock:
      event.target = instruments.symbol(static_cast<std::uint16_t>(deed.second));
      event.percent = event.believed_percent = kShockPercent;
      break;
    case Deed::Rush: event.factor = static_cast<double>(deed.second); break;
    default:
      if (deed.second != 0) event.share = static_cast<double>(deed.second) / 1'000;
      break;
  }
  return event;
}

venue::ScenarioEvent always_late(Trouble trouble, std::string_view target, std::uint64_t ns) {
  venue::ScenarioEvent event;
  event.trouble = trouble;
  event.target = target;
  event.delay_ns = ns;
  return event;
}

}  // namespace

venue::Scenario scenario_of(const Plan& plan, const venue::Instruments& instruments,
                            const Distances& distances) {
  venue::Scenario scenario;
  scenario.name = "simulation";
  const std::uint64_t orders_ns = distances.order_latency_ns;
  scenario.events = {always_late(Trouble::SlowStream, "", orders_ns),
                     always_late(Trouble::Delay, venue::kRequests, orders_ns),
                     always_late(Trouble::Delay, venue::kAnswers, orders_ns)};
  for (std::uint32_t line = 1; line < distances.lines; ++line) {
    const std::uint64_t late_ns = line * distances.line_latency_ns;
    scenario.events.push_back(always_late(Trouble::Delay, kLines[line + 1], late_ns));
    scenario.events.back().jitter_ns = late_ns;
  }
  for (const PlannedDeed& deed : plan)
    if (is_staged(deed.deed)) scenario.events.push_back(event_of(deed, instruments));
  return scenario;
}

}  // namespace ridley::simulation
