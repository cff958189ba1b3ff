// SPDX-License-Identifier: Apache-2.0
#include "simulation/copy_rule.hpp"

#include <gtest/gtest.h>

#include <array>

#include "order/soup_packet.hpp"
#include "simulation/violation.hpp"
#include "wire/ouch.hpp"

namespace ridley::simulation {
namespace {

class CopyRuleTest : public testing::Test {
 protected:
  void own(std::uint32_t number, std::uint64_t match) {
    event::OrderEvent event{};
    event.kind = event::OrderEventKind::Executed;
    event.user_ref = number;
    event.match_number = match;
    rule_.own(event);
  }
  void copied(std::uint32_t number, std::uint64_t match, std::uint64_t now_ns) {
    using wire::ouch::OrderExecuted;
    std::array<std::byte, order::kUsernameBytes + OrderExecuted::kSize> copy{};
    wire::ouch::OrderExecutedWriter{copy.data() + order::kUsernameBytes}
        .user_ref_num(number)
        .match_number(match);
    rule_.copied(copy, now_ns);
  }

  CopyRule rule_{{.match_within_ns = 100, .kill_after_ns = 50}, 10};
};

}  // namespace

TEST_F(CopyRuleTest, WantsNothingForWhatTheFirmKnows) {
  own(1, 7);
  copied(1, 7, 0);
  copied(2, 8, 0);
  own(2, 8);
  own(3, 9);
  EXPECT_NO_THROW(rule_.check(false, 1'000));
  EXPECT_THROW(rule_.check(true, 1'000), Violation) << "for nothing";
}

TEST_F(CopyRuleTest, WantsAStopInTimeForEachThatItDoesNot) {
  copied(1, 7, 0);
  EXPECT_NO_THROW(rule_.check(false, 160));
  EXPECT_NO_THROW(rule_.check(true, 160));
  EXPECT_NO_THROW(rule_.check(false, 1'000)) << "it was stopped for this one";
  copied(2, 8, 1'000);
  EXPECT_THROW(rule_.check(false, 1'161), Violation);
}

TEST_F(CopyRuleTest, WantsNoStopBeforeItsTime) {
  copied(1, 7, 0);
  EXPECT_THROW(rule_.check(true, 150), Violation);
}

TEST_F(CopyRuleTest, KnowsNothingInAnotherProcess) {
  copied(1, 7, 0);
  rule_.restart();
  EXPECT_NO_THROW(rule_.check(false, 1'000));
}

}  // namespace ridley::simulation
