// SPDX-License-Identifier: Apache-2.0
// What the referee says when something happened that never may. Any core.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ridley::simulation {

enum class Rule : std::uint8_t {
  BooksEqual,      // a book that is believed equals the exchange's
  FreshBooks,      // no order is decided on a stale book
  Limits,          // no order is beyond any limit
  NothingKilled,   // nothing new is sent after a kill, a disarming, a restriction
  Exposures,       // what the gate has reserved is what is open, what it holds was traded
  Reconciliation,  // positions, open orders and cash are the exchange's
  OneEnd,          // every sent order ends exactly once
  Sequence,        // every message of the exchange is heard once, in its place
  DropCopy,        // an execution that the firm does not know stops it, in time; nothing else does
  Recovery,        // what can be repaired is repaired
  Invariants,      // no room has found itself wrong
};

[[nodiscard]] std::string_view name_of(Rule rule) noexcept;

class Violation : public std::runtime_error {
 public:
  Violation(Rule rule, const std::string& what) : std::runtime_error{what}, rule_{rule} {}
  [[nodiscard]] Rule rule() const noexcept { return rule_; }

 private:
  Rule rule_;
};

}  // namespace ridley::simulation
