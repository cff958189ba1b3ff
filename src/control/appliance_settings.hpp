// SPDX-License-Identifier: Apache-2.0
// In: the checked configuration. Out: the settings of the rooms, in the rooms' own units. Cold; no
// side effect.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/config.hpp"
#include "control/request.hpp"
#include "engine/street.hpp"
#include "strategy/plugin.hpp"

namespace ridley::control {

[[nodiscard]] engine::StreetSettings street_settings(const Config& config);

// The destination addresses of the feed, host byte order, each once.
[[nodiscard]] std::vector<std::uint32_t> feed_groups(const Config& config);

[[nodiscard]] strategy::InstanceOptions instance_options(const Config& config);

// What a change of limits means to the gate. One change can be several commands. The symbol's
// locate stands in for its name. Throws base::Error (EX_DATAERR) for a key that cannot change.
[[nodiscard]] std::vector<event::Command> limit_commands(std::span<const LimitChange> changes,
                                                         const Scope& scope, std::uint16_t locate,
                                                         std::uint32_t next_version);

// Enters the changes into what "ridley limits" shows, and counts the version.
void note_limits(Config& config, const Scope& scope, std::span<const LimitChange> changes);

}  // namespace ridley::control
