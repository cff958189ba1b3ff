// SPDX-License-Identifier: Apache-2.0
// In: the configuration, the hot core's end of the recovery. Out: the recovery core as a thread,
// and what it does as numbers in the counter page. Cold; the control core.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "control/config.hpp"
#include "engine/recovery.hpp"
#include "engine/recovery_sockets.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::control {

// The settings of [recovery]; who logs in for a snapshot is the order connection's user if nobody
// else is named. base::Error (EX_CONFIG) for a server that is not "host:port".
[[nodiscard]] engine::RecoverySettings recovery_settings(const Config& config);

// Whether there is anything to recover with.
[[nodiscard]] bool recovers(const Config& config);

class RecoverySide {
 public:
  // Throws base::Error when a server cannot be found.
  RecoverySide(const Config& config, engine::RecoveryLink& link, telemetry::CounterPage& page);
  ~RecoverySide() { stop(); }
  RecoverySide(const RecoverySide&) = delete;
  RecoverySide& operator=(const RecoverySide&) = delete;

  void start();
  void stop();
  // Books from a snapshot now, in place of those that are believed until then.
  void renew_books() { recovery_.ask_for_snapshot(); }
  // Now and then: copies the thread's counters into the page.
  void publish();
  // Now and then: what the operator should hear of, a sentence each.
  [[nodiscard]] std::vector<std::string> look();

 private:
  struct Shown {
    const std::atomic<std::uint64_t>* counter;
    telemetry::Gauge gauge;
  };

  struct Server {
    std::string name;
    std::uint64_t answers = 0;
    std::uint64_t timeouts = 0;
    bool silent = false;  // the operator knows
  };

  engine::RecoverySockets sockets_;
  engine::Recovery recovery_;
  std::vector<Server> servers_;
  std::uint64_t snapshots_ = 0;
  std::uint64_t failures_ = 0;
  std::vector<Shown> shown_;
  std::thread thread_;
};

}  // namespace ridley::control
