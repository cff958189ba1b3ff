// SPDX-License-Identifier: Apache-2.0
// The firm's side of a simulated street: every room of the appliance and its recovery core, as they
// ship, between a port in memory and an order session. In: the time, frames, messages, commands,
// a wire to who repairs. Out: what the hot core said in each turn. A function of its inputs. One
// thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/pipeline.hpp"
#include "engine/recovery.hpp"
#include "engine/rooms.hpp"
#include "engine/street.hpp"
#include "nic/memory_port.hpp"
#include "simulation/clock.hpp"
#include "simulation/turn.hpp"
#include "strategy/strategy.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::simulation {

struct ApplianceSettings {
  std::vector<std::string> traded;  // symbols
  feed::SessionPolicy session_policy = feed::SessionPolicy::Refuse;
  risk::Limits limits;
  bool cancel_on_disconnect = false;
  std::uint32_t lines = 1;
  std::uint32_t held_packets = 0;
  std::uint64_t hold_ns = 0;
  engine::RecoverySettings recovery = {};
  engine::RecoveryWire* repairs = nullptr;  // lives as long; null: nothing recovers
};

class Appliance {
 public:
  // The strategy and the time live as long.
  Appliance(const ApplianceSettings& settings, const strategy::Loaded& strategy,
            const std::uint64_t& now_ns);

  // For the next turn.
  void receive(std::span<const std::byte> frame);
  void tell(const order::Inbound& message);
  [[nodiscard]] std::size_t frames_waiting() const noexcept { return frames_; }

  // One turn. The first allocation in here ends the process, where allocations are watched.
  const Turn& turn(const event::Command* command = nullptr);

  // The recovery core's turn: until it has nothing to do.
  void recover();
  [[nodiscard]] const engine::Recovery* recovery() const noexcept {
    return recovery_ ? &*recovery_ : nullptr;
  }

  [[nodiscard]] engine::Rooms& rooms() noexcept { return rooms_; }
  [[nodiscard]] const engine::Rooms& rooms() const noexcept { return rooms_; }
  [[nodiscard]] bool stopped() const noexcept { return pipeline_.stopped(); }

 private:
  using Pipeline = engine::Pipeline<nic::MemoryPort, Clock>;

  void collect();

  const std::uint64_t& now_ns_;
  telemetry::CounterPage page_;
  engine::Street street_;
  engine::Rooms rooms_;
  nic::MemoryLink wire_{256};
  Pipeline pipeline_;
  std::optional<engine::Recovery> recovery_;
  std::uint64_t command_sequence_ = 0;
  std::size_t frames_ = 0;
  std::vector<order::Inbound> messages_;  // told since the last turn
  std::vector<order::Inbound> turn_messages_;
  std::vector<order::Outbound> packets_;
  std::vector<event::OrderEvent> order_events_;
  std::vector<event::RejectRecord> rejects_;
  Turn turn_;
};

}  // namespace ridley::simulation
