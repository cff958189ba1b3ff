// SPDX-License-Identifier: Apache-2.0
// In: the settings of a drop copy, our own order events. Out: a connection to it on a thread of its
// own, what the operator has to be told, and whether the firm has to be stopped. Cold; the control
// core.
#pragma once

#include <cstdint>
#include <optional>
#include <thread>

#include "base/spsc_ring.hpp"
#include "control/config.hpp"
#include "control/drop_copy_check.hpp"
#include "order/sequence_file.hpp"
#include "order/tcp_session.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::control {

class DropCopySide {
 public:
  // Throws base::Error. With the prefix of our tokens the account speaks OUCH 4.2.
  DropCopySide(const Config& config, const std::optional<order::TokenPrefix>& prefix,
               telemetry::CounterPage& page);
  ~DropCopySide() { stop(); }
  DropCopySide(const DropCopySide&) = delete;
  DropCopySide& operator=(const DropCopySide&) = delete;

  void start();
  void stop();

  void own(const event::OrderEvent& event, std::uint64_t now_ns) { check_.own(event, now_ns); }

  using Look = DropCopyCheck::Look;
  [[nodiscard]] Look look(std::uint64_t now_ns);

  [[nodiscard]] const ExecutionMatch& match() const noexcept { return check_.match(); }

 private:
  void publish();

  order::SequenceFile file_;
  DropCopyCheck check_;
  base::SpscRing<order::Outbound> nothing_;  // a drop copy is only read
  base::SpscRing<order::Inbound> inbound_;
  order::TcpSession session_;
  std::thread thread_;

  struct Gauges {
    telemetry::Gauge connected;
    telemetry::Gauge matched;
    telemetry::Gauge unmatched;
    telemetry::Gauge alerts;
    telemetry::Gauge others;
    telemetry::Gauge malformed;
  } gauges_;
};

}  // namespace ridley::control
