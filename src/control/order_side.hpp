// SPDX-License-Identifier: Apache-2.0
// In: the settings of a delegated order connection, its port, the order room's ring. Out: both ends
// of it, the hot core's and the session thread's. Cold; made before start.
#pragma once

#include "control/config.hpp"
#include "engine/hot_loop.hpp"
#include "order/delegated_wire.hpp"
#include "order/frame_port.hpp"
#include "order/handover.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::control {

class OrderSide {
 public:
  // Throws base::Error when the kernel's end cannot be made.
  OrderSide(const OrderConfig& config, nic::DpdkPort& port,
            base::SpscRing<order::Outbound>& packets, telemetry::CounterPage& page);

  [[nodiscard]] engine::WireEnd& hot_end() noexcept { return hot_end_; }
  [[nodiscard]] order::DelegatedWire& wire() noexcept { return wire_; }
  // What the session thread reads in place of the order room's ring.
  [[nodiscard]] base::SpscRing<order::Outbound>& departed() noexcept {
    return handover_.departed();
  }

 private:
  order::Handover handover_;
  order::FramePortOf<nic::DpdkPort> frame_port_;
  engine::WireEnd hot_end_;
  order::DelegatedWire wire_;
};

}  // namespace ridley::control
