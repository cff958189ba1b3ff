// SPDX-License-Identifier: Apache-2.0
#include "feed/pitch_decoder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "feed/packets.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using event::MarketEvent;
namespace pitch = wire::pitch;

std::string text(const event::Symbol& symbol) { return {symbol.data(), symbol.size()}; }

struct Listener {
  explicit Listener(std::uint32_t instruments_max = 16) : symbols{instruments_max} {}

  SymbolTable symbols;
  PitchDecoder decoder{symbols};
  std::vector<MarketEvent> events;
  std::uint64_t sequence = 0;

  Decoded hear(const Bytes& message, std::uint16_t unit = 1) {
    events.clear();
    return decoder.decode({++sequence, message}, unit, sink());
  }
  template <typename View, typename Writer>
  Decoded say(const std::function<void(Writer&)>& fill, std::uint16_t unit = 1) {
    return hear(message_of<View, Writer>(fill), unit);
  }
  void lose(std::uint16_t unit) {
    events.clear();
    decoder.lose({.unit = unit, .from = 7, .count = 2, .reason = event::DoubtReason::Gap}, sink());
  }
  void time(std::uint32_t seconds, std::uint16_t unit = 1) {
    say<pitch::Time, pitch::TimeWriter>([=](auto& writer) { writer.time(seconds); }, unit);
  }
  void add(std::uint64_t id, std::string_view symbol, std::uint16_t unit = 1) {
    say<pitch::AddOrderShort, pitch::AddOrderShortWriter>(
        [=](auto& writer) {
          writer.time_offset(5).order_id(id).side_indicator('B').quantity(100).symbol(symbol).price(
              1234);
        },
        unit);
  }

 private:
  std::function<void(const MarketEvent&)> sink() {
    return [this](const MarketEvent& event) { events.push_back(event); };
  }
};

// Of one kind: what the last message said.
const MarketEvent& last(const Listener& listener, EventKind kind) {
  EXPECT_FALSE(listener.events.empty());
  EXPECT_EQ(listener.events.back().kind, kind);
  return listener.events.back();
}

}  // namespace

