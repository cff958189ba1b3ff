// SPDX-License-Identifier: Apache-2.0
#include "venue/order_desk.hpp"

#include <gtest/gtest.h>

#include "exchange_bench.hpp"

namespace ridley::venue {
namespace {

using event::Side;
using test::cancel_order;
using test::enter_order;
using test::Entry;
using test::ExchangeBench;
using test::Lines;
using test::mass_cancel;
using test::modify_order;
using test::replace_order;
using test::value;
using wire::ouch::Tag;

TEST(OrderDesk, AcceptsAnOrderAndShowsItWhenItRests) {
  ExchangeBench bench;
  EXPECT_EQ(bench.enter({.number = 1}), Lines{"A#1 L B100@100000"});
  EXPECT_EQ(bench.feed(), Lines{"A 1 B100@100000"});
  EXPECT_EQ(bench.exchange.accounts()[0].orders().size(), 1u);
}

TEST(OrderDesk, TellsOfTheAcceptanceBeforeTheExecutionsAndShowsOnlyTheRemainder) {
  ExchangeBench bench;
  const std::uint64_t ask = bench.crowd(Side::Sell, 60, 100'000);
  EXPECT_EQ(bench.enter({.number = 1}), (Lines{"A#1 L B100@100000", "E#1 60@100000 R"}));
  EXPECT_EQ(bench.feed(), (Lines{fmt::format("E {} 60", ask), "A 2 B40@100000"}));
}

TEST(OrderDesk, NeverShowsAnOrderThatTradesAwayAtOnce) {
  ExchangeBench bench;
  const std::uint64_t ask = bench.crowd(Side::Sell, 100, 99'900);
  EXPECT_EQ(bench.enter({.number = 1}), (Lines{"A#1 L B100@100000", "E#1 100@99900 R"}));
  EXPECT_EQ(bench.feed(), Lines{fmt::format("E {} 100", ask)});
  EXPECT_TRUE(bench.exchange.accounts()[0].orders().empty());
}

TEST(OrderDesk, TellsBothOwnersOfOneExecutionWithOneMatchNumber) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1, .side = 'S'});
  bench.desk.receive(1, enter_order({.number = 7}));
  EXPECT_EQ(bench.replies(0), Lines{"E#1 100@100000 A"});
  EXPECT_EQ(bench.replies(1), (Lines{"A#7 L B100@100000", "E#7 100@100000 R"}));
  EXPECT_EQ(bench.exchange.accounts()[0].positions().at(1), -100);
  EXPECT_EQ(bench.exchange.accounts()[1].positions().at(1), 100);
  EXPECT_EQ(bench.exchange.accounts()[0].cash_e4(), 10'000'000);
  EXPECT_EQ(bench.exchange.accounts()[1].cash_e4(), -10'000'000);
}

TEST(OrderDesk, CallsAnImmediateOrderDeadWhenNothingTrades) {
  ExchangeBench bench;
  EXPECT_EQ(bench.enter({.number = 1, .time_in_force = '3'}), Lines{"A#1 D B100@100000"});
  EXPECT_TRUE(bench.feed().empty());
  EXPECT_EQ(bench.say(cancel_order(1, 0)), Lines{});
}

TEST(OrderDesk, CancelsTheRemainderOfAnImmediateOrder) {
  ExchangeBench bench;
  (void)bench.crowd(Side::Sell, 30, 100'000);
  EXPECT_EQ(bench.enter({.number = 1, .time_in_force = '3'}),
            (Lines{"A#1 L B100@100000", "E#1 30@100000 R", "C#1 70 I"}));
}

TEST(OrderDesk, CancelsAPostOnlyOrderThatWouldTradeAndSaysWhatWasInTheWay) {
  ExchangeBench bench;
  (void)bench.crowd(Side::Sell, 30, 100'000);
  const auto post = test::with_element(enter_order({.number = 1}), Tag::PostOnly, value({'P'}));
  EXPECT_EQ(bench.say(post), (Lines{"A#1 L B100@100000", "C#1 100 G"}));
  ExchangeBench hidden;
  (void)hidden.crowd(Side::Sell, 30, 100'000, Display::Hidden);
  EXPECT_EQ(hidden.say(post), (Lines{"A#1 L B100@100000", "C#1 100 F"}));
  EXPECT_TRUE(hidden.feed().empty());
}

TEST(OrderDesk, PrintsHiddenLiquidityWithoutItsReferenceAndSide) {
  ExchangeBench bench;
  EXPECT_EQ(bench.enter({.number = 1, .side = 'S', .display = 'N'}), Lines{"A#1 L S100@100000"});
  EXPECT_TRUE(bench.feed().empty());
  bench.desk.receive(1, enter_order({.number = 1}));
  EXPECT_EQ(bench.replies(0), Lines{"E#1 100@100000 J"});
  EXPECT_EQ(bench.feed(), Lines{"P 0 B100@100000"});
}

TEST(OrderDesk, AttributesAnOrderToItsFirm) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1, .display = 'A'});
  EXPECT_EQ(bench.feed(), Lines{"F 1 B100@100000 FRMA"});
}

TEST(OrderDesk, IgnoresANumberThatIsNotGreaterThanTheLast) {
  ExchangeBench bench;
  (void)bench.enter({.number = 5});
  EXPECT_EQ(bench.enter({.number = 5}), Lines{});
  EXPECT_EQ(bench.enter({.number = 4}), Lines{});
  EXPECT_EQ(bench.counts().ignored, 2u);
  EXPECT_EQ(bench.enter({.number = 6}).size(), 1u);
}

TEST(OrderDesk, RejectsWithTheReasonAndUsesUpTheNumber) {
  ExchangeBench bench;
  EXPECT_EQ(bench.enter({.number = 1, .symbol = "NONE"}), Lines{"J#1 0x17"});
  EXPECT_EQ(bench.enter({.number = 2, .price_e4 = 100'050}), Lines{"J#2 0x1d"});
  EXPECT_EQ(bench.enter({.number = 3, .quantity = 0}), Lines{"J#3 0x13"});
  EXPECT_EQ(bench.enter({.number = 4, .side = 'X'}), Lines{"J#4 0x09"});
  EXPECT_EQ(bench.enter({.number = 5, .display = 'M'}), Lines{"J#5 0x03"});
  EXPECT_EQ(bench.enter({.number = 6, .cross_type = 'O'}), Lines{"J#6 0x14"});
  EXPECT_EQ(bench.enter({.number = 6}), Lines{});
  EXPECT_EQ(bench.counts().rejected, 6u);
  EXPECT_EQ(bench.say(value({'Q'})), Lines{"Q 7"});
}

TEST(OrderDesk, RejectsInHaltedInstrumentsAndOutsideMarketHours) {
  ExchangeBench bench;
  bench.exchange.set_trading_state(1, TradingState::Halted, "T1");
  EXPECT_EQ(bench.feed(), Lines{"H RAAA H T1"});
  EXPECT_EQ(bench.enter({.number = 1}), Lines{"J#1 0x07"});
  EXPECT_EQ(bench.enter({.number = 2, .symbol = "RAAB"}).front(), "A#2 L B100@100000");
  bench.exchange.close();
  (void)bench.replies(0);
  EXPECT_EQ(bench.enter({.number = 3, .symbol = "RAAB"}), Lines{"J#3 0x02"});
}

TEST(OrderDesk, EchoesTheAppendage) {
  ExchangeBench bench;
  const auto message =
      test::with_element(enter_order({.number = 1}), Tag::Firm, value({'F', 'R', 'M', 'A'}));
  bench.desk.receive(0, message);
  const auto reply = first_message(bench.exchange.accounts()[0].replies.bytes());
  const wire::ouch::OrderAccepted accepted{reply.data(), reply.size()};
  ASSERT_TRUE(accepted.appendages().well_formed());
  EXPECT_EQ(accepted.appendages().find(Tag::Firm)->text(), "FRMA");
  EXPECT_EQ(accepted.cl_ord_id().text(), "mine");
}

TEST(OrderDesk, RejectsAnAppendageThatOverrunsItsMessage) {
  ExchangeBench bench;
  auto message = test::with_element(enter_order({.number = 1}), Tag::PostOnly, value({'P'}));
  message[wire::ouch::EnterOrder::kFixedSize + 2] = std::byte{9};
  EXPECT_EQ(bench.say(message), Lines{"J#1 0x0f"});
}

TEST(OrderDesk, RejectsElementsItCannotDo) {
  ExchangeBench bench;
  const auto with = [](std::uint32_t number, Tag tag, std::vector<std::byte> content) {
    return test::with_element(enter_order({.number = number}), tag, std::move(content));
  };
  EXPECT_EQ(bench.say(with(1, Tag::MinQty, value({0, 0, 0, 1}))), Lines{"J#1 0x0d"});
  EXPECT_EQ(bench.say(with(2, Tag::MaxFloor, value({0, 0, 0, 1}))), Lines{"J#2 0x04"});
  EXPECT_EQ(bench.say(with(3, Tag::PriceType, value({'M'}))), Lines{"J#3 0x05"});
  EXPECT_EQ(bench.say(with(4, Tag::PegOffset, value({0, 0, 0, 1}))), Lines{"J#4 0x11"});
  EXPECT_EQ(bench.say(with(5, Tag::UserRefIdx, value({1}))), Lines{"J#5 0x0f"});
  EXPECT_EQ(bench.say(with(6, Tag::MinQty, value({0, 0, 0, 0}))).front(), "A#6 L B100@100000");
}

TEST(OrderDesk, ReplacesWithTheTotalQuantityOfTheChain) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  (void)bench.crowd(Side::Sell, 40, 100'000);
  (void)bench.replies(0);
  EXPECT_EQ(bench.say(replace_order(1, {.number = 2, .quantity = 150})),
            Lines{"U#1>2 L B110@100000"});
  EXPECT_EQ(bench.feed(), Lines{"U 1>3 110@100000"});
  EXPECT_EQ(bench.say(replace_order(2, {.number = 3, .quantity = 41, .price_e4 = 99'900})),
            Lines{"U#2>3 L B1@99900"});
}

TEST(OrderDesk, CancelsTheOriginalWhenAReplaceLeavesNothing) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  (void)bench.crowd(Side::Sell, 40, 100'000);
  (void)bench.replies(0);
  EXPECT_EQ(bench.say(replace_order(1, {.number = 2, .quantity = 40})), Lines{"C#1 60 U"});
  EXPECT_EQ(bench.feed(), Lines{"D 1"});
  EXPECT_EQ(bench.say(value({'Q'})), Lines{"Q 3"});
}

TEST(OrderDesk, IgnoresAReplaceOfWhatIsDeadOrUnknownOrAlreadyUsed) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  EXPECT_EQ(bench.say(replace_order(9, {.number = 2})), Lines{});
  EXPECT_EQ(bench.say(replace_order(1, {.number = 1})), Lines{});
  (void)bench.say(cancel_order(1, 0));
  EXPECT_EQ(bench.say(replace_order(1, {.number = 2})), Lines{});
  EXPECT_EQ(bench.counts().ignored, 3u);
  EXPECT_EQ(bench.say(value({'Q'})), Lines{"Q 2"});
}

TEST(OrderDesk, KeepsTheOriginalWhenAReplaceIsRejectedButNotForItsQuantity) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  EXPECT_EQ(bench.say(replace_order(1, {.number = 2, .price_e4 = 0})), Lines{"J#2 0x1d"});
  EXPECT_EQ(bench.exchange.accounts()[0].orders().count(1), 1u);
  EXPECT_EQ(bench.say(replace_order(1, {.number = 3, .quantity = 1'000'000})),
            (Lines{"J#3 0x13", "C#1 100 U"}));
  EXPECT_TRUE(bench.exchange.accounts()[0].orders().empty());
}

TEST(OrderDesk, ShowsAReplaceThatTradesAsADeleteAndWhatFollows) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1, .price_e4 = 99'900});
  const std::uint64_t ask = bench.crowd(Side::Sell, 40, 100'000);
  EXPECT_EQ(bench.say(replace_order(1, {.number = 2, .quantity = 100})),
            (Lines{"U#1>2 L B100@100000", "E#2 40@100000 R"}));
  EXPECT_EQ(bench.feed(), (Lines{"D 1", fmt::format("E {} 40", ask), "A 3 B60@100000"}));
}

TEST(OrderDesk, ShowsAReplaceThatHidesOrRevealsAsDeleteOrAdd) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  (void)bench.feed();
  (void)bench.say(replace_order(1, {.number = 2, .display = 'N'}));
  EXPECT_EQ(bench.feed(), Lines{"D 1"});
  (void)bench.say(replace_order(2, {.number = 3}));
  EXPECT_EQ(bench.feed(), Lines{"A 3 B100@100000"});
}

TEST(OrderDesk, CancelsDownToTheWantedQuantityAndKeepsPriority) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  (void)bench.enter({.number = 2});
  (void)bench.feed();
  EXPECT_EQ(bench.say(cancel_order(1, 100)), Lines{});
  EXPECT_EQ(bench.say(cancel_order(1, 99)), Lines{"C#1 1 U"});
  EXPECT_EQ(bench.feed(), Lines{"X 1 1"});
  (void)bench.crowd(Side::Sell, 10, 100'000);
  EXPECT_EQ(bench.replies(0), Lines{"E#1 10@100000 A"});
  EXPECT_EQ(bench.say(cancel_order(1, 0)), Lines{"C#1 89 U"});
  EXPECT_EQ(bench.feed(), Lines{"D 1"});
  EXPECT_EQ(bench.say(cancel_order(1, 0)), Lines{});
}

TEST(OrderDesk, ModifiesQuantityDownwardsAndSidesOneWay) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1, .side = 'S'});
  (void)bench.feed();
  EXPECT_EQ(bench.say(modify_order(1, 'S', 100)), Lines{});
  EXPECT_EQ(bench.say(modify_order(1, 'S', 80)), Lines{"M#1 S80"});
  EXPECT_EQ(bench.feed(), Lines{"X 1 20"});
  EXPECT_EQ(bench.say(modify_order(1, 'E', 200)), Lines{"M#1 E80"});
  EXPECT_EQ(bench.say(modify_order(1, 'T', 70)), Lines{"M#1 T70"});
  EXPECT_EQ(bench.say(modify_order(1, 'S', 60)), Lines{});
  EXPECT_EQ(bench.say(modify_order(1, 'B', 60)), Lines{});
  EXPECT_EQ(bench.say(modify_order(2, 'S', 60)), Lines{});
}

TEST(OrderDesk, MassCancelsBySymbolAndByFirm) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  (void)bench.enter({.number = 2, .symbol = "RAAB"});
  (void)bench.enter({.number = 3});
  bench.desk.receive(1, enter_order({.number = 1}));
  EXPECT_EQ(bench.say(mass_cancel(4, "FRMA", "RAAA")),
            (Lines{"X#4 FRMA RAAA", "C#1 100 U", "C#3 100 U"}));
  EXPECT_EQ(bench.say(mass_cancel(5, "FRMB", "")), Lines{"X#5 FRMB "});
  EXPECT_EQ(bench.say(mass_cancel(6, "", "")), (Lines{"X#6  ", "C#2 100 U"}));
  EXPECT_EQ(bench.exchange.accounts()[1].orders().size(), 1u);
}

