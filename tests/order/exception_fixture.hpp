// SPDX-License-Identifier: Apache-2.0
// In: segments made by hand. Out: what becomes of them on an exception path whose connection is
// established. The peer's window is scaled by kShift.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "nic/segments.hpp"
#include "order/exception_path.hpp"

namespace ridley::order::test {

namespace tcp = nic::tcp;
using nic::test::frame_of;
using nic::test::Segment;

inline constexpr std::uint32_t kFirst = 1'000;      // of our stream
inline constexpr std::uint32_t kPeerFirst = 5'000;  // of the peer's
inline constexpr nic::TcpAddresses kOurs{0x0A4D'0001, 0x0A4D'0002, 40'000, 26'400};
inline constexpr unsigned kShift = 3;

// A segment as it came out at the other side.
struct Passed {
  bool passed = false;
  std::uint32_t sequence = 0;
  std::uint32_t acknowledgement = 0;
  std::uint32_t window = 0;
  std::uint8_t flags = 0;
  std::string payload = {};
  std::vector<std::uint32_t> blocks = {};
};

class ExceptionPathTest : public testing::Test {
 protected:
  ExceptionPathTest() { connect({2, 4, 5, 0xB4, 1, 3, 3, kShift}); }

  void connect(const std::vector<std::uint8_t>& options) {
    from_kernel(
        {.sequence = kFirst - 1, .flags = tcp::kSyn, .options = {2, 4, 5, 0xB4, 1, 3, 3, 7}});
    EXPECT_FALSE(path.is_open());
    from_wire({.sequence = kPeerFirst - 1,
               .acknowledgement = kFirst,
               .flags = tcp::kSyn | tcp::kAcknowledge,
               .window = 10'000,
               .options = options});
    from_kernel({.sequence = kFirst, .acknowledgement = kPeerFirst});
    path.set_congestion({.window_bytes = 14'600, .segment_bytes = 1'460});
  }

  static Passed seen(bool passed, const nic::TcpFrame& frame) {
    EXPECT_TRUE(!passed || frame.is_intact());
    Passed result{
        .passed = passed,
        .sequence = frame.sequence(),
        .acknowledgement = frame.acknowledgement(),
        .window = frame.window(),
        .flags = frame.flags(),
        .payload = {reinterpret_cast<const char*>(frame.payload().data()), frame.payload().size()}};
    const auto blocks = frame.option(tcp::kOptionSack);
    for (std::size_t at = 2; at < blocks.size(); at += 4)
      result.blocks.push_back(base::load_big_endian<std::uint32_t>(&blocks[at]));
    return result;
  }

  Passed from_kernel(Segment segment) {
    segment.addresses = kOurs;
    auto bytes = frame_of(segment);
    auto frame = nic::TcpFrame::read(bytes);
    const bool passed = path.from_kernel(*frame, now_ns);
    return seen(passed, *frame);
  }

  // What the kernel gets of it.
  Passed from_wire(Segment segment) {
    segment.addresses = kOurs.turned();
    auto bytes = frame_of(segment);
    auto frame = nic::TcpFrame::read(bytes);
    path.from_wire(*frame);
    return seen(true, *frame);
  }

  // What the kernel is told again, if anything.
  std::optional<Passed> again() {
    std::array<std::byte, kAcknowledgementBytesMax> room{};
    const auto said = path.say_again(room);
    if (said.empty()) return std::nullopt;
    std::vector<std::byte> bytes{said.begin(), said.end()};
    return seen(true, *nic::TcpFrame::read(bytes));
  }

  // The hot core sends so many bytes; the socket takes them at once.
  void hot(std::uint32_t length, std::uint32_t acknowledgement = kPeerFirst) {
    Outbound packet;
    packet.length = static_cast<std::uint16_t>(length);
    packet.way = Way::Wire;
    packet.sequence = path.given();
    packet.acknowledgement = acknowledgement;
    packet.window = 1'000;
    EXPECT_TRUE(path.took(packet, 0, now_ns));
    path.gave(length);
  }

  Segment kernel_copy(std::uint32_t sequence, std::string_view payload) {
    return {.sequence = sequence, .acknowledgement = kPeerFirst, .payload = payload};
  }

  std::uint64_t now_ns = 1'000'000'000;
  ExceptionPath path{16'384};
};

// An option with those edges, two a block.
inline std::vector<std::uint8_t> sack(const std::vector<std::uint32_t>& edges) {
  std::vector<std::uint8_t> option{1, 1, 5, static_cast<std::uint8_t>(2 + 4 * edges.size())};
  for (const std::uint32_t edge : edges)
    for (int shift = 24; shift >= 0; shift -= 8)
      option.push_back(static_cast<std::uint8_t>(edge >> shift));
  return option;
}

}  // namespace ridley::order::test
