// SPDX-License-Identifier: Apache-2.0
// The recovery core (engine/recovery.cpp, engine/recovery_snapshot.cpp) against servers on the
// kernel's loopback. Its clock is the test's, so every timer is met to the nanosecond.
#include "engine/recovery_sockets.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "engine/recovery_end.hpp"
#include "order/loopback_exchange.hpp"
#include "support/rerequest_server.hpp"
#include "support/small_exchange.hpp"

namespace ridley::engine {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;
const feed::SessionName kSession{std::string_view{"SESSION001"}};

struct RecoveryCore : testing::Test {
  RecoverySettings settings(bool with_servers, bool with_glimpse) {
    RecoverySettings wanted;
    if (with_servers)
      wanted.rerequest = {{"127.0.0.1", first.port()}, {"127.0.0.1", second.port()}};
    if (with_glimpse) wanted.glimpse = Server{"127.0.0.1", glimpse.port()};
    wanted.login.username = "ridley";
    wanted.login.password = "secret";
    wanted.asking = {.patience_ns = kMillisecond, .timeout_ns = 10 * kMillisecond, .tries_max = 3};
    return wanted;
  }
  void start(bool with_servers, bool with_glimpse) {
    exchange.act(100);
    sockets.emplace(settings(with_servers, with_glimpse));
    recovery.emplace(link, *sockets, settings(with_servers, with_glimpse));
  }
  void miss(std::uint64_t from, std::uint64_t end, bool lost = false) {
    ASSERT_TRUE(link.missing.push({.session = kSession, .from = from, .end = end, .lost = lost}));
  }
  // The kernel hands datagrams over at once, but not in no time.
  template <typename Condition>
  bool until(Condition&& holds) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (!holds()) {
      if (std::chrono::steady_clock::now() > deadline) return false;
      (void)recovery->step(now);
      first.serve();
      second.serve();
      if (serves_glimpse) (void)glimpse.serve_until([steps = 0]() mutable { return steps++ > 0; });
    }
    return true;
  }
  bool repaired(Packet& packet) {
    return until([&] { return link.repairs.pop(packet); });
  }
  void snapshot_of_now() {
    glimpse.drop();
    glimpse.stream = order::SoupStream{"SNAP"};
    for (const std::string& message : exchange.snapshot()) glimpse.append(message);
  }
  SnapshotTurn turn() const { return link.turn.load(); }

  test::SmallExchange exchange{3};
  RecoveryLink link{test::kSmallBooks};
  test::RerequestServer first{exchange.published()};
  test::RerequestServer second{exchange.published()};
  order::LoopbackExchange glimpse;
  bool serves_glimpse = false;
  std::optional<RecoverySockets> sockets;
  std::optional<Recovery> recovery;
  std::uint64_t now = 1'000'000'000;
};

SnapshotFailure failure_of(const Recovery& recovery) {
  return static_cast<SnapshotFailure>(recovery.counters().snapshot_failure.load());
}

}  // namespace

TEST_F(RecoveryCore, BringsWhatIsMissingPieceByPiece) {
  start(true, false);
  first.messages_max = 4;
  miss(20, 26);
  Packet packet{};
  (void)recovery->step(now);
  first.serve();
  EXPECT_EQ(first.requests, 0u) << "the other line first";
  now += kMillisecond;
  ASSERT_TRUE(repaired(packet));
  EXPECT_EQ(wire::mold::Header{packet.payload.data()}.sequence_number(), 20u);
  EXPECT_EQ(wire::mold::Header{packet.payload.data()}.message_count(), 4u);
  miss(24, 26);
  ASSERT_TRUE(repaired(packet));
  EXPECT_EQ(wire::mold::Header{packet.payload.data()}.sequence_number(), 24u);
  EXPECT_EQ(first.requests, 2u);
  EXPECT_EQ(second.requests, 0u);
  EXPECT_EQ(recovery->counters().servers[0].answers, 2u);
}

TEST_F(RecoveryCore, AsksTheNextServerWhenOneIsSilent) {
  start(true, false);
  first.silent = true;
  miss(20, 26);
  (void)recovery->step(now);
  now += kMillisecond;
  ASSERT_TRUE(until([&] { return first.requests == 1; }));
  now += 10 * kMillisecond;
  Packet packet{};
  ASSERT_TRUE(repaired(packet));
  EXPECT_EQ(second.requests, 1u);
  EXPECT_EQ(recovery->counters().servers[0].timeouts, 1u);
  EXPECT_EQ(recovery->counters().servers[1].timeouts, 0u);
  EXPECT_EQ(recovery->counters().servers[1].answers, 1u);
}

