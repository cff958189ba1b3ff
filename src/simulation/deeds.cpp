// SPDX-License-Identifier: Apache-2.0
// In: a deed of the plan. Out: it is done to the street, or told to the appliance as a command.
#include "simulation/simulated_street.hpp"

namespace ridley::simulation {
namespace {

event::Command command_of(const PlannedDeed& deed) {
  event::Command command{};
  command.scope =
      static_cast<std::uint8_t>(deed.first == 0 ? risk::Scope::Firm : risk::Scope::Symbol);
  command.locate = static_cast<std::uint16_t>(deed.first == 0 ? 0 : deed.second);
  switch (deed.deed) {
    case Deed::Arm: command.kind = event::CommandKind::Arm; break;
    case Deed::Disarm: command.kind = event::CommandKind::Disarm; break;
    case Deed::Kill: command.kind = event::CommandKind::Kill; break;
    case Deed::Rearm: command.kind = event::CommandKind::Rearm; break;
    case Deed::CancelAll: command.kind = event::CommandKind::CancelAll; break;
    case Deed::Restrict:
    case Deed::Unrestrict:
      command.kind = deed.deed == Deed::Restrict ? event::CommandKind::RestrictSymbol
                                                 : event::CommandKind::UnrestrictSymbol;
      command.locate = static_cast<std::uint16_t>(deed.first);
      break;
    default: break;
  }
  return command;
}

// Of one instrument: the second, so that others go on under the firm's.
event::Command limit_command(const PlannedDeed& deed, std::uint32_t version) {
  const LimitChange& change = kLimitChanges.at(deed.first);
  event::Command command{};
  command.kind = event::CommandKind::SetLimit;
  command.scope =
      static_cast<std::uint8_t>(change.one_instrument ? risk::Scope::Symbol : risk::Scope::Firm);
  command.locate = change.one_instrument ? 2 : 0;
  command.control = static_cast<std::uint32_t>(change.control);
  command.value = change.values.at(deed.second);
  command.limit_version = version;
  return command;
}

}  // namespace

void SimulatedStreet::do_deed(const PlannedDeed& deed) {
  if (deed.deed <= Deed::WrongSession) return feed_path_.suffer(deed, now_ns_);
  if (is_fault(deed.deed)) return break_at_exchange(deed);
  operate(deed);
}

void SimulatedStreet::break_at_exchange(const PlannedDeed& deed) {
  if (market_.is_down()) return;
  switch (deed.deed) {
    case Deed::SessionRestart: market_.restart_session(); break;
    case Deed::ConnectionBroken:
      if (!session_.is_connected()) return;
      break_order_connection(deed.first, deed.second);
      break;
    case Deed::HalfOpen:
      to_exchange_.stall(now_ns_ + deed.first);
      to_firm_.stall(now_ns_ + deed.first);
      break;
    case Deed::SlowConnection:
      to_exchange_.slow_down(deed.first, now_ns_ + deed.second);
      to_firm_.slow_down(deed.first, now_ns_ + deed.second);
      break;
    case Deed::RejectStorm: return market_.reject_orders_until(now_ns_ + deed.first);
    case Deed::UnsolicitedCancels: return market_.cancel_orders();
    case Deed::AcksOutOfOrder: return market_.shuffle_acks_until(now_ns_ + deed.first);
    case Deed::VenueCrash:
      lose_connection(deed.first % 101);
      market_.crash_until(now_ns_ + deed.first);
      break;
    case Deed::Halt:
      market_.halt_until(static_cast<std::uint16_t>(deed.first), now_ns_ + deed.second);
      break;
    default: return;
  }
  count(deed.deed);
}

void SimulatedStreet::operate(const PlannedDeed& deed) {
  count(deed.deed);
  if (deed.deed == Deed::Reconnect) return break_order_connection(100, 0);
  if (deed.deed == Deed::SetLimit) {
    (void)command(limit_command(deed, ++limit_version_));
    return;
  }
  (void)command(command_of(deed));
}

}  // namespace ridley::simulation
