// SPDX-License-Identifier: Apache-2.0
// In: a checked configuration, a stop flag. Out: an appliance that ran, and an exit code. Builds
// the rooms, starts the hot and the session thread, and is itself the control core: operators,
// files, the end. Cold.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "base/instance_lock.hpp"
#include "base/tsc_clock.hpp"
#include "control/appliance_report.hpp"
#include "control/card_side.hpp"
#include "control/card_trial.hpp"
#include "control/config.hpp"
#include "control/control_socket.hpp"
#include "control/doubted_orders.hpp"
#include "control/drop_copy_side.hpp"
#include "control/hot_thread.hpp"
#include "control/line_watch.hpp"
#include "control/order_log.hpp"
#include "control/order_side.hpp"
#include "control/recovery_side.hpp"
#include "control/start_clock.hpp"
#include "control/wires.hpp"
#include "engine/street.hpp"
#include "engine/topology.hpp"
#include "order/sequence_file.hpp"
#include "order/tcp_session.hpp"
#include "strategy/plugin.hpp"
#include "telemetry/counter_page.hpp"
#include "telemetry/counter_reader.hpp"
#include "telemetry/hot_log_writer.hpp"
#include "telemetry/snapshots.hpp"

namespace ridley::control {

// Open orders are cancelled before the process ends; an exchange that does not answer is not waited
// for any longer than this.
inline constexpr std::uint64_t kStopTimeoutNs = 3'000'000'000;

// The start so far, and whether its steps are shown.
struct Start {
  StartClock clock;
  bool verbose = false;
};

// EX_OK after a clean stop, EX_TEMPFAIL when orders may still be open at the exchange.
// Throws base::Error when it cannot start.
[[nodiscard]] int run_appliance(const Config& config, const std::atomic<bool>& stop,
                                const Start& start = {});

// The shared object of a strategy: a path, or the name of one that ships with Ridley. Throws
// base::Error (EX_CONFIG) when there is none.
[[nodiscard]] std::filesystem::path find_strategy(const std::string& object);

class Appliance {
 public:
  explicit Appliance(const Config& config, const Start& start = {});
  ~Appliance();
  Appliance(const Appliance&) = delete;
  Appliance& operator=(const Appliance&) = delete;

  [[nodiscard]] int run(const std::atomic<bool>& stop);

 private:
  [[nodiscard]] Operations operations();
  void build_street();
  [[nodiscard]] engine::Street& built_street();
  void open_card();
  [[nodiscard]] std::unique_ptr<OrderSide> made_order_side();
  [[nodiscard]] order::TcpSession made_session();
  [[nodiscard]] bool gives_core_away() const noexcept;
  void start_threads();
  void run_hot();
  void say_ready();
  void look_for_connection();
  void end_threads();
  void work_until_finished(const std::atomic<bool>& stop);
  void watch_drop_copy();
  void snapshot(std::uint64_t now_ns);
  void publish_slow_numbers();
  void write_summary() const;

  // Sends the command and waits for the hot core's answer: false when it was refused. Throws
  // base::Error (EX_TEMPFAIL) when there is none.
  event::Command answer_to(event::Command command);
  bool obeyed(const event::Command& command) { return answer_to(command).value != 0; }
  void demand(const event::Command& command, const std::string& why_not);
  [[nodiscard]] event::Command scoped(event::CommandKind kind, const Scope& scope) const;
  void set_limits(const Scope& scope, const std::vector<LimitChange>& changes);
  void reload_strategy(const std::string& object);
  void renew_books();
  void reopen_card();
  [[nodiscard]] std::string card_step(const std::string& step, const std::string& digest);
  [[nodiscard]] std::uint16_t locate_of(const std::string& symbol) const;
  [[nodiscard]] std::string symbol_of(std::uint16_t locate) const;
  [[nodiscard]] std::uint64_t now_ns() const noexcept { return clock_.utc_ns(base::read_tsc()); }

  Config config_;
  Start start_;
  engine::Placement placement_;
  ApplianceFacts facts_;
  base::InstanceLock lock_;
  order::SequenceFile sequence_file_;
  std::optional<order::StreamPlace> place_;         // where an earlier process ended
  std::optional<order::TokenPrefix> token_prefix_;  // with OUCH 4.2
  telemetry::CounterPage page_;
  telemetry::CounterReader reader_;
  std::unique_ptr<strategy::Instance> instance_;
  std::unique_ptr<strategy::PreparedReload> reload_;
  std::unique_ptr<engine::Street> street_;
  std::unique_ptr<CardSide> card_;  // none without [card] bitstream
  std::unique_ptr<CardTrial> card_trial_;
  HotThread hot_;  // builds the street while this thread opens the wire
  Wires wires_;
  base::TscClock clock_;
  engine::Membership membership_;
  std::unique_ptr<OrderSide> order_side_;  // with a delegated connection
  order::TcpSession session_;
  OrderLog order_log_;
  std::unique_ptr<DropCopySide> drop_copy_;  // none without [drop_copy] host
  DoubtedOrders doubted_orders_{
      [this](const event::Command& command) { return answer_to(command); }};
  telemetry::HotLogWriter log_;
  telemetry::Snapshots snapshots_;
  ControlSocket socket_;

  // Written by the control core.
  struct SlowNumbers {
    telemetry::Gauge link_up;
    telemetry::Gauge missed;
    telemetry::Gauge no_buffer;
    telemetry::Gauge errors;
    telemetry::Gauge logins;
    telemetry::Gauge connects_failed;
    telemetry::Gauge hot_allocations;
  } slow_;
  std::optional<LineWatch> line_watch_;
  std::unique_ptr<RecoverySide> recovery_;  // none without [recovery] servers

  std::atomic<bool> polling_{false};  // the hot thread has nothing left to prepare
  bool connected_ = false;
  std::atomic<bool> finish_{false};
  std::atomic<bool> finished_{false};
  std::atomic<bool> stop_requested_{false};
  std::thread session_thread_;
  std::uint64_t command_sequence_ = 0;
  std::uint64_t next_snapshot_ns_ = 0;
};

}  // namespace ridley::control
