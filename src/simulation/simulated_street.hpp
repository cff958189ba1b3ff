// SPDX-License-Identifier: Apache-2.0
// An appliance and an exchange in one process, joined by memory, under simulated time: the data
// rooms and the venue are the real ones, byte for byte. Whoever owns it moves time, breaks things,
// and looks. The same settings and calls give the same bytes. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "simulation/appliance.hpp"
#include "simulation/limit_changes.hpp"
#include "simulation/market.hpp"
#include "simulation/order_session.hpp"
#include "simulation/plan.hpp"

namespace ridley::simulation {

struct StreetOptions {
  MarketSettings market;
  std::uint16_t traded = 6;  // of the market's instruments, the first ones
  feed::SessionPolicy session_policy = feed::SessionPolicy::Refuse;
  risk::Limits limits = kFirmLimits;
  std::uint64_t dead_peer_ns = 15'000'000'000;  // of the firm's end of the order connection
  std::uint64_t reconnect_ns = 10 * kMillisecondNs;
  // The hot core looks at its port that often; 0: at every frame.
  std::uint64_t poll_every_ns = 0;
  bool reconnects = true;  // by itself, as the session thread does
  // What is ahead of a missing message is held for so long, in so many packets.
  std::uint32_t held_packets = 0;
  std::uint64_t hold_ns = 0;
  bool asks_again = false;       // re-request servers are configured
  bool takes_snapshots = false;  // a GLIMPSE server is
  std::uint64_t start_ns = 0;    // of the appliance, since the start of the day
};

// The symbols that are traded, as a strategy wants to know them.
[[nodiscard]] std::vector<std::string> traded_symbols(const StreetOptions& options);

class SimulatedStreet {
 public:
  using Watch = std::function<void(const Turn&)>;

  // The strategy lives as long. Watch sees every turn of the hot core.
  SimulatedStreet(const StreetOptions& options, const strategy::Loaded& strategy, Watch watch = {});

  [[nodiscard]] std::uint64_t now_ns() const noexcept { return now_ns_; }  // since the epoch
  [[nodiscard]] std::uint64_t elapsed_ns() const noexcept { return now_ns_ - kStartNs; }
  // Everything until then happens, each at its time; deeds of the plan, too.
  void run_until(std::uint64_t elapsed_ns);
  void run_ms(std::uint64_t milliseconds) {
    run_until(elapsed_ns() + milliseconds * kMillisecondNs);
  }

  // What an operator and fate can do.
  bool command(const event::Command& command);
  // One that is not for the venue's stage.
  void do_deed(const PlannedDeed& deed);
  // What is under way is lost.
  void break_order_connection(std::uint64_t for_ns);
  void restore_order_connection() noexcept { connect_ns_ = now_ns_; }

  [[nodiscard]] Market& market() noexcept { return market_; }
  [[nodiscard]] const Market& market() const noexcept { return market_; }
  [[nodiscard]] Appliance& appliance() noexcept { return appliance_; }
  [[nodiscard]] const OrderSession& session() const noexcept { return session_; }
  [[nodiscard]] engine::Rooms& rooms() noexcept { return appliance_.rooms(); }
  // Nothing is under way between firm and exchange, and everybody has heard everything.
  [[nodiscard]] bool orders_are_quiet() const noexcept;

 private:
  void step(std::uint64_t until_ns);
  [[nodiscard]] std::uint64_t next_ns() const noexcept;
  void connect_if_due();
  void move_order_bytes();
  void lose_connection();
  void do_due_deeds();
  void receive_frame(std::span<const std::byte> frame);
  void poll_session();
  void tell_messages();
  void move_frames();
  void recover();
  void turn(const event::Command* command = nullptr);
  bool is_poll_due() const noexcept { return now_ns_ >= next_poll_ns_; }
  void operate(const PlannedDeed& deed);
  [[nodiscard]] bool is_known(std::uint16_t locate);

  StreetOptions options_;
  std::uint64_t now_ns_ = kStartNs;
  Watch watch_;
  std::deque<std::vector<std::byte>> frames_;  // arrived, and not yet with the appliance
  Market market_;
  Appliance appliance_;
  OrderSession session_;
  std::size_t next_deed_ = 0;            // of the plan
  std::uint64_t connect_ns_ = kStartNs;  // when to try next
  std::uint64_t next_poll_ns_ = kStartNs;
  std::uint64_t next_session_poll_ns_ = kStartNs;
  std::uint64_t next_recovery_ns_ = kStartNs;  // the recovery core has a turn
  std::string session_heard_;                  // of the feed, in the last frame
  bool done_command_ = false;
  std::uint32_t limit_version_ = 1;
};

}  // namespace ridley::simulation
