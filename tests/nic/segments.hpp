// SPDX-License-Identifier: Apache-2.0
// In: the fields of a TCP segment. Out: a whole frame made by hand, its checksums by another way
// than the code under test: word by word, with the carry put back at once.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "nic/tcp_frame.hpp"

namespace ridley::nic::test {

struct Segment {
  TcpAddresses addresses{0x0A4D'0001, 0x0A4D'0002, 40'000, 26'400};
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint8_t flags = tcp::kAcknowledge;
  std::uint16_t window = 1'000;
  std::vector<std::uint8_t> options = {};  // a multiple of four
  std::string_view payload = {};
  std::size_t padding = 0;
};

inline std::uint16_t word_sum(const std::vector<std::byte>& bytes, std::size_t from, std::size_t to,
                              std::uint32_t sum) {
  for (std::size_t i = from; i < to; i += 2) {
    const auto high = static_cast<std::uint32_t>(bytes[i]) << 8;
    const std::uint32_t low = i + 1 < to ? static_cast<std::uint32_t>(bytes[i + 1]) : 0;
    sum += high | low;
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(sum);
}

inline void put(std::vector<std::byte>& to, std::uint64_t value, int bytes) {
  for (int i = bytes - 1; i >= 0; --i) to.push_back(static_cast<std::byte>(value >> (8 * i)));
}

inline std::vector<std::byte> frame_of(const Segment& segment) {
  std::vector<std::byte> frame;
  put(frame, 0x0200'0A4D'0002, 6);
  put(frame, 0x0200'0A4D'0001, 6);
  put(frame, 0x0800, 2);
  const std::size_t tcp_bytes = 20 + segment.options.size() + segment.payload.size();
  put(frame, 0x4500, 2);
  put(frame, 20 + tcp_bytes, 2);
  put(frame, 0x1234'4000, 4);
  put(frame, 0x4006'0000, 4);
  put(frame, segment.addresses.source_ip, 4);
  put(frame, segment.addresses.destination_ip, 4);
  put(frame, segment.addresses.source_port, 2);
  put(frame, segment.addresses.destination_port, 2);
  put(frame, segment.sequence, 4);
  put(frame, segment.acknowledgement, 4);
  put(frame, (20 + segment.options.size()) / 4 << 4, 1);
  put(frame, segment.flags, 1);
  put(frame, segment.window, 2);
  put(frame, 0, 4);
  for (const std::uint8_t byte : segment.options) put(frame, byte, 1);
  for (const char letter : segment.payload) put(frame, static_cast<std::uint8_t>(letter), 1);
  const auto header = static_cast<std::uint16_t>(~word_sum(frame, 14, 34, 0));
  frame[24] = static_cast<std::byte>(header >> 8);
  frame[25] = static_cast<std::byte>(header);
  const auto pseudo = word_sum(frame, 26, 34, static_cast<std::uint32_t>(6 + tcp_bytes));
  const auto checksum = static_cast<std::uint16_t>(~word_sum(frame, 34, frame.size(), pseudo));
  frame[50] = static_cast<std::byte>(checksum >> 8);
  frame[51] = static_cast<std::byte>(checksum);
  frame.resize(frame.size() + segment.padding);
  return frame;
}

}  // namespace ridley::nic::test
