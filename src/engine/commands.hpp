// SPDX-License-Identifier: Apache-2.0
// In: commands of the operator, between bursts. Out: their effect on the gate, the open orders and
// the strategy, and an answer for each. A latch closes in the turn that reads the command; cancels
// for which the outbound ring has no room are tried again every turn. Hot core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "engine/rooms.hpp"

namespace ridley::engine {

class Commands {
 public:
  explicit Commands(Rooms& rooms) noexcept : rooms_{rooms} {}

  void take(std::uint64_t now_ns) noexcept {
    if (pending_count_ > 0) cancel_pending();
    event::Command command;
    while (rooms_.commands.pop(command)) {
      ++rooms_.counters.commands;
      const bool done =
          command.kind == event::CommandKind::DoubtOrder ? doubt(command) : obey(command);
      if (!done) ++rooms_.counters.commands_refused;
      rooms_.log.write<Note::CommandTaken>(now_ns, static_cast<std::uint32_t>(command.kind),
                                           std::uint32_t{command.scope},
                                           std::uint32_t{command.locate}, command.value, done);
      command.value = done ? 1 : 0;
      // The control core empties the ring before it gives the next command.
      if (!rooms_.answers.push(command)) ++rooms_.counters.commands_refused;
    }
  }

  // Whoever has no connection sends no order before an operator arms again.
  void on_connection(const order::Inbound& inbound, std::uint64_t now_ns) noexcept {
    if (inbound.kind == order::InboundKind::LoggedIn)
      rooms_.log.write<Note::ConnectionUp>(now_ns, std::uint32_t{inbound.connection});
    if (inbound.kind == order::InboundKind::Disconnected ||
        inbound.kind == order::InboundKind::EndOfSession) {
      rooms_.log.write<Note::ConnectionLost>(now_ns, std::uint32_t{inbound.cause});
      disarm();
    }
  }

  // We and the exchange disagree about an order: an operator who re-arms has seen it.
  void look_for_disagreement(std::uint64_t now_ns) noexcept {
    const std::uint64_t broken = rooms_.orders.broken_invariants();
    if (broken <= invariants_seen_) return;
    invariants_seen_ = broken;
    rooms_.log.write<Note::OrdersDisagree>(now_ns, broken);
    kill();
  }

  // Without a word from the operator: the connection is lost, the day is over.
  void disarm() noexcept {
    event::Command command{};
    command.kind = event::CommandKind::Disarm;
    rooms_.gate.apply(command);
  }

  // We and the exchange disagree, so nothing new leaves and what is open is taken back.
  void kill() noexcept {
    event::Command command{};
    command.kind = event::CommandKind::Kill;
    (void)obey(command);
  }

  // Told to stop, and no order is alive at the exchange.
  [[nodiscard]] bool stopped() const noexcept {
    return stopping_ && rooms_.orders.open_count() == 0;
  }

 private:
  [[nodiscard]] bool obey(const event::Command& command) noexcept {
    switch (command.kind) {
      case event::CommandKind::Arm: return rooms_.orders.ready() && rooms_.gate.apply(command);
      case event::CommandKind::Kill: return rooms_.gate.apply(command) && cancel(command);
      case event::CommandKind::CancelAll: return cancel(command);
      case event::CommandKind::Stop: return stop(command);
      case event::CommandKind::ReloadStrategy: return reload(command);
      case event::CommandKind::Rearm: return rearm(command);
      case event::CommandKind::SettleDoubt: return settle_doubt(command);
      default: return rooms_.gate.apply(command);
    }
  }

  bool stop(const event::Command& command) noexcept {
    disarm();
    stopping_ = true;
    event::Command everything = command;
    everything.scope = static_cast<std::uint8_t>(risk::Scope::Firm);
    return cancel(everything);
  }

  // Who re-arms an instrument has looked at it.
  bool rearm(const event::Command& command) noexcept {
    if (!rooms_.gate.apply(command)) return false;
    if (command.scope == static_cast<std::uint8_t>(risk::Scope::Symbol))
      rooms_.orders.trust(command.locate);
    return true;
  }

  bool settle_doubt(const event::Command& command) noexcept {
    rooms_.orders.settle_doubt(command.locate, order::Doubt::DropCopy);
    return true;
  }

  // The answer says which instrument it was.
  bool doubt(event::Command& command) noexcept {
    command.locate = rooms_.orders.doubt(static_cast<std::uint32_t>(command.value));
    return true;
  }

  bool reload(const event::Command& command) noexcept {
    // The control core owns what the pointer names and keeps it until it has the answer.
    auto* reload = reinterpret_cast<strategy::Reload*>(command.pointer);
    return rooms_.strategy.swap(*reload) == strategy::Swapped::Done;
  }

  bool cancel(const event::Command& scope) noexcept {
    if (rooms_.orders.cancel_all(scope) == 0) return true;
    if (pending_count_ == pending_.size()) return false;
    pending_[pending_count_++] = scope;
    return true;
  }

  void cancel_pending() noexcept {
    while (pending_count_ > 0 && rooms_.orders.cancel_all(pending_[pending_count_ - 1]) == 0)
      --pending_count_;
  }

  Rooms& rooms_;
  std::array<event::Command, kCommandsMax> pending_{};
  std::size_t pending_count_ = 0;
  std::uint64_t invariants_seen_ = 0;
  bool stopping_ = false;
};

}  // namespace ridley::engine
