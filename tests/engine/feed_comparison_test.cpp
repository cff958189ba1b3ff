// SPDX-License-Identifier: Apache-2.0
#include "engine/feed_comparison.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ridley::engine {
namespace {

struct Window {
  std::vector<FeedComparison::Slot> slots = std::vector<FeedComparison::Slot>(8);
  FeedComparison comparison{slots};
};

event::MarketEvent event_of(std::uint64_t sequence, std::uint64_t order = 1) {
  event::MarketEvent event{};
  event.kind = event::EventKind::DeleteOrder;
  event.sequence = sequence;
  event.remove.order_id = order;
  return event;
}

}  // namespace

TEST(FeedComparison, FindsTheSameInWhateverOrderTheyCome) {
  Window window;
  FeedComparison& both = window.comparison;
  EXPECT_EQ(both.put(Source::Software, event_of(1)), Compared::First);
  EXPECT_EQ(both.put(Source::Card, event_of(1)), Compared::Same);
  EXPECT_EQ(both.put(Source::Card, event_of(2)), Compared::First);
  EXPECT_EQ(both.put(Source::Card, event_of(3)), Compared::First);
  EXPECT_EQ(both.put(Source::Software, event_of(2)), Compared::Same);
  EXPECT_EQ(both.put(Source::Software, event_of(3)), Compared::Same);
  EXPECT_EQ(both.counters().same, 3u);
  EXPECT_EQ(both.counters().events, (std::array<std::uint64_t, 2>{3, 3}));
}

TEST(FeedComparison, SeesEveryBitThatIsDifferent) {
  const event::MarketEvent right = event_of(5, 77);
  for (std::size_t bit = 0; bit < 56 * 8; ++bit) {
    if (bit >= 16 * 8 && bit < 24 * 8) continue;  // the number: another event
    Window window;
    event::MarketEvent wrong = right;
    reinterpret_cast<unsigned char*>(&wrong)[bit / 8] ^= static_cast<unsigned char>(1U << bit % 8);
    (void)window.comparison.put(Source::Software, right);
    EXPECT_EQ(window.comparison.put(Source::Card, wrong), Compared::Different) << bit;
  }
}

TEST(FeedComparison, KeepsWhatOneSourceIsAheadAsFarAsTheWindowGoes) {
  Window window;
  for (std::uint64_t i = 1; i <= 9; ++i) (void)window.comparison.put(Source::Card, event_of(i, i));
  event::MarketEvent found{};
  EXPECT_FALSE(window.comparison.find(Source::Card, 1, found));
  EXPECT_FALSE(window.comparison.find(Source::Software, 5, found));
  EXPECT_FALSE(window.comparison.find(Source::Card, 10, found));
  for (std::uint64_t i = 2; i <= 9; ++i) {
    ASSERT_TRUE(window.comparison.find(Source::Card, i, found)) << i;
    EXPECT_EQ(found.remove.order_id, i);
  }
}

TEST(FeedComparison, DoesNotCompareOneSessionWithAnother) {
  Window window;
  FeedComparison& both = window.comparison;
  (void)both.put(Source::Software, event_of(1, 10));
  both.begin_session(Source::Card);
  EXPECT_EQ(both.put(Source::Card, event_of(1, 20)), Compared::First);
  both.begin_session(Source::Software);
  EXPECT_EQ(both.put(Source::Software, event_of(1, 20)), Compared::Same);
  EXPECT_EQ(both.counters().different, 0u);
}

TEST(FeedComparison, TakesANewSourceForWhatItIs) {
  Window window;
  FeedComparison& both = window.comparison;
  both.begin_session(Source::Software);
  (void)both.put(Source::Software, event_of(1));
  both.begin_anew(Source::Card);
  EXPECT_EQ(both.put(Source::Card, event_of(1)), Compared::Same);
}

}  // namespace ridley::engine
