// SPDX-License-Identifier: Apache-2.0
#include "control/holdings.hpp"

#include <algorithm>
#include <cstdlib>

namespace ridley::control {

void Holdings::apply(const event::OrderEvent& event) {
  if (event.kind == event::OrderEventKind::Executed) {
    const auto quantity = static_cast<std::int64_t>(event.quantity);
    const std::int64_t shares = event.side == event::Side::Buy ? quantity : -quantity;
    matches_[event.match_number] = {event.locate, shares, event.price_e4};
    trade(event.locate, shares, event.price_e4);
  } else if (event.kind == event::OrderEventKind::Broken) {
    const auto match = matches_.find(event.match_number);
    if (match == matches_.end()) return;
    trade(match->second.locate, -match->second.shares, match->second.price_e4);
    matches_.erase(match);
  } else if (event.kind == event::OrderEventKind::Corrected) {
    const auto match = matches_.find(event.match_number);
    if (match == matches_.end()) return;
    Match& corrected = match->second;
    trade(corrected.locate, -corrected.shares, corrected.price_e4);
    const auto quantity = static_cast<std::int64_t>(event.quantity);
    corrected.shares = corrected.shares > 0 ? quantity : -quantity;
    corrected.price_e4 = event.price_e4;
    trade(corrected.locate, corrected.shares, corrected.price_e4);
  }
}

void Holdings::trade(std::uint16_t locate, std::int64_t shares, std::uint32_t price_e4) {
  Holding& holding = holdings_[locate];
  const auto price = static_cast<std::int64_t>(price_e4);
  holding.cash_e4 -= shares * price;
  const bool closes = (holding.position > 0) != (shares > 0) && holding.position != 0;
  if (closes) {
    const std::int64_t closed = std::min(std::abs(shares), std::abs(holding.position));
    const std::int64_t signed_closed = shares > 0 ? closed : -closed;
    // The share of the cost that goes with what is closed; the last share takes what rounding left.
    const std::int64_t cost =
        holding.cost_e4 / holding.position * -signed_closed +
        holding.cost_e4 % holding.position * -signed_closed / holding.position;
    holding.realized_profit_e4 += -signed_closed * price - cost;
    holding.cost_e4 -= cost;
    holding.position += signed_closed;
    shares -= signed_closed;
  }
  holding.cost_e4 += shares * price;
  holding.position += shares;
}

}  // namespace ridley::control
