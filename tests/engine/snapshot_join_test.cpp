// SPDX-License-Identifier: Apache-2.0
// The hot core's end and the recovery core's of one RecoveryLink, without sockets in between.
#include "engine/snapshot_join.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "engine/recovery_end.hpp"
#include "engine/recovery_link.hpp"
#include "support/small_exchange.hpp"

namespace ridley::engine {
namespace {

using test::SmallExchange;

std::span<const std::byte> bytes_of(const std::string& text) {
  return std::as_bytes(std::span{text});
}

event::Symbol padded(std::string text) {
  text.resize(8, ' ');
  event::Symbol symbol;
  std::copy_n(text.begin(), symbol.size(), symbol.begin());
  return symbol;
}

// What the street does with a link, as far as it concerns the books.
struct HotSide {
  explicit HotSide(RecoveryLink& link) : end{&link} {}

  void hear(const feed::Bytes& packet) {
    const feed::Arrived arrived = sequencer.accept(packet);
    if (arrived.missing_count != 0) {
      books.mark_all_stale();
      end.break_off();
    }
    if (end.taps()) end.tap(sequencer.session(), arrived);
    apply_messages(books, feed::Blocks{arrived});
  }

  feed::Sequencer sequencer;
  book::Books books{test::kSmallBooks};
  RecoveryEnd end;
};

struct Snapshot : testing::Test {
  // Hears everything, cut in packets of three, up to that number.
  void hear_until(std::uint64_t number) {
    const feed::Published& all = exchange.published();
    for (std::uint64_t at = hot.sequencer.next_sequence(); at < number; at += 3)
      hot.hear(all.packet(at, std::min(at + 3, number)));
  }
  void lose(std::uint64_t count) {
    exchange.act(count);
    const std::uint64_t last = exchange.published().end() - 1;
    hot.hear(exchange.published().packet(last, last + 1));
    ASSERT_TRUE(hot.books.lost());
  }
  void begin() {
    pass_turn(link, SnapshotTurn::Wanted);
    ASSERT_TRUE(hot.end.has_turn(false));
    hot.end.begin_tapping(hot.sequencer.session(), hot.sequencer.next_sequence());
    join.begin(link.tapped_from);
  }
  bool take_taps() {
    for (Packet packet; link.taps.pop(packet);)
      if (!join.tap(packet.span())) return false;
    return true;
  }
  bool take(const std::vector<std::string>& messages) {
    for (const std::string& message : messages)
      if (!join.take(bytes_of(message))) return false;
    return true;
  }
  void swap() {
    pass_turn(link, SnapshotTurn::Offered);
    ASSERT_EQ(hot.end.turn(), SnapshotTurn::Offered);
    hot.end.take_books(hot.books);
    hot.end.give_back();
  }
  void expect_right() {
    EXPECT_FALSE(hot.books.all_stale());
    EXPECT_EQ(hot.books.bbo_digest(), exchange.digest_before(hot.sequencer.next_sequence()));
  }

