// SPDX-License-Identifier: Apache-2.0
#include "base/assert.hpp"

#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace ridley::base {
namespace {
std::atomic<EmergencyStop> emergency_stop{nullptr};
}

void set_emergency_stop(EmergencyStop stop) noexcept { emergency_stop.store(stop); }

// Cold: the process ends here.
void invariant_broken(const char* condition, const char* file, int line) noexcept {
  // Taken out before the call, so that an invariant broken inside the stop does not recurse.
  if (EmergencyStop stop = emergency_stop.exchange(nullptr)) stop();
  std::fprintf(stderr, "ridley: broken invariant: %s at %s:%d\n", condition, file, line);
  std::abort();
}

}  // namespace ridley::base
