// SPDX-License-Identifier: Apache-2.0
#include "control/execution_match.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <random>

namespace ridley::control {
namespace {

constexpr std::uint64_t kWithin = 1'000;
constexpr std::uint64_t kKillAfter = 500;

event::OrderEvent own_execution(std::uint64_t match_number, std::uint32_t user_ref,
                                std::uint32_t quantity = 100, std::uint32_t price_e4 = 10'000) {
  event::OrderEvent event{};
  event.kind = event::OrderEventKind::Executed;
  event.match_number = match_number;
  event.user_ref = user_ref;
  event.quantity = quantity;
  event.price_e4 = price_e4;
  return event;
}

order::CopiedExecution copy_of(const event::OrderEvent& event) {
  return {.account = "RIDLEY",
          .user_ref = event.user_ref,
          .quantity = event.quantity,
          .price_e4 = event.price_e4,
          .match_number = event.match_number};
}

class ExecutionMatchTest : public testing::Test {
 protected:
  void SetUp() override { match.connected(true, 0); }

  ExecutionMatch match{{.match_within_ns = kWithin, .kill_after_ns = kKillAfter}};
};

TEST_F(ExecutionMatchTest, BothOrdersOfComingMatch) {
  match.own(own_execution(1, 7), 0);
  match.copied(copy_of(own_execution(1, 7)), 10);
  match.copied(copy_of(own_execution(2, 8)), 20);
  match.own(own_execution(2, 8), 30);
  EXPECT_EQ(match.unmatched(), 0U);
  EXPECT_EQ(match.counters().matched, 2U);
  EXPECT_TRUE(match.look(1'000'000).empty());
}

TEST_F(ExecutionMatchTest, AnUnknownExecutionIsToldAtTheLimitAndKillsAtTheNext) {
  match.copied(copy_of(own_execution(5, 9, 300, 20'000)), 100);
  EXPECT_TRUE(match.look(100 + kWithin).empty());
  const auto alerts = match.look(101 + kWithin);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].mismatch, Mismatch::NotOurs);
  EXPECT_EQ(alerts[0].key.match_number, 5U);
  EXPECT_EQ(alerts[0].quantity, 300U);
  EXPECT_TRUE(match.look(102 + kWithin).empty()) << "told once";
  EXPECT_FALSE(match.take_kill(100 + kWithin + kKillAfter));
  EXPECT_TRUE(match.take_kill(101 + kWithin + kKillAfter));
}

TEST_F(ExecutionMatchTest, EveryUnknownExecutionKillsOnceByItself) {
  match.copied(copy_of(own_execution(5, 9)), 0);
  match.copied(copy_of(own_execution(6, 9)), 1'000);
  (void)match.look(kWithin + 1);
  EXPECT_TRUE(match.take_kill(kWithin + kKillAfter + 1));
  EXPECT_FALSE(match.take_kill(kWithin + kKillAfter + 2)) << "it still stands, and was acted on";
  (void)match.look(kWithin + 1'001);
  EXPECT_FALSE(match.take_kill(kWithin + kKillAfter + 1'000));
  EXPECT_TRUE(match.take_kill(kWithin + kKillAfter + 1'001)) << "armed again or not";
}

TEST_F(ExecutionMatchTest, AnExecutionThatComesAfterItsAlertTakesTheKillBack) {
  match.copied(copy_of(own_execution(5, 9)), 0);
  EXPECT_EQ(match.look(kWithin + 1).size(), 1U);
  match.own(own_execution(5, 9), kWithin + 2);
  EXPECT_FALSE(match.take_kill(1'000'000));
  EXPECT_EQ(match.counters().late, 1U);
}

TEST_F(ExecutionMatchTest, AnExecutionWithoutACopyIsToldAndKillsNobody) {
  match.own(own_execution(5, 9), 0);
  ASSERT_EQ(match.look(kWithin + 1).size(), 1U);
  EXPECT_FALSE(match.take_kill(1'000'000'000));
}

TEST_F(ExecutionMatchTest, WhileTheDropCopyIsDownNothingOfOursIsLate) {
  match.own(own_execution(5, 9), 0);
  match.connected(false, 10);
  EXPECT_TRUE(match.look(1'000'000).empty());
  match.connected(true, 2'000'000);
  EXPECT_TRUE(match.look(2'000'000 + kWithin).empty());
  EXPECT_EQ(match.look(2'000'001 + kWithin).size(), 1U);
}

TEST_F(ExecutionMatchTest, AnotherQuantityOrPriceIsToldAtOnceAndKills) {
  match.own(own_execution(5, 9, 100), 0);
  match.copied(copy_of(own_execution(5, 9, 200)), 10);
  const auto alerts = match.look(11);
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_EQ(alerts[0].mismatch, Mismatch::Different);
  EXPECT_FALSE(match.take_kill(10 + kKillAfter));
  EXPECT_TRUE(match.take_kill(11 + kKillAfter));
}

TEST_F(ExecutionMatchTest, BothOrdersOfOneMatchMayBeOurs) {
  match.own(own_execution(1, 7), 0);
  match.own(own_execution(1, 8), 0);
  match.copied(copy_of(own_execution(1, 8)), 0);
  EXPECT_EQ(match.unmatched(), 1U);
  match.copied(copy_of(own_execution(1, 7)), 0);
  EXPECT_EQ(match.unmatched(), 0U);
}

TEST_F(ExecutionMatchTest, OtherEventsAreNoExecutions) {
  event::OrderEvent event = own_execution(1, 7);
  event.kind = event::OrderEventKind::Accepted;
  match.own(event, 0);
  EXPECT_EQ(match.unmatched(), 0U);
}

TEST_F(ExecutionMatchTest, ATableThatIsFullIsDangerousItself) {
  for (std::uint32_t i = 0; i <= kUnmatchedMax; ++i) match.own(own_execution(i, 1), 5);
  EXPECT_EQ(match.unmatched(), kUnmatchedMax);
  ASSERT_EQ(match.look(5).size(), 1U);
  EXPECT_TRUE(match.take_kill(6 + kKillAfter));
}

// Whatever the two streams' order towards each other, nothing is left when they say the same.
TEST(ExecutionMatchProperty, EqualStreamsLeaveNothing) {
  rc::check([](std::uint32_t seed) {
    std::mt19937 random{seed};
    ExecutionMatch match{{.match_within_ns = 1'000'000, .kill_after_ns = 0}};
    match.connected(true, 0);
    const auto count = static_cast<std::uint32_t>(random() % 200);
    std::uint32_t owned = 0;
    std::uint32_t copied = 0;
    for (std::uint64_t now = 0; owned + copied < 2 * count; ++now) {
      const bool own = copied == count || (owned < count && random() % 2 == 0);
      std::uint32_t& number = own ? owned : copied;
      const auto execution = own_execution(number / 2, number % 2 + 1, 1 + number);
      own ? match.own(execution, now) : match.copied(copy_of(execution), now);
      ++number;
    }
    RC_ASSERT(match.unmatched() == 0U);
    RC_ASSERT(match.counters().matched == count);
    RC_ASSERT(match.look(1'000'000'000).empty());
    RC_ASSERT(!match.take_kill(1'000'000'000));
  });
}

}  // namespace
}  // namespace ridley::control
