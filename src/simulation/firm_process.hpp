// SPDX-License-Identifier: Apache-2.0
// One process of the firm, from its start to its death: the appliance, its order connection, and
// the reader of its drop copy. What survives it is two files that say how far its streams were
// read. In and out: as its parts. One thread.
#pragma once

#include <optional>

#include "control/drop_copy_check.hpp"
#include "simulation/appliance.hpp"
#include "simulation/session_link.hpp"

namespace ridley::simulation {

struct FirmProcessSettings {
  ApplianceSettings appliance;
  SessionLinkSettings orders;
  std::optional<SessionLinkSettings> drop_copy;
  control::MatchLimits matching;
};

struct FirmProcess {
  FirmProcess(const FirmProcessSettings& settings, const strategy::Loaded& strategy, Market& market,
              const std::uint64_t& now_ns)
      : appliance{settings.appliance, strategy, now_ns},
        orders{market, settings.orders, now_ns},
        check{kUser, std::nullopt, settings.matching} {
    if (settings.drop_copy) drop_copy.emplace(market, *settings.drop_copy, now_ns);
  }

  Appliance appliance;
  SessionLink orders;
  std::optional<SessionLink> drop_copy;
  control::DropCopyCheck check;
};

}  // namespace ridley::simulation
