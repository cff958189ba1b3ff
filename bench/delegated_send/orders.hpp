// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the packet that both contenders send: an Enter Order without elements behind
// the three bytes of its session, 50 bytes. Cold.
#pragma once

#include "event/records.hpp"
#include "order/order_packets.hpp"

namespace ridley::bench::delegated_send {

inline constexpr std::size_t kOrders = 200'000;

inline order::Outbound order_packet() {
  const order::OrderPackets packets{{}, 'P'};
  event::OrderIntent intent{};
  intent.side = event::Side::Buy;
  intent.quantity = 100;
  intent.price_e4 = 1'234'500;
  intent.time_in_force = event::TimeInForce::Day;
  intent.display = 'Y';
  order::Outbound packet;
  packets.enter(intent, 1, {'R', 'D', 'L', 'Y', ' ', ' ', ' ', ' '}, packet);
  packet.connection = 1;
  return packet;
}

}  // namespace ridley::bench::delegated_send
