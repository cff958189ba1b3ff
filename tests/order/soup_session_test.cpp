// SPDX-License-Identifier: Apache-2.0
#include "order/soup_session.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "order/soup_server.hpp"
#include "wire/ouch42.hpp"

namespace ridley::order {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;

class SoupSessionTest : public testing::Test {
 protected:
  static SoupSessionSettings settings() {
    SoupSessionSettings settings;
    settings.soup.username = "U";
    settings.soup.password = "P";
    return settings;
  }

  void start(const SoupSessionSettings& settings, std::size_t slots = 64,
             SequenceFile* file = nullptr) {
    ring.emplace(slots);
    session.emplace(settings, *ring, file);
  }

  void connect() {
    server.emplace(stream, SoupServerSettings{.username = "U", .password = "P"}, now_ns);
    session->connected(now_ns);
    pass();
  }

  // Bytes both ways, until nothing moves. Returns what the last delivery said.
  SoupSession::Delivery pass() {
    auto outcome = SoupSession::Delivery::All;
    for (int i = 0; i < 3; ++i) {
      session->soup().poll(now_ns);
      server->receive(session->soup().output(), now_ns);
      session->soup().sent(session->soup().output().size());
      while (const auto event = server->next(now_ns))
        if (event->kind == SoupServerEventKind::Message) ++arrived;
      server->poll(now_ns);
      session->receive(server->output(), now_ns);
      server->sent(server->output().size());
      outcome = session->deliver(now_ns);
      if (outcome != SoupSession::Delivery::All) break;
    }
    return outcome;
  }

  void append(const std::string& text) { stream.append(std::as_bytes(std::span{text})); }

  // What the hot core hears: a letter for the kind, a message's text.
  std::vector<std::string> heard() {
    std::vector<std::string> all;
    while (ring->pop(last)) {
      switch (last.kind) {
        case InboundKind::LoggedIn: all.push_back("L" + std::to_string(last.connection)); break;
        case InboundKind::Message: all.emplace_back(text_of(last.message())); break;
        case InboundKind::Quiet: all.emplace_back("Q"); break;
        case InboundKind::Disconnected: all.emplace_back("D"); break;
        case InboundKind::EndOfSession: all.emplace_back("Z"); break;
        case InboundKind::None: all.emplace_back("?"); break;
      }
    }
    return all;
  }
  using Texts = std::vector<std::string>;

  static Outbound packet(std::uint16_t connection) {
    Outbound packet;
    packet.connection = connection;
    packet.bytes[1] = std::byte{2};
    packet.bytes[2] = std::byte{'U'};
    packet.length = 4;
    return packet;
  }