TEST_F(RecoveryCore, AnAnswerThatTheHotCoreHasNotTakenYetIsNoTimeout) {
  start(true, false);
  miss(20, 26);
  (void)recovery->step(now);
  now += kMillisecond;
  // The hot core is away: what it is sent waits in the ring.
  ASSERT_TRUE(until([&] { return recovery->counters().servers[0].answers == 1; }));
  for (int i = 0; i < 100; ++i) (void)recovery->step(now += 10 * kMillisecond);
  Packet packet{};
  ASSERT_TRUE(link.repairs.pop(packet));
  EXPECT_EQ(wire::mold::Header{packet.payload.data()}.sequence_number(), 20u);
  EXPECT_FALSE(link.repairs.pop(packet)) << "nobody was told that it is not to be had";
  EXPECT_EQ(recovery->counters().servers[0].requests, 1u);
  EXPECT_EQ(recovery->counters().servers[0].timeouts, 0u);
  EXPECT_EQ(recovery->counters().exhausted, 0u);
}

TEST_F(RecoveryCore, AnAnswerThatWasHereInTimeIsNoTimeoutHoweverLateThisCoreLooks) {
  start(true, false);
  miss(20, 26);
  (void)recovery->step(now);
  (void)recovery->step(now += kMillisecond);
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (first.requests == 0 && std::chrono::steady_clock::now() < deadline) first.serve();
  ASSERT_EQ(first.requests, 1u);
  now += 1'000 * kMillisecond;
  Packet packet{};
  ASSERT_TRUE(repaired(packet));
  EXPECT_NE(packet.bytes, 0u);
  EXPECT_EQ(recovery->counters().servers[0].timeouts, 0u);
}

TEST_F(RecoveryCore, AsksAgainForWhatTheRingHadNoRoomFor) {
  start(true, false);
  first.messages_max = 1;
  // Nobody takes anything, and each message is asked for by itself.
  std::uint64_t from = 10;
  for (; from < 10 + kRepairsMax; ++from) {
    miss(from, 90);
    ASSERT_TRUE(until([&] {
      now += kMillisecond;
      return recovery->counters().servers[0].answers + recovery->counters().servers[1].answers ==
             from - 9;
    }));
  }
  miss(from, 90);
  ASSERT_TRUE(until([&] {
    now += kMillisecond;
    return recovery->counters().servers[0].answers + recovery->counters().servers[1].answers >
           kRepairsMax + 1;
  })) << "it is not asked for again";
  Packet packet{};
  std::uint64_t last = 0;
  while (link.repairs.pop(packet)) last = packet.from;
  EXPECT_EQ(last, from - 1);
  ASSERT_TRUE(until([&] {
    now += kMillisecond;
    return link.repairs.pop(packet);
  }));
  EXPECT_EQ(packet.from, from);
  EXPECT_NE(packet.bytes, 0u);
}

TEST_F(RecoveryCore, SaysWhenNobodyHasIt) {
  start(true, false);
  first.silent = second.silent = true;
  miss(20, 26);
  Packet packet{};
  for (int i = 0; i < 4; ++i) {
    (void)recovery->step(now);
    EXPECT_FALSE(link.repairs.pop(packet)) << "not before the third has timed out";
    now += i == 0 ? kMillisecond : 10 * kMillisecond;
  }
  ASSERT_TRUE(repaired(packet));
  EXPECT_EQ(packet.bytes, 0u);
  EXPECT_EQ(packet.from, 20u);
  EXPECT_EQ(recovery->counters().servers[0].requests, 2u);
  EXPECT_EQ(recovery->counters().servers[1].requests, 1u);
  EXPECT_EQ(recovery->counters().exhausted, 1u);
}

