// SPDX-License-Identifier: Apache-2.0
// An appliance and an exchange in one process, joined by memory, under simulated time: the data
// rooms and the venue are the real ones, byte for byte. A test moves time, breaks things, looks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/pipeline.hpp"
#include "engine/rooms.hpp"
#include "engine/street.hpp"
#include "nic/memory_port.hpp"
#include "order/soup_client.hpp"
#include "order/soup_server.hpp"
#include "strategy/plugin.hpp"
#include "support/scratch_folder.hpp"
#include "telemetry/counter_page.hpp"
#include "venue/feed_output.hpp"
#include "venue/trading_day.hpp"

namespace ridley::test {

// The time that the pipeline's stamps see is the time the test has set.
struct SimulatedClock {
  const std::uint64_t* ns;
  [[nodiscard]] std::uint64_t ticks() const noexcept { return *ns; }
  [[nodiscard]] std::uint64_t ns_of(std::uint64_t ticks) const noexcept { return ticks; }
};

class SimulatedStreet {
 public:
  struct Options {
    std::uint64_t seed = 1;
    double messages_per_second = 5'000;
    std::string strategy = "two_sided_quoter";
    strategy::Parameters parameters = {};
    std::uint16_t instruments = 12;
    std::uint16_t traded = 6;
  };

  explicit SimulatedStreet(const Options& options);
  ~SimulatedStreet();

  // In steps of a millisecond: the exchange acts, frames and bytes travel, the pipeline polls.
  void run_ms(std::uint64_t milliseconds);

  // What an operator and fate can do.
  bool command(event::CommandKind kind);
  void drop_frames(std::uint32_t count) { frames_to_drop_ = count; }
  void silence_feed(bool silent) { feed_silent_ = silent; }
  void publish_unknown_order(std::uint16_t locate);  // a delete of an order that never was
  void break_order_connection();                     // what is under way is lost
  void restore_order_connection();  // the client comes back and asks for what it missed

  [[nodiscard]] engine::Rooms& rooms() noexcept { return rooms_; }
  [[nodiscard]] const risk::RiskGate& gate() const noexcept { return rooms_.gate; }
  [[nodiscard]] const order::OrderCounters& sent() const noexcept {
    return rooms_.orders.counters();
  }
  [[nodiscard]] const venue::Account& account() { return day_.exchange().accounts().front(); }
  [[nodiscard]] const std::vector<std::byte>& order_bytes() const noexcept { return order_bytes_; }
  [[nodiscard]] const std::vector<event::RejectRecord>& rejects() const noexcept {
    return rejects_;
  }
  [[nodiscard]] const std::vector<event::OrderEvent>& order_events() const noexcept {
    return order_events_;
  }
  [[nodiscard]] std::size_t orders_open_at_venue(std::uint16_t locate);
  [[nodiscard]] std::size_t orders_open_at_venue() { return account().orders().size(); }
  [[nodiscard]] bool stopped() const noexcept { return pipeline_->stopped(); }
  // Positions of gate and exchange, instrument by instrument; empty when they are the same.
  [[nodiscard]] std::string position_differences();
  [[nodiscard]] std::string reservations_left() const;

 private:
  using Pipeline = engine::Pipeline<nic::MemoryPort, SimulatedClock>;

  void step();
  std::size_t poll();  // the first allocation in here ends the test
  void exchange_acts();
  void publish_feed();
  void move_order_bytes();
  void serve_client();
  void client_takes_events();
  void client_sends_orders();
  void collect();
  [[nodiscard]] std::uint64_t midnight_ns() const noexcept;

  std::uint64_t now_ns_;
  ScratchFolder folder_;
  telemetry::CounterPage page_;
  strategy::Instance instance_;
  engine::Street street_;
  engine::Rooms rooms_;
  nic::MemoryLink wire_{4096};
  std::unique_ptr<Pipeline> pipeline_;

  venue::TradingDay day_;
  venue::FeedOutput feed_;
  order::SoupStream stream_{"SIM"};
  std::optional<order::SoupServer> server_;
  order::SoupClient client_;
  std::uint16_t connection_ = 0;

  std::uint32_t frames_to_drop_ = 0;
  bool feed_silent_ = false;
  std::vector<std::byte> order_bytes_;
  std::vector<event::RejectRecord> rejects_;
  std::vector<event::OrderEvent> order_events_;
  std::uint64_t command_sequence_ = 0;
};

}  // namespace ridley::test
