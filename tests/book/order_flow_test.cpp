// SPDX-License-Identifier: Apache-2.0
// src/book/order_flow.hpp: which way an order takes makes no difference.
#include "book/order_flow.hpp"

#include <gtest/gtest.h>

#include "book/events.hpp"

namespace ridley::book {
namespace {

constexpr auto kBuy = event::Side::Buy;
constexpr auto kSell = event::Side::Sell;
constexpr Limits kSmall{.orders_max = 1000, .levels_max = 1000, .instruments_max = 10};

}  // namespace

TEST(OrderFlow, TellsTheTopAtTheFirstAndAtEveryOtherOrderOfTheBestLevel) {
  Books books{kSmall};
  EXPECT_TRUE(books.apply(Add{1, kSell, 1, 100}).top) << "a new level";
  EXPECT_TRUE(books.apply(Add{2, kSell, 1, 100}).top) << "a level that is there";
  EXPECT_FALSE(books.apply(Add{3, kSell, 1, 101}).top) << "a new level behind the best";
  EXPECT_FALSE(books.apply(Add{4, kSell, 1, 101}).top) << "a level behind the best";
  EXPECT_FALSE(books.apply(Delete{3}).top);
  EXPECT_TRUE(books.apply(Delete{1}).top) << "one of two";
  EXPECT_TRUE(books.apply(Delete{2}).top) << "the last one";
  EXPECT_EQ(books.top(1).ask_price_e4, 101u);
}

TEST(OrderFlow, OpensAnEmptyLevelAgain) {
  Books books{kSmall};
  books.apply(Add{1, kBuy, 1, 100});
  books.apply(Add{2, kBuy, 1, 99});
  books.apply(Delete{2});
  EXPECT_EQ(books.live_levels(), 1u);
  EXPECT_FALSE(books.apply(Add{3, kBuy, 7, 99}).top);
  EXPECT_EQ(books.live_levels(), 2u);
  EXPECT_TRUE(books.apply(Delete{1}).top);
  EXPECT_EQ(books.top(1).bid_price_e4, 99u);
  EXPECT_EQ(books.top(1).bid_quantity, 7u);
}

TEST(OrderFlow, TakesDeepOrdersOfEitherSide) {
  Books books{kSmall};
  for (std::uint32_t i = 0; i < 50; ++i) {
    books.apply(Add{i, kBuy, 1, 1000 - i});
    books.apply(Add{100 + i, kSell, 1, 2000 + i});
  }
  EXPECT_FALSE(books.apply(Add{200, kBuy, 5, 960}).top);
  EXPECT_FALSE(books.apply(Add{201, kSell, 5, 2040}).top);
  EXPECT_EQ(books.quantity_ahead(200), 1u);
  EXPECT_EQ(books.quantity_ahead(201), 1u);
  EXPECT_EQ(books.live_levels(), 100u);
}

TEST(OrderFlow, TellsLettersThatAreNoSideFromThoseThatAre) {
  Books books{kSmall};
  for (unsigned letter = 0; letter < 256; ++letter) {
    const bool is_side = letter == 'B' || letter == 'S';
    const auto side = static_cast<event::Side>(letter);
    EXPECT_EQ(books.apply(Add{letter, side, 1, 100 + (letter == 'S' ? 1U : 0U)}).outcome,
              is_side ? Outcome::Applied : Outcome::Inconsistent)
        << letter;
  }
}

TEST(OrderFlow, IsNotChangedByAskingTheMemoryAhead) {
  Books books{kSmall};
  books.prefetch(65'535, 1);
  books.prefetch(0, ~0ULL);
  EXPECT_TRUE(books.apply(Add{1, kBuy, 1, 100}).top);
}

}  // namespace ridley::book
