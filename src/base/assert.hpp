// SPDX-License-Identifier: Apache-2.0
// In: a condition that holds unless Ridley itself is wrong. Out: nothing, or the end of the process
// after sending has stopped. Any core.
#pragma once

namespace ridley::base {

using EmergencyStop = void (*)() noexcept;

// Called first when an invariant is broken, so that no order leaves a process that is wrong.
// Any thread; the last one set counts. Set before the hot cores start.
void set_emergency_stop(EmergencyStop stop) noexcept;

// Stops sending, names the condition on stderr, aborts.
[[noreturn]] void invariant_broken(const char* condition, const char* file, int line) noexcept;

}  // namespace ridley::base

#define RIDLEY_ASSERT(condition)      \
  ((condition) ? static_cast<void>(0) \
               : ::ridley::base::invariant_broken(#condition, __FILE__, __LINE__))

#ifdef NDEBUG
#define RIDLEY_HOT_ASSERT(condition) static_cast<void>(sizeof(!(condition)))
#else
#define RIDLEY_HOT_ASSERT(condition) RIDLEY_ASSERT(condition)
#endif
