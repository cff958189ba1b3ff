// SPDX-License-Identifier: Apache-2.0
// src/book/books_setup.cpp: which limits make books.
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "book/books.hpp"

namespace ridley::book {

TEST(BooksSetup, TakesTheSmallestLimitsAndRefusesZero) {
  EXPECT_NO_THROW(Books(Limits{.orders_max = 1, .levels_max = 1, .instruments_max = 1}));
  EXPECT_THROW(Books(Limits{.orders_max = 0, .levels_max = 1, .instruments_max = 1}), base::Error);
  EXPECT_THROW(Books(Limits{.orders_max = 1, .levels_max = 0, .instruments_max = 1}), base::Error);
  EXPECT_THROW(Books(Limits{.orders_max = 1, .levels_max = 1, .instruments_max = 0}), base::Error);
}

TEST(BooksSetup, RefusesWhatTheTablesCannotNumber) {
  EXPECT_NO_THROW(Books(Limits{.orders_max = 1, .levels_max = 1, .instruments_max = 65536}));
  EXPECT_THROW(Books(Limits{.orders_max = 1, .levels_max = 1, .instruments_max = 65537}),
               base::Error);
  EXPECT_THROW(Books(Limits{.orders_max = (1U << 30) + 1, .levels_max = 1, .instruments_max = 1}),
               base::Error);
  EXPECT_THROW(Books(Limits{.orders_max = 1, .levels_max = (1U << 26) + 1, .instruments_max = 1}),
               base::Error);
}

TEST(BooksSetup, NeedsNoMoreMemoryThanSixHundredMegabytesForABusyDay) {
  EXPECT_LT(Books{Limits{}}.memory_bytes(), 600'000'000u);
}

}  // namespace ridley::book
