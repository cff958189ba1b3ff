// SPDX-License-Identifier: Apache-2.0
#include "simulation/fate.hpp"

#include <array>
#include <string>

namespace ridley::simulation {
namespace {

using venue::Trouble;

// In the order of Deed.
constexpr std::array kTroubles{Trouble::Loss,
                               Trouble::BurstLoss,
                               Trouble::Reorder,
                               Trouble::Duplicate,
                               Trouble::Corrupt,
                               Trouble::Truncate,
                               Trouble::WrongSession,
                               Trouble::DuplicateSession,
                               Trouble::Delay,
                               Trouble::Dead,
                               Trouble::SequenceReset,
                               Trouble::SlowReads,
                               Trouble::SlowStream,
                               Trouble::Pieces,
                               Trouble::HalfOpen,
                               Trouble::Disconnect,
                               Trouble::DuplicateLogin,
                               Trouble::RejectStorm,
                               Trouble::LateAcknowledgements,
                               Trouble::UnsolicitedCancels,
                               Trouble::Halt,
                               Trouble::Shock,
                               Trouble::Rate,
                               Trouble::Crash};
static_assert(kTroubles.size() == static_cast<std::size_t>(Deed::SessionRestart));

constexpr double kShockPercent = 1.0;

venue::ScenarioEvent event_of(const PlannedDeed& deed, const venue::Instruments& instruments) {
  venue::ScenarioEvent event;
  event.trouble = kTroubles[static_cast<std::size_t>(deed.deed)];
  event.at_ns = deed.at_ns;
  event.for_ns = deed.first;
  switch (deed.deed) {
    case Deed::Delay:
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

}  // namespace

venue::Scenario scenario_of(const Plan& plan, const venue::Instruments& instruments,
                            std::uint64_t order_latency_ns) {
  venue::Scenario scenario;
  scenario.name = "simulation";
  venue::ScenarioEvent distance;
  distance.trouble = Trouble::SlowStream;
  distance.delay_ns = order_latency_ns;
  scenario.events.push_back(distance);
  for (const PlannedDeed& deed : plan)
    if (is_staged(deed.deed)) scenario.events.push_back(event_of(deed, instruments));
  return scenario;
}

}  // namespace ridley::simulation
