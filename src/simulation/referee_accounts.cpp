// SPDX-License-Identifier: Apache-2.0
// What the firm thinks it has, against its packets and against the exchange.
#include <algorithm>
#include <string>

#include "simulation/referee.hpp"
#include "simulation/violation.hpp"

namespace ridley::simulation {
namespace {

std::string whose(std::uint16_t locate) {
  return locate == 0 ? "the firm" : "instrument " + std::to_string(locate);
}

void compare(const risk::Exposure& gates, const OwnExposure& own, std::uint16_t locate) {
  const auto same = [locate](bool holds, const char* what) {
    if (!holds) throw Violation{Rule::Exposures, whose(locate) + ": " + what};
  };
  same(gates.position() == own.position, "position");
  same(gates.cash_e4() == own.cash_e4, "cash");
  same(gates.open_buys() == own.open_buys, "open buys");
  same(gates.open_sells() == own.open_sells, "open sells");
  same(gates.open_orders() == own.open_orders, "open orders");
  same(gates.gross_notional_e4() == own.executed_e4 + own.open_e4, "gross notional");
}

}  // namespace

// Added up anew whenever anything has happened to an order.
void Referee::check_exposures() {
  if (exposures_of_ != own_.changes()) {
    exposures_of_ = own_.changes();
    exposures_.assign(1, own_.exposure());
    for (std::uint16_t locate = 1; locate <= instruments_; ++locate)
      exposures_.push_back(own_.exposure(locate));
  }
  const risk::RiskGate& gate = street_.rooms().gate;
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate)
    compare(gate.exposure(locate), exposures_[locate], locate);
  compare(gate.exposure(), exposures_[0], 0);
}

// What processes before this one have traded, the gate does not know.
void Referee::check_reconciled() const {
  const venue::Account& account = street_.market().account();
  const risk::RiskGate& gate = street_.rooms().gate;
  const auto differ = [](const std::string& what) { throw Violation{Rule::Reconciliation, what}; };
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate) {
    const auto found = account.positions().find(locate);
    const std::int64_t theirs = found == account.positions().end() ? 0 : found->second;
    const std::int64_t before = earlier_.exposure(locate).position;
    if (gate.position(locate) + before != theirs)
      differ(whose(locate) + ": position " + std::to_string(gate.position(locate)) +
             ", the exchange says " + std::to_string(theirs));
  }
  if (gate.exposure().cash_e4() + earlier_.exposure().cash_e4 != account.cash_e4()) differ("cash");
  order::OrderEntry& orders = street_.rooms().orders;
  const auto theirs = static_cast<std::size_t>(std::ranges::count_if(
      account.orders(), [this](const auto& one) { return !earlier_.has(one.first); }));
  if (orders.open_count() != theirs)
    differ(std::to_string(orders.open_count()) + " open orders, the exchange has " +
           std::to_string(theirs));
  std::uint32_t other = 0;  // the visitor must not throw
  orders.for_each_open([&](const order::Order& order) {
    const auto found = account.orders().find(order.user_ref);
    const bool there =
        found != account.orders().end() && found->second.open_quantity == order.open_quantity;
    if (!there) other = order.user_ref;
  });
  if (other != 0) differ("order " + std::to_string(other) + " is another one at the exchange");
}

}  // namespace ridley::simulation
