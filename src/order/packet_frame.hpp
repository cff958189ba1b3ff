// SPDX-License-Identifier: Apache-2.0
// In: a message of the order protocol in an outbound slot. Out: the packet around it, and copies of
// prebuilt ones. Hot core; frame_packet() cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

#include "base/assert.hpp"
#include "base/bytes.hpp"
#include "order/slots.hpp"
#include "wire/soup.hpp"

namespace ridley::order {

inline constexpr std::size_t kPacketHeaderBytes = wire::soup::UnsequencedData::kSize;
// The longest template is 59 bytes; a copy of a fixed size is a few moves.
inline constexpr std::size_t kTemplateBytesMax = 64;

[[nodiscard]] inline std::byte* message_of(Outbound& out) noexcept {
  return out.bytes.data() + kPacketHeaderBytes;
}

// The message stands in its place already.
inline void frame_packet(Outbound& out, std::size_t message_bytes) noexcept {
  RIDLEY_ASSERT(kPacketHeaderBytes + message_bytes <= kTemplateBytesMax);
  base::store_big_endian(out.bytes.data(), static_cast<std::uint16_t>(message_bytes + 1));
  out.bytes[2] = std::byte{wire::soup::UnsequencedData::kType};
  out.length = static_cast<std::uint16_t>(kPacketHeaderBytes + message_bytes);
}

inline void copy_packet(const Outbound& from, Outbound& to) noexcept {
  to.length = from.length;
  std::memcpy(to.bytes.data(), from.bytes.data(), kTemplateBytesMax);
}

}  // namespace ridley::order
