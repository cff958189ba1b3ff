// SPDX-License-Identifier: Apache-2.0
// In: messages. Out: packets of the little-endian transports with them, right or wrong as asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "feed/mold_packet.hpp"
#include "wire/iextp.hpp"
#include "wire/sequenced_unit.hpp"

namespace ridley::feed {

inline void append(Bytes& to, std::span<const std::byte> bytes) {
  to.insert(to.end(), bytes.begin(), bytes.end());
}

inline Bytes bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span{text});
  return {bytes.begin(), bytes.end()};
}

// A message's bytes as its writer makes them, zeros where nothing is said.
template <typename View, typename Writer, typename Fill>
Bytes message_of(Fill&& fill) {
  Bytes message(View::kSize);
  Writer writer{message.data()};
  fill(writer);
  return message;
}

struct UnitPacket {
  std::uint32_t sequence = 1;
  std::vector<Bytes> messages = {};  // each begins with its length
  std::uint8_t unit = 1;

  [[nodiscard]] Bytes bytes() const {
    return with_count(static_cast<std::uint8_t>(messages.size()));
  }
  [[nodiscard]] Bytes with_count(std::uint8_t count) const {
    using wire::sequenced_unit::Header;
    Bytes packet(Header::kSize);
    for (const Bytes& message : messages) append(packet, message);
    wire::sequenced_unit::HeaderWriter{packet.data()}
        .block_length(static_cast<std::uint16_t>(packet.size()))
        .message_count(count)
        .unit(unit)
        .sequence(sequence);
    return packet;
  }
};

struct IexPacket {
  std::uint64_t sequence = 1;
  std::vector<Bytes> messages = {};
  std::uint64_t offset = 0;
  std::uint32_t session = 77;
  std::uint16_t protocol = static_cast<std::uint16_t>(wire::iextp::MessageProtocolId::Deep);

  [[nodiscard]] Bytes bytes() const {
    return with_count(static_cast<std::uint16_t>(messages.size()));
  }
  [[nodiscard]] Bytes with_count(std::uint16_t count) const {
    using wire::iextp::Header;
    Bytes packet(Header::kSize);
    for (const Bytes& message : messages) {
      const std::size_t at = packet.size();
      packet.resize(at + 2);
      base::store_little_endian(&packet[at], static_cast<std::uint16_t>(message.size()));
      append(packet, message);
    }
    wire::iextp::HeaderWriter{packet.data()}
        .version(1)
        .message_protocol_id(protocol)
        .channel_id(1)
        .session_id(session)
        .payload_length(static_cast<std::uint16_t>(packet.size() - Header::kSize))
        .message_count(count)
        .stream_offset(offset)
        .first_sequence_number(sequence);
    return packet;
  }
  // Of the next packet.
  [[nodiscard]] std::uint64_t end_offset() const {
    return offset + bytes().size() - wire::iextp::Header::kSize;
  }
};

}  // namespace ridley::feed
