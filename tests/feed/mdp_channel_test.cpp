// SPDX-License-Identifier: Apache-2.0
// A channel's books: lost packets, and snapshots that are joined at the right one.
#include "feed/mdp_channel.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <map>
#include <vector>

#include "book/books.hpp"
#include "feed/mdp_messages.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using event::MarketEvent;
using event::Side;
using mdp::kE9;
using ::testing::ElementsAre;

constexpr MdpChannelOptions small(MdpView view) {
  return {
      .sequencer = {.policy = SessionPolicy::Follow, .first_sequence = SequencerOptions::kAdopt},
      .view = view,
      .kept_bytes = 4096,
      .instruments_max = 8,
      .snapshot_orders_max = 64};
}

struct Heard {
  explicit Heard(MdpView view = MdpView::Levels) : Heard{small(view)} {}
  explicit Heard(const MdpChannelOptions& options) : channel{options} {}

  MdpChannel channel;
  book::Books books{{.orders_max = 4096, .levels_max = 4096, .instruments_max = 32}};
  std::vector<MarketEvent> events;
  int sessions = 0;

  void take(const MarketEvent& event) {
    events.push_back(event);
    (void)books.apply_in_event(event);
  }
  Arrival accept(std::uint32_t sequence, std::vector<Bytes> messages,
                 std::uint64_t time_ns = mdp::Packet{}.time_ns) {
    events.clear();
    return channel
        .accept(
            mdp::Packet{sequence, std::move(messages), time_ns}.bytes(),
            [this](const MarketEvent& event) { take(event); },
            [this] {
              ++sessions;
              books.restart();
            })
        .arrival;
  }
  void snapshot(std::vector<Bytes> messages) {
    events.clear();
    channel.accept_snapshot(mdp::Packet{1, std::move(messages)}.bytes(),
                            [this](const MarketEvent& event) { take(event); });
  }
  [[nodiscard]] std::vector<EventKind> kinds() const {
    std::vector<EventKind> kinds;
    for (const MarketEvent& event : events) kinds.push_back(event.kind);
    return kinds;
  }
  // Best first.
  [[nodiscard]] std::vector<std::pair<std::uint32_t, std::uint64_t>> levels(
      Side side, book::Locate locate = 1) const {
    std::vector<std::pair<std::uint32_t, std::uint64_t>> all;
    books.for_each_level(locate, side, [&](const book::LevelView& level) {
      all.emplace_back(level.price_e4 / 10'000, level.quantity);
    });
    return all;
  }
};

mdp::Level bid(std::uint8_t position, std::int64_t price, std::int32_t size,
               std::uint8_t action = 0) {
  return {.action = action, .position = position, .price_e9 = price * kE9, .size = size};
}

}  // namespace

TEST(MdpChannel, FromTheFirstPacketOnBooksAreWhole) {
  Heard heard;
  EXPECT_EQ(heard.accept(1, {mdp::book({bid(1, 100, 5)})}), Arrival::InOrder);
  EXPECT_EQ(heard.accept(1, {mdp::book({bid(1, 100, 5)})}), Arrival::Duplicate);
  EXPECT_EQ(heard.accept(2, {mdp::book({bid(2, 99, 6)}), mdp::book({bid(1, 101, 7)})}),
            Arrival::InOrder);
  EXPECT_THAT(heard.levels(Side::Buy),
              ElementsAre(std::pair{101, 7}, std::pair{100, 5}, std::pair{99, 6}));
  EXPECT_FALSE(heard.books.stale(1));
  EXPECT_EQ(heard.channel.waiting(), 0u);
  EXPECT_EQ(heard.channel.messages().events, 3u);
}

