// SPDX-License-Identifier: Apache-2.0
#include "simulation/firm_rules.hpp"

#include <algorithm>
#include <string>

#include "base/uint128.hpp"
#include "simulation/violation.hpp"

namespace ridley::simulation {
namespace {

using risk::Control;

// As many orders as a bucket of any size can have let through are remembered.
constexpr std::size_t kSentMax = 512;

void expect(bool holds, Rule rule, const OwnOrder& order, const std::string& what) {
  if (holds) return;
  throw Violation{rule, "order " + std::to_string(order.number) + " of instrument " +
                            std::to_string(order.locate) + ", " + order.side + " " +
                            std::to_string(order.quantity) + " at " +
                            std::to_string(order.price_e4) + ": " + what};
}

std::string beyond(const char* name, std::uint64_t value, std::uint64_t limit) {
  return std::string{name} + " " + std::to_string(value) + " is beyond " + std::to_string(limit);
}

}  // namespace

FirmRules::FirmRules(const risk::Limits& limits)
    : first_{limits}, ns_per_message_{limits.ns_per_message} {
  firm_ = {{Control::MaximumQuantity, limits.order.quantity_max},
           {Control::MaximumNotional, limits.order.notional_max_e4},
           {Control::PriceCollar, limits.order.collar_bps},
           {Control::OpenOrders, limits.open_orders_max},
           {Control::GrossNotional, limits.gross_max_e4}};
}

void FirmRules::obey(const event::Command& command) {
  const bool firm = command.scope == 0;
  switch (command.kind) {
    case event::CommandKind::Arm: armed_ = true; return;
    case event::CommandKind::Disarm:
    case event::CommandKind::Stop: armed_ = false; return;
    case event::CommandKind::Kill:
      if (firm) killed_ = true;
      if (!firm) killed_instruments_.insert(command.locate);
      return;
    case event::CommandKind::Rearm:
      if (firm) killed_ = false;
      if (!firm) killed_instruments_.erase(command.locate);
      return;
    case event::CommandKind::RestrictSymbol: restricted_.insert(command.locate); return;
    case event::CommandKind::UnrestrictSymbol: restricted_.erase(command.locate); return;
    case event::CommandKind::SetLimit: {
      const auto control = static_cast<Control>(command.control);
      const auto value = static_cast<std::uint64_t>(command.value);
      if (!firm) own_[{control, command.locate}] = value;
      if (firm) firm_[control] = value;
      if (control != Control::MessageRate) return;
      ns_per_message_ = value == 0 ? 0 : 1'000'000'000 / value;
      sent_ns_.clear();
      return;
    }
    default: return;
  }
}

// An instrument's own where it has one. What is both the firm's total and an instrument's limit is
// asked for by instrument here.
std::uint64_t FirmRules::limit(Control control, std::uint16_t locate) const {
  const auto own = own_.find({control, locate});
  if (own != own_.end()) return own->second;
  if (control == Control::OpenOrders) return first_.order.open_orders_max;
  if (control == Control::GrossNotional) return first_.order.gross_max_e4;
  return firm_.at(control);
}

void FirmRules::check(const Sent& sent) {
  check_latches(sent.order);
  check_market(sent);
  check_size(sent.order);
  check_exposure(sent);
  check_rate(sent);
}

void FirmRules::check_latches(const OwnOrder& order) const {
  expect(armed_, Rule::NothingKilled, order, "sent while disarmed");
  expect(!killed_, Rule::NothingKilled, order, "sent after a kill");
  expect(!killed_instruments_.contains(order.locate), Rule::NothingKilled, order,
         "sent after a kill of the instrument");
  expect(!restricted_.contains(order.locate), Rule::NothingKilled, order,
         "sent although the instrument is restricted");
}

void FirmRules::check_market(const Sent& sent) const {
  const std::uint64_t age_ns = sent.now_ns - heard_ns_;
  expect(age_ns <= first_.age_ns_max, Rule::FreshBooks, sent.order,
         beyond("the feed's silence of ns", age_ns, first_.age_ns_max));
  const bool suited = std::ranges::any_of(
      sent.market, [&](const MarketState& market) { return suits(sent.order, market); });
  const MarketState last = sent.market.empty() ? MarketState{} : sent.market.back();
  expect(suited, Rule::Limits, sent.order,
         "too far from the market of " + std::to_string(last.bid_e4) + " to " +
             std::to_string(last.ask_e4) + ", or that does not trade");
}

bool FirmRules::suits(const OwnOrder& order, const MarketState& market) const {
  if (market.state != 'T') return false;
  if (market.short_sales_restricted && order.side == 'T' && order.price_e4 <= market.bid_e4)
    return false;
  const std::int64_t reference = order.buys() ? market.ask_e4 : market.bid_e4;
  if (reference == 0) return false;
  const std::int64_t away = std::abs(static_cast<std::int64_t>(order.price_e4) - reference);
  const auto collar = static_cast<std::int64_t>(limit(Control::PriceCollar, order.locate));
  return away * 10'000 <= reference * collar;
}

void FirmRules::check_size(const OwnOrder& order) const {
  const std::uint64_t quantity_max = limit(Control::MaximumQuantity, order.locate);
  expect(order.quantity > 0 && order.quantity <= quantity_max, Rule::Limits, order,
         beyond("quantity", order.quantity, quantity_max));
  const std::uint64_t notional_max = limit(Control::MaximumNotional, order.locate);
  expect(order.notional_e4() <= notional_max, Rule::Limits, order,
         beyond("notional", order.notional_e4(), notional_max));
  const std::uint32_t tick =
      order.price_e4 < risk::kDollarE4 ? first_.order.sub_dollar_tick_e4 : first_.order.tick_e4;
  expect(order.price_e4 % tick == 0, Rule::Limits, order, "not on a tick");
}

void FirmRules::check_exposure(const Sent& sent) const {
  const OwnOrder& order = sent.order;
  const auto quantity = static_cast<std::int64_t>(order.quantity);
  const OwnExposure& own = sent.instrument;
  const std::int64_t worst = order.buys()
                                 ? own.position + static_cast<std::int64_t>(own.open_buys)
                                 : -own.position + static_cast<std::int64_t>(own.open_sells);
  const auto set = own_.find({Control::PositionLimit, order.locate});
  const auto firm = firm_.find(Control::PositionLimit);
  std::uint64_t position_max = order.buys() ? first_.order.long_max : first_.order.short_max;
  if (firm != firm_.end()) position_max = firm->second;
  if (set != own_.end()) position_max = set->second;
  expect(worst + quantity <= static_cast<std::int64_t>(position_max), Rule::Limits, order,
         "a position of " + std::to_string(worst + quantity) + " is beyond " +
             std::to_string(position_max));
  const auto check_sums = [&](const OwnExposure& sums, std::uint64_t open_max,
                              std::uint64_t gross_max) {
    expect(sums.open_orders < open_max, Rule::Limits, order,
           beyond("open orders", sums.open_orders + 1, open_max));
    const std::uint64_t gross = sums.executed_e4 + sums.open_e4 + order.notional_e4();
    expect(gross <= gross_max, Rule::Limits, order, beyond("gross notional", gross, gross_max));
  };
  check_sums(own, limit(Control::OpenOrders, order.locate),
             limit(Control::GrossNotional, order.locate));
  check_sums(sent.firm, firm_.at(Control::OpenOrders), firm_.at(Control::GrossNotional));
}

// Of no stretch of time can there be more orders than the bucket holds and the time has earned.
void FirmRules::check_rate(const Sent& sent) {
  expect(ns_per_message_ != 0, Rule::Limits, sent.order, "sent although no message may be");
  sent_ns_.push_back(sent.now_ns);
  if (sent_ns_.size() > kSentMax) sent_ns_.pop_front();
  std::uint64_t count = 0;
  for (auto at = sent_ns_.rbegin(); at != sent_ns_.rend(); ++at) {
    ++count;
    const std::uint64_t most =
        first_.burst_messages_max + (sent.now_ns - *at) / ns_per_message_ + 1;
    expect(count <= most, Rule::Limits, sent.order, beyond("messages", count, most));
  }
}

}  // namespace ridley::simulation
