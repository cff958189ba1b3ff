// SPDX-License-Identifier: Apache-2.0
#include "venue/account.hpp"

#include <gtest/gtest.h>

#include "exchange_bench.hpp"

namespace ridley::venue {
namespace {

using test::Lines;

AccountOrder order(std::uint32_t number, char side, std::uint32_t quantity) {
  AccountOrder result;
  result.number = number;
  result.locate = 1;
  result.side = side;
  result.open_quantity = quantity;
  result.price_e4 = 100'000;
  return result;
}

Fill fill(std::uint32_t quantity, std::uint32_t price_e4) {
  Fill result{};
  result.quantity = quantity;
  result.price_e4 = price_e4;
  return result;
}

class AccountTest : public testing::Test {
 protected:
  Lines replies() {
    const Lines lines = test::reply_lines(account.replies.bytes());
    account.replies.clear();
    return lines;
  }

  Instruments instruments{2};
  Account account{{"ONE", "secret", "FRMA"}, instruments};
};

TEST_F(AccountTest, KeepsPositionAndCashThroughBuysAndShortSales) {
  account.insert(order(1, 'B', 100));
  account.insert(order(2, 'T', 300));
  account.executed(1, fill(60, 100'000), Liquidity::Added);
  account.executed(2, fill(100, 200'000), Liquidity::Removed);
  EXPECT_EQ(account.positions().at(1), -40);
  EXPECT_EQ(account.cash_e4(), -6'000'000 + 20'000'000);
  EXPECT_EQ(account.counts.executions, 2u);
  EXPECT_EQ(account.counts.executed_quantity, 160u);
  EXPECT_EQ(replies(), (Lines{"E#1 60@100000 A", "E#2 100@200000 R"}));
}

TEST_F(AccountTest, ForgetsAnOrderWithItsLastShareAndNotBefore) {
  account.insert(order(1, 'B', 100));
  account.executed(1, fill(99, 1), Liquidity::Added);
  ASSERT_NE(account.find(1), nullptr);
  EXPECT_EQ(account.find(1)->open_quantity, 1u);
  account.executed(1, fill(1, 1), Liquidity::Added);
  EXPECT_EQ(account.find(1), nullptr);
  EXPECT_EQ(account.counts.orders_executed, 1u);
}

TEST_F(AccountTest, TellsNothingOfOrdersItDoesNotHave) {
  account.executed(1, fill(1, 1), Liquidity::Added);
  account.canceled(1, 1, CancelReason::User);
  EXPECT_EQ(replies(), Lines{});
  EXPECT_EQ(account.counts.canceled, 0u);
}

TEST_F(AccountTest, TellsPartialCancelsFromDeath) {
  account.insert(order(1, 'B', 100));
  account.canceled(1, 40, CancelReason::User);
  EXPECT_EQ(account.find(1)->open_quantity, 60u);
  account.canceled(1, 60, CancelReason::Timeout);
  EXPECT_EQ(account.find(1), nullptr);
  EXPECT_EQ(account.counts.canceled, 2u);
  EXPECT_EQ(account.counts.orders_canceled, 1u);
  EXPECT_EQ(replies(), (Lines{"C#1 40 U", "C#1 60 T"}));
}

TEST_F(AccountTest, CarriesTheLongestAppendageWhole) {
  AccountOrder big = order(1, 'B', 100);
  big.appendage.assign(91, std::byte{1});
  account.accepted(big, 'L');
  const auto message = first_message(account.replies.bytes());
  ASSERT_EQ(message.size(), wire::ouch::OrderAccepted::kSize + 91);
  EXPECT_EQ(message.back(), std::byte{1});
}

TEST_F(AccountTest, AnswersAQueryWithTheNextNumber) {
  EXPECT_TRUE(account.is_fresh(1));
  account.use(41);
  EXPECT_FALSE(account.is_fresh(41));
  EXPECT_TRUE(account.is_fresh(42));
  account.query_response();
  EXPECT_EQ(replies(), Lines{"Q 42"});
}

}  // namespace
}  // namespace ridley::venue
