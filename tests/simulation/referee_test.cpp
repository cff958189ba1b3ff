// SPDX-License-Identifier: Apache-2.0
// That the referee sees (also simulation/referee_accounts.cpp): turns that never were are shown to
// it. The mutants show whole days.
#include "simulation/referee.hpp"

#include <gtest/gtest.h>

#include <optional>

#include "simulation/street_fixture.hpp"
#include "simulation/violation.hpp"

namespace ridley::simulation {
namespace {

class RefereeTest : public StreetFixture {
 protected:
  std::optional<Rule> broken(const Turn& turn) {
    try {
      referee_.watch(turn);
    } catch (const Violation& violation) {
      return violation.rule();
    }
    return std::nullopt;
  }
  Turn turn() { return {.now_ns = street().now_ns()}; }

  Referee referee_{street(), options()};
};

}  // namespace

TEST_F(RefereeTest, HasNothingAgainstAQuietTurn) {
  EXPECT_EQ(broken(turn()), std::nullopt);
  street().run_ms(20);
  EXPECT_EQ(broken(turn()), std::nullopt);
}

TEST_F(RefereeTest, WantsEveryMessageInItsPlace) {
  order::Inbound message;
  message.kind = order::InboundKind::Message;
  message.sequence = 2;
  Turn later = turn();
  later.messages = {&message, 1};
  EXPECT_EQ(broken(later), Rule::Sequence);
}

TEST_F(RefereeTest, ComparesMessagesByteForByte) {
  street().run_ms(20);
  ASSERT_GT(street().market().stream().next_sequence(), 1u);
  order::Inbound message;
  message.kind = order::InboundKind::Message;
  message.sequence = 1;
  message.length = 3;
  Turn other = turn();
  other.messages = {&message, 1};
  EXPECT_EQ(broken(other), Rule::Sequence);
}

TEST_F(RefereeTest, WantsAPacketForEveryOrderAndAnOrderForEveryPacket) {
  event::OrderEvent sent{};
  sent.kind = event::OrderEventKind::Sent;
  Turn without_packet = turn();
  without_packet.order_events = {&sent, 1};
  EXPECT_EQ(broken(without_packet), Rule::OneEnd);

  order::Outbound packet;
  packet.length = 60;
  packet.bytes[3] = std::byte{'O'};
  Turn without_order = turn();
  without_order.packets = {&packet, 1};
  EXPECT_EQ(broken(without_order), Rule::OneEnd);
}

TEST_F(RefereeTest, MissesWhatItWasNotShown) {
  trade_until_ms(300);
  ASSERT_NE(street().rooms().gate.exposure().gross_notional_e4(), 0u);
  EXPECT_EQ(broken(turn()), Rule::Exposures);
}

}  // namespace ridley::simulation
