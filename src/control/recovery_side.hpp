// SPDX-License-Identifier: Apache-2.0
// In: the configuration, the hot core's end of the recovery. Out: the recovery core as a thread,
// and what it does as numbers in the counter page. Cold; the control core.
#pragma once

#include <thread>
#include <vector>

#include "control/config.hpp"
#include "engine/recovery.hpp"
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
  // Now and then: copies the thread's counters into the page.
  void publish();

 private:
  struct Shown {
    const std::atomic<std::uint64_t>* counter;
    telemetry::Gauge gauge;
  };

  engine::Recovery recovery_;
  std::vector<Shown> shown_;
  std::thread thread_;
};

}  // namespace ridley::control
