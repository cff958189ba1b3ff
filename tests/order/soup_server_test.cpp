// SPDX-License-Identifier: Apache-2.0
#include "order/soup_server.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ridley::order {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

std::vector<std::byte> login(std::string_view username, std::string_view password,
                             std::string_view session, std::string_view sequence) {
  std::vector<std::byte> payload;
  append_padded_right(payload, username, kUsernameBytes);
  append_padded_right(payload, password, kPasswordBytes);
  append_padded_left(payload, session, kSessionBytes);
  append_padded_left(payload, sequence, kSequenceDigits);
  std::vector<std::byte> packet;
  append_packet(packet, SoupType::LoginRequest, payload);
  return packet;
}

std::vector<std::string> sent_by(SoupServer& server) {
  SoupPacketReader reader;
  reader.append(server.output());
  server.sent(server.output().size());
  std::vector<std::string> packets;
  while (const auto packet = reader.next()) {
    packets.push_back(static_cast<char>(packet->type) + std::string{text_of(packet->payload)});
  }
  return packets;
}

class SoupServerTest : public testing::Test {
 protected:
  SoupServerTest() {
    for (const char* text : {"one", "two", "three"}) stream.append(bytes_of(text));
  }

  SoupServerEventKind log_in(std::string_view session, std::string_view sequence) {
    server.receive(login("RIDLEY", "secret", session, sequence), 0);
    return server.next(0).value().kind;
  }

  SoupStream stream{"DAY1"};
  SoupServer server{stream, {.username = "ridley", .password = "SECRET"}, 0};
};

TEST_F(SoupServerTest, ReplaysFromEveryNumber) {
  for (std::uint64_t from = 1; from <= 3; ++from) {
    SoupServer each{stream, {.username = "ridley", .password = "SECRET"}, 0};
    each.receive(login("ridley", "secret", "", std::to_string(from)), 0);
    ASSERT_EQ(each.next(0).value().kind, SoupServerEventKind::LoggedIn);
    each.poll(0);
    const auto packets = sent_by(each);
    ASSERT_EQ(packets.size(), 1 + (4 - from));
    EXPECT_EQ(packets[0], "A      DAY1                   " + std::to_string(from));
    EXPECT_EQ(packets.back(), "Sthree");
  }
}

TEST_F(SoupServerTest, ZeroMeansWhatComesNext) {
  ASSERT_EQ(log_in("DAY1", "0"), SoupServerEventKind::LoggedIn);
  server.poll(0);
  EXPECT_EQ(sent_by(server).size(), 1U);
  EXPECT_EQ(stream.append(bytes_of("four")), 4U);
  server.poll(0);
  EXPECT_EQ(sent_by(server), std::vector<std::string>{"Sfour"});
}

TEST_F(SoupServerTest, ANumberBeyondTheStreamIsAnsweredWithTheNextOne) {
  ASSERT_EQ(log_in("", "5"), SoupServerEventKind::LoggedIn);
  EXPECT_EQ(sent_by(server)[0].back(), '4');
}

TEST_F(SoupServerTest, RefusesAWrongPasswordWithReasonA) {
  server.receive(login("ridley", "wrong", "", "1"), 0);
  const auto event = server.next(0).value();
  EXPECT_EQ(event.kind, SoupServerEventKind::Broken);
  EXPECT_EQ(event.cause, SoupServerCause::LoginRejected);
  EXPECT_EQ(sent_by(server), std::vector<std::string>{"JA"});
  EXPECT_TRUE(server.broken());
}

TEST_F(SoupServerTest, RefusesAnotherSessionWithReasonS) {
  EXPECT_EQ(log_in("DAY2", "1"), SoupServerEventKind::Broken);
  EXPECT_EQ(sent_by(server), std::vector<std::string>{"JS"});
}

TEST_F(SoupServerTest, GivesUpOnAClientThatDoesNotLogIn) {
  EXPECT_FALSE(server.next(30 * kSecond - 1));
  EXPECT_EQ(server.next(30 * kSecond).value().cause, SoupServerCause::LoginTimeout);
}

TEST_F(SoupServerTest, SendsAHeartbeatAfterASecondOfSilence) {
  ASSERT_EQ(log_in("", "0"), SoupServerEventKind::LoggedIn);
  static_cast<void>(sent_by(server));
  server.poll(kSecond - 1);
  EXPECT_TRUE(server.output().empty());
  server.poll(kSecond);
  EXPECT_EQ(sent_by(server), std::vector<std::string>{"H"});
}

