// SPDX-License-Identifier: Apache-2.0
// In: SIGTERM and SIGINT. Out: the first asks for a clean stop, the second ends the process at
// once. Set-up only; the flag may be read on any core.
#pragma once

#include <atomic>

namespace ridley::app {

// Installs the signals' actions; the flag is true after the first of them.
[[nodiscard]] const std::atomic<bool>& stop_on_signals();

}  // namespace ridley::app
