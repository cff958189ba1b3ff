// SPDX-License-Identifier: Apache-2.0
#include "order/tcp_session.hpp"

#include <gtest/gtest.h>

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <thread>

#include "loopback_exchange.hpp"

namespace ridley::order {
namespace {

class TcpSessionTest : public testing::Test {
 protected:
  ~TcpSessionTest() override { stop(); }

  static TcpSessionSettings settings_for(std::uint16_t port) {
    TcpSessionSettings settings;
    settings.host = "127.0.0.1";
    settings.port = port;
    settings.soup.username = "ridley";
    settings.soup.password = "secret";
    settings.backoff_first_ns = 1'000'000;
    settings.backoff_max_ns = 10'000'000;
    return settings;
  }

  void start(std::uint16_t port, std::size_t inbound_slots = 64) {
    inbound.emplace(inbound_slots);
    session.emplace(settings_for(port), outbound, *inbound);
    thread = std::thread{[this] {
      session->run();
      finished = true;
    }};
  }

  void stop() {
    if (!thread.joinable()) return;
    session->request_stop();
    thread.join();
  }

  // What has come so far: L, D, Z or the message's text.
  void collect() {
    Inbound slot;
    while (inbound->pop(slot)) {
      connection = slot.kind == InboundKind::LoggedIn ? slot.connection : connection;
      switch (slot.kind) {
        case InboundKind::LoggedIn: events.emplace_back("L"); break;
        case InboundKind::Disconnected: events.emplace_back("D"); break;
        case InboundKind::EndOfSession: events.emplace_back("Z"); break;
        case InboundKind::Message: events.emplace_back(text_of(slot.message())); break;
        case InboundKind::Quiet: events.emplace_back("Q"); break;
        case InboundKind::None: events.emplace_back("?"); break;
      }
    }
  }

  bool wait_for_events(std::size_t count) {
    return exchange.serve_until([&] {
      collect();
      return events.size() >= count;
    });
  }

  void send(const std::string& text) {
    std::vector<std::byte> packet;
    append_packet(packet, SoupType::Unsequenced, std::as_bytes(std::span{text}));
    Outbound slot;
    slot.length = static_cast<std::uint16_t>(packet.size());
    slot.connection = connection;
    std::copy(packet.begin(), packet.end(), slot.bytes.begin());
    ASSERT_TRUE(outbound.push(slot));
  }

  using Texts = std::vector<std::string>;

  LoopbackExchange exchange;
  base::SpscRing<Outbound> outbound{64};
  std::optional<base::SpscRing<Inbound>> inbound;
  std::optional<TcpSession> session;
  std::thread thread;
  std::atomic<bool> finished{false};
  Texts events;
  std::uint16_t connection = 0;
};

TEST_F(TcpSessionTest, BringsTheStreamAndTakesOrders) {
  exchange.append("one");
  start(exchange.port());
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events, (Texts{"L", "one"}));
  send("order");
  ASSERT_TRUE(exchange.serve_until([&] { return !exchange.received.empty(); }));
  EXPECT_EQ(exchange.received, Texts{"order"});
  EXPECT_TRUE(session->logged_in());
  EXPECT_EQ(session->counters().next_sequence.load(), 2U);
}

TEST_F(TcpSessionTest, ComesBackAfterEveryMessageWithTheSameStream) {
  start(exchange.port());
  Texts expected;
  for (int i = 0; i < 10; ++i) {
    // The line is cut before an even message is sent and after an odd one has come.
    expected.push_back(std::to_string(i));
    exchange.append(expected.back());
    if (i % 2 == 0) exchange.drop();
    ASSERT_TRUE(exchange.serve_until([&] {
      collect();
      return !events.empty() && events.back() == expected.back();
    }));
    if (i % 2 != 0) exchange.drop();
  }
  Texts messages;
  int depth = 0;
  for (const std::string& event : events) {
    if (event == "L")
      EXPECT_EQ(++depth, 1) << "each login follows the end of the last";
    else if (event == "D")
      EXPECT_EQ(--depth, 0);
    else
      messages.push_back(event);
  }
  EXPECT_EQ(messages, expected);
  EXPECT_GE(exchange.logins, 5U);
}

TEST_F(TcpSessionTest, AnOrderOfALostConnectionIsNotSentOnTheNext) {
  start(exchange.port());
  ASSERT_TRUE(wait_for_events(1));
  exchange.drop();
  ASSERT_TRUE(exchange.serve_until([&] {
    collect();
    return session->counters().logins.load() == 2;
  }));
  const std::uint16_t now = connection;
  connection = 1;
  send("stale");
  connection = now == 2 ? now : 2;
  send("fresh");
  ASSERT_TRUE(exchange.serve_until([&] { return !exchange.received.empty(); }));
  EXPECT_EQ(exchange.received, Texts{"fresh"});
  EXPECT_EQ(session->counters().packets_discarded.load(), 1U);
}

TEST_F(TcpSessionTest, ARefusedLoginIsNotTriedAgain) {
  exchange.password = "other";
  start(exchange.port());
  ASSERT_TRUE(exchange.serve_until([&] { return finished.load(); }));
  collect();
  EXPECT_EQ(events, Texts{"D"});
  EXPECT_EQ(session->cause(), SoupCause::NotAuthorised);
  EXPECT_FALSE(session->logged_in());
}

TEST_F(TcpSessionTest, TheEndOfTheSessionIsNotComeBackFrom) {
  exchange.append("last");
  exchange.end_of_session = true;
  start(exchange.port());
  ASSERT_TRUE(exchange.serve_until([&] { return finished.load(); }));
  collect();
  EXPECT_EQ(events, (Texts{"L", "last", "Z"}));
}

TEST_F(TcpSessionTest, KeepsTryingUntilSomebodyListens) {
  std::uint16_t port = 0;
  {
    LoopbackExchange closed;
    port = closed.port();
  }
  start(port);
  ASSERT_TRUE(
      exchange.serve_until([&] { return session->counters().connects_failed.load() >= 3; }));
  LoopbackExchange late{port};
  ASSERT_TRUE(late.serve_until([&] { return session->logged_in(); }));
  collect();
  EXPECT_EQ(events, Texts{"L"}) << "nothing was said about the attempts";
}

TEST_F(TcpSessionTest, AFullRingHoldsTheStreamBackAndLosesNothing) {
  for (int i = 0; i < 500; ++i) exchange.append(std::to_string(i));
  start(exchange.port(), 2);
  ASSERT_TRUE(exchange.serve_until([&] { return inbound->size() == 2; }));
  ASSERT_TRUE(wait_for_events(501));
  for (std::size_t i = 0; i < 500; ++i) EXPECT_EQ(events[i + 1], std::to_string(i));
}

TEST_F(TcpSessionTest, AMessageLongerThanASlotIsCutAndCounted) {
  exchange.append(std::string(kInboundBytesMax + 1, 'x'));
  start(exchange.port());
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events[1].size(), kInboundBytesMax);
  EXPECT_EQ(session->counters().messages_cut.load(), 1U);
}