TEST_F(SoupServerTest, DropsAClientThatIsSilentForFifteenSeconds) {
  ASSERT_EQ(log_in("", "0"), SoupServerEventKind::LoggedIn);
  EXPECT_FALSE(server.next(14'900'000'000));
  EXPECT_EQ(server.next(15'100'000'000).value().cause, SoupServerCause::PeerSilent);
}

TEST_F(SoupServerTest, AMessageBeforeTheLoginBreaksTheConnection) {
  std::vector<std::byte> packet;
  append_packet(packet, SoupType::Unsequenced, bytes_of("early"));
  server.receive(packet, 0);
  EXPECT_EQ(server.next(0).value().cause, SoupServerCause::NotLoggedIn);
}

TEST_F(SoupServerTest, HandsOverMessagesAndSkipsDebugAndUnknownTypes) {
  ASSERT_EQ(log_in("", "0"), SoupServerEventKind::LoggedIn);
  std::vector<std::byte> packets;
  append_packet(packets, SoupType::Debug, bytes_of("hello"));
  append_packet(packets, static_cast<SoupType>('?'), bytes_of("odd"));
  append_packet(packets, SoupType::ClientHeartbeat, {});
  append_packet(packets, SoupType::Unsequenced, bytes_of("order"));
  append_packet(packets, SoupType::LogoutRequest, {});
  server.receive(packets, 0);
  const auto message = server.next(0).value();
  EXPECT_EQ(message.kind, SoupServerEventKind::Message);
  EXPECT_EQ(text_of(message.payload), "order");
  EXPECT_EQ(server.next(0).value().kind, SoupServerEventKind::LogoutRequested);
  EXPECT_EQ(server.unknown_packets(), 1U);
}

TEST_F(SoupServerTest, EndsTheSessionBehindItsLastMessage) {
  ASSERT_EQ(log_in("", "3"), SoupServerEventKind::LoggedIn);
  server.end_session(0);
  const auto packets = sent_by(server);
  ASSERT_EQ(packets.size(), 3U);
  EXPECT_EQ(packets[1], "Sthree");
  EXPECT_EQ(packets[2], "Z");
}

// The login of 4.10: five digits of milliseconds behind that of 3.00 and 4.00.
std::vector<std::byte> newest_login(std::string_view timeout_ms) {
  std::vector<std::byte> packet = login("ridley", "secret", "", "1");
  packet[1] = std::byte{52};
  append_padded_left(packet, timeout_ms, kTimeoutDigits);
  return packet;
}

TEST_F(SoupServerTest, AClientOfVersion410SaysHowLongItMayBeSilent) {
  server.receive(newest_login("2000"), 0);
  ASSERT_EQ(server.next(0).value().kind, SoupServerEventKind::LoggedIn);
  EXPECT_FALSE(server.next(2 * kSecond - 1));
  EXPECT_EQ(server.next(2 * kSecond).value().cause, SoupServerCause::PeerSilent);
}

TEST_F(SoupServerTest, ATimeoutThatIsNoNumberBreaksTheConnection) {
  for (const char* timeout : {"", "abc", "0"}) {
    SoupServer each{stream, {.username = "ridley", .password = "SECRET"}, 0};
    each.receive(newest_login(timeout), 0);
    EXPECT_EQ(each.next(0).value().cause, SoupServerCause::Malformed) << timeout;
  }
}

TEST_F(SoupServerTest, AnOlderServerDoesNotKnowTheLongerLogin) {
  for (const SoupVersion version : {SoupVersion::V3, SoupVersion::V4}) {
    SoupServer older{stream, {.username = "ridley", .password = "SECRET", .version = version}, 0};
    older.receive(newest_login("2000"), 0);
    EXPECT_EQ(older.next(0).value().cause, SoupServerCause::Malformed);
  }
}

TEST_F(SoupServerTest, SendsMessagesWithoutANumberFromVersion400On) {
  for (const SoupVersion version : {SoupVersion::V3, SoupVersion::V4, SoupVersion::V41}) {
    SoupServer each{stream, {.username = "ridley", .password = "SECRET", .version = version}, 0};
    EXPECT_FALSE(each.send_unsequenced(bytes_of("early"), 0));
    each.receive(login("ridley", "secret", "", "3"), 0);
    ASSERT_EQ(each.next(0).value().kind, SoupServerEventKind::LoggedIn);
    EXPECT_EQ(each.send_unsequenced(bytes_of("news"), 0), version != SoupVersion::V3);
    each.poll(0);
    const auto packets = sent_by(each);
    ASSERT_GE(packets.size(), 2U);
    EXPECT_EQ(packets[1], "Sthree") << "what has a number comes first";
    EXPECT_EQ(packets.size() == 3 && packets[2] == "Unews", version != SoupVersion::V3);
  }
}

TEST_F(SoupServerTest, APacketThatNeverEndsDoesNotKeepTheLineAlive) {
  log_in("", "1");
  std::vector<std::byte> packet;
  append_packet(packet, SoupType::Unsequenced, std::vector<std::byte>(100));
  for (std::size_t i = 1; i < 15; ++i) {
    server.receive(std::span{packet}.subspan(i - 1, 1), i * kSecond);
    EXPECT_FALSE(server.next(i * kSecond)) << i;
  }
  EXPECT_EQ(server.next(15 * kSecond).value().cause, SoupServerCause::PeerSilent);
}

}  // namespace
}  // namespace ridley::order
