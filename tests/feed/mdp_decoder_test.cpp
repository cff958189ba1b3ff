// SPDX-License-Identifier: Apache-2.0
#include "feed/mdp_decoder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "feed/mdp_messages.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using event::LevelAction;
using event::MarketEvent;
using event::Side;
using mdp::kE9;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

struct Heard {
  explicit Heard(MdpView view = MdpView::Levels) : decoder{instruments, view} {}

  MdpInstruments instruments{8};
  MdpDecoder decoder;
  std::vector<MarketEvent> events;

  Decoded decode(const std::vector<Bytes>& messages, std::uint64_t sequence = 1) {
    const Bytes packet = mdp::Packet{.messages = messages}.bytes();
    events.clear();
    return decoder.decode({sequence, std::span{packet}.subspan(MdpFraming::kHeaderBytes)}, 0,
                          [this](const MarketEvent& event) { events.push_back(event); });
  }
  [[nodiscard]] std::vector<EventKind> kinds() const {
    std::vector<EventKind> kinds;
    for (const MarketEvent& event : events) kinds.push_back(event.kind);
    return kinds;
  }
};

// Instrument 7 has been told before.
struct Introduced : Heard {
  explicit Introduced(MdpView view) : Heard{view} { (void)decode({mdp::status(7, 17)}); }
};

}  // namespace

