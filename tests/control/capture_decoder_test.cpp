// SPDX-License-Identifier: Apache-2.0
#include "control/capture_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "control/recorded_frames.hpp"

namespace ridley::control {
namespace {

using test::Bytes;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Decoded {
  std::string text;
  std::vector<std::string> complaints;
  std::uint64_t other_frames = 0;
};

Decoded decode_frames(const std::vector<Bytes>& frames) {
  std::ostringstream out;
  Decoded decoded;
  MessagePrinter printer{MessageForm::Text, out};
  CaptureDecoder decoder{
      printer, [&](const CapturedBytes& captured, const std::string& cause) {
        decoded.complaints.push_back(std::to_string(captured.number) + ": " + cause);
      }};
  std::uint64_t number = 0;
  for (const Bytes& frame : frames) {
    decoder.frame({.frame = frame, .number = ++number, .offset = 0, .cut = false});
  }
  decoder.end();
  printer.flush();
  decoded.text = out.str();
  decoded.other_frames = decoder.other_frames();
  return decoded;
}

// The number, type and name of every line.
std::vector<std::string> heads(const std::string& text) {
  std::vector<std::string> found;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words{line};
    std::string sequence, protocol, type;
    words >> sequence >> protocol >> type;
    found.push_back(sequence + " " + protocol + " " + type);
  }
  return found;
}

}  // namespace

TEST(CaptureDecoder, NumbersTheMessagesOfADatagram) {
  const Decoded decoded = decode_frames(
      {test::udp_frame(test::mold_packet(41, {test::delete_order(1), {}, test::delete_order(2)}))});
  EXPECT_THAT(decoded.complaints, IsEmpty());
  EXPECT_THAT(heads(decoded.text), ElementsAre("41 itch D", "43 itch D"));
}

TEST(CaptureDecoder, TrustsNoBlockOfADatagramWhoseBlocksDoNotFit) {
  Bytes packet = test::mold_packet(1, {test::delete_order(1), test::delete_order(2)});
  Bytes longer = packet;
  longer.push_back(std::byte{0});
  packet.pop_back();
  const Decoded decoded =
      decode_frames({test::udp_frame(packet), test::udp_frame(longer),
                     test::udp_frame(std::span{packet}.first(19)), test::udp_frame(longer)});
  EXPECT_EQ(decoded.text, "");
  EXPECT_THAT(decoded.complaints,
              ElementsAre(HasSubstr("1: MoldUDP64 block 2 of 2 passes the end"),
                          HasSubstr("2: 1 bytes follow"), HasSubstr("3: datagram of 19 bytes"),
                          HasSubstr("4: 1 bytes follow")));
}

TEST(CaptureDecoder, CountsHeadersAloneAndRefusesBytesBehindTheEndOfASession) {
  std::vector<Bytes> frames;
  for (const int count : {0x0000, 0xFFFF, 0x0007}) {
    Bytes header(wire::mold::Header::kSize);
    wire::mold::HeaderWriter{header.data()}.session("S").message_count(
        static_cast<std::uint16_t>(count));
    frames.push_back(test::udp_frame(header));
    header.push_back(std::byte{0});
    frames.push_back(test::udp_frame(header));
  }
  EXPECT_THAT(decode_frames(frames).complaints,
              ElementsAre(HasSubstr("2: 1 bytes follow"), HasSubstr("4: 1 bytes follow"),
                          HasSubstr("6: MoldUDP64 block 1 of 7 passes")));
}

TEST(CaptureDecoder, PrintsWhatIsUnknownAndComplainsOfWhatIsShort) {
  Bytes unknown = test::delete_order(1);
  unknown[0] = std::byte{'?'};
  Bytes shorter = test::delete_order(2);
  shorter.pop_back();
  const Decoded decoded = decode_frames(
      {test::udp_frame(test::mold_packet(1, {unknown, shorter, test::delete_order(3)}))});
  EXPECT_THAT(heads(decoded.text), ElementsAre("1 itch ?", "3 itch D"));
  EXPECT_THAT(decoded.complaints, ElementsAre(HasSubstr("type 0x44 with 18 bytes")));
}