TEST_F(TcpSessionTest, StoppingLogsOutAndSaysSo) {
  start(exchange.port());
  ASSERT_TRUE(wait_for_events(1));
  stop();
  collect();
  EXPECT_EQ(events, (Texts{"L", "D"}));
  EXPECT_EQ(session->cause(), SoupCause::ClosedHere);
}

class TcpSessionPlaceTest : public TcpSessionTest {
 protected:
  ~TcpSessionPlaceTest() override {
    stop();
    std::filesystem::remove(path);
  }

  // As the next process does it.
  void start_with_place() {
    events.clear();
    inbound.emplace(64);
    file.emplace(path);
    TcpSessionSettings settings = settings_for(exchange.port());
    settings.soup.next_sequence = 0;
    if (file->found()) settings.resume(*file->found());
    session.emplace(settings, outbound, *inbound, nullptr, &*file);
    thread = std::thread{[this] {
      session->run();
      finished = true;
    }};
  }

  std::filesystem::path path =
      std::filesystem::temp_directory_path() / ("ridley_place" + std::to_string(::getpid()));
  std::optional<SequenceFile> file;
};

TEST_F(TcpSessionPlaceTest, TheNextProcessGoesOnBehindWhatWasDelivered) {
  exchange.append("before");
  start_with_place();
  ASSERT_TRUE(wait_for_events(1));
  exchange.append("one");
  ASSERT_TRUE(wait_for_events(2));
  EXPECT_EQ(events, (Texts{"L", "one"}));
  stop();
  exchange.append("two");
  exchange.append("three");
  start_with_place();
  EXPECT_EQ(file->found().value().next_sequence, 3U);
  ASSERT_TRUE(wait_for_events(3));
  EXPECT_EQ(events, (Texts{"L", "two", "three"}));
}

TEST_F(TcpSessionPlaceTest, WhatIsStillInTheRingWasNotDelivered) {
  start_with_place();
  ASSERT_TRUE(wait_for_events(1));
  exchange.append("one");
  ASSERT_TRUE(wait_for_events(2));
  // The place is kept with a later look at the ring than the one that empties it.
  ASSERT_TRUE(exchange.serve_until([&] { return SequenceFile{path}.found()->next_sequence == 2; }));
  exchange.append("two");
  ASSERT_TRUE(
      exchange.serve_until([&] { return session->counters().messages_received.load() == 2; }));
  stop();
  EXPECT_EQ(SequenceFile{path}.found().value().next_sequence, 2U) << "nobody has taken \"two\"";
}

TEST_F(TcpSessionPlaceTest, ASessionThatIsGoneIsLeftForTheActiveOne) {
  ASSERT_TRUE(SequenceFile{path}.keep("DAY0", 500));
  exchange.append("before");
  start_with_place();
  ASSERT_TRUE(wait_for_events(1));
  exchange.append("one");
  ASSERT_TRUE(exchange.serve_until([&] {
    collect();
    return !events.empty() && events.back() == "one";
  }));
  EXPECT_EQ(std::count(events.begin(), events.end(), "before"), 0);
  stop();
  EXPECT_EQ(SequenceFile{path}.found().value().session, "DAY1");
}

}  // namespace
}  // namespace ridley::order
