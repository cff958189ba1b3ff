// SPDX-License-Identifier: Apache-2.0
// In: a deed that is not for the venue's stage. Out: it is done to the street, or told to the
// appliance as a command.
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
  if (!is_fault(deed.deed)) return operate(deed);
  RepairServers& repairs = market_.repairs();
  const std::uint64_t until_ns = now_ns_ + deed.first;
  switch (deed.deed) {
    case Deed::SessionRestart:
      if (!market_.is_down()) market_.restart_session();
      return;
    case Deed::SnapshotsRefused: return repairs.refuse_until(until_ns);
    case Deed::SnapshotsCut: return repairs.cut_until(until_ns);
    case Deed::SnapshotsSlow: return repairs.slow_until(until_ns, deed.second);
    case Deed::SnapshotsSilent: return repairs.silent_until(until_ns);
    case Deed::RecoveryAway: next_recovery_ns_ = until_ns; return;
    case Deed::ApplianceCrash: return end_process(deed.first);
    case Deed::CopySlow:
    case Deed::CopyLost:
    case Deed::CopySilent: return do_to_drop_copy(deed);
    default: return;
  }
}

void SimulatedStreet::do_to_drop_copy(const PlannedDeed& deed) {
  if (!is_running() || !process_->drop_copy) return;
  const std::uint64_t until_ns = now_ns_ + deed.first;
  if (deed.deed == Deed::CopyLost) return process_->drop_copy->lose(now_ns_, until_ns);
  venue::ClientSession* const connection = market_.connection(Port::DropCopy);
  if (connection == nullptr) return;
  if (deed.deed == Deed::CopySilent) return connection->go_silent();
  connection->impair_down({.delay_ns = deed.second}, now_ns_);
  copy_slow_until_ns_ = until_ns;
}

void SimulatedStreet::operate(const PlannedDeed& deed) {
  if (!is_running()) return;
  if (deed.deed == Deed::Reconnect) return break_order_connection(0);
  const event::Command command =
      deed.deed == Deed::SetLimit ? limit_command(deed, ++limit_version_) : command_of(deed);
  if (is_known(command.locate)) (void)this->command(command);
}

// The operator names symbols; the control core refuses one that the feed has not listed.
bool SimulatedStreet::is_known(std::uint16_t locate) {
  if (locate == 0) return true;
  for (const engine::RollEntry& entry : rooms().roll.entries())
    if (entry.listed && entry.locate == locate) return true;
  return false;
}

}  // namespace ridley::simulation