  SmallExchange exchange{7};
  RecoveryLink link{test::kSmallBooks};
  HotSide hot{link};
  SnapshotJoin join{link, {padded("SYMB"), padded("SYMA")}};
};

}  // namespace

TEST_F(Snapshot, IsJoinedWithWhatCameMeanwhileAndSwappedIn) {
  exchange.act(200);
  hear_until(150);
  lose(60);
  begin();
  exchange.act(20);
  hear_until(exchange.published().end());
  ASSERT_TRUE(take(exchange.snapshot()));
  EXPECT_TRUE(join.is_whole());
  exchange.act(30);
  hear_until(exchange.published().end());
  EXPECT_FALSE(join.is_level()) << "what was tapped has not been seen";
  ASSERT_TRUE(take_taps());
  EXPECT_TRUE(join.is_level());
  exchange.act(10);
  hear_until(exchange.published().end());  // on its way while the books are offered
  swap();
  expect_right();
  EXPECT_FALSE(hot.end.taps());
  exchange.act(50);
  hear_until(exchange.published().end());
  expect_right();
}

TEST_F(Snapshot, TellsTheInstrumentsThatSomebodyTrades) {
  lose(10);
  begin();
  ASSERT_TRUE(take(exchange.snapshot()));
  ASSERT_EQ(link.directory.size(), 2u);
  EXPECT_EQ(link.directory[0].directory.symbol, padded("SYMA"));
  EXPECT_EQ(link.directory[1].locate, 2);
}

TEST_F(Snapshot, AheadOfTheStreamWaitsForIt) {
  lose(10);
  begin();
  exchange.act(40);
  ASSERT_TRUE(take(exchange.snapshot()));
  ASSERT_TRUE(take_taps());
  EXPECT_FALSE(join.is_level());
  EXPECT_EQ(join.hole().from, join.hole().end) << "nobody asks ahead of the stream";
  hear_until(exchange.published().end());
  ASSERT_TRUE(take_taps());
  EXPECT_TRUE(join.is_level());
  swap();
  expect_right();
}

TEST_F(Snapshot, OlderThanTheTapIsFilledUp) {
  exchange.act(30);
  const std::vector<std::string> older = exchange.snapshot();
  const std::uint64_t from = exchange.published().end();
  lose(12);
  begin();
  exchange.act(9);
  hear_until(exchange.published().end());
  ASSERT_TRUE(take(older));
  ASSERT_TRUE(take_taps());
  EXPECT_EQ(join.hole().from, from);
  EXPECT_EQ(join.hole().end, link.tapped_from);
  EXPECT_FALSE(join.is_level());
  feed::Bytes broken = exchange.published().packet(from, from + 5);
  broken.pop_back();
  EXPECT_TRUE(join.fill(broken)) << "another server may do better";
  EXPECT_EQ(join.hole().from, from);
  EXPECT_TRUE(join.fill(exchange.published().packet(from - 2, from + 5)));
  EXPECT_EQ(join.hole().from, from + 5);
  EXPECT_TRUE(join.fill(exchange.published().packet(from + 5, exchange.published().end())));
  EXPECT_TRUE(join.is_level());
  swap();
  expect_right();
}

TEST_F(Snapshot, ALossWhileItIsTakenBreaksIt) {
  lose(10);
  begin();
  ASSERT_TRUE(take(exchange.snapshot()));
  lose(5);
  EXPECT_EQ(hot.end.turn(), SnapshotTurn::Broken);
  EXPECT_FALSE(hot.end.taps());
}

TEST_F(Snapshot, AFullRingBreaksIt) {
  lose(10);
  begin();
  exchange.act(3 * kTapsMax + 3);
  hear_until(hot.sequencer.next_sequence() + 3 * kTapsMax);
  EXPECT_EQ(hot.end.turn(), SnapshotTurn::Tapped) << "as many as it holds";
  hear_until(exchange.published().end());
  EXPECT_EQ(hot.end.turn(), SnapshotTurn::Broken);
}

TEST_F(Snapshot, ThatCannotBeReadIsRefused) {
  lose(10);
  const std::vector<std::string> right = exchange.snapshot();
  const auto with = [&](const std::string& last) {
    join.begin(hot.sequencer.next_sequence());
    std::vector<std::string> messages(right.begin(), right.end() - 1);
    messages.push_back(last);
    return take(messages);
  };
  EXPECT_TRUE(with(right.back()));
  EXPECT_FALSE(with(right.back().substr(0, 20))) << "one byte short";
  EXPECT_FALSE(with("G" + std::string(20, ' '))) << "no number";
  EXPECT_FALSE(with("G" + std::string(19, ' ') + "0")) << "numbers begin with 1";
  EXPECT_FALSE(with("G" + std::string(20, '9'))) << "more than 64 bits";
  EXPECT_FALSE(with("D")) << "shorter than its type";
  EXPECT_FALSE(with(""));
  EXPECT_TRUE(with("?")) << "a newer type is passed over";
  EXPECT_FALSE(join.is_whole());
}

TEST_F(Snapshot, BehindItsEndNothingFollows) {
  lose(10);
  begin();
  ASSERT_TRUE(take(exchange.snapshot()));
  EXPECT_FALSE(join.take(bytes_of(exchange.snapshot().front())));
}

TEST(RecoveryEnd, TellsWhatIsMissingWhenItChanges) {
  RecoveryLink link{test::kSmallBooks};
  RecoveryEnd end{&link};
  const Missing some{.session = {}, .from = 5, .end = 7, .lost = false};
  end.tell(some);
  end.tell(some);
  Missing told{};
  ASSERT_TRUE(link.missing.pop(told));
  EXPECT_EQ(told, some);
  EXPECT_FALSE(link.missing.pop(told)) << "once";
  for (std::uint64_t from = 0; from < kMissingMax + 3; ++from)
    end.tell({.session = {}, .from = from, .end = 100, .lost = true});
  EXPECT_TRUE(end.has_turn(false)) << "the last one found no room";
  while (link.missing.pop(told)) {
  }
  end.tell_again();
  ASSERT_TRUE(link.missing.pop(told));
  EXPECT_EQ(told.from, kMissingMax + 2);
  EXPECT_FALSE(end.has_turn(false));
}

TEST(RecoveryEnd, TakesRepairsOfItsSessionOnly) {
  RecoveryLink link{test::kSmallBooks};
  RecoveryEnd end{&link};
  const auto push = [&](const feed::Bytes& bytes) {
    Packet packet{};
    packet.bytes = static_cast<std::uint32_t>(bytes.size());
    std::copy(bytes.begin(), bytes.end(), packet.payload.begin());
    ASSERT_TRUE(link.repairs.push(packet));
  };
  push(feed::MoldPacket{1, {"a"}, "SESSION002"}.bytes());
  push(feed::Bytes(7));
  push(feed::MoldPacket{2, {"b"}}.bytes());
  push({});
  const feed::SessionName session{std::string_view{"SESSION001"}};
  Packet packet{};
  ASSERT_TRUE(end.take_repair(session, packet));
  EXPECT_EQ(wire::mold::Header{packet.payload.data()}.sequence_number(), 2u);
  ASSERT_TRUE(end.take_repair(session, packet));
  EXPECT_EQ(packet.bytes, 0u);
  EXPECT_FALSE(end.take_repair(session, packet));
}

TEST(RecoveryEnd, IsNothingWithoutALink) {
  RecoveryEnd end{nullptr};
  EXPECT_FALSE(end.has_turn(true));
  EXPECT_FALSE(end.taps());
  end.tell({});
  end.break_off();
}

}  // namespace ridley::engine
