// SPDX-License-Identifier: Apache-2.0
// The street as a whole on memory ports: the real rooms against the real venue, seed by seed.
#include <gtest/gtest.h>

#include <cstdlib>

#include "engine/allocation_watch.hpp"
#include "system/simulated_street.hpp"

namespace ridley::test {
namespace {

// RIDLEY_SEED plays one seed again; without it a fixed handful.
std::vector<std::uint64_t> seeds() {
  if (const char* seed = std::getenv("RIDLEY_SEED")) return {std::strtoull(seed, nullptr, 10)};
  return {1, 2, 3, 4, 5};
}

class Street : public testing::TestWithParam<std::uint64_t> {
 protected:
  Street() : street_{{.seed = GetParam()}} { RecordProperty("seed", std::to_string(GetParam())); }

  // Logged in, the market open, armed and trading.
  void trade_ms(std::uint64_t milliseconds) {
    street_.run_ms(200);
    ASSERT_TRUE(street_.rooms().orders.ready());
    ASSERT_TRUE(street_.command(event::CommandKind::Arm));
    street_.run_ms(milliseconds);
    ASSERT_GT(street_.sent().orders_sent, 0u);
    ASSERT_GT(street_.sent().acknowledged, 0u);
  }

  SimulatedStreet street_;
};

INSTANTIATE_TEST_SUITE_P(Seeds, Street, testing::ValuesIn(seeds()),
                         [](const auto& chosen) { return "Seed" + std::to_string(chosen.param); });

}  // namespace

TEST_P(Street, SendsNothingBeforeItIsArmed) {
  street_.run_ms(1'000);
  EXPECT_GT(street_.rooms().counters.messages, 1'000u);
  EXPECT_EQ(street_.sent().orders_sent, 0u);
  EXPECT_EQ(street_.account().counts.orders_received, 0u);
  ASSERT_FALSE(street_.rejects().empty());
  for (const event::RejectRecord& reject : street_.rejects()) ASSERT_EQ(reject.control, 1);
}

TEST_P(Street, TradesAndAgreesWithTheVenueToTheShare) {
  trade_ms(3'000);
  ASSERT_TRUE(street_.command(event::CommandKind::Stop));
  street_.run_ms(100);
  EXPECT_TRUE(street_.stopped());
  EXPECT_GT(street_.sent().executions, 0u);
  EXPECT_EQ(street_.sent().orders_sent, street_.account().counts.orders_received);
  EXPECT_EQ(street_.gate().approved(), street_.account().counts.orders_received);
  EXPECT_EQ(street_.sent().executed_quantity, street_.account().counts.executed_quantity);
  EXPECT_EQ(street_.orders_open_at_venue(), 0u);
  EXPECT_EQ(street_.position_differences(), "");
  EXPECT_EQ(street_.reservations_left(), "");
  EXPECT_EQ(street_.gate().broken_invariants(), 0u);
  EXPECT_EQ(street_.rooms().books.counters().unknown_orders, 0u);
  EXPECT_EQ(street_.rooms().books.counters().crossed, 0u);
}

TEST_P(Street, SendsNoOrderOnAStaleBook) {
  trade_ms(1'000);
  street_.drop_frames(1);
  street_.run_ms(50);
  ASSERT_EQ(street_.rooms().sequencer.counters().gaps, 1u);
  EXPECT_TRUE(street_.rooms().books.all_stale());
  const std::uint64_t sent = street_.sent().orders_sent;
  const std::size_t rejects = street_.rejects().size();
  street_.run_ms(1'000);
  EXPECT_EQ(street_.sent().orders_sent, sent);
  EXPECT_EQ(street_.orders_open_at_venue(), 0u) << "a strategy takes its quotes back";
  for (std::size_t i = rejects; i < street_.rejects().size(); ++i)
    ASSERT_EQ(street_.rejects()[i].control, 2);
}

TEST_P(Street, WritesAGapDownOnceWithWhatIsMissing) {
  trade_ms(200);
  street_.drop_frames(1);
  street_.run_ms(200);
  const std::uint64_t missing = street_.rooms().sequencer.counters().missing_messages;
  std::uint64_t gaps = 0;
  for (telemetry::LogRecord record; street_.rooms().log.pop(record);) {
    if (record.format != static_cast<std::uint16_t>(engine::Note::FeedGap)) continue;
    EXPECT_EQ(record.arguments[0], missing);
    ++gaps;
  }
  EXPECT_EQ(gaps, 1u);
}

TEST_P(Street, LeavesOnlyTheInstrumentWhoseBookIsInDoubt) {
  trade_ms(1'000);
  const std::uint16_t doubted = 2;
  street_.publish_unknown_order(doubted);
  street_.run_ms(20);
  EXPECT_TRUE(street_.rooms().books.stale(doubted));
  EXPECT_FALSE(street_.rooms().books.all_stale());
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(1'000);
  EXPECT_EQ(street_.orders_open_at_venue(doubted), 0u);
  EXPECT_GT(street_.sent().orders_sent, sent) << "the others go on";
  for (const event::RejectRecord& reject : street_.rejects()) {
    if (reject.control != 2) continue;
    ASSERT_EQ(reject.locate, doubted);
  }
}

TEST_P(Street, TakesItsQuotesBackWhenTheLineIsSilentForTooLong) {
  trade_ms(500);
  ASSERT_GT(street_.orders_open_at_venue(), 0u);
  street_.silence_feed(true);
  street_.run_ms(2'400);
  EXPECT_GT(street_.orders_open_at_venue(), 0u) << "not yet: the limit is 2,500 ms";
  street_.run_ms(200);
  EXPECT_EQ(street_.orders_open_at_venue(), 0u);
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(5'000);
  EXPECT_EQ(street_.sent().orders_sent, sent);
  EXPECT_FALSE(street_.rooms().books.all_stale()) << "nothing is missing, only silence";
}

TEST_P(Street, TakesNoMemoryOnTheHotPath) {
  if (!engine::allocations_are_watched()) GTEST_SKIP() << "a sanitizer has the heap";
  trade_ms(2'000);
  EXPECT_EQ(engine::hot_allocation_count(), 0u) << engine::first_hot_allocation();
}

TEST_P(Street, CancelsEveryOpenOrderOnAKill) {
  trade_ms(1'000);
  ASSERT_GT(street_.orders_open_at_venue(), 0u);
  ASSERT_TRUE(street_.command(event::CommandKind::Kill));
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(100);
  EXPECT_EQ(street_.orders_open_at_venue(), 0u);
  EXPECT_EQ(street_.rooms().orders.open_count(), 0u);
  EXPECT_EQ(street_.sent().orders_sent, sent);
  EXPECT_EQ(street_.reservations_left(), "");
  // Arming does not take a kill back.
  (void)street_.command(event::CommandKind::Arm);
  street_.run_ms(500);
  EXPECT_EQ(street_.sent().orders_sent, sent);
}

TEST_P(Street, DisarmsReconnectsAndReconcilesWhenTheVenueIsGone) {
  trade_ms(1'000);
  // Orders and answers under way are lost with the connection.
  street_.break_order_connection();
  street_.run_ms(300);
  EXPECT_FALSE(street_.gate().armed());
  EXPECT_FALSE(street_.rooms().orders.ready());
  street_.restore_order_connection();
  street_.run_ms(100);
  ASSERT_TRUE(street_.rooms().orders.ready());
  EXPECT_FALSE(street_.gate().armed()) << "coming back does not arm";
  EXPECT_EQ(street_.rooms().orders.open_count(), street_.orders_open_at_venue());
  EXPECT_EQ(street_.position_differences(), "");
  ASSERT_TRUE(street_.command(event::CommandKind::Arm));
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(1'000);
  EXPECT_GT(street_.sent().orders_sent, sent);
  ASSERT_TRUE(street_.command(event::CommandKind::Stop));
  street_.run_ms(100);
  EXPECT_EQ(street_.position_differences(), "");
  EXPECT_EQ(street_.reservations_left(), "");
  EXPECT_EQ(street_.gate().broken_invariants(), 0u);
}

TEST_P(Street, GivesTheSameBytesForTheSameInput) {
  SimulatedStreet other{{.seed = GetParam()}};
  for (SimulatedStreet* street : {&street_, &other}) {
    street->run_ms(200);
    ASSERT_TRUE(street->command(event::CommandKind::Arm));
    street->run_ms(700);
    street->drop_frames(2);
    street->run_ms(300);
    (void)street->command(event::CommandKind::Stop);
    street->run_ms(50);
  }
  ASSERT_GT(street_.order_bytes().size(), 100u);
  EXPECT_EQ(street_.order_bytes(), other.order_bytes());
  EXPECT_EQ(street_.rejects().size(), other.rejects().size());
}

}  // namespace ridley::test
