// SPDX-License-Identifier: Apache-2.0
#include "simulation/appliance.hpp"

#include "engine/allocation_watch.hpp"
#include "simulation/market.hpp"
#include "simulation/scratch_path.hpp"

namespace ridley::simulation {
namespace {

engine::StreetSettings street_settings(const ApplianceSettings& settings) {
  engine::StreetSettings street;
  for (std::uint32_t line = 0; line < settings.lines; ++line)
    (void)street.filter.add(kFeedGroup + line, kFeedPort, static_cast<std::uint8_t>(line));
  street.lines = settings.lines;
  street.held_packets = settings.held_packets;
  street.hold_ns = settings.hold_ns;
  street.recovers = settings.repairs != nullptr;
  street.sequencer.policy = settings.session_policy;
  street.books = {.orders_max = 1U << 14, .levels_max = 1U << 13, .instruments_max = 64};
  street.limits = settings.limits;
  street.orders.orders_max = 1'024;
  street.orders.cancel_on_disconnect = settings.cancel_on_disconnect;
  street.orders.executions_max = 8'192;
  street.orders.answer_within_ms = 5;  // slow connections take longer than that
  for (const std::string& symbol : settings.traded) street.roll.entry(symbol).traded = true;
  return street;
}

// In one moment of simulated time. Whoever has more to do is not that quick.
constexpr int kRecoveryStepsMax = 16;

}  // namespace

Appliance::Appliance(const ApplianceSettings& settings, const strategy::Loaded& strategy,
                     const std::uint64_t& now_ns)
    : now_ns_{now_ns},
      page_{{.path = scratch_path()}},
      street_{street_settings(settings), strategy, page_},
      rooms_{street_.rooms()},
      pipeline_{wire_.right(), rooms_, Clock{&now_ns_}} {
  engine::prepare_allocation_watch(engine::OnHotAllocation::Stop);
  if (settings.repairs != nullptr)
    recovery_.emplace(*street_.recovery(), *settings.repairs, settings.recovery);
}

void Appliance::recover() {
  for (int steps = 0; recovery_ && steps < kRecoveryStepsMax && recovery_->step(now_ns_); ++steps) {
  }
}

void Appliance::receive(std::span<const std::byte> frame) {
  wire_.left().set_send_time(now_ns_);
  if (wire_.left().send(frame)) ++frames_;
}

void Appliance::tell(const order::Inbound& message) {
  if (street_.inbound().push(message)) messages_.push_back(message);
}

const Turn& Appliance::turn(const event::Command* command) {
  packets_.clear();
  order_events_.clear();
  rejects_.clear();
  event::Command numbered{};
  if (command != nullptr) {
    numbered = *command;
    numbered.sequence = ++command_sequence_;
    (void)street_.commands().push(numbered);
  }
  std::size_t frames = 0;
  {
    const engine::HotSection watched;
    frames = pipeline_.poll(now_ns_);
  }
  collect();
  event::Command answer{};
  const bool done = street_.answers().pop(answer) && answer.value != 0;
  turn_messages_.swap(messages_);
  messages_.clear();
  turn_ = {.now_ns = now_ns_,
           .command = command,
           .command_done = done,
           .messages = turn_messages_,
           .frames = static_cast<std::uint32_t>(frames),
           .packets = packets_,
           .order_events = order_events_,
           .rejects = rejects_};
  frames_ -= frames;
  return turn_;
}

void Appliance::collect() {
  for (order::Outbound packet; street_.outbound().pop(packet);) packets_.push_back(packet);
  for (event::OrderEvent event{}; street_.side_exit().take(event);) order_events_.push_back(event);
  for (event::RejectRecord reject{}; street_.side_exit().take(reject);) rejects_.push_back(reject);
}

}  // namespace ridley::simulation
