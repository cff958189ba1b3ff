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
  EXPECT_EQ(client.counters().requests, 3u);
  EXPECT_EQ(client.counters().timeouts, 3u);
  EXPECT_EQ(client.counters().exhausted, 1u);
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
  EXPECT_FALSE(client.hear(wanted)) << "nothing is missing";
  client.want(kSession, 10, 14, 0);
  EXPECT_TRUE(client.hear(wanted));
  EXPECT_TRUE(client.hear(MoldPacket{8, {"x", "y", "z"}}.bytes())) << "and two before";
  EXPECT_FALSE(client.hear(MoldPacket{8, {"x", "y"}}.bytes())) << "one short of it";
  EXPECT_FALSE(client.hear(MoldPacket{11, {"b"}}.bytes()));
  EXPECT_FALSE(client.hear(MoldPacket{10, {"a"}, "SESSION002"}.bytes()));
  EXPECT_FALSE(client.hear(MoldPacket{.sequence = 10}.heartbeat()));
  EXPECT_FALSE(client.hear(MoldPacket{.sequence = 10}.end_of_session()));
  EXPECT_FALSE(client.hear(std::span{wanted}.first(19)));
  EXPECT_EQ(client.counters().answers, 2u);
}

}  // namespace ridley::feed
