// SPDX-License-Identifier: Apache-2.0
#include "order/soup_client.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "order/soup_server.hpp"

namespace ridley::order {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::vector<std::byte> packet_of(char type, std::string_view payload) {
  std::vector<std::byte> packet;
  append_packet(packet, static_cast<SoupType>(type), bytes_of(payload));
  return packet;
}

const std::string kAccepted = "      DAY1                   1";

SoupClientSettings settings() {
  return {.username = "ridley", .password = "secret", .session = ""};
}

class SoupClientTest : public testing::Test {
 protected:
  void log_in() {
    client.connected(0);
    client.sent(client.output().size());
    client.receive(packet_of('A', kAccepted), 0);
    ASSERT_EQ(client.next(0).value().kind, SoupEventKind::LoggedIn);
  }

  SoupClient client{settings()};
};

TEST_F(SoupClientTest, LogsInWithFortyNineBytes) {
  client.connected(0);
  EXPECT_EQ(text_of(client.output()).substr(0, 3), (std::string_view{"\0\x2FL", 3}));
  EXPECT_EQ(client.output().size(), 49U);
  EXPECT_EQ(text_of(client.output()).substr(3, 16), "ridleysecret    ");
  EXPECT_EQ(text_of(client.output()).substr(19, 10), "          ");
  EXPECT_EQ(text_of(client.output()).substr(29, 20), "                   1");
}

TEST_F(SoupClientTest, LogsInWithFiftyFourBytesInVersion410) {
  SoupClientSettings newer = settings();
  newer.version = SoupVersion::V41;
  SoupClient later{newer};
  later.connected(0);
  EXPECT_EQ(later.output().size(), 54U);
  EXPECT_EQ(text_of(later.output()).substr(49), "15000");
}

TEST_F(SoupClientTest, GivesTheSameEventsHoweverTheStreamIsCut) {
  std::vector<std::byte> stream = packet_of('A', kAccepted);
  for (const auto& packet : {packet_of('S', "first"), packet_of('+', "debug"), packet_of('H', ""),
                             packet_of('S', "second")}) {
    stream.insert(stream.end(), packet.begin(), packet.end());
  }
  for (std::size_t cut = 0; cut <= stream.size(); ++cut) {
    SoupClient each{settings()};
    each.connected(0);
    std::string events;
    const auto drain = [&] {
      while (const auto event = each.next(0)) {
        if (event->kind == SoupEventKind::LoggedIn) events += "login";
        if (event->kind == SoupEventKind::Quiet) events += "quiet";
        events += text_of(event->payload);
        events += std::to_string(event->sequence) + ' ';
      }
    };
    each.receive(std::span{stream}.first(cut), 0);
    drain();
    each.receive(std::span{stream}.subspan(cut), 0);
    drain();
    EXPECT_EQ(events, "login1 first1 quiet0 second2 ") << "cut at " << cut;
    EXPECT_EQ(each.next_sequence(), 3U);
  }
}

TEST_F(SoupClientTest, TakesASequenceWithZerosInFront) {
  client.connected(0);
  client.receive(packet_of('A', "D         00000000000000000009"), 0);
  EXPECT_EQ(client.next(0).value().sequence, 9U);
  EXPECT_EQ(client.session(), "D");
}

TEST_F(SoupClientTest, ALoginAnswerOneByteShortBreaksTheConnection) {
  client.connected(0);
  client.receive(packet_of('A', kAccepted.substr(1)), 0);
  EXPECT_EQ(client.next(0).value().cause, SoupCause::BadLogin);
}

TEST_F(SoupClientTest, ALoginAnswerWithoutANumberBreaksTheConnection) {
  client.connected(0);
  client.receive(packet_of('A', "      DAY1                   x"), 0);
  EXPECT_EQ(client.next(0).value().cause, SoupCause::BadLogin);
}

TEST_F(SoupClientTest, SaysWhyTheLoginWasRejected) {
  client.connected(0);
  client.receive(packet_of('J', "A"), 0);
  EXPECT_EQ(client.next(0).value().cause, SoupCause::NotAuthorised);
  client.connected(0);
  client.receive(packet_of('J', "S"), 0);
  EXPECT_EQ(client.next(0).value().cause, SoupCause::SessionNotAvailable);
  EXPECT_FALSE(client.logged_in());
}

TEST_F(SoupClientTest, AMessageBeforeTheLoginAnswerBreaksTheConnection) {
  client.connected(0);
  client.receive(packet_of('S', "early"), 0);
  EXPECT_EQ(client.next(0).value().cause, SoupCause::SequencedTooEarly);
  EXPECT_FALSE(client.next(0));
}

TEST_F(SoupClientTest, ASecondLoginAnswerBreaksTheConnection) {
  log_in();
  client.receive(packet_of('A', kAccepted), 0);
  EXPECT_EQ(client.next(0).value().cause, SoupCause::SecondLogin);
}

TEST_F(SoupClientTest, ALengthOfZeroBreaksTheConnection) {
  log_in();
  const std::byte zero[2] = {};
  client.receive(zero, 0);
  EXPECT_EQ(client.next(0).value().cause, SoupCause::LengthZero);
}

TEST_F(SoupClientTest, CountsUnknownTypesAndGoesOn) {
  log_in();
  client.receive(packet_of('?', "what"), 0);
  client.receive(packet_of('S', "message"), 0);
  EXPECT_EQ(client.next(0).value().sequence, 1U);
  EXPECT_EQ(client.unknown_packets(), 1U);
}

TEST_F(SoupClientTest, TakesTheLongestMessageThereIs) {
  log_in();
  client.receive(packet_of('S', std::string(kSoupPayloadMax, 'x')), 0);
  EXPECT_EQ(client.next(0).value().payload.size(), kSoupPayloadMax);
}

TEST_F(SoupClientTest, SendsAHeartbeatAfterASecondOfItsOwnSilence) {
  log_in();
  client.poll(kSecond - 1);
  EXPECT_TRUE(client.output().empty());
  client.poll(kSecond);
  EXPECT_EQ(text_of(client.output()), (std::string_view{"\0\x01R", 3}));
  client.sent(3);
  client.send_packet(packet_of('U', "order"), kSecond + kSecond / 2);
  client.sent(client.output().size());
  client.poll(2 * kSecond);
  EXPECT_TRUE(client.output().empty()) << "an order is a sign of life too";
  client.poll(2 * kSecond + kSecond / 2);
  EXPECT_FALSE(client.output().empty());
}

TEST_F(SoupClientTest, APeerSilentFor149SecondsLivesAndFor151SecondsIsDead) {
  log_in();
  EXPECT_FALSE(client.next(14'900'000'000));
  EXPECT_EQ(client.next(15'100'000'000).value().cause, SoupCause::PeerSilent);
}

TEST_F(SoupClientTest, EveryPacketFromThePeerRestartsItsTimer) {
  log_in();
  client.receive(packet_of('+', "still here"), 14'900'000'000);
  EXPECT_FALSE(client.next(15'100'000'000));
  EXPECT_FALSE(client.next(29'800'000'000));
  EXPECT_TRUE(client.next(29'900'000'000));
}

TEST_F(SoupClientTest, TheEndOfTheSessionIsFinal) {
  log_in();
  client.receive(packet_of('Z', ""), 0);
  EXPECT_EQ(client.next(0).value().kind, SoupEventKind::EndOfSession);
  client.disconnected();
  EXPECT_FALSE(client.next(60 * kSecond));
}

TEST_F(SoupClientTest, LogsOutWithAPacketOfItsOwn) {
  log_in();
  client.log_out(0);
  EXPECT_EQ(text_of(client.output()), (std::string_view{"\0\x01O", 3}));
}

TEST_F(SoupClientTest, ComesBackWithTheSessionAndTheNextNumber) {
  log_in();
  client.receive(packet_of('S', "one"), 0);
  client.receive(packet_of('S', "two"), 0);
  ASSERT_TRUE(client.next(0));  // "two" was not handed over and is asked for again
  client.disconnected();
  client.connected(1);
  EXPECT_EQ(text_of(client.output()).substr(19, 10), "      DAY1");
  EXPECT_EQ(text_of(client.output()).substr(29, 20), "                   2");
}

TEST_F(SoupClientTest, CanBeginWithWhatComesNext) {
  SoupClientSettings late = settings();
  late.next_sequence = 0;
  SoupClient newcomer{late};
  newcomer.connected(0);
  EXPECT_EQ(text_of(newcomer.output()).substr(29, 20), "                   0");
  newcomer.receive(packet_of('A', "      DAY1                  77"), 0);
  EXPECT_EQ(newcomer.next(0).value().sequence, 77U);
  newcomer.receive(packet_of('S', "next"), 0);
  EXPECT_EQ(newcomer.next(0).value().sequence, 77U);
  EXPECT_EQ(newcomer.next_sequence(), 78U);
}

TEST_F(SoupClientTest, DropsWhatTheExchangeRepeatsUnasked) {
  log_in();
  client.receive(packet_of('S', "one"), 0);
  ASSERT_TRUE(client.next(0));
  client.disconnected();
  client.connected(1);
  client.receive(packet_of('A', kAccepted), 1);
  EXPECT_EQ(client.next(1).value().sequence, 2U);
  client.receive(packet_of('S', "one"), 1);
  client.receive(packet_of('S', "two"), 1);
  EXPECT_EQ(text_of(client.next(1).value().payload), "two");
  EXPECT_EQ(client.repeated_messages(), 1U);
}

TEST_F(SoupClientTest, AnotherSessionCountsFromItsOwnBeginning) {
  log_in();
  for (int i = 0; i < 5; ++i) client.receive(packet_of('S', "old"), 0);
  while (client.next(0)) {
  }
  client.disconnected();
  client.connected(1);
  client.receive(packet_of('A', "      DAY2                   1"), 1);
  EXPECT_EQ(client.next(1).value().sequence, 1U);
  client.receive(packet_of('S', "new"), 1);
  EXPECT_EQ(client.next(1).value().sequence, 1U);
}

// The connection is cut after every message in turn; the delivered stream is the same.
TEST(SoupClientAndServer, AReplayAtEveryBoundaryGivesTheSameStream) {
  SoupStream stream{"DAY1"};
  std::string expected;
  for (int i = 1; i <= 6; ++i) {
    const char message[] = {'m', static_cast<char>('0' + i)};
    stream.append(bytes_of({message, 2}));
    expected.append(message, 2);
  }
  for (std::size_t cut = 0; cut <= 6; ++cut) {
    SoupClient client{settings()};
    std::string delivered;
    for (const std::size_t wanted : {cut, std::size_t{6}}) {
      SoupServer server{stream, {.username = "ridley", .password = "secret"}, 0};
      client.connected(0);
      server.receive(client.output(), 0);
      client.sent(client.output().size());
      ASSERT_EQ(server.next(0).value().kind, SoupServerEventKind::LoggedIn);
      server.poll(0);
      client.receive(server.output(), 0);
      ASSERT_EQ(client.next(0).value().kind, SoupEventKind::LoggedIn);
      for (std::size_t taken = delivered.size() / 2; taken < wanted; ++taken) {
        delivered += text_of(client.next(0).value().payload);
      }
      client.disconnected();
    }
    EXPECT_EQ(delivered, expected) << "cut after " << cut;
  }
}

TEST_F(SoupClientTest, ATimeoutOfMoreThanFiveDigitsIsSaidAsTheMostThereIs) {
  SoupClientSettings newer = settings();
  newer.version = SoupVersion::V41;
  newer.dead_peer_ns = 600 * kSecond;
  SoupClient patient{newer};
  patient.connected(0);
  EXPECT_EQ(text_of(patient.output()).substr(49), "99999");
}

TEST_F(SoupClientTest, MessagesWithoutANumberAreThereFromVersion400On) {
  for (const SoupVersion version : {SoupVersion::V3, SoupVersion::V4, SoupVersion::V41}) {
    SoupClientSettings one = settings();
    one.version = version;
    SoupClient each{one};
    each.connected(0);
    each.receive(packet_of('A', kAccepted), 0);
    ASSERT_EQ(each.next(0).value().kind, SoupEventKind::LoggedIn);
    each.receive(packet_of('U', "news"), 0);
    const auto event = each.next(0);
    EXPECT_EQ(event.has_value(), version != SoupVersion::V3);
    EXPECT_EQ(each.unknown_packets(), version == SoupVersion::V3 ? 1U : 0U);
    EXPECT_EQ(each.next_sequence(), 1U) << "it has no number";
  }
}

TEST_F(SoupClientTest, AHeartbeatSaysThatThereIsNothingElseToSay) {
  log_in();
  client.receive(packet_of('H', ""), kSecond);
  EXPECT_EQ(client.next(kSecond).value().kind, SoupEventKind::Quiet);
}

// The sheet counts packets, not bytes.
TEST_F(SoupClientTest, APacketThatNeverEndsDoesNotKeepTheLineAlive) {
  log_in();
  const std::vector<std::byte> packet = packet_of('S', std::string(100, 'x'));
  for (std::size_t i = 0; i < 20; ++i) {
    client.receive(std::span{packet}.subspan(i, 1), i * kSecond);
    const auto event = client.next(i * kSecond);
    EXPECT_EQ(event.has_value(), i >= 15) << i;
    if (event) {
      EXPECT_EQ(event->cause, SoupCause::PeerSilent);
      return;
    }
  }
}

TEST_F(SoupClientTest, JoinsTheActiveSessionAtItsEndWhenTheOldOneIsGone) {
  SoupClientSettings old = settings();
  old.session = "DAY0";
  old.next_sequence = 77;
  SoupClient later{old};
  later.connected(0);
  EXPECT_EQ(text_of(later.output()).substr(19, 30), "      DAY0                  77");
  later.receive(packet_of('J', "S"), 0);
  EXPECT_EQ(later.next(0).value().cause, SoupCause::SessionNotAvailable);
  later.join_active();
  later.connected(0);
  EXPECT_EQ(text_of(later.output()).substr(19, 30), "                             0");
}

}  // namespace
}  // namespace ridley::order