TEST_F(RecoveryCore, JoinsASnapshotAndSwapsItIn) {
  start(false, true);
  RecoveryEnd hot{&link};
  book::Books books{test::kSmallBooks};
  books.mark_all_stale();
  snapshot_of_now();
  serves_glimpse = true;
  miss(0, 0, true);
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, exchange.published().end());
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Offered; }));
  EXPECT_EQ(recovery->state(), SnapshotState::Offered);
  hot.take_books(books);
  hot.give_back();
  EXPECT_FALSE(books.all_stale());
  EXPECT_EQ(books.bbo_digest(), exchange.digest_before(exchange.published().end()));
  miss(0, 0, false);
  ASSERT_TRUE(until([&] { return recovery->state() == SnapshotState::None; }));
  EXPECT_EQ(turn(), SnapshotTurn::None);
  EXPECT_EQ(recovery->counters().snapshots, 1u);
  EXPECT_EQ(recovery->counters().snapshots_failed, 0u);
  for (int i = 0; i < 50; ++i) (void)recovery->step(now);
  EXPECT_EQ(turn(), SnapshotTurn::None) << "one is enough";
}

TEST_F(RecoveryCore, FillsWhatTheSnapshotIsTooOldFor) {
  start(true, true);
  RecoveryEnd hot{&link};
  book::Books books{test::kSmallBooks};
  snapshot_of_now();
  exchange.act(25);
  serves_glimpse = true;
  miss(0, 0, true);
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, exchange.published().end());
  ASSERT_TRUE(until([&] {
    now += kMillisecond;
    return turn() == SnapshotTurn::Offered;
  }));
  hot.take_books(books);
  EXPECT_EQ(books.bbo_digest(), exchange.digest_before(exchange.published().end()));
  EXPECT_GE(first.requests, 3u) << "ten messages a packet";
}

TEST_F(RecoveryCore, TriesAgainLaterAndLater) {
  start(false, true);
  glimpse.password = "another";
  serves_glimpse = true;
  RecoveryEnd hot{&link};
  miss(0, 0, true);
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, exchange.published().end());
  const auto failures = [&] { return recovery->counters().snapshots_failed.load(); };
  ASSERT_TRUE(until([&] { return failures() == 1; }));
  now += 250 * kMillisecond - 1;
  (void)recovery->step(now);
  EXPECT_EQ(recovery->state(), SnapshotState::Waiting);
  now += 1;
  ASSERT_TRUE(until([&] { return failures() == 2; }));
  now += 500 * kMillisecond - 1;
  (void)recovery->step(now);
  EXPECT_EQ(recovery->state(), SnapshotState::Waiting);
  snapshot_of_now();
  glimpse.password = "secret";
  now += 1;
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Offered; }));
}

TEST_F(RecoveryCore, GivesASilentServerUp) {
  start(false, true);
  RecoveryEnd hot{&link};
  miss(0, 0, true);
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, 1);
  ASSERT_TRUE(until([&] { return recovery->state() == SnapshotState::Reading; }));
  now += 15'000 * kMillisecond - 1;
  (void)recovery->step(now);
  EXPECT_EQ(recovery->counters().snapshots_failed, 0u);
  now += 1;
  (void)recovery->step(now);
  EXPECT_EQ(recovery->counters().snapshots_failed, 1u);
  EXPECT_EQ(recovery->state(), SnapshotState::Waiting);
}

TEST_F(RecoveryCore, BeginsAnewWhenTheHotCoreBreaksIt) {
  start(false, true);
  RecoveryEnd hot{&link};
  miss(0, 0, true);
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, 1);
  ASSERT_TRUE(until([&] { return recovery->state() == SnapshotState::Reading; }));
  hot.break_off();
  (void)recovery->step(now);
  EXPECT_EQ(turn(), SnapshotTurn::None);
  now += 250 * kMillisecond;
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
}

TEST_F(RecoveryCore, WantsNoSnapshotOfASessionThatIsOver) {
  start(false, true);
  RecoveryEnd hot{&link};
  miss(0, 0, true);
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, 1);
  hot.break_off();
  miss(0, 0, false);
  now += 1'000 * kMillisecond;
  ASSERT_TRUE(until([&] { return recovery->state() == SnapshotState::None; }));
  EXPECT_EQ(turn(), SnapshotTurn::None);
}

