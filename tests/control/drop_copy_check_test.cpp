// SPDX-License-Identifier: Apache-2.0
#include "control/drop_copy_check.hpp"

#include <gtest/gtest.h>

#include <cstring>

#include "order/soup_packet.hpp"
#include "wire/ouch.hpp"

namespace ridley::control {
namespace {

class DropCopyCheckTest : public testing::Test {
 protected:
  static order::Inbound news(order::InboundKind kind) {
    order::Inbound slot;
    slot.kind = kind;
    return slot;
  }
  static order::Inbound copy(std::string account, std::uint32_t user_ref, std::uint64_t match) {
    account.resize(order::kUsernameBytes, ' ');
    order::Inbound slot = news(order::InboundKind::Message);
    slot.length = static_cast<std::uint16_t>(account.size() + wire::ouch::OrderExecuted::kSize);
    std::memcpy(slot.bytes.data(), account.data(), account.size());
    wire::ouch::OrderExecutedWriter{slot.bytes.data() + account.size()}
        .user_ref_num(user_ref)
        .quantity(100)
        .price(20'000)
        .match_number(match);
    return slot;
  }
  static event::OrderEvent execution(std::uint32_t user_ref, std::uint64_t match) {
    event::OrderEvent event{};
    event.kind = event::OrderEventKind::Executed;
    event.user_ref = user_ref;
    event.match_number = match;
    event.quantity = 100;
    event.price_e4 = 20'000;
    return event;
  }

  DropCopyCheck check{"RIDLEY", std::nullopt, {.match_within_ns = 100, .kill_after_ns = 50}};
};

}  // namespace

TEST_F(DropCopyCheckTest, HasNothingToSayOfWhatBothKnow) {
  check.take(news(order::InboundKind::LoggedIn), 0);
  EXPECT_TRUE(check.connected());
  check.own(execution(7, 1), 0);
  check.take(copy("RIDLEY", 7, 1), 10);
  const DropCopyCheck::Look look = check.look(1'000);
  EXPECT_TRUE(look.alerts.empty());
  EXPECT_FALSE(look.kill);
  EXPECT_EQ(check.match().counters().matched, 1u);
}

TEST_F(DropCopyCheckTest, LeavesOtherAccountsAlone) {
  check.take(copy("OTHER", 7, 1), 0);
  EXPECT_EQ(check.of_others(), 1u);
  EXPECT_TRUE(check.look(1'000).alerts.empty());
}

TEST_F(DropCopyCheckTest, TellsOfAnUnknownExecutionThenStopsOnce) {
  check.take(copy("RIDLEY", 7, 1), 0);
  const DropCopyCheck::Look told = check.look(101);
  ASSERT_EQ(told.alerts.size(), 1u);
  EXPECT_NE(told.alerts[0].find("match 1, order 7, 100 shares at 2.0000"), std::string::npos);
  EXPECT_FALSE(told.kill);
  EXPECT_TRUE(check.look(151).kill);
  EXPECT_FALSE(check.look(152).kill);
  check.take(copy("RIDLEY", 8, 2), 200);
  (void)check.look(301);
  EXPECT_TRUE(check.look(351).kill) << "whoever has armed again did not know of this one";
}

TEST_F(DropCopyCheckTest, TellsOnceThatItsConnectionIsLost) {
  check.take(news(order::InboundKind::LoggedIn), 0);
  check.take(news(order::InboundKind::Disconnected), 1);
  EXPECT_EQ(check.look(2).alerts.size(), 1u);
  check.take(news(order::InboundKind::Disconnected), 3);
  EXPECT_TRUE(check.look(4).alerts.empty());
}

}  // namespace ridley::control
