// SPDX-License-Identifier: Apache-2.0
#include "feed/rerequest_client.hpp"

#include <gtest/gtest.h>

#include "feed/mold_packet.hpp"

namespace ridley::feed {
namespace {

constexpr std::uint64_t kPatience = 500'000;
constexpr std::uint64_t kTimeout = 10'000'000;
const SessionName kSession{std::string_view{"SESSION001"}};

struct Asked {
  std::size_t server;
  std::uint64_t from;
  std::uint16_t count;
  bool operator==(const Asked&) const = default;
};

std::optional<Asked> asked(RerequestClient& client, std::uint64_t now_ns) {
  const auto request = client.next(now_ns);
  if (!request) return std::nullopt;
  const wire::mold::RequestPacket packet{request->packet.data()};
  EXPECT_EQ(packet.session(), kSession);
  return Asked{request->server, packet.sequence_number(), packet.requested_message_count()};
}

RerequestSettings settings(std::size_t servers, std::uint32_t tries) {
  return {.servers = servers, .patience_ns = kPatience, .timeout_ns = kTimeout, .tries_max = tries};
}

}  // namespace

TEST(RerequestClient, AsksOnceTheOtherLineHadItsChance) {
  RerequestClient client{settings(1, 3)};
  EXPECT_FALSE(asked(client, 0)) << "nothing is missing";
  client.want(kSession, 10, 14, 100);
  EXPECT_FALSE(asked(client, 99 + kPatience));
  EXPECT_EQ(asked(client, 100 + kPatience), (Asked{0, 10, 4}));
  EXPECT_FALSE(asked(client, 101 + kPatience)) << "one request at a time";
}

TEST(RerequestClient, AsksTheServersInTurnAndNoMoreThanAllowed) {
  RerequestClient client{settings(2, 3)};
  client.want(kSession, 10, 14, 0);
  std::uint64_t now = kPatience;
  for (const std::size_t server : {0, 1, 0}) {
    EXPECT_EQ(asked(client, now), (Asked{server, 10, 4}));
    EXPECT_FALSE(asked(client, now + kTimeout - 1));
    EXPECT_FALSE(client.take_exhausted());
    now += kTimeout;
  }
  EXPECT_FALSE(asked(client, now));
  EXPECT_TRUE(client.take_exhausted());
  EXPECT_FALSE(client.take_exhausted()) << "told once";
  client.want(kSession, 10, 20, now);
  EXPECT_FALSE(asked(client, now + 2 * kTimeout)) << "the same message is still missing";
  EXPECT_EQ(client.counters(0).requests, 2u);
  EXPECT_EQ(client.counters(0).timeouts, 2u);
  EXPECT_EQ(client.counters(1).requests, 1u);
  EXPECT_EQ(client.counters(1).timeouts, 1u);
  EXPECT_EQ(client.exhausted(), 1u);
}

TEST(RerequestClient, AsksForTheRestAtOnce) {
  RerequestClient client{settings(2, 1)};
  client.want(kSession, 10, 14, 0);
  EXPECT_TRUE(asked(client, kPatience));
  client.want(kSession, 12, 14, kPatience + 5);
  EXPECT_EQ(asked(client, kPatience + 5), (Asked{0, 12, 2})) << "a new message, a new try";
  client.want(kSession, 20, 21, kPatience + 6);
  EXPECT_EQ(asked(client, kPatience + 6), (Asked{0, 20, 1})) << "known for as long";
  client.want(kSession, 0, 0, kPatience + 7);
  client.want(kSession, 30, 31, kPatience + 8);
  EXPECT_FALSE(asked(client, kPatience + 8)) << "a new gap: the other line first";
  EXPECT_EQ(asked(client, 2 * kPatience + 8), (Asked{0, 30, 1}));
}

TEST(RerequestClient, StopsWhenEverythingIsThere) {
  RerequestClient client{settings(1, 3)};
  client.want(kSession, 10, 14, 0);
  EXPECT_TRUE(asked(client, kPatience));
  client.want(kSession, 0, 0, kPatience + 1);
  EXPECT_FALSE(asked(client, 10 * kTimeout));
  EXPECT_FALSE(client.take_exhausted());
}

TEST(RerequestClient, NeverAsksForTheEndOfTheSession) {
  RerequestClient client{settings(1, 3)};
  client.want(kSession, 1, 1'000'000, 0);
  EXPECT_EQ(asked(client, kPatience), (Asked{0, 1, 0xFFFE}));
}

TEST(RerequestClient, HasNobodyToAsk) {
  RerequestClient client{settings(0, 3)};
  client.want(kSession, 10, 14, 0);
  EXPECT_FALSE(asked(client, 10 * kTimeout));
  EXPECT_FALSE(client.take_exhausted());
}

TEST(RerequestClient, TakesOnlyWhatBringsTheFirstMissingMessage) {
  RerequestClient client{settings(1, 3)};
  const Bytes wanted = MoldPacket{10, {"a", "b"}}.bytes();
  EXPECT_FALSE(client.hear(wanted, 0)) << "nothing is missing";
  client.want(kSession, 10, 14, 0);
  EXPECT_FALSE(client.hear(MoldPacket{8, {"x", "y"}}.bytes(), 0)) << "one short of it";
  EXPECT_FALSE(client.hear(MoldPacket{11, {"b"}}.bytes(), 0));
  EXPECT_FALSE(client.hear(MoldPacket{10, {"a"}, "SESSION002"}.bytes(), 0));
  EXPECT_FALSE(client.hear(MoldPacket{.sequence = 10}.heartbeat(), 0));
  EXPECT_FALSE(client.hear(MoldPacket{.sequence = 10}.end_of_session(), 0));
  EXPECT_FALSE(client.hear(std::span{wanted}.first(19), 0));
  EXPECT_FALSE(client.hear(std::span{wanted}.first(wanted.size() - 1), 0)) << "cut short";
  EXPECT_FALSE(client.hear(MoldPacket{10, {std::string(1'472, 'x')}}.bytes(), 0)) << "too long";
  EXPECT_EQ(client.counters(0).answers, 0u);
  EXPECT_TRUE(client.hear(MoldPacket{8, {"x", "y", "z"}}.bytes(), 0)) << "and two before";
  client.want(kSession, 11, 14, 0);
  EXPECT_TRUE(client.hear(MoldPacket{11, {"b"}}.bytes(), 0));
  EXPECT_EQ(client.counters(0).answers, 2u);
}

TEST(RerequestClient, AnAnswerThatWaitsForItsReaderIsNoTimeout) {
  RerequestClient client{settings(2, 3)};
  client.want(kSession, 10, 14, 0);
  EXPECT_TRUE(asked(client, kPatience));
  EXPECT_TRUE(client.hear(MoldPacket{10, {"a", "b"}}.bytes(), 0));
  EXPECT_FALSE(client.hear(MoldPacket{10, {"a", "b"}}.bytes(), 0)) << "one is enough";
  client.want(kSession, 10, 20, kPatience + 1);  // more is missing; it has not looked yet
  EXPECT_FALSE(asked(client, kPatience + 100 * kTimeout));
  EXPECT_FALSE(client.take_exhausted());
  EXPECT_EQ(client.counters(0).timeouts, 0u);
  client.want(kSession, 12, 20, kPatience + 100 * kTimeout);
  EXPECT_EQ(asked(client, kPatience + 100 * kTimeout), (Asked{0, 12, 8})) << "who answered";
}

TEST(RerequestClient, AsksAgainForWhatCouldNotBeHandedOn) {
  RerequestClient client{settings(1, 3)};
  client.ask_again(0);
  client.want(kSession, 10, 14, 0);
  EXPECT_TRUE(asked(client, kPatience));
  EXPECT_TRUE(client.hear(MoldPacket{10, {"a"}}.bytes(), 0));
  client.ask_again(kPatience + 1);
  EXPECT_FALSE(asked(client, kPatience + kTimeout));
  EXPECT_TRUE(asked(client, kPatience + kTimeout + 1));
  EXPECT_EQ(client.counters(0).timeouts, 0u) << "it was answered";
}

TEST(RerequestClient, CountsWhatEachServerDoes) {
  RerequestClient client{settings(2, 5)};
  client.want(kSession, 10, 14, 0);
  EXPECT_TRUE(asked(client, kPatience));
  EXPECT_TRUE(asked(client, kPatience + kTimeout));
  EXPECT_TRUE(client.hear(MoldPacket{10, {"a"}}.bytes(), 1));
  EXPECT_EQ(client.counters(0).requests, 1u);
  EXPECT_EQ(client.counters(0).timeouts, 1u);
  EXPECT_EQ(client.counters(0).answers, 0u);
  EXPECT_EQ(client.counters(1).requests, 1u);
  EXPECT_EQ(client.counters(1).timeouts, 0u);
  EXPECT_EQ(client.counters(1).answers, 1u);
}

}  // namespace ridley::feed