  SoupStream stream{"S"};
  std::optional<SoupServer> server;
  std::optional<base::SpscRing<Inbound>> ring;
  std::optional<SoupSession> session;
  Inbound last;
  std::uint64_t now_ns = 0;
  int arrived = 0;
};

TEST_F(SoupSessionTest, TellsOfTheLoginAndOfEveryMessage) {
  start(settings());
  append("one");
  connect();
  EXPECT_EQ(heard(), (Texts{"L1", "one"}));
  EXPECT_EQ(last.sequence, 1U);
  EXPECT_EQ(session->soup().next_sequence(), 2U);
  EXPECT_TRUE(session->is_up());
  EXPECT_TRUE(session->logged_in());
  EXPECT_TRUE(session->take_moved());
  EXPECT_FALSE(session->take_moved());
  EXPECT_EQ(session->counters().messages_received.load(), 1U);
  EXPECT_EQ(session->counters().next_sequence.load(), 2U);
}

TEST_F(SoupSessionTest, AcceptsOnlyWhatIsMeantForThisConnection) {
  start(settings());
  EXPECT_FALSE(session->accepts(packet(0)));
  connect();
  for (std::uint16_t connection = 0; connection < 3; ++connection)
    if (session->accepts(packet(connection))) session->send(packet(connection), now_ns);
  pass();
  EXPECT_EQ(arrived, 1);
  EXPECT_TRUE(session->lost(SoupCause::ClosedByPeer));
  EXPECT_FALSE(session->accepts(packet(1)));
  EXPECT_EQ(session->counters().packets_sent.load(), 1U);
  EXPECT_EQ(session->counters().packets_discarded.load(), 4U);
}

TEST_F(SoupSessionTest, AsksForWhatItMissed) {
  start(settings());
  connect();
  EXPECT_TRUE(session->lost(SoupCause::ClosedByPeer));
  EXPECT_TRUE(session->push_waiting());
  EXPECT_EQ(heard(), (Texts{"L1", "D"}));
  EXPECT_EQ(last.cause, static_cast<std::uint8_t>(SoupCause::ClosedByPeer));
  append("one");
  append("two");
  connect();
  EXPECT_EQ(heard(), (Texts{"L2", "one", "two"}));
  EXPECT_EQ(last.sequence, 2U);
}

TEST_F(SoupSessionTest, AnEndWithoutALoginIsNoNewsUnlessItIsFinal) {
  start(settings());
  session->connected(now_ns);
  EXPECT_TRUE(session->lost(SoupCause::ConnectFailed));
  EXPECT_FALSE(session->waits());
  EXPECT_FALSE(session->is_connected());
  EXPECT_EQ(session->counters().connects_failed.load(), 1U);
  EXPECT_FALSE(session->lost(SoupCause::NotAuthorised));
  EXPECT_TRUE(session->push_waiting());
  EXPECT_EQ(heard(), Texts{"D"});
}

TEST_F(SoupSessionTest, GivesUpOnASilentExchange) {
  start(settings());
  connect();
  now_ns += 15 * kSecond;
  EXPECT_EQ(session->deliver(now_ns), SoupSession::Delivery::Broken);
  EXPECT_EQ(session->cause(), SoupCause::PeerSilent);
}

TEST_F(SoupSessionTest, AFullRingLosesNothingNotEvenTheEnd) {
  start(settings(), 2);
  for (const char* text : {"one", "two", "three"}) append(text);
  connect();
  EXPECT_TRUE(session->waits());
  EXPECT_TRUE(session->lost(SoupCause::ClosedByPeer));
  EXPECT_FALSE(session->push_waiting());
  EXPECT_EQ(heard(), (Texts{"L1", "one"}));
  EXPECT_TRUE(session->push_waiting());
  EXPECT_EQ(heard(), (Texts{"two", "D"}));
  connect();
  EXPECT_EQ(heard(), (Texts{"L2", "three"}));
}

TEST_F(SoupSessionTest, TheDayEndsOnce) {
  start(settings());
  connect();
  append("last");
  server->end_session(now_ns);
  EXPECT_EQ(pass(), SoupSession::Delivery::Ended);
  EXPECT_TRUE(session->push_waiting());
  EXPECT_EQ(heard(), (Texts{"L1", "last", "Z"}));
  EXPECT_FALSE(session->logged_in());
}

TEST_F(SoupSessionTest, WhatIsLongerThanASlotIsCutAndCounted) {
  start(settings());
  append(std::string(kInboundBytesMax + 1, 'x'));
  connect();
  EXPECT_EQ(heard(), (Texts{"L1", std::string(kInboundBytesMax, 'x')}));
  EXPECT_EQ(session->counters().messages_cut.load(), 1U);
}

TEST_F(SoupSessionTest, OnlyTheOlderProtocolHearsOfSilence) {
  for (const bool older : {false, true}) {
    SoupSessionSettings with = settings();
    if (older) with.token_prefix = TokenPrefix{'A', 'B', 'C', 'D', 'E', 'F'};
    start(with);
    connect();
    now_ns += 2 * kSecond;
    pass();
    const Texts all = heard();
    EXPECT_EQ(std::ranges::count(all, "Q") > 0, older);
  }
}

TEST_F(SoupSessionTest, SaysTheOlderProtocolInTheNewer) {
  SoupSessionSettings with = settings();
  with.token_prefix = TokenPrefix{'A', 'B', 'C', 'D', 'E', 'F'};
  start(with);
  std::vector<std::byte> event(wire::ouch42::SystemEvent::kSize);
  wire::ouch42::SystemEventWriter{event.data()}.timestamp(7).event_code('S');
  stream.append(event);
  connect();
  const Texts all = heard();
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[1][0], 'S');
}

TEST_F(SoupSessionTest, KeepsItsPlaceBehindWhatTheHotCoreHasTaken) {
  const auto path =
      std::filesystem::temp_directory_path() / ("ridley_session" + std::to_string(::getpid()));
  {
    SequenceFile file{path};
    start(settings(), 64, &file);
    append("one");
    connect();
    session->keep_place();
    EXPECT_FALSE(SequenceFile{path}.found()) << "it lies in the ring";
    EXPECT_EQ(heard(), (Texts{"L1", "one"}));
    session->keep_place();
    ASSERT_TRUE(SequenceFile{path}.found());
    EXPECT_EQ(SequenceFile{path}.found()->next_sequence, 2U);
    EXPECT_EQ(SequenceFile{path}.found()->session, "S");
  }
  std::filesystem::remove(path);
}

TEST_F(SoupSessionTest, AYesterdaysSessionIsLeftForTheActiveOne) {
  SoupSessionSettings with = settings();
  with.resume({.session = "OLD", .next_sequence = 500});
  start(with);
  append("before");
  connect();
  EXPECT_EQ(session->cause(), SoupCause::SessionNotAvailable);
  EXPECT_TRUE(session->lost(session->cause())) << "there is another to join";
  EXPECT_FALSE(session->waits()) << "and nothing to be told";
  connect();
  append("one");
  pass();
  EXPECT_EQ(heard(), (Texts{"L1", "one"}));
}

}  // namespace
}  // namespace ridley::order
