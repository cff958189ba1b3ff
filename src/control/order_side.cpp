// SPDX-License-Identifier: Apache-2.0
#include "control/order_side.hpp"

#include "nic/address.hpp"

namespace ridley::control {
namespace {

// The texts were checked with the rest of the configuration.
order::DelegatedWireSettings settings_of(const OrderConfig& config, const nic::DpdkPort& port) {
  const nic::NetworkAddress own =
      nic::parse_network(config.address).value_or(nic::NetworkAddress{});
  return {.tap = {.name = "order0",
                  .mac = port.mac(),
                  .ip = own.ip,
                  .prefix_bits = own.prefix_bits,
                  .gateway = nic::parse_ipv4(config.gateway).value_or(0),
                  .kernel_settings = order::delegated_kernel_settings()},
          .unacknowledged_max = config.unacknowledged_max};
}

}  // namespace

OrderSide::OrderSide(const OrderConfig& config, nic::DpdkPort& port,
                     base::SpscRing<order::Outbound>& packets, telemetry::CounterPage& page)
    : handover_{packets.capacity()},
      frame_port_{port},
      hot_end_{port, packets, handover_},
      wire_{settings_of(config, port), frame_port_, handover_} {
  wire_.mirror(page);
}

}  // namespace ridley::control