TEST(MdpChannel, InTheMiddleOfTheWeekBooksWaitForASnapshotAndGoOnBehindIt) {
  Heard heard;
  heard.accept(50, {mdp::book({bid(1, 100, 5)})});
  EXPECT_TRUE(heard.books.stale(1));
  heard.accept(51, {mdp::book({bid(1, 100, 6, 1)})});
  heard.accept(52, {mdp::book({bid(2, 99, 8)})});
  EXPECT_EQ(heard.channel.waiting(), 1u);
  // What it does not have is in packet 52.
  heard.snapshot({mdp::Snapshot{.last_sequence = 51,
                                .entries = {{.size = 6},
                                            {.price_e9 = 98 * kE9, .position = 2},
                                            {.type = '1', .price_e9 = 102 * kE9},
                                            {.type = 'E', .price_e9 = 97 * kE9, .size = 3}},
                                .rpt_seq = 77}
                      .bytes()});
  ASSERT_GT(heard.events.size(), 9u);
  EXPECT_EQ(heard.events[3].kind, EventKind::SnapshotBegin) << "behind three of the implied book";
  EXPECT_EQ(heard.events[3].snapshot.last_sequence, 51u);
  EXPECT_EQ(heard.events[3].snapshot.instrument_sequence, 77u);
  EXPECT_EQ(heard.events[3].flags, event::kAfterLoss | event::kRecovered);
  EXPECT_THAT(heard.levels(Side::Buy),
              ElementsAre(std::pair{100, 6}, std::pair{99, 8}, std::pair{98, 10}));
  EXPECT_THAT(heard.levels(Side::Sell), ElementsAre(std::pair{102, 10}));
  EXPECT_THAT(heard.levels(Side::Buy, 2), ElementsAre(std::pair{97, 3}));
  EXPECT_FALSE(heard.books.stale(1));
  EXPECT_FALSE(heard.books.stale(2));
  EXPECT_TRUE(heard.books.tradable(1));
  EXPECT_EQ(heard.channel.waiting(), 0u);
  EXPECT_EQ(heard.channel.counters().joined, 1u);
  // Live again, and the next round of snapshots says nothing new.
  heard.accept(53, {mdp::book({bid(1, 100, 9, 1)})});
  heard.snapshot({mdp::Snapshot{.last_sequence = 52}.bytes()});
  EXPECT_TRUE(heard.events.empty());
  EXPECT_EQ(heard.books.top(1).bid_quantity, 9u);
}

TEST(MdpChannel, ASnapshotAheadOfTheLineMakesItWait) {
  Heard heard;
  heard.accept(50, {mdp::book({bid(1, 100, 5)})});
  heard.snapshot({mdp::Snapshot{.last_sequence = 52, .entries = {{.size = 8}}}.bytes()});
  EXPECT_FALSE(heard.books.stale(1));
  heard.accept(51, {mdp::book({bid(1, 100, 6, 1)})});
  heard.accept(52, {mdp::book({bid(1, 100, 8, 1)})});
  EXPECT_TRUE(heard.events.empty()) << "they are in it";
  heard.accept(53, {mdp::book({bid(1, 100, 9, 1)})});
  EXPECT_EQ(heard.books.top(1).bid_quantity, 9u);
  EXPECT_FALSE(heard.books.stale(1));
}

TEST(MdpChannel, ASnapshotOfBeforeTheLossJoinsNothing) {
  Heard heard;
  heard.accept(1, {mdp::book({bid(1, 100, 5)})});
  EXPECT_EQ(heard.accept(4, {mdp::book({bid(1, 100, 6, 1)})}), Arrival::Gap);
  EXPECT_TRUE(heard.books.stale(1));
  heard.snapshot({mdp::Snapshot{.last_sequence = 2, .entries = {{.size = 1}}}.bytes()});
  EXPECT_TRUE(heard.books.stale(1));
  EXPECT_EQ(heard.channel.counters().too_old, 1u);
  // Everything up to the last that was lost is enough.
  heard.snapshot({mdp::Snapshot{.last_sequence = 3, .entries = {{.size = 5}}}.bytes()});
  EXPECT_FALSE(heard.books.stale(1));
  EXPECT_EQ(heard.books.top(1).bid_quantity, 6u) << "packet 4 was kept";
}

TEST(MdpChannel, ASecondLossWhileWaitingForgetsWhatWasKept) {
  Heard heard;
  heard.accept(50, {mdp::book({bid(1, 100, 5)})});
  heard.accept(52, {mdp::book({bid(1, 100, 6, 1)})});
  heard.snapshot({mdp::Snapshot{.last_sequence = 50, .entries = {{.size = 5}}}.bytes()});
  EXPECT_TRUE(heard.books.stale(1));
  heard.snapshot({mdp::Snapshot{.last_sequence = 51, .entries = {{.size = 5}}}.bytes()});
  EXPECT_FALSE(heard.books.stale(1));
  EXPECT_EQ(heard.books.top(1).bid_quantity, 6u);
}