TEST(OrderDesk, RejectsNewOrdersWhileTheFirmIsDisabledAndLetsCancelsPass) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  auto disable = value({'D', 0, 0, 0, 2, 'F', 'R', 'M', 'A'});
  EXPECT_EQ(bench.say(disable), Lines{"G#2"});
  EXPECT_EQ(bench.enter({.number = 3}), Lines{"J#3 0x0c"});
  EXPECT_EQ(bench.say(replace_order(1, {.number = 4})), Lines{"J#4 0x0c"});
  EXPECT_EQ(bench.say(cancel_order(1, 0)), Lines{"C#1 100 U"});
  disable[0] = std::byte{'E'};
  EXPECT_EQ(bench.say(disable), Lines{"K#2"});
  EXPECT_EQ(bench.enter({.number = 5}).front(), "A#5 L B100@100000");
}

TEST(OrderDesk, CountsMessagesThatAreTooShortOrUnknown) {
  ExchangeBench bench;
  auto message = enter_order({.number = 1});
  message.pop_back();
  EXPECT_EQ(bench.say(message), Lines{});
  EXPECT_EQ(bench.say(value({'z', 1, 2})), Lines{});
  EXPECT_EQ(bench.say({}), Lines{});
  EXPECT_EQ(bench.counts().malformed, 3u);
}

