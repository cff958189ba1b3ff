// SPDX-License-Identifier: Apache-2.0
// In: what sequencer and recovery core count. Out: how often messages were missing and came after
// all, and who brought them. One thread.
#pragma once

#include <cstdint>

#include "engine/recovery.hpp"
#include "feed/sequencer.hpp"

namespace ridley::simulation {

struct Repaired {
  std::uint64_t by_line = 0;      // another line, or the same one, late
  std::uint64_t by_request = 0;   // some of it was asked for again
  std::uint64_t by_snapshot = 0;  // lost for good, and made up for

  [[nodiscard]] std::uint64_t sum() const noexcept { return by_line + by_request + by_snapshot; }
};

class RepairCount {
 public:
  // After every turn; the recovery core may be missing.
  void look(const feed::Sequencer& sequencer, const engine::Recovery* recovery) {
    const std::uint64_t filled = sequencer.counters().gaps_filled;
    const std::uint64_t asked = sequencer.line(feed::kRepairLine).won();
    if (filled != filled_) {
      (asked != asked_ ? repaired_.by_request : repaired_.by_line) += filled - filled_;
      filled_ = filled;
      asked_ = asked;
    }
    if (recovery == nullptr) return;
    const std::uint64_t snapshots = recovery->counters().snapshots.load();
    repaired_.by_snapshot += snapshots - snapshots_;
    snapshots_ = snapshots;
  }
  // Another process counts from nothing.
  void restart() noexcept { filled_ = asked_ = snapshots_ = 0; }

  [[nodiscard]] const Repaired& repaired() const noexcept { return repaired_; }

 private:
  Repaired repaired_;
  std::uint64_t filled_ = 0;
  std::uint64_t asked_ = 0;
  std::uint64_t snapshots_ = 0;
};

}  // namespace ridley::simulation
