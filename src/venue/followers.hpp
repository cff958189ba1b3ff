// SPDX-License-Identifier: Apache-2.0
// In: what just happened and how much it excites. Out: what follows from it, and when: every event
// begets some more at the same instrument soon after, each of which does the same. With events that
// begin by themselves this is a Hawkes process with an exponential kernel. One owner; cold.
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>

#include "venue/random.hpp"

namespace ridley::venue {

struct Excitement {
  double branching = 0;      // direct followers of an event, on average; below 1
  double mean_delay_ns = 0;  // until each of them
};

class Followers {
 public:
  static constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();
  // A cluster that grows beyond all measure is cut off here: more than a second of the fastest flow
  // at the branching that is used.
  static constexpr std::size_t kWaitingMax = 1U << 16;

  explicit Followers(const Excitement& excitement = {}) noexcept : excitement_{excitement} {}

  // An event at that instrument and time.
  void happened(std::uint16_t locate, std::uint64_t ns, Random& random) {
    if (excitement_.branching <= 0) return;
    // Poisson, by the product of uniform numbers.
    const double none = std::exp(-excitement_.branching);
    for (double product = random.unit(); product > none; product *= random.unit()) {
      if (waiting_.size() >= kWaitingMax) return;
      waiting_.emplace(ns + random.exponential(excitement_.mean_delay_ns), locate);
    }
  }

  [[nodiscard]] std::uint64_t next_ns() const noexcept {
    return waiting_.empty() ? kNever : waiting_.begin()->first;
  }
  // The instrument of the next one, which is there.
  std::uint16_t take() {
    const std::uint16_t locate = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    return locate;
  }
  void clear() noexcept { waiting_.clear(); }

 private:
  Excitement excitement_;
  std::multimap<std::uint64_t, std::uint16_t> waiting_;
};

}  // namespace ridley::venue
