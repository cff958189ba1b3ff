// SPDX-License-Identifier: Apache-2.0
// In: a sequence number and messages. Out: a MoldUDP64 packet, right or wrong as asked.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "wire/mold.hpp"

namespace ridley::feed {

using Bytes = std::vector<std::byte>;

struct MoldPacket {
  std::uint64_t sequence = 1;
  std::vector<std::string_view> messages = {};
  std::string_view session = "SESSION001";

  [[nodiscard]] Bytes bytes() const {
    return with_count(static_cast<std::uint16_t>(messages.size()));
  }

  [[nodiscard]] Bytes with_count(std::uint16_t count) const {
    Bytes packet(wire::mold::Header::kSize);
    wire::mold::HeaderWriter{packet.data()}
        .session(session)
        .sequence_number(sequence)
        .message_count(count);
    for (const std::string_view message : messages) {
      const std::size_t at = packet.size();
      packet.resize(at + 2 + message.size());
      base::store_big_endian(&packet[at], static_cast<std::uint16_t>(message.size()));
      if (!message.empty()) std::memcpy(&packet[at + 2], message.data(), message.size());
    }
    return packet;
  }

  [[nodiscard]] Bytes heartbeat() const { return with_count(0); }
  [[nodiscard]] Bytes end_of_session() const { return with_count(0xFFFF); }
};

}  // namespace ridley::feed
