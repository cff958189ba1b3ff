// SPDX-License-Identifier: Apache-2.0
#include "venue/mold_packets.hpp"

#include <cstring>

#include "venue/message_buffer.hpp"
#include "wire/mold.hpp"

namespace ridley::venue {

namespace {

constexpr std::uint16_t kHeartbeatCount = 0;
constexpr std::uint16_t kEndOfSessionCount = 0xFFFF;

}  // namespace

MoldPackets::MoldPackets(std::string_view session) noexcept {
  wire::mold::HeaderWriter{packet_.data()}.session(session);
}

std::span<const std::byte> MoldPackets::pack(std::span<const std::byte>& framed,
                                             std::uint16_t count_max) noexcept {
  const std::size_t room = packet_.size() - wire::mold::Header::kSize;
  std::size_t size = 0;
  std::uint16_t count = 0;
  while (size < framed.size() && count < count_max) {
    const std::size_t block =
        MessageBuffer::kLengthSize + first_message(framed.subspan(size)).size();
    if (size + block > room) break;
    size += block;
    ++count;
  }
  std::memcpy(packet_.data() + wire::mold::Header::kSize, framed.data(), size);
  framed = framed.subspan(size);
  const std::span<const std::byte> packet = finish(count, size);
  next_sequence_ += count;
  return packet;
}

std::span<const std::byte> MoldPackets::heartbeat() noexcept { return finish(kHeartbeatCount, 0); }

std::span<const std::byte> MoldPackets::end_of_session() noexcept {
  return finish(kEndOfSessionCount, 0);
}

std::span<const std::byte> MoldPackets::finish(std::uint16_t count, std::size_t size) noexcept {
  wire::mold::HeaderWriter{packet_.data()}.sequence_number(next_sequence_).message_count(count);
  return std::span<const std::byte>{packet_}.first(wire::mold::Header::kSize + size);
}

}  // namespace ridley::venue