TEST(PitchDecoder, TellsASymbolOnceAndGivesItALocate) {
  Listener listener;
  listener.time(34'200);
  EXPECT_TRUE(listener.events.empty());
  listener.add(9, "ZVZZT");
  ASSERT_EQ(listener.events.size(), 2u);
  EXPECT_EQ(listener.events[0].kind, EventKind::Directory);
  EXPECT_EQ(listener.events[0].locate, 1);
  EXPECT_EQ(text(listener.events[0].directory.symbol), "ZVZZT   ");
  const MarketEvent& add = last(listener, EventKind::AddOrder);
  EXPECT_EQ(add.locate, 1);
  EXPECT_EQ(add.flags, 0);
  EXPECT_EQ(add.side, event::Side::Buy);
  EXPECT_EQ(add.tracking_number, 1);
  EXPECT_EQ(add.sequence, 2u);
  EXPECT_EQ(add.exchange_ns, 34'200'000'000'005u);
  EXPECT_EQ(add.add.order_id, 9u);
  EXPECT_EQ(add.add.quantity, 100u);
  EXPECT_EQ(add.add.price_e4, 123'400u);
  EXPECT_EQ(text(add.add.symbol), "ZVZZT   ");
  listener.add(10, "ZVZZT");
  EXPECT_EQ(listener.events.size(), 1u);
}

TEST(PitchDecoder, ReadsTheThreeFormsOfAnAddAlike) {
  Listener listener;
  listener.say<pitch::AddOrderLong, pitch::AddOrderLongWriter>([](auto& writer) {
    writer.order_id(1).side_indicator('S').quantity(70'000).symbol("ABCDEF").price(12'345);
  });
  const MarketEvent first = last(listener, EventKind::AddOrder);
  EXPECT_EQ(first.add.quantity, 70'000u);
  EXPECT_EQ(first.add.price_e4, 12'345u);
  listener.say<pitch::AddOrderExpanded, pitch::AddOrderExpandedWriter>([](auto& writer) {
    writer.order_id(2)
        .side_indicator('S')
        .quantity(1)
        .symbol("ABCDEF")
        .price(12'346)
        .participant_id("MPID");
  });
  const MarketEvent& second = last(listener, EventKind::AddOrder);
  EXPECT_EQ(second.locate, first.locate);
  EXPECT_EQ(std::string(second.add.attribution.data(), 4), "MPID");
  EXPECT_EQ(std::string(first.add.attribution.data(), 4), "    ");
}

TEST(PitchDecoder, FindsTheOtherOrderMessagesByTheirOrder) {
  Listener listener;
  const auto is_by_order = [&](EventKind kind) {
    const MarketEvent& event = last(listener, kind);
    EXPECT_EQ(event.locate, event::kNoLocate);
    EXPECT_EQ(event.flags, event::kByOrder);
    EXPECT_EQ(event.add.order_id, 77u);
    return event;
  };
  listener.say<pitch::OrderExecuted, pitch::OrderExecutedWriter>(
      [](auto& writer) { writer.order_id(77).executed_quantity(5).execution_id(99); });
  MarketEvent event = is_by_order(EventKind::ExecuteOrder);
  EXPECT_EQ(event.execute.quantity, 5u);
  EXPECT_EQ(event.execute.match_number, 99u);
  EXPECT_EQ(event.execute.printable, 1);
  listener.say<pitch::OrderExecutedAtPriceSize, pitch::OrderExecutedAtPriceSizeWriter>(
      [](auto& writer) {
        writer.order_id(77).executed_quantity(5).remaining_quantity(6).execution_id(98).price(7);
      });
  event = is_by_order(EventKind::ExecuteOrderLeaving);
  EXPECT_EQ(event.leaving.quantity, 5u);
  EXPECT_EQ(event.leaving.remaining, 6u);
  EXPECT_EQ(event.leaving.price_e4, 7u);
  listener.say<pitch::ReduceSizeLong, pitch::ReduceSizeLongWriter>(
      [](auto& writer) { writer.order_id(77).canceled_quantity(70'000); });
  EXPECT_EQ(is_by_order(EventKind::CancelOrder).cancel.quantity, 70'000u);
  listener.say<pitch::ReduceSizeShort, pitch::ReduceSizeShortWriter>(
      [](auto& writer) { writer.order_id(77).canceled_quantity(7); });
  EXPECT_EQ(is_by_order(EventKind::CancelOrder).cancel.quantity, 7u);
  listener.say<pitch::ModifyOrderShort, pitch::ModifyOrderShortWriter>(
      [](auto& writer) { writer.order_id(77).quantity(8).price(9).modify_flags(0x02); });
  event = is_by_order(EventKind::ModifyOrder);
  EXPECT_EQ(event.modify.price_e4, 900u);
  EXPECT_EQ(event.modify.keeps_priority, 1);
  listener.say<pitch::ModifyOrderLong, pitch::ModifyOrderLongWriter>(
      [](auto& writer) { writer.order_id(77).quantity(8).price(901).modify_flags(0x01); });
  event = is_by_order(EventKind::ModifyOrder);
  EXPECT_EQ(event.modify.price_e4, 901u);
  EXPECT_EQ(event.modify.keeps_priority, 0);
  listener.say<pitch::DeleteOrder, pitch::DeleteOrderWriter>(
      [](auto& writer) { writer.order_id(77); });
  is_by_order(EventKind::DeleteOrder);
}

TEST(PitchDecoder, ReadsPrintsAndBreaks) {
  Listener listener;
  listener.say<pitch::TradeLong, pitch::TradeLongWriter>([](auto& writer) {
    writer.side_indicator('B').quantity(70'000).symbol("A").price(55).execution_id(4);
  });
  EXPECT_EQ(last(listener, EventKind::Trade).trade.price_e4, 55u);
  listener.say<pitch::TradeShort, pitch::TradeShortWriter>([](auto& writer) {
    writer.side_indicator('S').quantity(7).symbol("A").price(55).execution_id(5);
  });
  EXPECT_EQ(last(listener, EventKind::Trade).trade.price_e4, 5'500u);
  listener.say<pitch::TradeExpanded, pitch::TradeExpandedWriter>(
      [](auto& writer) { writer.quantity(8).symbol("ABCDEFGH").price(56).execution_id(6); });
  EXPECT_EQ(last(listener, EventKind::Trade).locate, 2);
  EXPECT_EQ(last(listener, EventKind::Trade).trade.match_number, 6u);
  listener.say<pitch::TradeBreak, pitch::TradeBreakWriter>(
      [](auto& writer) { writer.execution_id(6); });
  EXPECT_EQ(last(listener, EventKind::BrokenTrade).broken.match_number, 6u);
}

TEST(PitchDecoder, ReadsStatesAuctionsAndRetailInterest) {
  Listener listener;
  listener.say<pitch::TradingStatus, pitch::TradingStatusWriter>(
      [](auto& writer) { writer.symbol("A").trading_status('A').reg_sho_action('1'); });
  ASSERT_EQ(listener.events.size(), 3u);
  EXPECT_EQ(listener.events[1].kind, EventKind::TradingAction);
  EXPECT_EQ(listener.events[1].trading.state, 'A');
  EXPECT_EQ(last(listener, EventKind::ShortSaleRestriction).short_sale.action, '1');
  listener.say<pitch::AuctionUpdate, pitch::AuctionUpdateWriter>([](auto& writer) {
    writer.stock_symbol("A")
        .auction_type('C')
        .reference_price(10)
        .buy_shares(30)
        .sell_shares(50)
        .indicative_price(11)
        .auction_only_price(12);
  });
  const MarketEvent& auction = last(listener, EventKind::Imbalance);
  EXPECT_EQ(auction.imbalance.paired_quantity, 30u);
  EXPECT_EQ(auction.imbalance.imbalance_quantity, 20u);
  EXPECT_EQ(auction.imbalance.direction, 'S');
  EXPECT_EQ(auction.imbalance.near_price_e4, 11u);
  EXPECT_EQ(auction.imbalance.far_price_e4, 12u);
  EXPECT_EQ(auction.imbalance.cross_type, 'C');
  listener.say<pitch::AuctionSummary, pitch::AuctionSummaryWriter>([](auto& writer) {
    writer.stock_symbol("A").auction_type('O').price(13).shares_contracts(14);
  });
  EXPECT_EQ(last(listener, EventKind::CrossTrade).cross.quantity, 14u);
  EXPECT_EQ(last(listener, EventKind::CrossTrade).cross.price_e4, 13u);
  listener.say<pitch::RetailPriceImprovement, pitch::RetailPriceImprovementWriter>(
      [](auto& writer) { writer.symbol("A").retail_price_improvement('N'); });
  EXPECT_EQ(last(listener, EventKind::RetailInterest).retail.interest, 'N');
  listener.say<pitch::EndOfSession, pitch::EndOfSessionWriter>(
      [](auto& writer) { writer.time_offset(1); });
  EXPECT_EQ(last(listener, EventKind::SystemEvent).system.event_code, 'C');
}

TEST(PitchDecoder, HasAClockForEachUnitAndNoneAfterALoss) {
  Listener listener;
  listener.time(10, 1);
  listener.time(20, 2);
  listener.add(1, "A", 1);
  EXPECT_EQ(listener.events.back().exchange_ns, 10'000'000'005u);
  listener.add(2, "B", 2);
  EXPECT_EQ(listener.events.back().exchange_ns, 20'000'000'005u);
  // Perhaps a Time message was lost: no time is better than a wrong one.
  listener.lose(1);
  listener.add(3, "A", 1);
  EXPECT_EQ(listener.events.back().exchange_ns, 0u);
  listener.time(11, 1);
  listener.add(4, "A", 1);
  EXPECT_EQ(listener.events.back().exchange_ns, 11'000'000'005u);
}

TEST(PitchDecoder, DoubtsTheInstrumentsOfTheUnitThatLostAndThoseToCome) {
  Listener listener;
  listener.add(1, "A", 1);
  listener.add(2, "B", 2);
  listener.add(3, "C", 1);
  listener.lose(1);
  ASSERT_EQ(listener.events.size(), 2u);
  EXPECT_EQ(listener.events[0].kind, EventKind::Doubt);
  EXPECT_EQ(listener.events[0].locate, 1);
  EXPECT_EQ(listener.events[1].locate, 3);
  EXPECT_EQ(listener.events[1].doubt.missing_from, 7u);
  EXPECT_EQ(listener.events[1].doubt.missing_count, 2u);
  listener.add(4, "D", 1);
  ASSERT_EQ(listener.events.size(), 3u);
  EXPECT_EQ(listener.events[1].kind, EventKind::Doubt);
  EXPECT_EQ(listener.events[1].locate, 4);
  EXPECT_EQ(listener.events[2].flags, event::kAfterLoss);
  listener.add(5, "E", 2);
  EXPECT_EQ(listener.events.size(), 2u);
}

TEST(PitchDecoder, ClearsEveryBookOfTheUnit) {
  Listener listener;
  listener.add(1, "A", 1);
  listener.add(2, "B", 2);
  listener.add(3, "C", 1);
  listener.say<pitch::UnitClear, pitch::UnitClearWriter>(
      [](auto& writer) { writer.time_offset(1); });
  ASSERT_EQ(listener.events.size(), 2u);
  EXPECT_EQ(listener.events[0].kind, EventKind::ClearBook);
  EXPECT_EQ(listener.events[0].locate, 1);
  EXPECT_EQ(listener.events[1].locate, 3);
}

TEST(PitchDecoder, DoubtsAPriceThatNoEventHolds) {
  Listener listener;
  const auto add = [&](std::uint64_t price) {
    listener.say<pitch::AddOrderLong, pitch::AddOrderLongWriter>([price](auto& writer) {
      writer.order_id(1).side_indicator('B').quantity(1).symbol("BRK.A").price(price);
    });
  };
  add(0xFFFF'FFFE);
  EXPECT_EQ(listener.events.size(), 2u);
  EXPECT_EQ(listener.events.back().add.price_e4, 0xFFFF'FFFEu);
  // The order is kept, so that what comes of it finds it.
  add(0xFFFF'FFFF);
  ASSERT_EQ(listener.events.size(), 2u);
  EXPECT_EQ(listener.events[0].kind, EventKind::Doubt);
  EXPECT_EQ(listener.events[0].doubt.reason, event::DoubtReason::Range);
  EXPECT_EQ(listener.events[1].add.price_e4, event::kPriceBeyond);
  listener.say<pitch::ModifyOrderLong, pitch::ModifyOrderLongWriter>(
      [](auto& writer) { writer.order_id(1).quantity(1).price(std::uint64_t{1} << 40); });
  EXPECT_EQ(last(listener, EventKind::ModifyOrder).modify.price_e4, event::kPriceBeyond);
  listener.say<pitch::TradeLong, pitch::TradeLongWriter>(
      [](auto& writer) { writer.symbol("BRK.A").quantity(1).price(std::uint64_t{1} << 40); });
  EXPECT_EQ(last(listener, EventKind::Doubt).locate, 1);
}

TEST(PitchDecoder, KeepsTheOrdersOfInstrumentsBeyondTheTableApart) {
  Listener listener{2};
  listener.add(1, "A");
  listener.add(2, "B");
  ASSERT_EQ(listener.events.size(), 1u);
  EXPECT_EQ(listener.events[0].locate, event::kNoLocate);
  EXPECT_EQ(listener.symbols.refused(), 1u);
}

TEST(PitchDecoder, ReadsLongerMessagesAndRefusesShorterOnes) {
  Listener listener;
  Bytes message = message_of<pitch::DeleteOrder, pitch::DeleteOrderWriter>(
      [](auto& writer) { writer.order_id(77); });
  message.push_back(std::byte{1});
  message[0] = std::byte{15};
  EXPECT_EQ(listener.hear(message), Decoded::Event);
  message.resize(13);
  EXPECT_EQ(listener.hear(message), Decoded::Truncated);
  message[1] = std::byte{0x9F};
  EXPECT_EQ(listener.hear(message), Decoded::UnknownType);
  EXPECT_EQ(listener.hear({std::byte{1}}), Decoded::Truncated);
  EXPECT_EQ(listener.hear({}), Decoded::Truncated);
  EXPECT_TRUE(listener.events.empty());
}

TEST(PitchDecoder, BeginsAnewWhenToldTo) {
  Listener listener;
  listener.time(10);
  listener.add(1, "A");
  listener.lose(1);
  listener.decoder.restart();
  listener.add(2, "B");
  EXPECT_EQ(listener.events.size(), 2u);
  EXPECT_EQ(listener.events.back().locate, 1);
  EXPECT_EQ(listener.events.back().flags, 0);
  EXPECT_EQ(listener.events.back().exchange_ns, 0u);
}

}  // namespace ridley::feed