TEST(CaptureDecoder, FollowsASessionCutAnywhere) {
  Bytes stream = test::soup_packet('R', {});
  test::add(stream, test::soup_packet('U', test::cancel_order(7)));
  test::add(stream, test::soup_packet('U', test::cancel_order(8)));
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    const std::span<const std::byte> whole{stream};
    const Decoded decoded =
        decode_frames({test::tcp_frame(whole.first(cut), 500),
                       test::tcp_frame(whole.subspan(cut), 500 + static_cast<std::uint32_t>(cut))});
    EXPECT_THAT(decoded.complaints, IsEmpty());
    EXPECT_THAT(heads(decoded.text), ElementsAre("1 soupbintcp R", "2 ouch X", "3 ouch X")) << cut;
  }
}

TEST(CaptureDecoder, TellsTheServerByWhatItSends) {
  Bytes event(wire::ouch::SystemEvent::kSize);
  wire::ouch::SystemEventWriter{event.data()}.event_code('S');
  // The smaller port is the client's here.
  const Decoded decoded = decode_frames(
      {test::tcp_frame(test::soup_packet('S', event), 1, 50'000, 49'000),
       test::tcp_frame(test::soup_packet('R', {}), 1, 49'000, 50'000),
       test::tcp_frame(test::soup_packet('U', test::cancel_order(1)), 4, 49'000, 50'000)});
  EXPECT_THAT(decoded.complaints, IsEmpty());
  EXPECT_THAT(heads(decoded.text), ElementsAre("1 ouch S", "1 soupbintcp R", "2 ouch X"));
  EXPECT_THAT(decoded.text, HasSubstr("system_event"));
}

TEST(CaptureDecoder, ReadsItchOverTcp) {
  const Decoded decoded = decode_frames({test::tcp_frame(
      test::soup_packet('S', test::delete_order(5)), 1, test::kServerPort, test::kClientPort)});
  EXPECT_THAT(decoded.complaints, IsEmpty());
  EXPECT_THAT(heads(decoded.text), ElementsAre("1 itch D"));
}

TEST(CaptureDecoder, ComplainsOfStreamsThatEndTooEarlyOrLackASegment) {
  const Bytes stream = test::soup_packet('U', test::cancel_order(7));
  const std::span<const std::byte> whole{stream};
  const Decoded cut = decode_frames({test::tcp_frame(whole.first(5), 1)});
  EXPECT_THAT(cut.complaints, ElementsAre(HasSubstr("ends 5 bytes into")));
  const Decoded gap = decode_frames({test::tcp_frame(test::soup_packet('R', {}), 1),
                                     test::tcp_frame(test::soup_packet('R', {}), 9)});
  EXPECT_THAT(gap.complaints, ElementsAre(HasSubstr("3 bytes of a TCP stream wait")));
}

TEST(CaptureDecoder, GivesUpAStreamThatIsNoSession) {
  const Bytes text(40, std::byte{'x'});
  const Bytes zero(4);
  EXPECT_THAT(decode_frames({test::tcp_frame(zero, 1), test::tcp_frame(zero, 5)}).complaints,
              ElementsAre(HasSubstr("length zero")));
  Bytes other = test::soup_packet('x', text);
  EXPECT_THAT(decode_frames({test::tcp_frame(other, 1), test::tcp_frame(text, 44)}).complaints,
              ElementsAre(HasSubstr("no SoupBinTCP")));
}

TEST(CaptureDecoder, CountsFramesOfOtherKinds) {
  Bytes arp(60);
  arp[12] = std::byte{0x08};
  arp[13] = std::byte{0x06};
  const Decoded decoded = decode_frames({arp, Bytes(5)});
  EXPECT_EQ(decoded.other_frames, 1u);
  EXPECT_THAT(decoded.complaints, ElementsAre(HasSubstr("2: truncated frame")));
}

}  // namespace ridley::control
