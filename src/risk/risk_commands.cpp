// SPDX-License-Identifier: Apache-2.0
// In: the operator's commands, between bursts. Out: the gate's latches, lists and limits. Hot core.
#include <algorithm>
#include <limits>

#include "risk/risk_gate.hpp"

namespace ridley::risk {
namespace {

using event::CommandKind;

constexpr std::uint64_t kSecondNs = 1'000'000'000;

// A number that the field cannot hold is refused, and so is the one that means "as the firm".
template <typename Field>
bool store(Field& field, std::uint64_t value) noexcept {
  if (value >= kAsFirm<Field>) return false;
  field = static_cast<Field>(value);
  return true;
}

}  // namespace

bool RiskGate::apply(const event::Command& command) noexcept {
  switch (command.kind) {
    case CommandKind::Arm: armed_ = true; return true;
    case CommandKind::Disarm: armed_ = false; return true;
    case CommandKind::Kill: return set_latch(command, true);
    case CommandKind::Rearm: return set_latch(command, false);
    case CommandKind::SetLimit: return set_limit(command);
    case CommandKind::RestrictSymbol: return set_restricted(command.locate, true);
    case CommandKind::UnrestrictSymbol: return set_restricted(command.locate, false);
    default: return false;
  }
}

bool RiskGate::set_instrument(std::uint16_t locate, const OrderLimits& own) noexcept {
  if (locate >= instruments_.size()) return false;
  Instrument& instrument = instruments_[locate];
  instrument.in_force.limits = own;
  instrument.own = own_fields(own);
  put_in_force(instrument);
  return true;
}

bool RiskGate::set_latch(const event::Command& command, bool killed) noexcept {
  switch (static_cast<Scope>(command.scope)) {
    case Scope::Firm: killed_ = killed; return true;
    case Scope::Symbol:
      if (command.locate >= instruments_.size()) return false;
      instruments_[command.locate].killed = killed;
      return true;
    case Scope::Strategy: {
      if (command.value < 0 || command.value >= kStrategiesMax) return false;
      const std::uint64_t bit = 1ULL << command.value;
      killed_strategies_ = killed ? killed_strategies_ | bit : killed_strategies_ & ~bit;
      return true;
    }
  }
  return false;
}

bool RiskGate::set_restricted(std::uint16_t locate, bool restricted) noexcept {
  if (locate >= instruments_.size()) return false;
  instruments_[locate].restricted = restricted;
  return true;
}

bool RiskGate::set_limit(const event::Command& command) noexcept {
  if (command.value < 0) return false;
  const auto value = static_cast<std::uint64_t>(command.value);
  const auto control = static_cast<Control>(command.control);
  bool set = false;
  if (command.control <= kControlCount && command.scope == static_cast<std::uint8_t>(Scope::Firm)) {
    set = set_firm_limit(control, value);
    ++firm_limits_;  // instruments take the change over when they are next asked for
  } else if (command.control <= kControlCount && command.locate < instruments_.size() &&
             command.scope == static_cast<std::uint8_t>(Scope::Symbol)) {
    set = set_instrument_limit(instruments_[command.locate], control, value);
  }
  if (set) limits_.version = command.limit_version;
  return set;
}

bool RiskGate::set_instrument_limit(Instrument& instrument, Control control,
                                    std::uint64_t value) noexcept {
  OrderLimits own = limits_in_force(instrument.in_force.limits, instrument.own, kAllAsFirm);
  const bool set = set_order_limit(own, control, value);
  // Also when it was refused: of two limits the first may have been set.
  instrument.in_force.limits = own;
  instrument.own = own_fields(own);
  put_in_force(instrument);
  return set;
}

bool RiskGate::set_firm_limit(Control control, std::uint64_t value) noexcept {
  switch (control) {
    case Control::StaleMarket: limits_.age_ns_max = value; return true;
    case Control::MessageRate:
      // Messages a second; none means none, not even the burst.
      limits_.ns_per_message =
          value == 0 ? std::numeric_limits<std::uint64_t>::max() : kSecondNs / value;
      bucket_.change(value == 0 ? 0 : limits_.burst_messages_max, limits_.ns_per_message);
      return true;
    case Control::GrossNotional: limits_.gross_max_e4 = value; return true;
    case Control::OpenOrders: return store(limits_.open_orders_max, value);
    default: return set_order_limit(limits_.order, control, value);
  }
}

bool RiskGate::set_order_limit(OrderLimits& limits, Control control, std::uint64_t value) noexcept {
  switch (control) {
    case Control::TickAndLot: return value != 0 && store(limits.tick_e4, value);
    case Control::PriceCollar: return store(limits.collar_bps, value);
    case Control::MaximumQuantity: return store(limits.quantity_max, value);
    case Control::MaximumNotional: return store(limits.notional_max_e4, value);
    case Control::PositionLimit:
      return store(limits.long_max, value) && store(limits.short_max, value);
    case Control::GrossNotional: return store(limits.gross_max_e4, value);
    case Control::OpenOrders: return store(limits.open_orders_max, value);
    default: return false;
  }
}

}  // namespace ridley::risk