TEST(MdpDecoder, TellsAnInstrumentThenItsLevelThenTheEnd) {
  Heard heard;
  EXPECT_EQ(heard.decode({mdp::book({{.security = 42'005'347, .rpt_seq = 9}})}, 55),
            Decoded::Event);
  ASSERT_THAT(heard.kinds(), ElementsAre(EventKind::Directory, EventKind::Definition,
                                         EventKind::PriceLevel, EventKind::EventEnd));
  EXPECT_EQ(std::string(heard.events[0].directory.symbol.data(), 8), "42005347");
  EXPECT_EQ(heard.events[1].definition.depth, 10);
  EXPECT_EQ(heard.events[1].definition.price_unit_e9, 100'000);
  EXPECT_EQ(heard.events[1].definition.security_id, 42'005'347u);
  const MarketEvent& level = heard.events[2];
  EXPECT_EQ(level.locate, 1);
  EXPECT_EQ(level.sequence, 55u);
  EXPECT_EQ(level.exchange_ns, 5u);
  EXPECT_EQ(level.side, Side::Buy);
  EXPECT_EQ(level.flags, event::kIncomplete);
  EXPECT_EQ(level.level.price_e4, 1'000'000u);
  EXPECT_EQ(level.level.quantity, 10u);
  EXPECT_EQ(level.level.orders, 2u);
  EXPECT_EQ(level.level.position, 1);
  EXPECT_EQ(level.level.action, LevelAction::Insert);
  EXPECT_EQ(level.level.instrument_sequence, 9u);
  EXPECT_EQ(heard.decoder.messages().events, 1u);
}

TEST(MdpDecoder, KnowsEveryActionAndTheBookThatIsImplied) {
  Introduced heard{MdpView::Levels};
  constexpr auto kNone = std::nullopt;
  (void)heard.decode({mdp::book({{.type = '1', .action = 1},
                                 {.action = 2, .price_e9 = kNone},
                                 {.action = 3, .price_e9 = kNone},
                                 {.action = 4},
                                 {.action = 5},
                                 {.type = 'F', .orders = 0x7FFF'FFFF}})});
  ASSERT_THAT(heard.kinds(),
              ElementsAre(EventKind::PriceLevel, EventKind::PriceLevel, EventKind::PriceLevel,
                          EventKind::PriceLevel, EventKind::PriceLevel, EventKind::Directory,
                          EventKind::Definition, EventKind::PriceLevel, EventKind::EventEnd,
                          EventKind::EventEnd));
  EXPECT_EQ(heard.events[0].side, Side::Sell);
  EXPECT_EQ(heard.events[0].level.action, LevelAction::Change);
  EXPECT_EQ(heard.events[1].level.action, LevelAction::Remove);
  EXPECT_EQ(heard.events[1].level.price_e4, event::kPriceBeyond);
  EXPECT_EQ(heard.events[2].level.action, LevelAction::RemoveThrough);
  EXPECT_EQ(heard.events[3].level.action, LevelAction::RemoveFrom);
  EXPECT_EQ(heard.events[4].level.action, LevelAction::Overlay);
  EXPECT_EQ(heard.events[6].definition.depth, 2);
  const MarketEvent& implied = heard.events[7];
  EXPECT_EQ(implied.locate, 2);
  EXPECT_EQ(implied.flags, event::kIncomplete | event::kImplied);
  EXPECT_EQ(implied.level.orders, 0u);
  EXPECT_EQ(heard.events[8].locate, 1);
  EXPECT_EQ(heard.events[9].locate, 2);
}

TEST(MdpDecoder, AnEventMayNeedSeveralMessagesAndPackets) {
  Introduced heard{MdpView::Levels};
  (void)heard.decode({mdp::book({{}}, {}, 0x04), mdp::book({{.security = 8}}, {}, 0)});
  EXPECT_THAT(heard.kinds(), ElementsAre(EventKind::PriceLevel, EventKind::Directory,
                                         EventKind::Definition, EventKind::PriceLevel));
  (void)heard.decode({mdp::book({}, {}, mdp::kEnd, 6)}, 2);
  ASSERT_THAT(heard.kinds(), ElementsAre(EventKind::EventEnd, EventKind::EventEnd));
  EXPECT_EQ(heard.events[0].locate, 1);
  EXPECT_EQ(heard.events[1].locate, 3);
  EXPECT_EQ(heard.events[1].exchange_ns, 6u);
  EXPECT_EQ(heard.events[1].flags, 0);
  (void)heard.decode({mdp::book({})}, 3);
  EXPECT_THAT(heard.events, IsEmpty());
}

TEST(MdpDecoder, OrdersHaveWhatTheyReferTo) {
  Introduced heard{MdpView::Orders};
  (void)heard.decode(
      {mdp::book({{.action = 2, .price_e9 = 99 * kE9}, {.type = '1', .price_e9 = 101 * kE9}},
                 {{.id = 11, .reference = 1, .action = 2},
                  {.id = 12, .reference = 2, .action = 1, .quantity = 4, .priority = 77},
                  {.id = 13, .reference = 2, .action = 0, .quantity = 6}})});
  ASSERT_THAT(heard.kinds(), ElementsAre(EventKind::DeleteOrder, EventKind::ModifyOrder,
                                         EventKind::AddOrder, EventKind::EventEnd));
  EXPECT_EQ(heard.events[0].remove.order_id, 11u);
  EXPECT_EQ(heard.events[0].locate, 1);
  EXPECT_EQ(heard.events[1].modify.order_id, 12u);
  EXPECT_EQ(heard.events[1].modify.price_e4, 1'010'000u);
  EXPECT_EQ(heard.events[1].modify.priority, 77u);
  EXPECT_EQ(heard.events[1].modify.keeps_priority, event::kKeepsUnlessItGrows);
  EXPECT_EQ(heard.events[2].side, Side::Sell);
  EXPECT_EQ(heard.events[2].add.quantity, 6u);
  EXPECT_EQ(heard.decoder.left_out(), 0u);
}

TEST(MdpDecoder, AnOrderThatRefersToNoLevelCannotBeRead) {
  for (const int wrong : {0, 2, 255}) {
    const auto reference = static_cast<std::uint8_t>(wrong);
    Introduced heard{MdpView::Orders};
    EXPECT_EQ(heard.decode({mdp::book({{}}, {{.reference = reference}})}), Decoded::Truncated);
    EXPECT_EQ(heard.decoder.messages().truncated, 1u);
    // The levels alone are no matter of it.
    Introduced levels{MdpView::Levels};
    EXPECT_EQ(levels.decode({mdp::book({{}}, {{.reference = reference}})}), Decoded::Event);
    EXPECT_EQ(levels.decoder.left_out(), 1u);
  }
}

TEST(MdpDecoder, OrdersAloneNameTheirInstrument) {
  Introduced heard{MdpView::Orders};
  (void)heard.decode(
      {mdp::order_book({{.id = 1, .type = '1', .price_e9 = 52'141'250 * kE9 / 10'000},
                        {.id = 1, .action = 1, .quantity = 3},
                        {.id = 1, .action = 2}})});
  ASSERT_THAT(heard.kinds(), ElementsAre(EventKind::AddOrder, EventKind::ModifyOrder,
                                         EventKind::DeleteOrder, EventKind::EventEnd));
  EXPECT_EQ(heard.events[0].add.price_e4, 52'141'250u);
  EXPECT_EQ(heard.events[0].side, Side::Sell);
  Introduced levels{MdpView::Levels};
  (void)levels.decode({mdp::order_book({{}})});
  EXPECT_THAT(levels.events, IsEmpty());
  EXPECT_EQ(levels.decoder.left_out(), 1u);
}

TEST(MdpDecoder, ABookResetEmptiesTheInstrumentAndAChannelResetAll) {
  for (const MdpView view : {MdpView::Levels, MdpView::Orders}) {
    Introduced heard{view};
    (void)heard.decode({mdp::book({{.type = 'J'}})});
    ASSERT_THAT(heard.kinds(), ElementsAre(EventKind::ClearBook, EventKind::EventEnd));
    EXPECT_EQ(heard.events[0].locate, 1);
    (void)heard.decode({mdp::order_book({{.type = 'J'}})});
    EXPECT_THAT(heard.kinds(), ElementsAre(EventKind::ClearBook, EventKind::EventEnd));
    (void)heard.decode({mdp::channel_reset()});
    ASSERT_THAT(heard.kinds(), ElementsAre(EventKind::ClearBook));
    EXPECT_EQ(heard.events[0].locate, event::kNoLocate);
  }
}

TEST(MdpDecoder, TradesSayWhoRested) {
  Introduced heard{MdpView::Levels};
  (void)heard.decode({mdp::trades({{.aggressor = 1},
                                   {.aggressor = 2, .id = 5},
                                   {.aggressor = 0, .id = 0xFFFF'FFFF},
                                   {.action = 2, .id = 5},
                                   {.action = 1, .id = 6}})});
  ASSERT_THAT(heard.kinds(),
              ElementsAre(EventKind::Trade, EventKind::Trade, EventKind::Trade,
                          EventKind::BrokenTrade, EventKind::BrokenTrade, EventKind::Trade));
  EXPECT_EQ(heard.events[0].side, Side::Sell);
  EXPECT_EQ(heard.events[0].trade.quantity, 3u);
  EXPECT_EQ(heard.events[0].trade.price_e4, 1'000'000u);
  EXPECT_EQ(heard.events[0].trade.match_number, 99u);
  EXPECT_EQ(heard.events[1].side, Side::Buy);
  EXPECT_EQ(heard.events[2].side, Side::None);
  EXPECT_EQ(heard.events[2].trade.match_number, 0u);
  EXPECT_EQ(heard.events[3].broken.match_number, 5u);
}

TEST(MdpDecoder, StatesAreLettersOfItch) {
  Introduced heard{MdpView::Levels};
  ASSERT_THAT(heard.kinds(),
              ElementsAre(EventKind::Directory, EventKind::Definition, EventKind::TradingAction));
  EXPECT_EQ(heard.events[2].trading.state, 'T');
  EXPECT_EQ(heard.events[2].trading.reason[0], '2');
  const std::vector<std::pair<int, char>> states{{2, 'H'},  {4, 'H'},  {15, 'Q'},  {17, 'T'},
                                                 {18, 'H'}, {20, 'H'}, {21, 'A'},  {24, 'P'},
                                                 {25, 'P'}, {26, 'H'}, {201, 'P'}, {202, 'P'}};
  for (const auto& [said, letter] : states) {
    (void)heard.decode({mdp::status(7, static_cast<std::uint8_t>(said))});
    ASSERT_EQ(heard.events.size(), 1u);
    EXPECT_EQ(heard.events[0].trading.state, letter) << said;
  }
  for (const int nothing : {103, 255}) {
    (void)heard.decode({mdp::status(7, static_cast<std::uint8_t>(nothing))});
    EXPECT_THAT(heard.events, IsEmpty());
  }
}

TEST(MdpDecoder, AGroupsStateIsThatOfWhoMayBeOfIt) {
  Introduced heard{MdpView::Levels};
  const auto state_after = [&](std::uint8_t state, std::string_view group) {
    (void)heard.decode({mdp::status(std::nullopt, state, group)});
    return heard.events.empty() ? ' ' : heard.events.back().trading.state;
  };
  EXPECT_EQ(state_after(21, "ES"), 'A');
  EXPECT_EQ(state_after(2, "NQ"), 'A') << "one that does not trade";
  EXPECT_EQ(state_after(17, "ES"), 'H') << "nobody knows which of them it is";
  EXPECT_EQ(state_after(17, "NQ"), 'T');
  // Its own state counts more.
  (void)heard.decode({mdp::status(7, 2)});
  EXPECT_EQ(state_after(17, "NQ"), ' ');
  (void)heard.decode({mdp::status(7, 17)});
  EXPECT_EQ(state_after(21, "NQ"), 'A');
  // Who is told later has the state as well.
  (void)heard.decode({mdp::book({{.security = 9}}, {}, 0)});
  EXPECT_THAT(heard.kinds(), ElementsAre(EventKind::Directory, EventKind::Definition,
                                         EventKind::TradingAction, EventKind::PriceLevel));
  EXPECT_EQ(heard.events[2].trading.state, 'A');
}

TEST(MdpDecoder, WhatNoEventHoldsIsADoubt) {
  const std::vector<Bytes> wrong{mdp::book({{.price_e9 = 1}}), mdp::book({{.price_e9 = -kE9}}),
                                 mdp::book({{.price_e9 = 429'497 * kE9}}),
                                 mdp::book({{.action = 6}}), mdp::book({{.size = -1}})};
  for (std::size_t i = 0; i < wrong.size(); ++i) {
    Introduced heard{MdpView::Levels};
    EXPECT_EQ(heard.decode({wrong[i]}), Decoded::Event);
    ASSERT_FALSE(heard.events.empty()) << i;
    EXPECT_EQ(heard.events[0].kind, EventKind::Doubt) << i;
    EXPECT_EQ(heard.events[0].doubt.reason, event::DoubtReason::Range);
    EXPECT_EQ(heard.events[0].locate, 1);
  }
  const std::vector<mdp::Order> orders{
      {.price_e9 = 1}, {.quantity = 0}, {.quantity = -1}, {.type = 'E'}, {.action = 3}};
  for (const mdp::Order& order : orders) {
    Introduced heard{MdpView::Orders};
    (void)heard.decode({mdp::order_book({order})});
    ASSERT_FALSE(heard.events.empty());
    EXPECT_EQ(heard.events[0].kind, EventKind::Doubt);
  }
}

TEST(MdpDecoder, ReadsLongerPartsOfLaterVersionsAndRefusesShorterOnes) {
  using View = wire::mdp3::IncrementalRefreshBook;
  using Writer = wire::mdp3::IncrementalRefreshBookWriter;
  Bytes later =
      mdp::root<View, Writer>([](auto& writer) { writer.match_event_indicator(mdp::kEnd); }, 9);
  Bytes entry = mdp::Level{.size = 33}.bytes();
  entry.resize(entry.size() + 5, std::byte{0xEE});
  mdp::add_group(later, {entry, entry}, entry.size());
  mdp::add_group(later, {}, 24, 8);
  Introduced heard{MdpView::Levels};
  EXPECT_EQ(heard.decode({later}), Decoded::Event);
  ASSERT_EQ(heard.events.size(), 3u);
  EXPECT_EQ(heard.events[1].level.quantity, 33u);

  Bytes shorter = mdp::book({{}});
  base::store_little_endian(&shorter[2], std::uint16_t{10});
  EXPECT_EQ(heard.decode({shorter}), Decoded::Truncated);
  Bytes narrow = mdp::root<View, Writer>([](auto&) {});
  mdp::add_group(narrow, {Bytes(31)}, 31);
  mdp::add_group(narrow, {}, 24, 8);
  EXPECT_EQ(heard.decode({narrow}), Decoded::Truncated);
  Bytes beyond = mdp::book({{}});
  beyond[mdp::kHeaderBytes + 11 + 2] = std::byte{2};
  EXPECT_EQ(heard.decode({beyond}), Decoded::Truncated);
}

TEST(MdpDecoder, StepsOverTemplatesThatItDoesNotKnow) {
  Bytes unknown = mdp::heartbeat();
  base::store_little_endian(&unknown[4], std::uint16_t{54});
  Introduced heard{MdpView::Levels};
  EXPECT_EQ(heard.decode({unknown, mdp::heartbeat(), mdp::book({{}})}), Decoded::Event);
  EXPECT_EQ(heard.decoder.messages().unknown_types, 1u);
  EXPECT_THAT(heard.kinds(), ElementsAre(EventKind::PriceLevel, EventKind::EventEnd));
}

TEST(MdpDecoder, ALossIsADoubtOfEveryBookAndOfThoseToCome) {
  Introduced heard{MdpView::Levels};
  (void)heard.decode({mdp::book({{.type = 'E'}}, {}, 0)});
  heard.events.clear();
  const auto sink = [&](const MarketEvent& event) { heard.events.push_back(event); };
  heard.decoder.lose({.unit = 0, .from = 9, .count = 4, .reason = event::DoubtReason::Gap}, sink);
  // What was begun is over before.
  ASSERT_THAT(heard.kinds(), ElementsAre(EventKind::EventEnd, EventKind::Doubt, EventKind::Doubt));
  EXPECT_EQ(heard.events[1].locate, 1);
  EXPECT_EQ(heard.events[2].locate, 2);
  EXPECT_EQ(heard.events[2].doubt.missing_count, 4u);
  (void)heard.decode({mdp::book({{.security = 9}})}, 13);
  EXPECT_THAT(heard.kinds(),
              ElementsAre(EventKind::Directory, EventKind::Definition, EventKind::Doubt,
                          EventKind::PriceLevel, EventKind::EventEnd));
  EXPECT_EQ(heard.events[3].flags, event::kAfterLoss | event::kIncomplete);
  EXPECT_EQ(heard.instruments.waiting(), 2u);
}

TEST(MdpDecoder, MoreInstrumentsThanLocatesAreLeftOut) {
  Heard heard;
  for (std::int32_t id = 1; id < 20; ++id) (void)heard.decode({mdp::book({{.security = id}})});
  EXPECT_THAT(heard.events, IsEmpty());
  EXPECT_GT(heard.instruments.refused(), 0u);
}

}  // namespace ridley::feed
