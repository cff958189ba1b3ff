// SPDX-License-Identifier: Apache-2.0
#include "simulation/ack_order.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>

#include "wire/ouch.hpp"

namespace ridley::simulation {
namespace {

namespace ouch = wire::ouch;
using Messages = std::vector<std::vector<std::byte>>;

std::vector<std::byte> canceled(std::uint32_t number, std::uint32_t quantity) {
  std::vector<std::byte> bytes(ouch::OrderCanceled::kSize);
  ouch::OrderCanceledWriter{bytes.data()}.user_ref_num(number).quantity(quantity);
  return bytes;
}

std::vector<std::byte> query_response() {
  std::vector<std::byte> bytes(ouch::AccountQueryResponse::kSize);
  ouch::AccountQueryResponseWriter{bytes.data()}.next_user_ref_num(9);
  return bytes;
}

}  // namespace

TEST(AckOrder, KeepsTheSequenceOfOneOrder) {
  Messages messages;
  for (std::uint32_t i = 0; i < 30; ++i) messages.push_back(canceled(1 + i % 3, i));
  venue::Random random{1};
  EXPECT_GT(shuffle_acks(messages, random), 0u);
  std::map<std::uint32_t, std::uint32_t> last;
  for (const auto& message : messages) {
    const ouch::OrderCanceled view{message.data(), message.size()};
    const auto [before, first] = last.try_emplace(view.user_ref_num(), view.quantity());
    EXPECT_TRUE(first || before->second < view.quantity());
    before->second = view.quantity();
  }
}

TEST(AckOrder, NothingPassesTheAnswerToAQuery) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    Messages messages{canceled(1, 1), canceled(2, 1), query_response(), canceled(3, 1)};
    venue::Random random{seed};
    (void)shuffle_acks(messages, random);
    EXPECT_EQ(messages[2], query_response());
    EXPECT_EQ(messages[3], canceled(3, 1));
  }
}

TEST(AckOrder, LeavesOneAnswerAlone) {
  Messages messages{canceled(1, 1)};
  venue::Random random{1};
  EXPECT_EQ(shuffle_acks(messages, random), 0u);
}

}  // namespace ridley::simulation
