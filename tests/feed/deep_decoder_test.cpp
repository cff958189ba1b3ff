// SPDX-License-Identifier: Apache-2.0
#include "feed/deep_decoder.hpp"

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "feed/packets.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using event::MarketEvent;
namespace deep = wire::deep;

struct Listener {
  SymbolTable symbols{16};
  DeepDecoder decoder{symbols};
  std::vector<MarketEvent> events;
  std::uint64_t sequence = 0;

  Decoded hear(const Bytes& message) {
    events.clear();
    return decoder.decode({++sequence, message}, 0,
                          [this](const MarketEvent& event) { events.push_back(event); });
  }
  template <typename View, typename Writer>
  const MarketEvent& say(EventKind kind, const std::function<void(Writer&)>& fill) {
    EXPECT_EQ((hear(message_of<View, Writer>(fill))), Decoded::Event);
    EXPECT_FALSE(events.empty());
    EXPECT_EQ(events.back().kind, kind);
    return events.back();
  }
  const MarketEvent& level(std::uint8_t flags, std::uint32_t size, std::int64_t price) {
    return say<deep::PriceLevelBuyUpdate, deep::PriceLevelBuyUpdateWriter>(
        EventKind::PriceLevel, [=](auto& writer) {
          writer.event_flags(flags)
              .timestamp(1'500'000'000'000'000'007)
              .symbol("ZIEXT")
              .size(size)
              .price(price);
        });
  }
};

}  // namespace

