// SPDX-License-Identifier: Apache-2.0
// In: how many messages, how many instruments, a seed. Out: a day of TotalView-ITCH 5.0 with the
// mix, the bursts and the books of a recorded one, the same bytes for the same input everywhere.
// Every execution meets the front of a best level, every order named is there, no book is crossed.
// Cold.
#pragma once

#include <cstdint>

#include "bench/support/day_facts.hpp"
#include "bench/support/day_messages.hpp"

namespace ridley::bench {

struct DayOptions {
  // Three more follow: the end of the day.
  std::uint64_t messages = 0;
  std::uint32_t instruments = 8000;
  std::uint64_t seed = 1;
};

// Throws base::Error where there are no instruments, more than locates, or too many messages.
DayFacts generate_day(const DayOptions& options, const Sink& sink);

}  // namespace ridley::bench
