// SPDX-License-Identifier: Apache-2.0
// src/book/books.cpp against the naive reference, with streams that are valid and streams that are
// not. RapidCheck prints the seed of a failure and takes it back through RC_PARAMS; the same
// streams come from a fuzzer in tests/fuzz/book_differential_fuzz.cpp.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <array>
#include <cstdint>
#include <vector>

#include "book/books.hpp"
#include "book/differential_books.hpp"
#include "book/event_stream.hpp"

namespace ridley::book {
namespace {

// Most steps of most streams: enough for levels to split, fill and empty again.
constexpr int kStepsMax = 600;

void play(Books& books, std::span<const Locate> locates, Memory memory) {
  const auto bytes = *rc::gen::resize(
      kStepsMax * static_cast<int>(EventStream::kStepBytes),
      rc::gen::container<std::vector<std::uint8_t>>(rc::gen::arbitrary<std::uint8_t>()));
  const Mix mix = *rc::gen::element(Mix::Balanced, Mix::Growing);
  EventStream stream{bytes, locates, mix};
  DifferentialBooks differential{books, locates, memory};
  std::size_t steps = 0;
  while (const auto step = stream.next(differential.naive())) {
    const std::string differences = differential.take(*step);
    if (!differences.empty()) RC_FAIL("step " + std::to_string(steps) + ": " + differences);
    ++steps;
  }
  RC_ASSERT(differential.take_stock() == "");
}

}  // namespace

RC_GTEST_PROP(BooksProperty, ShowWhatTheNaiveBooksShowAfterEveryMessage, ()) {
  static constexpr std::array<Locate, 5> kLocates{1, 2, 0, 3, 65'535};
  Books books{{.orders_max = 1024, .levels_max = 4096, .instruments_max = 3}};
  play(books, kLocates, Memory::Ample);
}

RC_GTEST_PROP(BooksProperty, StayRightWhereOrdersDoNotFit, ()) {
  static constexpr std::array<Locate, 3> kLocates{1, 2, 3};
  Books books{{.orders_max = 12, .levels_max = 16, .instruments_max = 3}};
  play(books, kLocates, Memory::Scarce);
}

RC_GTEST_PROP(BooksProperty, HoldUpToTheHighestLocate, ()) {
  static constexpr std::array<Locate, 5> kLocates{65'535, 32'768, 1, 0, 65'534};
  static Books books{{.orders_max = 1024, .levels_max = 4096, .instruments_max = 1U << 16}};
  play(books, kLocates, Memory::Ample);
}

}  // namespace ridley::book
