// SPDX-License-Identifier: Apache-2.0
// In: executions and broken trades, marks. Out: position, realised and unrealised profit of each
// instrument, by average cost. Cold; the control core. The gate keeps positions of its own for its
// limits: these are for people, and the two must agree.
#pragma once

#include <cstdint>
#include <map>
#include <unordered_map>

#include "event/records.hpp"

namespace ridley::control {

struct Holding {
  std::int64_t position = 0;            // shares, short below zero
  std::int64_t cost_e4 = 0;             // what the position was bought for; negative when short
  std::int64_t realized_profit_e4 = 0;  // of what was closed
  std::int64_t cash_e4 = 0;             // received less paid

  [[nodiscard]] std::int64_t unrealized_profit_e4(std::uint32_t mark_price_e4) const noexcept {
    return position * static_cast<std::int64_t>(mark_price_e4) - cost_e4;
  }
};

class Holdings {
 public:
  // Executed, Broken and Corrected count; every other kind is of no concern here.
  void apply(const event::OrderEvent& event);

  // By locate.
  [[nodiscard]] const std::map<std::uint16_t, Holding>& all() const noexcept { return holdings_; }

 private:
  struct Match {
    std::uint16_t locate;
    std::int64_t shares;  // sold below zero
    std::uint32_t price_e4;
  };

  void trade(std::uint16_t locate, std::int64_t shares, std::uint32_t price_e4);

  std::map<std::uint16_t, Holding> holdings_;
  std::unordered_map<std::uint64_t, Match> matches_;  // by match number, for what is broken later
};

}  // namespace ridley::control
