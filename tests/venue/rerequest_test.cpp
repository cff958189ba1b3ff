// SPDX-License-Identifier: Apache-2.0
// Of venue/rerequest_port.cpp and venue/bound_socket.cpp as well.
#include "venue/rerequest.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.hpp"
#include "feed/sequencer.hpp"
#include "venue/message_buffer.hpp"
#include "venue/rerequest_port.hpp"
#include "wire/mold.hpp"

namespace ridley::venue {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

using Packet = std::array<std::byte, wire::mold::RequestPacket::kSize>;

Packet request(std::uint64_t sequence, std::uint16_t count, std::string_view session = "SESSION") {
  Packet packet{};
  wire::mold::RequestPacketWriter{packet.data()}
      .session(session)
      .sequence_number(sequence)
      .requested_message_count(count);
  return packet;
}

class RerequestTest : public testing::Test {
 protected:
  RerequestTest() {
    MessageBuffer buffer;
    for (int i = 0; i < 100; ++i) (void)buffer.append(36);
    history.append(buffer.bytes());
  }
  MessageHistory history{1U << 20};
  Rerequest rerequest{"SESSION", {.replies_a_second = 10, .burst = 3}};
};

TEST_F(RerequestTest, AnswersWithAPacketThatOurOwnSequencerTakes) {
  feed::Sequencer sequencer{{.first_sequence = 21}};
  const auto packet = rerequest.answer(request(21, 5), history, 0);
  EXPECT_EQ(sequencer.accept(packet).count, 5u);
  EXPECT_EQ(sequencer.next_sequence(), 26u);
}

TEST_F(RerequestTest, FillsOnePacketAndNoMore) {
  const auto packet = rerequest.answer(request(1, 0xFFFF), history, 0);
  EXPECT_LE(packet.size(), nic::kUdpPayloadBytesMax);
  EXPECT_EQ(wire::mold::Header{packet.data()}.message_count(), 38);
}

TEST_F(RerequestTest, SaysNothingToWhatItCannotAnswer) {
  EXPECT_TRUE(rerequest.answer(request(101, 1), history, 0).empty());
  EXPECT_TRUE(rerequest.answer(request(0, 1), history, 0).empty());
  EXPECT_TRUE(rerequest.answer(request(1, 0), history, 0).empty());
  EXPECT_EQ(rerequest.counts().unavailable, 3u);
  EXPECT_TRUE(rerequest.answer(request(1, 1, "OTHER"), history, 0).empty());
  const Packet whole = request(1, 1);
  EXPECT_TRUE(rerequest.answer(std::span{whole}.first(19), history, 0).empty());
  EXPECT_TRUE(rerequest.answer({}, history, 0).empty());
  EXPECT_EQ(rerequest.counts().malformed, 3u);
  EXPECT_EQ(rerequest.counts().requests, 6u);
}

TEST_F(RerequestTest, AnswersABurstAndThenAsManyAsTheTimeAllows) {
  const auto answered = [&](std::uint64_t ns) {
    return !rerequest.answer(request(1, 1), history, ns).empty();
  };
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(answered(kSecond));
  EXPECT_FALSE(answered(kSecond));
  EXPECT_FALSE(answered(kSecond + kSecond / 10 - 1));
  EXPECT_TRUE(answered(kSecond + kSecond / 10));
  EXPECT_FALSE(answered(kSecond + kSecond / 10));
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(answered(9 * kSecond));
  EXPECT_FALSE(answered(9 * kSecond));
  EXPECT_EQ(rerequest.counts().refused, 4u);
}

TEST_F(RerequestTest, AnswersOverTheKernelsUdp) {
  RerequestLine line{"SESSION", 1};
  RerequestPort port{"127.0.0.1", 0, line};
  const int client = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port.port());
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ASSERT_EQ(::connect(client, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  const Packet wanted = request(7, 3);
  ASSERT_EQ(::send(client, wanted.data(), wanted.size(), 0), 20);
  bool any = false;
  for (int round = 0; round < 100'000 && !any; ++round) any = port.poll(history, 0);
  ASSERT_TRUE(any);
  std::array<std::byte, 2'000> bytes{};
  EXPECT_EQ(::recv(client, bytes.data(), bytes.size(), 0), 20 + 3 * 38);
  EXPECT_EQ(wire::mold::Header{bytes.data()}.sequence_number(), 7u);
  EXPECT_EQ(line.counts().answered, 1u);
  EXPECT_THROW((RerequestPort{"127.0.0.1", port.port(), line}), base::Error);
  ::close(client);
}

}  // namespace
}  // namespace ridley::venue