TEST(MdpChannel, WhereNoMoreCanBeKeptOlderSnapshotsJoinNothing) {
  Heard heard;
  std::uint32_t sequence = 50;
  heard.accept(sequence, {mdp::book({bid(1, 100, 5)})});
  while (heard.channel.counters().overflows == 0)
    heard.accept(++sequence, {mdp::book({bid(1, 100, 6, 1)})});
  heard.snapshot({mdp::Snapshot{.last_sequence = sequence - 2, .entries = {{.size = 1}}}.bytes()});
  EXPECT_TRUE(heard.books.stale(1));
  heard.snapshot({mdp::Snapshot{.last_sequence = sequence - 1, .entries = {{.size = 1}}}.bytes()});
  EXPECT_FALSE(heard.books.stale(1));
  EXPECT_EQ(heard.books.top(1).bid_quantity, 6u);
}

TEST(MdpChannel, APacketThatCannotBeReadIsLost) {
  Heard heard;
  heard.accept(1, {mdp::book({bid(1, 100, 5)})});
  Bytes broken = mdp::book({bid(2, 99, 5)});
  broken[mdp::kHeaderBytes + 11 + 2] = std::byte{9};
  heard.accept(2, {broken, mdp::book({bid(1, 100, 6, 1)})});
  EXPECT_TRUE(heard.books.stale(1));
  EXPECT_EQ(heard.events.back().doubt.reason, event::DoubtReason::Malformed);
  heard.snapshot({mdp::Snapshot{.last_sequence = 1, .entries = {{.size = 5}}}.bytes()});
  EXPECT_TRUE(heard.books.stale(1));
  heard.snapshot({mdp::Snapshot{.last_sequence = 2, .entries = {{.size = 5}}}.bytes()});
  EXPECT_FALSE(heard.books.stale(1));
}

TEST(MdpChannel, OrdersComeInChunksAndInTheOrderOfTheirPriority) {
  Heard heard{MdpView::Orders};
  heard.accept(50, {mdp::order_book({{.id = 9, .quantity = 1, .priority = 90}})});
  heard.accept(51, {mdp::order_book({{.id = 3, .action = 2}, {.id = 10, .priority = 95}})});
  heard.snapshot({mdp::OrderSnapshot{50, 1, 2, {{.id = 2, .priority = 20}, {.id = 3}}}.bytes()});
  EXPECT_TRUE(heard.events.empty());
  heard.snapshot({mdp::OrderSnapshot{50,
                                     2,
                                     2,
                                     {{.id = 9, .quantity = 1, .priority = 90},
                                      {.id = 1, .priority = 10},
                                      {.id = 4, .type = '1', .price_e9 = 101 * kE9}}}
                      .bytes()});
  std::vector<std::uint64_t> queue;
  heard.books.for_each_order(1, Side::Buy, 1'000'000,
                             [&](std::uint64_t id, std::uint32_t) { queue.push_back(id); });
  EXPECT_THAT(queue, ElementsAre(1, 2, 9, 10));
  EXPECT_THAT(heard.levels(Side::Sell), ElementsAre(std::pair{101, 5}));
  EXPECT_FALSE(heard.books.stale(1));
  EXPECT_EQ(heard.books.live_orders(), 5u);
}

TEST(MdpChannel, ChunksThatDoNotFollowEachOtherAreNoSnapshot) {
  using All = std::vector<mdp::OrderSnapshot>;
  const std::vector<All> wrong{{{50, 2, 2, {{}}}},
                               {{50, 1, 3, {{}}}, {50, 3, 3, {{.id = 2}}}},
                               {{50, 1, 2, {{}}}, {51, 2, 2, {{.id = 2}}}},
                               {{50, 1, 2, {{}}}, {50, 2, 2, {{.id = 2}}, 8}},
                               {{50, 1, 1, std::vector<mdp::Order>(65)}}};
  for (const All& chunks : wrong) {
    Heard heard{MdpView::Orders};
    heard.accept(50, {mdp::order_book({{}, {.security = 8}})});
    for (const mdp::OrderSnapshot& chunk : chunks) heard.snapshot({chunk.bytes()});
    EXPECT_TRUE(heard.books.stale(1));
    EXPECT_EQ(heard.channel.collector().abandoned(), 1u);
    heard.snapshot({mdp::OrderSnapshot{50, 1, 1, {{.id = 5}}}.bytes()});
    EXPECT_FALSE(heard.books.stale(1));
  }
}

