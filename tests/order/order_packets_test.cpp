// SPDX-License-Identifier: Apache-2.0
#include "order/order_packets.hpp"

#include <gtest/gtest.h>

#include "order_fixture.hpp"

namespace ridley::order {
namespace {

constexpr event::Symbol kSymbol{'R', 'D', 'L', 'Y', ' ', ' ', ' ', ' '};

std::span<const std::byte> message_in(const Outbound& out) { return out.packet().subspan(3); }

std::size_t length_in(const Outbound& out) {
  return base::load_big_endian<std::uint16_t>(out.bytes.data());
}

TEST(OrderPackets, EnterSaysEverythingTheIntentSays) {
  const OrderPackets packets{{'R', 'I', 'D', 'L'}, 'A'};
  event::OrderIntent intent = intent_of(event::IntentKind::New, 300, 1'234'500);
  intent.side = event::Side::SellShort;
  intent.time_in_force = event::TimeInForce::ImmediateOrCancel;
  intent.display = 'N';
  Outbound out;
  packets.enter(intent, 77, kSymbol, out);

  EXPECT_EQ(length_in(out), out.length - 2U);
  EXPECT_EQ(out.bytes[2], std::byte{'U'});
  const auto bytes = message_in(out);
  ASSERT_EQ(bytes.size(), 47U + 6U);
  const ouch::EnterOrder message{bytes.data(), bytes.size()};
  EXPECT_EQ(bytes[0], std::byte{'O'});
  EXPECT_EQ(message.user_ref_num(), 77U);
  EXPECT_EQ(message.side(), 'T');
  EXPECT_EQ(message.quantity(), 300U);
  EXPECT_EQ(message.symbol().text(), "RDLY");
  EXPECT_EQ(message.price(), 1'234'500U);
  EXPECT_EQ(message.time_in_force(), '3');
  EXPECT_EQ(message.display(), 'N');
  EXPECT_EQ(message.capacity(), 'A');
  EXPECT_EQ(message.inter_market_sweep_eligibility(), 'N');
  EXPECT_EQ(message.cross_type(), 'N');
  EXPECT_EQ(message.cl_ord_id().text(), "");
  EXPECT_TRUE(message.appendages().well_formed());
  EXPECT_EQ(message.appendages().find(ouch::Tag::Firm)->text(), "RIDL");
}

TEST(OrderPackets, PostOnlyIsAnElementOfItsOwn) {
  const OrderPackets packets{{}, 'P'};
  event::OrderIntent intent = intent_of(event::IntentKind::New, 1);
  Outbound out;
  packets.enter(intent, 1, kSymbol, out);
  EXPECT_EQ(message_in(out).size(), 47U);
  intent.post_only = 1;
  packets.enter(intent, 1, kSymbol, out);
  const ouch::EnterOrder message{message_in(out).data(), message_in(out).size()};
  EXPECT_TRUE(message.appendages().well_formed());
  EXPECT_EQ(message.appendages().find(ouch::Tag::PostOnly)->text(), "P");
  packets.replace(intent, 2, out);
  const ouch::ReplaceOrder replace{message_in(out).data(), message_in(out).size()};
  EXPECT_TRUE(replace.appendages().find(ouch::Tag::PostOnly));
}

TEST(OrderPackets, TheLongestOneFitsItsTemplate) {
  const OrderPackets packets{{'R', 'I', 'D', 'L'}, 'P'};
  event::OrderIntent intent = intent_of(event::IntentKind::New, 1);
  intent.post_only = 1;
  Outbound out;
  packets.enter(intent, 1, kSymbol, out);
  EXPECT_EQ(out.length, 59U);
}

TEST(OrderPackets, ReplaceNamesBothOrders) {
  const OrderPackets packets{{}, 'P'};
  event::OrderIntent intent = intent_of(event::IntentKind::Replace, 250, 990'000);
  intent.user_ref = 5;
  Outbound out;
  packets.replace(intent, 6, out);
  EXPECT_EQ(length_in(out), out.length - 2U);
  const ouch::ReplaceOrder message{message_in(out).data(), message_in(out).size()};
  EXPECT_EQ(message_in(out).size(), 40U);
  EXPECT_EQ(message.orig_user_ref_num(), 5U);
  EXPECT_EQ(message.user_ref_num(), 6U);
  EXPECT_EQ(message.quantity(), 250U);
  EXPECT_EQ(message.price(), 990'000U);
  EXPECT_EQ(message.time_in_force(), '0');
  EXPECT_EQ(message.display(), 'Y');
}

TEST(OrderPackets, CancelAndQueryAreBare) {
  const OrderPackets packets{{}, 'P'};
  Outbound out;
  packets.cancel(9, 40, out);
  EXPECT_EQ(out.length, 3U + 9U);
  const ouch::CancelOrder message{message_in(out).data(), message_in(out).size()};
  EXPECT_EQ(message.user_ref_num(), 9U);
  EXPECT_EQ(message.quantity(), 40U);
  packets.account_query(out);
  EXPECT_EQ(out.length, 4U);
  EXPECT_EQ(message_in(out)[0], std::byte{'Q'});
}

TEST(OrderPackets, WritingOneLeavesTheConnectionAlone) {
  const OrderPackets packets{{}, 'P'};
  Outbound out;
  out.connection = 12;
  packets.cancel(9, 0, out);
  EXPECT_EQ(out.connection, 12U);
}

}  // namespace
}  // namespace ridley::order