TEST(OrderDesk, TimesOutAnOrderAtItsSecond) {
  ExchangeBench bench;
  const auto order = test::with_element(enter_order({.number = 1, .time_in_force = '6'}),
                                        Tag::ExpireTime, value({0, 0, 0x85, 0x99}));  // 34,201
  EXPECT_EQ(bench.say(order), Lines{"A#1 L B100@100000"});
  bench.exchange.at(34'200'999'999'999);
  bench.desk.expire();
  EXPECT_EQ(bench.replies(0), Lines{});
  bench.exchange.at(34'201'000'000'000);
  bench.desk.expire();
  EXPECT_EQ(bench.replies(0), Lines{"C#1 100 T"});
  EXPECT_EQ(bench.enter({.number = 2, .time_in_force = '6'}), Lines{"J#2 0x0f"});
}

TEST(OrderDesk, CancelsEverythingOfOneAccount) {
  ExchangeBench bench;
  (void)bench.enter({.number = 1});
  (void)bench.enter({.number = 2, .side = 'S', .price_e4 = 100'100});
  bench.desk.receive(1, enter_order({.number = 1}));
  bench.desk.cancel_all(0, CancelReason::Supervisory);
  EXPECT_EQ(bench.replies(0), (Lines{"C#1 100 S", "C#2 100 S"}));
  EXPECT_EQ(bench.exchange.engine().resting_count(), 1u);
}

}  // namespace
}  // namespace ridley::venue
