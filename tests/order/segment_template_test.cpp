// SPDX-License-Identifier: Apache-2.0
#include "order/segment_template.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "nic/segments.hpp"

namespace ridley::order {
namespace {

namespace tcp = nic::tcp;
using nic::test::frame_of;

SegmentHead head_of(std::span<const std::byte> frame) {
  SegmentHead head;
  std::copy_n(frame.begin(), head.size(), head.begin());
  return head;
}

Outbound packet_of(const std::string& text) {
  Outbound packet;
  packet.length = static_cast<std::uint16_t>(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) packet.bytes[i] = static_cast<std::byte>(text[i]);
  return packet;
}

TEST(SegmentTemplate, MakesTheFrameThatTheKernelWouldHaveMade) {
  rc::check([] {
    const auto length = *rc::gen::inRange<std::size_t>(1, kOutboundBytesMax + 1);
    const auto text = *rc::gen::container<std::string>(length, rc::gen::arbitrary<char>());
    const auto sequence = *rc::gen::arbitrary<std::uint32_t>();
    const auto acknowledgement = *rc::gen::arbitrary<std::uint32_t>();
    const auto window = *rc::gen::arbitrary<std::uint16_t>();
    SegmentTemplate segment;
    // A pure acknowledgement with other numbers, flags and an option.
    segment.take(head_of(frame_of({.sequence = 1, .acknowledgement = 2, .options = {1, 1, 1, 1}})));
    const auto made = segment.patch({sequence, acknowledgement, window}, packet_of(text));
    auto expected = frame_of({.sequence = sequence,
                              .acknowledgement = acknowledgement,
                              .flags = tcp::kAcknowledge | tcp::kPush,
                              .window = window,
                              .payload = text});
    expected.resize(std::max(expected.size(), nic::kFrameBytesMin));
    RC_ASSERT(std::ranges::equal(made, expected));
  });
}

TEST(SegmentTemplate, LeavesNothingOfALongerPacketBehindAShorterOne) {
  SegmentTemplate segment;
  segment.take(head_of(frame_of({})));
  (void)segment.patch({}, packet_of(std::string(kOutboundBytesMax, 'x')));
  const auto heartbeat = segment.patch({1, 2, 3}, packet_of("abc"));
  ASSERT_EQ(heartbeat.size(), nic::kFrameBytesMin);
  for (const std::byte filling : heartbeat.last(nic::kFrameBytesMin - kSegmentHeadBytes - 3))
    EXPECT_EQ(filling, std::byte{0});
}

TEST(SegmentTemplate, TakesANewHeadWhole) {
  SegmentTemplate segment;
  segment.take(head_of(frame_of({.payload = "before"})));
  const nic::TcpAddresses other{1, 2, 3, 4};
  segment.take(head_of(frame_of({.addresses = other, .payload = "after"})));
  const auto made = segment.patch({5, 6, 7}, packet_of("0123456789"));
  EXPECT_TRUE(std::ranges::equal(made, frame_of({.addresses = other,
                                                 .sequence = 5,
                                                 .acknowledgement = 6,
                                                 .flags = tcp::kAcknowledge | tcp::kPush,
                                                 .window = 7,
                                                 .payload = "0123456789"})));
}

}  // namespace
}  // namespace ridley::order
