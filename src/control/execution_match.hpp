// SPDX-License-Identifier: Apache-2.0
// In: executions as the order connection told them and as the drop copy told them, with the time at
// which each came. Out: which of them have no counterpart in time, and whether that has lasted long
// enough to stop. Cold; the control core. No clock.
//
// An execution is named by its match number and the order's number: both orders of a match may be
// ours. The exchange's execution that we do not know is the dangerous one, because the position is
// not what the gate believes: the operator is told, and when it still has no counterpart some time
// later the firm is stopped. Our execution without a copy moves nothing, so that is told only.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "event/records.hpp"
#include "order/drop_copy.hpp"

namespace ridley::control {

// Unmatched executions at a time; whoever has more knows enough to be stopped.
inline constexpr std::size_t kUnmatchedMax = 65'536;

struct MatchLimits {
  std::uint64_t match_within_ns = 0;
  std::uint64_t kill_after_ns = 0;  // behind the alert
};

enum class Mismatch : std::uint8_t {
  NotOurs,    // the exchange has an execution that we do not know
  NotCopied,  // we have one that the drop copy does not know
  Different,  // both have it, with another quantity or price
  TooMany,    // kUnmatchedMax is reached
};

struct MatchCounters {
  std::uint64_t matched = 0;
  std::uint64_t late = 0;  // matched behind their alert
  std::uint64_t alerts = 0;
};

class ExecutionMatch {
 public:
  explicit ExecutionMatch(const MatchLimits& limits) noexcept : limits_{limits} {}

  struct Key {
    std::uint64_t match_number = 0;
    std::uint32_t user_ref = 0;
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Alert {
    Mismatch mismatch = Mismatch::NotOurs;
    Key key;
    std::uint32_t quantity = 0;
    std::uint64_t price_e4 = 0;
  };

  // Of an OrderEvent only an execution counts.
  void own(const event::OrderEvent& event, std::uint64_t now_ns);
  void copied(const order::CopiedExecution& execution, std::uint64_t now_ns);

  // The drop copy's connection came up: what it says of the time before follows now, so nothing is
  // late yet. While it is down our own executions cannot be late.
  void connected(bool up, std::uint64_t now_ns);

  // What has become late since the last look.
  [[nodiscard]] std::vector<Alert> look(std::uint64_t now_ns);

  // The exchange's executions that were alerted and have met ours since the last call.
  [[nodiscard]] std::vector<Key> take_settled() { return std::exchange(settled_, {}); }

  // Alerts of unknown or different executions have become older than the limit and still stand:
  // told once of each, since whoever arms again behind one of them has not seen the next.
  [[nodiscard]] bool take_kill(std::uint64_t now_ns) noexcept;

  [[nodiscard]] std::size_t unmatched() const noexcept { return own_.size() + copied_.size(); }
  [[nodiscard]] const MatchCounters& counters() const noexcept { return counters_; }

 private:
  struct Waiting {
    std::uint32_t quantity = 0;
    std::uint64_t price_e4 = 0;
    std::uint64_t since_ns = 0;
    bool alerted = false;
    bool stopped = false;  // for it
  };
  using Table = std::map<Key, Waiting>;

  void meet(Table& mine, Table& others, const Key& key, const Waiting& execution);
  void find_late(Table& table, Mismatch mismatch, std::uint64_t now_ns, std::vector<Alert>& alerts);

  MatchLimits limits_;
  Table own_;
  Table copied_;
  std::vector<Alert> found_;  // alerts without a time of waiting
  std::vector<Key> settled_;
  std::uint64_t dangerous_since_ns_ = 0;  // of a Different or TooMany; 0: none, or told
  bool up_ = false;
  MatchCounters counters_;
};

}  // namespace ridley::control
