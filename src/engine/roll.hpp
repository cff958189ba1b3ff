// SPDX-License-Identifier: Apache-2.0
// In: the symbols that the operator named, with what is set for each. Out: the same by locate, once
// the day's Stock Directory has given them one. Filled before start, read on the hot core.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "event/records.hpp"
#include "risk/limits.hpp"

namespace ridley::engine {

struct RollEntry {
  event::Symbol symbol{};
  risk::OrderLimits limits = risk::kAllAsFirm;
  bool traded = false;      // the strategy sees it
  bool restricted = false;  // the firm may not trade it
  bool listed = false;      // a Stock Directory named it
  std::uint16_t locate = 0;
};

class Roll {
 public:
  // Cold. The entry of a symbol, made when there is none.
  RollEntry& entry(std::string_view symbol) {
    const event::Symbol padded = padded_symbol(symbol);
    const auto at = lower_bound(padded);
    if (at != entries_.end() && at->symbol == padded) return *at;
    RollEntry made;
    made.symbol = padded;
    return *entries_.insert(at, made);
  }

  // Hot: the entry of a symbol that a Stock Directory names, or nothing. Binary search.
  [[nodiscard]] RollEntry* find(const event::Symbol& symbol) noexcept {
    const auto at = lower_bound(symbol);
    return at != entries_.end() && at->symbol == symbol ? &*at : nullptr;
  }

  // Hot: a new session gives out locates anew.
  void forget_directory() noexcept {
    for (RollEntry& entry : entries_) entry.listed = false;
  }

  [[nodiscard]] const std::vector<RollEntry>& entries() const noexcept { return entries_; }

 private:
  [[nodiscard]] std::vector<RollEntry>::iterator lower_bound(const event::Symbol& symbol) noexcept {
    return std::lower_bound(
        entries_.begin(), entries_.end(), symbol,
        [](const RollEntry& entry, const event::Symbol& key) { return entry.symbol < key; });
  }

  static event::Symbol padded_symbol(std::string_view symbol) noexcept {
    event::Symbol padded;
    padded.fill(' ');
    std::copy_n(symbol.begin(), std::min(symbol.size(), padded.size()), padded.begin());
    return padded;
  }

  std::vector<RollEntry> entries_;
};

}  // namespace ridley::engine
