// SPDX-License-Identifier: Apache-2.0
#include "nic/tcp_frame.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <string>

#include "nic/segments.hpp"

namespace ridley::nic {
namespace {

using test::frame_of;
using test::Segment;

std::string text_of(std::span<const std::byte> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(TcpFrame, ReadsEveryField) {
  auto bytes = frame_of({.sequence = 0xFFFF'FFF0,
                         .acknowledgement = 7,
                         .flags = tcp::kAcknowledge | tcp::kPush,
                         .window = 512,
                         .options = {1, 1, 1, 0},
                         .payload = "hello",
                         .padding = 6});
  const auto frame = TcpFrame::read(bytes);
  ASSERT_TRUE(frame);
  EXPECT_EQ(frame->addresses(), (TcpAddresses{0x0A4D'0001, 0x0A4D'0002, 40'000, 26'400}));
  EXPECT_EQ(frame->sequence(), 0xFFFF'FFF0);
  EXPECT_EQ(frame->end(), 0xFFFF'FFF5);
  EXPECT_EQ(frame->acknowledgement(), 7U);
  EXPECT_EQ(frame->window(), 512);
  EXPECT_EQ(text_of(frame->payload()), "hello");
  EXPECT_EQ(frame->bytes().size(), bytes.size() - 6) << "without the padding";
  EXPECT_EQ(frame->tcp_header_bytes(), 24U);
  EXPECT_TRUE(frame->is_intact());
}

TEST(TcpFrame, CountsSynAndFinAsOneNumberEach) {
  auto syn = frame_of({.sequence = 10, .flags = tcp::kSyn});
  auto fin = frame_of({.sequence = 10, .flags = tcp::kFin | tcp::kAcknowledge, .payload = "ab"});
  EXPECT_EQ(TcpFrame::read(syn)->end(), 11U);
  EXPECT_EQ(TcpFrame::read(fin)->end(), 13U);
}

TEST(TcpFrame, RefusesWhatIsNoWholeSegment) {
  const auto whole = frame_of({.payload = "x"});
  for (std::size_t length = 0; length < whole.size(); ++length) {
    auto cut = whole;
    cut.resize(length);
    EXPECT_FALSE(TcpFrame::read(cut)) << length;
  }
  const auto broken = [&](std::size_t at, int value) {
    auto bytes = whole;
    bytes[at] = static_cast<std::byte>(value);
    return TcpFrame::read(bytes).has_value();
  };
  EXPECT_TRUE(broken(0, 1)) << "any address";
  EXPECT_FALSE(broken(13, 6)) << "ARP";
  EXPECT_FALSE(broken(14, 0x65)) << "IPv6";
  EXPECT_FALSE(broken(14, 0x44)) << "a header too short";
  EXPECT_FALSE(broken(14, 0x4F)) << "a header longer than the packet";
  EXPECT_FALSE(broken(20, 0x20)) << "a fragment with more behind it";
  EXPECT_FALSE(broken(21, 1)) << "a later fragment";
  EXPECT_FALSE(broken(23, 17)) << "UDP";
  EXPECT_FALSE(broken(46, 0x40)) << "a TCP header too short";
  EXPECT_FALSE(broken(46, 0xF0)) << "one longer than the segment";
}

TEST(TcpFrame, FindsOptionsThatLieWholeWithinTheHeader) {
  auto scale = frame_of({.options = {2, 4, 5, 0xB4, 1, 3, 3, 7}});
  const auto found = TcpFrame::read(scale)->option(tcp::kOptionWindowScale);
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[2], std::byte{7});
  auto ended = frame_of({.options = {0, 3, 3, 7}});
  EXPECT_TRUE(TcpFrame::read(ended)->option(tcp::kOptionWindowScale).empty());
  for (const std::uint8_t length : std::initializer_list<std::uint8_t>{0, 1, 4, 255}) {
    auto bytes = frame_of({.options = {1, 3, length, 7}});
    EXPECT_TRUE(TcpFrame::read(bytes)->option(tcp::kOptionWindowScale).empty()) << int{length};
  }
  auto last = frame_of({.options = {1, 1, 1, 5}});
  EXPECT_TRUE(TcpFrame::read(last)->option(tcp::kOptionSack).empty()) << "no length behind it";
}

TEST(TcpFrame, NoticesEveryBitThatIsWrong) {
  const auto whole = frame_of({.sequence = 5, .payload = "abc"});
  for (std::size_t bit = 14 * 8; bit < whole.size() * 8; ++bit) {
    auto bytes = whole;
    bytes[bit / 8] ^= static_cast<std::byte>(1U << (bit % 8));
    const auto frame = TcpFrame::read(bytes);
    EXPECT_FALSE(frame && frame->is_intact()) << bit;
  }
}

TEST(TcpFrame, CutsTheFrontAndSealsWhatIsLeft) {
  auto bytes = frame_of({.sequence = 100, .payload = "hotcold", .padding = 3});
  auto frame = TcpFrame::read(bytes);
  frame->cut_front(3);
  frame->seal();
  const auto expected = frame_of({.sequence = 103, .payload = "cold"});
  EXPECT_TRUE(std::ranges::equal(frame->bytes(), expected));
  frame->cut_front(100);
  frame->seal();
  EXPECT_TRUE(std::ranges::equal(frame->bytes(), frame_of({.sequence = 107})));
}

TEST(TcpFrame, EditsAreWhatAFrameMadeThatWayWouldBe) {
  rc::check([](std::uint32_t sequence, std::uint32_t acknowledgement, std::uint16_t window,
               const std::string& payload) {
    auto bytes = frame_of({.options = {1, 1, 1, 1}, .payload = payload});
    auto frame = TcpFrame::read(bytes);
    frame->set_sequence(sequence);
    frame->set_acknowledgement(acknowledgement);
    frame->set_window(window);
    frame->set_flags(tcp::kAcknowledge | tcp::kFin);
    frame->seal();
    const auto expected = frame_of({.sequence = sequence,
                                    .acknowledgement = acknowledgement,
                                    .flags = tcp::kAcknowledge | tcp::kFin,
                                    .window = window,
                                    .options = {1, 1, 1, 1},
                                    .payload = payload});
    RC_ASSERT(std::ranges::equal(frame->bytes(), expected));
  });
}

TEST(TcpSequence, GoesRoundTheCircle) {
  EXPECT_TRUE(before(0xFFFF'FFFF, 0));
  EXPECT_FALSE(before(0, 0xFFFF'FFFF));
  EXPECT_FALSE(before(5, 5));
  EXPECT_EQ(later(0xFFFF'FFFF, 3), 3U);
  EXPECT_EQ(later(9, 3), 9U);
}

}  // namespace
}  // namespace ridley::nic
