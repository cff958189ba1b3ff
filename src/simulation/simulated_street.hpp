// SPDX-License-Identifier: Apache-2.0
// An appliance and an exchange in one process, joined by memory, under simulated time: the data
// rooms and the venue are the real ones, byte for byte. Whoever owns it moves time, breaks things,
// and looks. The same settings and calls give the same bytes. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "simulation/firm_process.hpp"
#include "simulation/limit_changes.hpp"
#include "simulation/market.hpp"
#include "simulation/plan.hpp"
#include "simulation/scratch_path.hpp"

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
  std::uint64_t start_ns = 0;    // of the first process, since the start of the day
  bool reads_drop_copy = false;
  control::MatchLimits matching = {};
};

// The symbols that are traded, as a strategy wants to know them.
[[nodiscard]] std::vector<std::string> traded_symbols(const StreetOptions& options);

class SimulatedStreet {
 public:
  using Watch = std::function<void(const Turn&)>;

  // A strategy for another process: it knows nothing. It lives until the next one is asked for.
  using NextStrategy = std::function<const strategy::Loaded&()>;

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
  void restore_order_connection() noexcept { process_->orders.reconnect_at(now_ns_); }
  // Everything that the firm's process knew is gone. Another one starts behind that.
  void end_process(std::uint64_t for_ns);
  void take_strategies_from(NextStrategy next) { next_strategy_ = std::move(next); }

  [[nodiscard]] Market& market() noexcept { return market_; }
  [[nodiscard]] const Market& market() const noexcept { return market_; }
  // Where not, there is nothing of what follows.
  [[nodiscard]] bool is_running() const noexcept { return process_.has_value(); }
  [[nodiscard]] Appliance& appliance() noexcept { return process_->appliance; }
  [[nodiscard]] const SessionLink& orders() const noexcept { return process_->orders; }
  [[nodiscard]] engine::Rooms& rooms() noexcept { return process_->appliance.rooms(); }
  [[nodiscard]] const control::DropCopyCheck& drop_copy() const noexcept { return process_->check; }
  // Nothing is under way between firm and exchange, and everybody has heard everything.
  [[nodiscard]] bool orders_are_quiet() const noexcept;

 private:
  void step(std::uint64_t until_ns);
  [[nodiscard]] std::uint64_t next_ns() const noexcept;
  void start_process();
  void step_process();
  void do_due_deeds();
  void do_to_drop_copy(const PlannedDeed& deed);
  void receive_frame(std::span<const std::byte> frame);
  void poll_sessions();
  void read_drop_copy();
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
  ScratchFile order_place_;
  ScratchFile copy_place_;
  NextStrategy next_strategy_;
  std::optional<FirmProcess> process_;
  std::uint32_t processes_ = 0;
  std::uint64_t start_ns_;     // of the next process, while there is none
  std::size_t next_deed_ = 0;  // of the plan
  std::uint64_t next_poll_ns_ = kStartNs;
  std::uint64_t next_session_poll_ns_ = kStartNs;
  std::uint64_t next_recovery_ns_ = kStartNs;  // the recovery core has a turn
  std::string session_heard_;                  // of the feed, in the last frame
  std::uint64_t copy_slow_until_ns_ = kNeverNs;
  std::vector<order::Inbound> copies_;  // since the last turn
  bool killed_by_copy_ = false;
  bool done_command_ = false;
  std::uint32_t limit_version_ = 1;
};

}  // namespace ridley::simulation
