// SPDX-License-Identifier: Apache-2.0
#include "venue/rerequest_line.hpp"

#include <gtest/gtest.h>

#include "venue/message_buffer.hpp"
#include "wire/mold.hpp"

namespace ridley::venue {
namespace {

using Packet = std::array<std::byte, wire::mold::RequestPacket::kSize>;
using Answers = std::vector<std::pair<RerequestLine::Client, std::uint64_t>>;

Packet request(std::uint64_t sequence) {
  Packet packet{};
  wire::mold::RequestPacketWriter{packet.data()}
      .session("SESSION")
      .sequence_number(sequence)
      .requested_message_count(1);
  return packet;
}

class RerequestLineTest : public testing::Test {
 protected:
  RerequestLineTest() {
    MessageBuffer buffer;
    for (int i = 0; i < 1'000; ++i) (void)buffer.append(36);
    history.append(buffer.bytes());
  }
  Answers answered(std::uint64_t ns) {
    Answers answers;
    line.answer(history, ns, [&](RerequestLine::Client client, std::span<const std::byte> bytes) {
      answers.emplace_back(client, wire::mold::Header{bytes.data()}.sequence_number());
    });
    return answers;
  }

  MessageHistory history{1U << 20};
  RerequestLine line{"SESSION", 3, {.replies_a_second = 1'000'000, .burst = 10'000}};
};

TEST_F(RerequestLineTest, AnswersEverybodyWhatHeAskedForAtOnce) {
  line.ask(7, request(5), 0);
  line.ask(9, request(6), 0);
  line.ask(7, request(8), 0);
  EXPECT_EQ(answered(0), (Answers{{7, 5}, {7, 8}, {9, 6}}));
  EXPECT_TRUE(answered(0).empty());
  EXPECT_EQ(line.counts().answered, 3u);
}

TEST_F(RerequestLineTest, LosesRequestsAndAnswersApart) {
  line.impair({.loss = 0.5}, {});
  std::size_t arrived = 0;
  for (std::uint64_t i = 1; i <= 1'000; ++i) line.ask(1, request(i), i);
  arrived = answered(1'000).size();
  EXPECT_EQ(line.counts().requests, arrived);
  EXPECT_NEAR(static_cast<double>(arrived), 500.0, 80.0);
  line.impair({}, {.loss = 0.5});
  for (std::uint64_t i = 1; i <= 1'000; ++i) line.ask(1, request(i), 1'000 + i);
  const std::size_t later = answered(2'000).size();
  EXPECT_EQ(line.counts().requests, arrived + 1'000);
  EXPECT_NEAR(static_cast<double>(later), 500.0, 80.0);
}

TEST_F(RerequestLineTest, IsLateInBothDirections) {
  line.impair({.delay_ns = 100}, {.delay_ns = 1'000});
  line.ask(1, request(5), 0);
  EXPECT_EQ(line.next_ns(), 100u);
  EXPECT_TRUE(answered(99).empty());
  EXPECT_EQ(line.counts().requests, 0u);
  EXPECT_TRUE(answered(100).empty());
  EXPECT_EQ(line.counts().requests, 1u);
  EXPECT_EQ(line.next_ns(), 1'100u);
  EXPECT_EQ(answered(1'100), (Answers{{1, 5}}));
  EXPECT_EQ(line.next_ns(), FaultyLine::kNever);
}

TEST_F(RerequestLineTest, RemembersNoMoreClientsThanItMay) {
  line.impair({}, {.delay_ns = 10});
  for (std::uint64_t client = 1; client <= RerequestLine::kClientsMax + 1; ++client) {
    line.ask(client, request(client), 0);
    (void)answered(0);
  }
  EXPECT_EQ(answered(10).size(), RerequestLine::kClientsMax);
}

}  // namespace
}  // namespace ridley::venue