TEST(MdpChannel, FiguresStateAndLimitsComeWithASnapshot) {
  Heard heard;
  heard.accept(50, {mdp::book({bid(1, 100, 5)})});
  constexpr auto kNone = std::nullopt;
  heard.snapshot({mdp::Snapshot{.last_sequence = 50,
                                .entries = {{.type = '4', .open_close = 5},
                                            {.type = '4'},
                                            {.type = '6'},
                                            {.type = '7'},
                                            {.type = '8'},
                                            {.type = 'B', .price_e9 = kNone, .size = 44},
                                            {.type = 'C', .price_e9 = kNone, .size = 45},
                                            {.type = 'W'}},
                                .state = 21}
                      .bytes()});
  std::vector<event::StatisticKind> figures;
  for (const MarketEvent& event : heard.events) {
    if (event.kind == EventKind::Statistic) figures.push_back(event.statistic.statistic);
    if (event.kind == EventKind::PriceLimits) {
      EXPECT_EQ(event.limits.lower_price_e4, 500'000u);
      EXPECT_EQ(event.limits.upper_price_e4, 2'000'000u);
      EXPECT_EQ(event.limits.variation_e4, 0u);
    }
  }
  using event::StatisticKind;
  EXPECT_THAT(figures, ElementsAre(StatisticKind::IndicativeOpen, StatisticKind::OfficialOpen,
                                   StatisticKind::Settlement, StatisticKind::High,
                                   StatisticKind::Low, StatisticKind::Volume,
                                   StatisticKind::OpenInterest, StatisticKind::Other));
  EXPECT_EQ(heard.books.state(1), book::TradingState::AcceptingOrders);
}

TEST(MdpChannel, AnotherWeekBeginsAnew) {
  constexpr std::uint64_t kWeekNs = 7 * 24 * 3600 * std::uint64_t{kE9};
  Heard heard;
  heard.accept(9'000, {mdp::book({bid(1, 100, 5)})});
  EXPECT_EQ(heard.accept(1, {mdp::book({bid(1, 90, 5)})}, mdp::Packet{}.time_ns + kWeekNs),
            Arrival::SessionChange);
  EXPECT_EQ(heard.sessions, 1);
  EXPECT_THAT(heard.levels(Side::Buy), ElementsAre(std::pair{90, 5}));
  EXPECT_FALSE(heard.books.stale(1));
  EXPECT_EQ(heard.channel.waiting(), 0u);
}

TEST(MdpChannel, SnapshotsBeforeTheLiveFeedAndBrokenOnesAreNothing) {
  Heard heard;
  heard.snapshot({mdp::Snapshot{.last_sequence = 50}.bytes()});
  EXPECT_TRUE(heard.events.empty());
  heard.events.clear();
  const Bytes packet = mdp::Packet{1, {mdp::Snapshot{}.bytes()}}.bytes();
  heard.channel.accept_snapshot(std::span{packet}.first(packet.size() - 1),
                                [](const MarketEvent&) { FAIL(); });
  EXPECT_EQ(heard.channel.counters().malformed, 1u);
}

// What two instruments' orders are after each packet, and the packets.
struct Exchange {
  using Live = std::map<std::uint64_t, mdp::Order>;
  using Levels = std::map<std::pair<char, std::uint32_t>, std::uint64_t>;

  std::vector<std::map<std::int32_t, Live>> states = {{}};
  std::uint64_t next_id = 1;

  // Both instruments are in the first packet, so that their locates are known.
  Bytes next() {
    std::vector<mdp::Order> changes;
    auto state = states.back();
    if (states.size() == 1) {
      for (const std::int32_t security : {7, 8}) changes.push_back(change(state, security));
    } else {
      const int count = *rc::gen::inRange(1, 4);
      for (int i = 0; i < count; ++i)
        changes.push_back(change(state, *rc::gen::inRange<std::int32_t>(7, 9)));
    }
    states.push_back(state);
    return mdp::order_book(changes);
  }
  mdp::Order change(std::map<std::int32_t, Live>& state, std::int32_t security) {
    Live& live = state[security];
    const bool old = !live.empty() && *rc::gen::inRange(0, 5) > 1;
    mdp::Order order{.id = next_id, .security = security, .priority = next_id};
    if (old)
      order = std::next(live.begin(), *rc::gen::inRange<long>(0, std::ssize(live)))->second;
    else
      order.type = *rc::gen::element('0', '1');
    order.action = old ? *rc::gen::element<std::uint8_t>(1, 2) : std::uint8_t{0};
    next_id += old ? 0 : 1;
    if (order.action == 2) {
      live.erase(order.id);
      return order;
    }
    const int step = *rc::gen::inRange(0, 5);
    order.price_e9 = (order.type == '0' ? 100 - step : 101 + step) * kE9;
    order.quantity = *rc::gen::inRange(1, 50);
    live[order.id] = order;
    return order;
  }

  // In two chunks.
  [[nodiscard]] std::vector<Bytes> snapshot(std::uint32_t last, std::int32_t security) {
    std::vector<mdp::Order> all;
    for (const auto& [id, order] : states[last][security]) all.push_back(order);
    const auto half = all.begin() + std::ssize(all) / 2;
    return {mdp::OrderSnapshot{last, 1, 2, {all.begin(), half}, security}.bytes(),
            mdp::OrderSnapshot{last, 2, 2, {half, all.end()}, security}.bytes()};
  }
  [[nodiscard]] Levels levels(std::uint32_t sequence, std::int32_t security) {
    Levels levels;
    for (const auto& [id, order] : states[sequence][security])
      levels[{order.type, static_cast<std::uint32_t>(order.price_e9 / kE9)}] +=
          static_cast<std::uint64_t>(order.quantity);
    return levels;
  }
};

Exchange::Levels levels_of(const Heard& heard, book::Locate locate) {
  Exchange::Levels levels;
  for (const Side side : {Side::Buy, Side::Sell}) {
    for (const auto& [price, quantity] : heard.levels(side, locate))
      levels[{side == Side::Buy ? '0' : '1', price}] = quantity;
  }
  return levels;
}

// Packets are lost and rounds of snapshots lag: whenever a book is not stale it is the exchange's.
RC_GTEST_PROP(MdpChannel, BooksAreTheExchangesOrStale, ()) {
  MdpChannelOptions options = small(MdpView::Orders);
  options.snapshot_orders_max = 512;
  Heard heard{options};
  Exchange exchange;
  for (std::uint32_t sequence = 1; sequence <= 60; ++sequence) {
    const Bytes packet = exchange.next();
    if (sequence == 1 || *rc::gen::inRange(0, 6) != 0) heard.accept(sequence, {packet});
    if (*rc::gen::inRange(0, 4) == 0) {
      const std::uint32_t last = sequence - *rc::gen::inRange(0U, std::min(sequence, 6U));
      for (const std::int32_t security : {7, 8}) {
        for (const Bytes& chunk : exchange.snapshot(last, security)) heard.snapshot({chunk});
      }
    }
    // A packet that was lost is not known to be before the next one.
    const SequencerCounters counters = heard.channel.sequenced();
    if (counters.messages + counters.missing_messages != sequence) continue;
    for (const std::int32_t security : {7, 8}) {
      const auto locate = static_cast<book::Locate>(security * 2 - 13);
      RC_ASSERT(heard.books.stale(locate) ||
                levels_of(heard, locate) == exchange.levels(sequence, security));
    }
  }
  // The next round makes everything whole.
  (void)heard.accept(61, {exchange.next()});
  for (const std::int32_t security : {7, 8}) {
    for (const Bytes& chunk : exchange.snapshot(61, security)) heard.snapshot({chunk});
    const auto locate = static_cast<book::Locate>(security * 2 - 13);
    RC_ASSERT(!heard.books.stale(locate));
    RC_ASSERT(levels_of(heard, locate) == exchange.levels(61, security));
  }
}

}  // namespace ridley::feed
