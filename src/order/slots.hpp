// SPDX-License-Identifier: Apache-2.0
// In and out: what the hot core and the session thread tell each other, one slot of a ring each.
// Hot core and session thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>

namespace ridley::order {

// A whole SoupBinTCP packet: three bytes and at most 140 of OUCH.
inline constexpr std::size_t kOutboundBytesMax = 144;

// How a packet leaves: written to the kernel's socket, or put on the wire by the hot core before
// the kernel gets the same bytes.
enum class Way : std::uint8_t { Kernel, Wire };

struct Outbound {
  std::uint16_t length = 0;
  // The login this was written for. After a lost connection what is still in the ring belongs to
  // another one, and is not sent: an order that is seconds old must not reach the market.
  std::uint16_t connection = 0;
  // Of a packet that is on the wire: where it stands in the TCP stream, and what its segment
  // acknowledged.
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint16_t window = 0;
  Way way = Way::Kernel;
  std::uint8_t reserved = 0;
  std::array<std::byte, kOutboundBytesMax> bytes{};

  [[nodiscard]] std::span<const std::byte> packet() const noexcept {
    return {bytes.data(), length};
  }
};
static_assert(sizeof(Outbound) == 160);
static_assert(std::is_trivially_copyable_v<Outbound>);

enum class InboundKind : std::uint8_t {
  None,
  Message,       // one message of the exchange
  LoggedIn,      // the bytes are the session's name, sequence the next message's number
  Quiet,         // the exchange had nothing to say for a whole second
  Disconnected,  // orders may or may not have arrived
  EndOfSession,
};

// The longest fixed part is 66 bytes; what an appendage has beyond this is cut off.
inline constexpr std::size_t kInboundBytesMax = 240;

struct Inbound {
  InboundKind kind = InboundKind::None;
  std::uint8_t cause = 0;  // SoupCause
  std::uint16_t length = 0;
  std::uint16_t connection = 0;  // LoggedIn: what Outbound has to say from now on
  std::uint16_t reserved = 0;
  std::uint64_t sequence = 0;  // the number of the message; 0 when it has none
  std::array<std::byte, kInboundBytesMax> bytes{};

  [[nodiscard]] std::span<const std::byte> message() const noexcept {
    return {bytes.data(), length};
  }
};
static_assert(sizeof(Inbound) == 256);
static_assert(std::is_trivially_copyable_v<Inbound>);

}  // namespace ridley::order