TEST(DeepDecoder, SetsLevelsAndTellsWhenAnEventIsWhole) {
  Listener listener;
  const MarketEvent first = listener.level(0, 300, 123'400);
  ASSERT_EQ(listener.events.size(), 2u);
  EXPECT_EQ(listener.events[0].kind, EventKind::Directory);
  EXPECT_EQ(first.locate, 1);
  EXPECT_EQ(first.side, event::Side::Buy);
  EXPECT_EQ(first.flags, event::kIncomplete);
  EXPECT_EQ(first.exchange_ns, 1'500'000'000'000'000'007u);
  EXPECT_EQ(first.level.quantity, 300u);
  EXPECT_EQ(first.level.price_e4, 123'400u);
  EXPECT_EQ(first.level.action, event::LevelAction::Set);
  EXPECT_EQ(listener.level(1, 0, 123'400).flags, 0);
  EXPECT_EQ(listener.events.size(), 1u);
  const MarketEvent& sell =
      listener.say<deep::PriceLevelSellUpdate, deep::PriceLevelSellUpdateWriter>(
          EventKind::PriceLevel,
          [](auto& writer) { writer.event_flags(1).symbol("ZIEXT").size(5); });
  EXPECT_EQ(sell.side, event::Side::Sell);
}

TEST(DeepDecoder, SpeaksOfTheDayAsItchDoes) {
  Listener listener;
  const auto code = [&](char letter) {
    return listener
        .say<deep::SystemEvent, deep::SystemEventWriter>(
            EventKind::SystemEvent, [letter](auto& writer) { writer.system_event(letter); })
        .system.event_code;
  };
  for (const char letter : {'O', 'S', 'M', 'E', 'C'}) EXPECT_EQ(code(letter), letter);
  EXPECT_EQ(code('R'), 'Q');
}

TEST(DeepDecoder, TellsOfAnInstrumentAndItsLastClose) {
  Listener listener;
  const Bytes message =
      message_of<deep::SecurityDirectory, deep::SecurityDirectoryWriter>([](auto& writer) {
        writer.symbol("ZIEXT").round_lot_size(100).adjusted_poc_price(5'000).luld_tier(2);
      });
  EXPECT_EQ(listener.hear(message), Decoded::Event);
  ASSERT_EQ(listener.events.size(), 2u);
  EXPECT_EQ(listener.events[0].kind, EventKind::Directory);
  EXPECT_EQ(listener.events[0].directory.round_lot_size, 100u);
  EXPECT_EQ(listener.events[0].directory.luld_tier, '2');
  EXPECT_EQ(listener.events[1].kind, EventKind::Statistic);
  EXPECT_EQ(listener.events[1].statistic.statistic, event::StatisticKind::PreviousClose);
  EXPECT_EQ(listener.events[1].statistic.price_e4, 5'000u);
}

TEST(DeepDecoder, ReadsStates) {
  Listener listener;
  const auto state = [&](char letter) {
    return listener
        .say<deep::TradingStatus, deep::TradingStatusWriter>(
            EventKind::TradingAction,
            [letter](auto& writer) { writer.trading_status(letter).symbol("A").reason("T1"); })
        .trading.state;
  };
  EXPECT_EQ(state('H'), 'H');
  EXPECT_EQ(state('O'), 'A');
  EXPECT_EQ(state('P'), 'P');
  EXPECT_EQ(state('T'), 'T');
  const auto halt = [&](char letter) {
    return listener
        .say<deep::OperationalHaltStatus, deep::OperationalHaltStatusWriter>(
            EventKind::OperationalHalt,
            [letter](auto& writer) { writer.operational_halt_status(letter).symbol("A"); })
        .halt.action;
  };
  EXPECT_EQ(halt('O'), 'H');
  EXPECT_EQ(halt('N'), 'T');
  const auto price_test = [&](std::uint8_t status) {
    return listener
        .say<deep::ShortSalePriceTestStatus, deep::ShortSalePriceTestStatusWriter>(
            EventKind::ShortSaleRestriction,
            [status](auto& writer) { writer.short_sale_price_test_status(status).symbol("A"); })
        .short_sale.action;
  };
  EXPECT_EQ(price_test(0), '0');
  EXPECT_EQ(price_test(1), '1');
  const auto interest = [&](char letter) {
    return listener
        .say<deep::RetailLiquidityIndicator, deep::RetailLiquidityIndicatorWriter>(
            EventKind::RetailInterest,
            [letter](auto& writer) { writer.retail_liquidity_indicator(letter).symbol("A"); })
        .retail.interest;
  };
  EXPECT_EQ(interest(' '), 'N');
  EXPECT_EQ(interest('A'), 'B');
  EXPECT_EQ(interest('B'), 'S');
  EXPECT_EQ(interest('C'), 'A');
  EXPECT_EQ((listener
                 .say<deep::SecurityEvent, deep::SecurityEventWriter>(
                     EventKind::SecurityEvent,
                     [](auto& writer) { writer.security_event('O').symbol("A"); })
                 .security.event_code),
            'O');
}

TEST(DeepDecoder, ReadsTradesBreaksAndOfficialPrices) {
  Listener listener;
  const MarketEvent trade = listener.say<deep::TradeReport, deep::TradeReportWriter>(
      EventKind::Trade, [](auto& writer) { writer.symbol("A").size(10).price(99).trade_id(7); });
  EXPECT_EQ(trade.side, event::Side::None);
  EXPECT_EQ(trade.trade.quantity, 10u);
  EXPECT_EQ(trade.trade.price_e4, 99u);
  EXPECT_EQ(trade.trade.match_number, 7u);
  EXPECT_EQ((listener
                 .say<deep::TradeBreak, deep::TradeBreakWriter>(
                     EventKind::BrokenTrade, [](auto& writer) { writer.symbol("A").trade_id(7); })
                 .broken.match_number),
            7u);
  for (const char type : {'Q', 'M'}) {
    const MarketEvent& price = listener.say<deep::OfficialPrice, deep::OfficialPriceWriter>(
        EventKind::Statistic,
        [type](auto& writer) { writer.symbol("A").price_type(type).official_price(88); });
    EXPECT_EQ(price.statistic.statistic, type == 'Q' ? event::StatisticKind::OfficialOpen
                                                     : event::StatisticKind::OfficialClose);
    EXPECT_EQ(price.statistic.price_e4, 88u);
  }
}

TEST(DeepDecoder, TellsAnAuctionAndItsCollar) {
  Listener listener;
  const MarketEvent collar = listener.say<deep::AuctionInformation, deep::AuctionInformationWriter>(
      EventKind::AuctionCollar, [](auto& writer) {
        writer.auction_type('C')
            .symbol("A")
            .paired_shares(1)
            .reference_price(2)
            .indicative_clearing_price(3)
            .imbalance_shares(4)
            .imbalance_side('B')
            .extension_number(5)
            .auction_book_clearing_price(6)
            .collar_reference_price(7)
            .lower_auction_collar(8)
            .upper_auction_collar(9);
      });
  EXPECT_EQ(collar.collar.reference_price_e4, 7u);
  EXPECT_EQ(collar.collar.lower_price_e4, 8u);
  EXPECT_EQ(collar.collar.upper_price_e4, 9u);
  EXPECT_EQ(collar.collar.extension, 5u);
  const MarketEvent& auction = listener.events[1];
  EXPECT_EQ(auction.kind, EventKind::Imbalance);
  EXPECT_EQ(auction.imbalance.paired_quantity, 1u);
  EXPECT_EQ(auction.imbalance.reference_price_e4, 2u);
  EXPECT_EQ(auction.imbalance.near_price_e4, 3u);
  EXPECT_EQ(auction.imbalance.imbalance_quantity, 4u);
  EXPECT_EQ(auction.imbalance.direction, 'B');
  EXPECT_EQ(auction.imbalance.far_price_e4, 6u);
}

TEST(DeepDecoder, DoubtsAPriceThatNoEventHolds) {
  Listener listener;
  (void)listener.level(1, 1, 0xFFFF'FFFE);
  for (const std::int64_t price : {std::int64_t{-1}, std::int64_t{0xFFFF'FFFF}}) {
    const Bytes message = message_of<deep::PriceLevelBuyUpdate, deep::PriceLevelBuyUpdateWriter>(
        [price](auto& writer) { writer.symbol("ZIEXT").size(1).price(price); });
    EXPECT_EQ(listener.hear(message), Decoded::Event);
    ASSERT_EQ(listener.events.size(), 1u);
    EXPECT_EQ(listener.events[0].kind, EventKind::Doubt);
    EXPECT_EQ(listener.events[0].doubt.reason, event::DoubtReason::Range);
    EXPECT_EQ(listener.events[0].locate, 1);
  }
}

TEST(DeepDecoder, DoubtsEveryBookAfterALoss) {
  Listener listener;
  std::vector<MarketEvent> events;
  listener.decoder.lose({.unit = 0, .from = 4, .count = 2, .reason = event::DoubtReason::Gap},
                        [&](const MarketEvent& event) { events.push_back(event); });
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].locate, event::kNoLocate);
  EXPECT_EQ(listener.level(1, 1, 1).flags, event::kAfterLoss);
  listener.decoder.restart();
  EXPECT_EQ(listener.level(1, 1, 1).flags, 0);
}

TEST(DeepDecoder, ReadsLongerMessagesAndRefusesShorterOnes) {
  Listener listener;
  Bytes message = message_of<deep::TradeReport, deep::TradeReportWriter>(
      [](auto& writer) { writer.symbol("A"); });
  message.push_back({});
  EXPECT_EQ(listener.hear(message), Decoded::Event);
  message.resize(37);
  EXPECT_EQ(listener.hear(message), Decoded::Truncated);
  EXPECT_EQ(listener.hear(bytes_of("?")), Decoded::UnknownType);
  EXPECT_EQ(listener.hear({}), Decoded::Truncated);
}

}  // namespace ridley::feed
