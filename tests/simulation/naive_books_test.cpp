// SPDX-License-Identifier: Apache-2.0
#include "simulation/naive_books.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "simulation/published.hpp"
#include "venue/instruments.hpp"
#include "venue/market_feed.hpp"
#include "venue/message_buffer.hpp"

namespace ridley::simulation {
namespace {

class NaiveBooksTest : public testing::Test {
 protected:
  void add(std::uint64_t reference, event::Side side, std::uint32_t quantity,
           std::uint32_t price_e4) {
    feed_.added({.reference = reference,
                 .locate = 2,
                 .side = side,
                 .quantity = quantity,
                 .price_e4 = price_e4,
                 .attribution = {}});
    read();
  }
  // What was published since.
  void read() {
    venue::for_each_message(feed_.published().bytes(), [this](std::span<const std::byte> message) {
      last_ = books_.apply(message);
    });
    feed_.clear();
  }
  const NaiveBook& book() { return books_.book(2); }

  venue::Instruments instruments_{3};
  venue::MarketFeed feed_{instruments_};
  NaiveBooks books_;
  std::uint16_t last_ = 0;
};

}  // namespace

TEST_F(NaiveBooksTest, KeepsOrdersByPriceAndTime) {
  add(1, event::Side::Buy, 100, 10'0000);
  add(2, event::Side::Buy, 200, 10'0100);
  add(3, event::Side::Buy, 300, 10'0000);
  add(4, event::Side::Sell, 400, 10'0200);
  EXPECT_EQ(last_, 2);
  EXPECT_EQ(book().best_bid_e4(), 10'0100u);
  EXPECT_EQ(book().best_ask_e4(), 10'0200u);
  EXPECT_EQ(book().levels[0].at(10'0000), (NaiveBook::Level{1, 3}));
  EXPECT_EQ(books_.order(3).quantity, 300u);
}

TEST_F(NaiveBooksTest, TakesAwayWhatLeaves) {
  add(1, event::Side::Buy, 100, 10'0000);
  add(2, event::Side::Sell, 100, 10'0100);
  feed_.canceled(1, 2, 40);
  read();
  EXPECT_EQ(books_.order(1).quantity, 60u);
  venue::Fill fill;
  fill.reference = 1;
  fill.quantity = 60;
  feed_.executed(fill, 2, 10'0000);
  feed_.deleted(2, 2);
  read();
  EXPECT_EQ(book().best_bid_e4(), 0u);
  EXPECT_EQ(book().best_ask_e4(), 0u);
}

TEST_F(NaiveBooksTest, AReplacedOrderIsAnotherOneAndStandsLast) {
  add(1, event::Side::Buy, 100, 10'0000);
  add(2, event::Side::Buy, 100, 10'0000);
  feed_.replaced(1, {.reference = 3,
                     .locate = 2,
                     .side = event::Side::Buy,
                     .quantity = 50,
                     .price_e4 = 10'0000,
                     .attribution = {}});
  read();
  EXPECT_EQ(book().levels[0].at(10'0000), (NaiveBook::Level{2, 3}));
}

TEST_F(NaiveBooksTest, KnowsSymbolsAndStates) {
  feed_.directory(2);
  feed_.trading_action(2, venue::TradingState::Halted, "T1");
  feed_.short_sale_restriction(2, '1');
  read();
  EXPECT_EQ(books_.locate_of(std::string{instruments_.symbol(2)}), 2);
  EXPECT_EQ(books_.locate_of("NOBODY"), 0);
  EXPECT_EQ(book().state, 'H');
  EXPECT_TRUE(book().short_sales_restricted);
  EXPECT_EQ(books_.book(3).state, 0) << "nothing was said about it";
}

TEST_F(NaiveBooksTest, SaysWhenTheExchangeContradictsItself) {
  add(1, event::Side::Buy, 100, 10'0000);
  EXPECT_THROW(add(1, event::Side::Buy, 100, 10'0000), base::Error);
  feed_.clear();
  feed_.canceled(1, 2, 101);
  EXPECT_THROW(read(), base::Error);
}

TEST_F(NaiveBooksTest, StartsFromNothingAgain) {
  add(1, event::Side::Buy, 100, 10'0000);
  books_.restart();
  EXPECT_EQ(book().best_bid_e4(), 0u);
  add(1, event::Side::Buy, 100, 10'0000);
  EXPECT_EQ(book().best_bid_e4(), 10'0000u);
}

TEST(Published, GivesEveryMessageBackByNumber) {
  Published published;
  published.begin_session("A");
  const std::vector<std::byte> one(3, std::byte{1});
  const std::vector<std::byte> two(2, std::byte{2});
  published.append(one);
  published.append(two);
  published.begin_session("B");
  published.append(two);
  const PublishedSession* first = published.find("A");
  ASSERT_NE(first, nullptr);
  EXPECT_EQ(first->next_sequence(), 3u);
  EXPECT_TRUE(std::ranges::equal(first->message(1), one));
  EXPECT_TRUE(std::ranges::equal(first->message(2), two));
  EXPECT_EQ(published.find("B")->next_sequence(), 2u);
  EXPECT_EQ(published.find("C"), nullptr);
}

}  // namespace ridley::simulation
