// SPDX-License-Identifier: Apache-2.0
// In: the ports of the configuration. Out: the wires behind them, of whatever kind: the feed's,
// ready for the hot loop, and that of a delegated order connection. Cold; run() is the hot
// thread's.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "base/tsc_clock.hpp"
#include "control/config.hpp"
#include "engine/hot_loop.hpp"
#include "nic/dpdk_setup.hpp"
#include "nic/port.hpp"

namespace ridley::control {

class Wires {
 public:
  // Throws base::Error when a port cannot be opened. A peer that is not there yet is no error. The
  // clock's calibration is finished meanwhile.
  Wires(const Config& config, const base::TscCalibration& begun);

  [[nodiscard]] const base::TscClock& clock() const noexcept { return *clock_; }

  // What introduces us to the switch.
  [[nodiscard]] nic::IgmpSender sender() const;

  // The hot thread, before it runs: packet memory then comes from a stock of its own.
  void adopt_calling_thread();

  // The hot thread, until the loop has ended.
  void run(const engine::HotLoop& loop);

  // Of a delegated order connection; nothing without one.
  [[nodiscard]] nic::DpdkPort* order_port() noexcept { return order_; }

  // Of the feed's.
  [[nodiscard]] nic::PortStatistics statistics() const;
  [[nodiscard]] nic::Link link() const;
  [[nodiscard]] bool huge_pages() const;
  [[nodiscard]] std::string_view time_source() const;

 private:
  void open(const Config& config, const nic::PortDescription& feed,
            const nic::DpdkSetup::ClockSource& clock);

  std::optional<base::TscClock> clock_;
  std::unique_ptr<nic::DpdkSetup> dpdk_;
  nic::DpdkPort* feed_ = nullptr;  // nothing where the feed is a capture
  nic::DpdkPort* order_ = nullptr;
  std::optional<engine::ReplayPort> capture_;
};

}  // namespace ridley::control
