// SPDX-License-Identifier: Apache-2.0
// Frames for the decoder's tests: Ethernet and IPv4 around UDP or TCP, MoldUDP64 and SoupBinTCP
// around messages.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "wire/itch.hpp"
#include "wire/mold.hpp"
#include "wire/ouch.hpp"

namespace ridley::test {

using Bytes = std::vector<std::byte>;

inline constexpr std::uint16_t kClientPort = 42'000;
inline constexpr std::uint16_t kServerPort = 8'003;

inline void add(Bytes& to, std::span<const std::byte> more) {
  for (const std::byte byte : more) to.push_back(byte);
}

// protocol 17 or 6; rest: its header and payload.
inline Bytes ipv4_frame(std::uint8_t protocol, std::span<const std::byte> rest) {
  Bytes frame(34);
  frame[12] = std::byte{0x08};
  frame[14] = std::byte{0x45};
  base::store_big_endian(&frame[16], static_cast<std::uint16_t>(20 + rest.size()));
  frame[23] = std::byte{protocol};
  add(frame, rest);
  return frame;
}

inline Bytes udp_frame(std::span<const std::byte> payload) {
  Bytes udp(8);
  base::store_big_endian(&udp[4], static_cast<std::uint16_t>(8 + payload.size()));
  add(udp, payload);
  return ipv4_frame(17, udp);
}

inline Bytes tcp_frame(std::span<const std::byte> payload, std::uint32_t sequence,
                       std::uint16_t source = kClientPort,
                       std::uint16_t destination = kServerPort) {
  Bytes tcp(20);
  base::store_big_endian(&tcp[0], source);
  base::store_big_endian(&tcp[2], destination);
  base::store_big_endian(&tcp[4], sequence);
  tcp[12] = std::byte{0x50};
  add(tcp, payload);
  return ipv4_frame(6, tcp);
}

inline Bytes mold_packet(std::uint64_t sequence, const std::vector<Bytes>& messages) {
  Bytes packet(wire::mold::Header::kSize);
  wire::mold::HeaderWriter{packet.data()}.session("S").sequence_number(sequence).message_count(
      static_cast<std::uint16_t>(messages.size()));
  for (const Bytes& message : messages) {
    Bytes length(2);
    base::store_big_endian(length.data(), static_cast<std::uint16_t>(message.size()));
    add(packet, length);
    add(packet, message);
  }
  return packet;
}

inline Bytes soup_packet(char type, std::span<const std::byte> payload) {
  Bytes packet(3);
  base::store_big_endian(packet.data(), static_cast<std::uint16_t>(1 + payload.size()));
  packet[2] = static_cast<std::byte>(type);
  add(packet, payload);
  return packet;
}

inline Bytes delete_order(std::uint64_t order) {
  Bytes message(wire::itch::OrderDelete::kSize);
  wire::itch::OrderDeleteWriter{message.data()}.order_reference_number(order);
  return message;
}

inline Bytes cancel_order(std::uint32_t user_ref) {
  Bytes message(wire::ouch::CancelOrder::kFixedSize);
  wire::ouch::CancelOrderWriter{message.data()}.user_ref_num(user_ref);
  return message;
}

}  // namespace ridley::test
