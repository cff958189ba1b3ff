// SPDX-License-Identifier: Apache-2.0
// Both ends of OUCH 4.2: order/ouch42_token.hpp, order/packet_frame.hpp, order/ouch42_packets.hpp,
// order/ouch42_replies.hpp and order/ouch42_port.hpp. What goes through both is held against
// OUCH 5.0 without a detour.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <array>
#include <string>
#include <vector>

#include "order/order_packets.hpp"
#include "order/ouch42_packets.hpp"
#include "order/ouch42_port.hpp"
#include "order/ouch42_replies.hpp"
#include "order_fixture.hpp"
#include "wire/ouch42.hpp"

namespace ridley::order {
namespace {

namespace ouch42 = wire::ouch42;

constexpr TokenPrefix kPrefix{'A', 'B', 'C', '1', '2', '3'};
constexpr event::Symbol kSymbol{'R', 'D', 'L', 'Y', ' ', ' ', ' ', ' '};
constexpr std::array<char, 4> kFirm{'R', 'I', 'D', 'L'};
constexpr std::uint32_t kNoon = 43'200;

std::span<const std::byte> message_in(const Outbound& out) { return out.packet().subspan(3); }

std::string token(std::uint32_t user_ref) {
  std::array<std::byte, kTokenDigits> digits;
  write_token_digits(digits.data(), user_ref);
  return std::string{kPrefix.data(), kPrefix.size()} +
         std::string{reinterpret_cast<const char*>(digits.data()), digits.size()};
}

TEST(Ouch42Token, SaysItsNumber) {
  EXPECT_EQ(token(0x89AB'CDEF), "ABC12389ABCDEF");
  rc::check(
      [](std::uint32_t user_ref) { RC_ASSERT(user_ref_of(kPrefix, token(user_ref)) == user_ref); });
}

TEST(Ouch42Token, OfAnotherProcessIsNobodys) {
  EXPECT_EQ(user_ref_of({'A', 'B', 'C', '1', '2', '4'}, token(5)), 0U);
  EXPECT_EQ(user_ref_of(kPrefix, "ABC1230000000g"), 0U);
  EXPECT_EQ(user_ref_of(kPrefix, "ABC12300000005"), 5U);
  EXPECT_EQ(user_ref_of(kPrefix, "ABC1230000005"), 0U);
}

TEST(Ouch42Token, EverySecondHasAPrefixOfItsOwn) {
  EXPECT_NE(token_prefix(1'800'000'000), token_prefix(1'800'000'001));
  EXPECT_EQ(token_prefix(35), (TokenPrefix{'0', '0', '0', '0', '0', 'Z'}));
  EXPECT_EQ(token_prefix(36), (TokenPrefix{'0', '0', '0', '0', '1', '0'}));
}

TEST(Ouch42Packets, EnterIsFortyNineBytesThatSayEverything) {
  const Ouch42Packets packets{kFirm, 'A', kPrefix};
  event::OrderIntent intent = intent_of(event::IntentKind::New, 300, 1'234'500);
  intent.side = event::Side::SellShort;
  intent.time_in_force = event::TimeInForce::ImmediateOrCancel;
  Outbound out;
  packets.enter(intent, 77, kSymbol, out);
  ASSERT_EQ(message_in(out).size(), 49U);
  EXPECT_EQ(base::load_big_endian<std::uint16_t>(out.bytes.data()), 50U);
  const ouch42::EnterOrder message{message_in(out).data()};
  EXPECT_EQ(message.order_token().text(), token(77));
  EXPECT_EQ(message.buy_sell_indicator(), 'T');
  EXPECT_EQ(message.shares(), 300U);
  EXPECT_EQ(message.stock().text(), "RDLY");
  EXPECT_EQ(message.price(), 1'234'500U);
  EXPECT_EQ(message.time_in_force(), 0U);
  EXPECT_EQ(message.firm().text(), "RIDL");
  EXPECT_EQ(message.display(), 'Y');
  EXPECT_EQ(message.capacity(), 'A');
  EXPECT_EQ(message.intermarket_sweep_eligibility(), 'N');
  EXPECT_EQ(message.minimum_quantity(), 0U);
  EXPECT_EQ(message.cross_type(), 'N');
}

TEST(Ouch42Packets, CancelAndReplaceNameTheirOrders) {
  const Ouch42Packets packets{{}, 'P', kPrefix};
  Outbound out;
  packets.cancel(5, 40, out);
  ASSERT_EQ(message_in(out).size(), 19U);
  EXPECT_EQ(ouch42::CancelOrder{message_in(out).data()}.order_token().text(), token(5));
  EXPECT_EQ(ouch42::CancelOrder{message_in(out).data()}.shares(), 40U);
  event::OrderIntent intent = intent_of(event::IntentKind::Replace, 250, 990'000);
  intent.user_ref = 5;
  packets.replace(intent, 6, out);
  ASSERT_EQ(message_in(out).size(), 47U);
  const ouch42::ReplaceOrder message{message_in(out).data()};
  EXPECT_EQ(message.existing_order_token().text(), token(5));
  EXPECT_EQ(message.replacement_order_token().text(), token(6));
  EXPECT_EQ(message.time_in_force(), 99'998U);
}

// An order by way of 4.2 is what it is without.
TEST(Ouch42, AnIntentBecomesTheSameOrderOnBothWays) {
  rc::check([](std::uint32_t quantity, std::uint32_t price_e4, bool post_only) {
    event::OrderIntent intent = intent_of(event::IntentKind::New, quantity, price_e4);
    intent.post_only = post_only ? 1 : 0;
    intent.side = *rc::gen::element(event::Side::Buy, event::Side::Sell, event::Side::SellShort);
    intent.time_in_force =
        *rc::gen::element(event::TimeInForce::Day, event::TimeInForce::ImmediateOrCancel,
                          event::TimeInForce::Extended, event::TimeInForce::AfterHours);
    intent.display = *rc::gen::element('Y', 'A', 'N');
    if (post_only && intent.display == 'N') intent.display = 'Y';
    Outbound straight;
    OrderPackets{kFirm, 'P'}.enter(intent, 1, kSymbol, straight);
    Outbound older;
    Ouch42Packets{kFirm, 'P', kPrefix}.enter(intent, 9, kSymbol, older);
    Ouch42Port port;
    const auto arrived = port.to_exchange(message_in(older), kNoon);
    const ouch::EnterOrder wanted{message_in(straight).data(), message_in(straight).size()};
    const ouch::EnterOrder got{arrived.data(), arrived.size()};
    RC_ASSERT(got.user_ref_num() == 1U);
    RC_ASSERT(got.cl_ord_id().text() == token(9));
    RC_ASSERT(got.side() == wanted.side());
    RC_ASSERT(got.quantity() == wanted.quantity());
    RC_ASSERT(got.symbol() == wanted.symbol());
    RC_ASSERT(got.price() == wanted.price());
    RC_ASSERT(got.time_in_force() == wanted.time_in_force());
    RC_ASSERT(got.display() == wanted.display());
    RC_ASSERT(got.capacity() == wanted.capacity());
    RC_ASSERT(got.cross_type() == wanted.cross_type());
    RC_ASSERT(got.appendages().well_formed());
    RC_ASSERT(got.appendages().find(ouch::Tag::Firm)->text() == "RIDL");
    RC_ASSERT(got.appendages().find(ouch::Tag::PostOnly).has_value() == post_only);
  });
}

class Ouch42PortTest : public testing::Test {
 protected:
  // The numbers of the exchange follow the order of arrival, so ours are others.
  std::uint32_t enter(std::uint32_t user_ref, event::OrderIntent intent) {
    Outbound out;
    packets.enter(intent, user_ref, kSymbol, out);
    const auto arrived = port.to_exchange(message_in(out), kNoon);
    if (arrived.empty()) return 0;
    return ouch::EnterOrder{arrived.data(), arrived.size()}.user_ref_num();
  }
  std::uint32_t enter(std::uint32_t user_ref) {
    return enter(user_ref, intent_of(event::IntentKind::New, 100));
  }

  // A reply of the exchange as the hot core gets it; empty when nothing comes.
  std::span<const std::byte> heard(const Message& reply) {
    const auto older = port.to_client(reply);
    return older.empty() ? older : replies.translate(older, room);
  }

  Ouch42Packets packets{kFirm, 'P', kPrefix};
  Ouch42Port port;
  Ouch42Replies replies{kPrefix};
  std::array<std::byte, kTranslatedBytesMax> room{};
};

TEST_F(Ouch42PortTest, ATokenIsUsedOnce) {
  EXPECT_EQ(enter(40), 1U);
  EXPECT_EQ(enter(40), 0U);
  EXPECT_EQ(enter(41), 2U);
  EXPECT_EQ(port.ignored(), 1U);
}

TEST_F(Ouch42PortTest, AnAcceptanceComesBackUnderOurNumber) {
  enter(39);
  enter(40);
  const Message reply = accepted(2, 100);
  const auto bytes = heard(reply);
  ASSERT_EQ(bytes.size(), ouch::OrderAccepted::kSize);
  const ouch::OrderAccepted got{bytes.data(), bytes.size()};
  const ouch::OrderAccepted said{reply.data(), reply.size()};
  EXPECT_EQ(got.user_ref_num(), 40U);
  EXPECT_EQ(got.timestamp(), said.timestamp());
  EXPECT_EQ(got.quantity(), 100U);
  EXPECT_EQ(got.price(), said.price());
  EXPECT_EQ(got.time_in_force(), '0');
  EXPECT_EQ(got.order_reference_number(), said.order_reference_number());
  EXPECT_EQ(got.order_state(), 'L');
  EXPECT_EQ(got.cl_ord_id().text(), token(40));
}

TEST_F(Ouch42PortTest, AReplacementNamesBothOrders) {
  enter(40);
  Outbound out;
  event::OrderIntent intent = intent_of(event::IntentKind::Replace, 250);
  intent.user_ref = 40;
  packets.replace(intent, 41, out);
  const auto arrived = port.to_exchange(message_in(out), kNoon);
  const ouch::ReplaceOrder message{arrived.data(), arrived.size()};
  EXPECT_EQ(message.orig_user_ref_num(), 1U);
  EXPECT_EQ(message.user_ref_num(), 2U);
  const auto bytes = heard(replaced(1, 2, 250));
  ASSERT_EQ(bytes.size(), ouch::OrderReplaced::kSize);
  EXPECT_EQ(ouch::OrderReplaced(bytes.data(), bytes.size()).orig_user_ref_num(), 40U);
  EXPECT_EQ(ouch::OrderReplaced(bytes.data(), bytes.size()).user_ref_num(), 41U);
}

TEST_F(Ouch42PortTest, ExecutionsCancelsAndRejectsKeepWhatTheySay) {
  enter(40);
  const auto execution = heard(executed(1, 60, 777, 999'900));
  ASSERT_EQ(execution.size(), ouch::OrderExecuted::kSize);
  const ouch::OrderExecuted traded{execution.data(), execution.size()};
  EXPECT_EQ(traded.user_ref_num(), 40U);
  EXPECT_EQ(traded.quantity(), 60U);
  EXPECT_EQ(traded.price(), 999'900U);
  EXPECT_EQ(traded.match_number(), 777U);
  const auto cancel = heard(canceled(1, 40, 'U'));
  EXPECT_EQ(ouch::OrderCanceled(cancel.data(), cancel.size()).quantity(), 40U);
  EXPECT_EQ(ouch::OrderCanceled(cancel.data(), cancel.size()).user_ref_num(), 40U);
  const auto reject = heard(rejected(1, 0x17));
  EXPECT_EQ(ouch::OrderRejected(reject.data(), reject.size()).rejected_order_reason(), 'S');
}

TEST_F(Ouch42PortTest, WhatTheOlderProtocolHasNoWordForIsNotSaid) {
  EXPECT_TRUE(port.to_client(query_response(5)).empty());
  EXPECT_TRUE(port.to_client(accepted(5, 100)).empty()) << "no such order";
}

TEST_F(Ouch42PortTest, SecondsBecomeATimeOfDay) {
  std::array<std::byte, ouch42::EnterOrder::kSize> bytes{};
  ouch42::EnterOrderWriter{bytes.data()}
      .order_token("MINE")
      .stock("RDLY")
      .firm("")
      .time_in_force(60)
      .display('Y')
      .customer_type('R')
      .minimum_quantity(10);
  const auto arrived = port.to_exchange(bytes, kNoon);
  const ouch::EnterOrder order{arrived.data(), arrived.size()};
  EXPECT_EQ(order.time_in_force(), '6');
  EXPECT_TRUE(order.appendages().well_formed());
  EXPECT_EQ(order.appendages().find(ouch::Tag::ExpireTime)->number<std::uint32_t>(), kNoon + 60);
  EXPECT_EQ(order.appendages().find(ouch::Tag::MinQty)->number<std::uint32_t>(), 10U);
  EXPECT_EQ(order.appendages().find(ouch::Tag::CustomerType)->text(), "R");
  EXPECT_FALSE(order.appendages().find(ouch::Tag::Firm));
}

TEST_F(Ouch42PortTest, AMessageOneByteShortIsCounted) {
  Outbound out;
  packets.enter(intent_of(event::IntentKind::New, 1), 1, kSymbol, out);
  EXPECT_TRUE(port.to_exchange(message_in(out).first(48), kNoon).empty());
  EXPECT_TRUE(port.to_exchange({}, kNoon).empty());
  EXPECT_EQ(port.malformed(), 2U);
}

TEST_F(Ouch42PortTest, AnUnknownTokenIsIgnored) {
  Outbound out;
  packets.cancel(5, 0, out);
  EXPECT_TRUE(port.to_exchange(message_in(out), kNoon).empty());
  EXPECT_EQ(port.ignored(), 1U);
}

TEST(Ouch42Replies, ATokenOfAnotherProcessGetsTheNumberOfNoOrder) {
  std::array<std::byte, ouch42::Executed::kSize> bytes{};
  ouch42::ExecutedWriter{bytes.data()}.order_token("SOMEBODY ELSE").executed_shares(7);
  Ouch42Replies replies{kPrefix};
  std::array<std::byte, kTranslatedBytesMax> room;
  const auto got = replies.translate(bytes, room);
  EXPECT_EQ(ouch::OrderExecuted(got.data(), got.size()).user_ref_num(), 0U);
  EXPECT_EQ(replies.counters().foreign_tokens, 1U);
}

TEST(Ouch42Replies, AReferencePriceBecomesAnElement) {
  std::array<std::byte, ouch42::ExecutedWithReferencePrice::kSize> bytes{};
  ouch42::ExecutedWithReferencePriceWriter{bytes.data()}
      .order_token(token(3))
      .executed_shares(7)
      .reference_price(123'400)
      .reference_price_type('I');
  Ouch42Replies replies{kPrefix};
  std::array<std::byte, kTranslatedBytesMax> room;
  const auto got = replies.translate(bytes, room);
  const ouch::OrderExecuted message{got.data(), got.size()};
  EXPECT_EQ(message.user_ref_num(), 3U);
  EXPECT_EQ(message.appendages().find(ouch::Tag::ReferencePrice)->number<std::uint64_t>(),
            123'400U);
}

TEST(Ouch42Replies, WhatCannotBeReadIsEmptyAndCounted) {
  Ouch42Replies replies{kPrefix};
  std::array<std::byte, kTranslatedBytesMax> room;
  std::array<std::byte, ouch42::Accepted::kSize - 1> bytes{};
  bytes[0] = std::byte{'A'};
  EXPECT_TRUE(replies.translate(bytes, room).empty());
  EXPECT_TRUE(replies.translate({}, room).empty());
  EXPECT_EQ(replies.counters().unreadable, 2U);
}

}  // namespace
}  // namespace ridley::order
