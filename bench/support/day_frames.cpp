// SPDX-License-Identifier: Apache-2.0
#include "bench/support/day_frames.hpp"

#include "base/bytes.hpp"
#include "feed/blocks.hpp"
#include "wire/mold.hpp"

namespace ridley::bench {
namespace {

constexpr char kSession[] = "DAY0000001";
constexpr std::size_t kLengthBytes = feed::Blocks::kLengthBytes;

nic::UdpRoute route_of_feed() noexcept {
  nic::UdpRoute route;
  route.destination_mac = nic::multicast_mac(kFeedGroup);
  route.source_ip = 0x0A14'1E01;
  route.destination_ip = kFeedGroup;
  route.source_port = 26400;
  route.destination_port = kFeedPort;
  return route;
}

}  // namespace

DayFrames::DayFrames(const control::DayInMemory& day, std::uint64_t seed, Packing packing) noexcept
    : rest_{day.bytes},
      messages_{day.messages},
      packing_{packing},
      random_{seed},
      route_{route_of_feed()} {}

MadeFrame DayFrames::next() noexcept {
  const std::size_t payload_at = nic::udp_payload_at(route_);
  const std::span<std::byte> room = std::span{frame_}.subspan(payload_at, nic::kUdpPayloadBytesMax);
  const std::uint32_t wanted = wanted_messages();
  std::size_t size = wire::mold::Header::kSize;
  std::uint32_t count = 0;
  while (count < wanted && given_ + count < messages_) {
    const std::size_t block = kLengthBytes + base::load_big_endian<std::uint16_t>(rest_.data());
    if (size + block > room.size()) break;
    std::memcpy(room.data() + size, rest_.data(), block);
    rest_ = rest_.subspan(block);
    size += block;
    ++count;
  }
  if (count == 0) return {};
  wire::mold::HeaderWriter{room.data()}
      .session(kSession)
      .sequence_number(given_ + 1)
      .message_count(static_cast<std::uint16_t>(count));
  given_ += count;
  const std::size_t bytes = nic::build_udp_frame(frame_, route_, room.first(size));
  return {.bytes = std::span{frame_}.first(bytes), .messages = count};
}

// Of a hundred packets: 60 with one message, 20 with two, 10 with three, 7 with four to eleven, 3
// with twelve to as many as fit.
std::uint32_t DayFrames::wanted_messages() noexcept {
  if (packing_ == Packing::OneByOne) return 1;
  const std::uint32_t kind = random_.below(100);
  if (kind < 60) return 1;
  if (kind < 80) return 2;
  if (kind < 90) return 3;
  if (kind < 97) return 4 + random_.below(8);
  return 12 + random_.below(40);
}

}  // namespace ridley::bench
