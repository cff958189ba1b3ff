// SPDX-License-Identifier: Apache-2.0
// In: a request and where the appliance listens. Out: its answer. The operator's command line.
#pragma once

#include <chrono>
#include <filesystem>

#include "control/request.hpp"

namespace ridley::control {

// EX_UNAVAILABLE when no appliance listens there or it does not answer in time, EX_NOPERM when the
// socket is closed to this user, EX_PROTOCOL when the answer is none.
[[nodiscard]] Answer ask(const std::filesystem::path& socket, const Request& request,
                         std::chrono::milliseconds timeout);

}  // namespace ridley::control
