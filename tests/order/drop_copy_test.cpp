// SPDX-License-Identifier: Apache-2.0
#include "order/drop_copy.hpp"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include "order_fixture.hpp"
#include "wire/ouch42.hpp"

namespace ridley::order {
namespace {

Message copy_of(std::string_view account, const Message& message) {
  Message copy;
  for (const char letter : account) copy.push_back(static_cast<std::byte>(letter));
  copy.insert(copy.end(), message.begin(), message.end());
  return copy;
}

TEST(DropCopy, AnExecutionIsReadWithItsAccount) {
  DropCopyReader reader;
  const Message copy = copy_of("RID   ", executed(7, 300, 99, 123'400));
  const auto execution = reader.read(copy);
  ASSERT_TRUE(execution);
  EXPECT_EQ(execution->account, "RID");
  EXPECT_EQ(execution->user_ref, 7U);
  EXPECT_EQ(execution->quantity, 300U);
  EXPECT_EQ(execution->price_e4, 123'400U);
  EXPECT_EQ(execution->match_number, 99U);
}

TEST(DropCopy, OtherMessagesAreNoExecutions) {
  DropCopyReader reader;
  EXPECT_FALSE(reader.read(copy_of("RIDLEY", accepted(7, 300))));
  EXPECT_EQ(reader.malformed(), 0U);
}

TEST(DropCopy, WhatIsTooShortIsCounted) {
  DropCopyReader reader;
  const Message whole = copy_of("RIDLEY", executed(7, 300, 99));
  EXPECT_FALSE(reader.read(std::span{whole}.first(6)));
  EXPECT_FALSE(reader.read(std::span{whole}.first(whole.size() - 1)));
  EXPECT_FALSE(reader.read({}));
  EXPECT_EQ(reader.malformed(), 3U);
}

TEST(DropCopy, AnAccountOfTheOlderProtocolIsReadByItsTokens) {
  const TokenPrefix prefix = token_prefix(1);
  DropCopyReader reader{prefix};
  Message message(wire::ouch42::Executed::kSize);
  std::string token{prefix.data(), prefix.size()};
  token += "0000002A";
  wire::ouch42::ExecutedWriter{message.data()}
      .timestamp(1)
      .order_token(token)
      .executed_shares(60)
      .execution_price(999'900)
      .liquidity_flag('A')
      .match_number(5);
  const Message copy = copy_of("RIDLEY", message);
  const auto execution = reader.read(copy);
  ASSERT_TRUE(execution);
  EXPECT_EQ(execution->user_ref, 42U);
  EXPECT_EQ(execution->quantity, 60U);
}

}  // namespace
}  // namespace ridley::order