TEST_F(RecoveryCore, RenewsBooksThatLackNothing) {
  start(false, true);
  RecoveryEnd hot{&link};
  book::Books books{test::kSmallBooks};
  snapshot_of_now();
  serves_glimpse = true;
  recovery->ask_for_snapshot();
  recovery->ask_for_snapshot();
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, exchange.published().end());
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Offered; }));
  EXPECT_FALSE(books.all_stale());
  hot.take_books(books);
  hot.give_back();
  EXPECT_EQ(books.bbo_digest(), exchange.digest_before(exchange.published().end()));
  ASSERT_TRUE(until([&] { return recovery->state() == SnapshotState::None; }));
  for (int i = 0; i < 50; ++i) (void)recovery->step(now += 1'000 * kMillisecond);
  EXPECT_EQ(turn(), SnapshotTurn::None) << "one is enough";
  EXPECT_EQ(recovery->counters().snapshots, 1u);
}

TEST_F(RecoveryCore, TriesOnceWhereNothingIsLostAndTheHotCoreStopsCopying) {
  start(false, true);
  glimpse.password = "another";
  serves_glimpse = true;
  RecoveryEnd hot{&link};
  recovery->ask_for_snapshot();
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, exchange.published().end());
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Enough; }));
  EXPECT_EQ(failure_of(*recovery), SnapshotFailure::NotLoggedIn);
  (void)recovery->step(now += 60'000 * kMillisecond);
  EXPECT_EQ(turn(), SnapshotTurn::Enough) << "the hot core's turn";
  hot.end_tapping();
  EXPECT_FALSE(hot.taps());
  ASSERT_TRUE(until([&] { return recovery->state() == SnapshotState::None; }));
  for (int i = 0; i < 50; ++i) (void)recovery->step(now += 1'000 * kMillisecond);
  EXPECT_EQ(turn(), SnapshotTurn::None);
  EXPECT_EQ(recovery->counters().snapshots_failed, 1u);
}

TEST_F(RecoveryCore, TakesAHeartbeatForWhatItIs) {
  start(false, true);
  RecoveryEnd hot{&link};
  serves_glimpse = true;
  glimpse.stream = order::SoupStream{"SNAP"};
  miss(0, 0, true);
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Wanted; }));
  hot.begin_tapping(kSession, exchange.published().end());
  ASSERT_TRUE(until([&] { return glimpse.logins == 1; }));
  // The server takes its time for the snapshot and says meanwhile that it is there.
  for (int i = 0; i < 3; ++i) {
    glimpse.ahead_ns += 1'000 * kMillisecond;
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds{20};
    ASSERT_TRUE(until([&] { return std::chrono::steady_clock::now() > deadline; }));
  }
  EXPECT_EQ(recovery->counters().snapshots_failed, 0u);
  for (const std::string& message : exchange.snapshot()) glimpse.append(message);
  ASSERT_TRUE(until([&] { return turn() == SnapshotTurn::Offered; }));
}

TEST_F(RecoveryCore, SaysWhyASnapshotCameToNothing) {
  start(false, true);
  RecoveryEnd hot{&link};
  serves_glimpse = true;
  const auto attempt = [&] {
    const std::uint64_t failed = recovery->counters().snapshots_failed;
    recovery->ask_for_snapshot();
    if (!until([&] { return turn() == SnapshotTurn::Wanted; })) return SnapshotFailure::None;
    hot.begin_tapping(kSession, exchange.published().end());
    (void)until([&] { return recovery->counters().snapshots_failed > failed; });
    const SnapshotFailure why = failure_of(*recovery);
    (void)until([&] { return turn() == SnapshotTurn::Enough; });
    hot.end_tapping();
    now += 60'000 * kMillisecond;
    glimpse.drop();
    return why;
  };
  glimpse.stream = order::SoupStream{"SNAP"};
  glimpse.append("?");
  glimpse.append("A");
  EXPECT_EQ(attempt(), SnapshotFailure::Unusable);
  glimpse.stream = order::SoupStream{"SNAP"};
  glimpse.end_of_session = true;
  EXPECT_EQ(attempt(), SnapshotFailure::CutShort);
  glimpse.end_of_session = false;
  glimpse.stream = order::SoupStream{"SNAP"};
  for (const std::string& message : exchange.snapshot()) glimpse.append(message);
  exchange.act(20);  // the hot core taps from behind it, and no server has what is between
  EXPECT_EQ(attempt(), SnapshotFailure::Hole);
}

}  // namespace ridley::engine
