// SPDX-License-Identifier: Apache-2.0
// In: executions as the firm's process was told of them, and as it read them in its drop copy, with
// the time; when the drop copy has stopped it. Out: nothing, or a Violation: whoever does not know
// an execution for too long is stopped, in time and for nothing else. Shares nothing with the match
// but the generated views. One thread.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <utility>

#include "control/execution_match.hpp"
#include "event/records.hpp"

namespace ridley::simulation {

class CopyRule {
 public:
  // How much later than the limits the process looks, at most.
  CopyRule(const control::MatchLimits& limits, std::uint64_t look_ns)
      : patience_ns_{limits.match_within_ns + limits.kill_after_ns}, look_ns_{look_ns} {}

  void own(const event::OrderEvent& event);
  void copied(std::span<const std::byte> message, std::uint64_t now_ns);
  // Behind all of a turn.
  void check(bool killed, std::uint64_t now_ns);
  // Another process knows nothing.
  void restart() { own_.clear(), copied_.clear(); }

 private:
  using Key = std::pair<std::uint64_t, std::uint32_t>;  // match, order
  struct Copied {
    std::uint64_t since_ns;
    bool stopped = false;  // for it
  };

  std::uint64_t patience_ns_;
  std::uint64_t look_ns_;
  std::map<Key, bool> own_;       // without a copy
  std::map<Key, Copied> copied_;  // that the firm does not know
};

}  // namespace ridley::simulation
