// SPDX-License-Identifier: Apache-2.0
#include "control/itch_passes.hpp"

#include <gtest/gtest.h>

#include "control/itch_samples.hpp"

namespace ridley::control {
namespace {

constexpr book::Limits kLimits{.orders_max = 64, .levels_max = 64, .instruments_max = 8};

DayInMemory day_of(const std::string& bytes, std::size_t messages) {
  return {std::as_bytes(std::span{bytes}), messages};
}

}  // namespace

TEST(ItchPasses, WalkAddsUpTheLengths) {
  const std::string bytes = itch_bytes(small_day());
  EXPECT_EQ(walk(day_of(bytes, 7)), bytes.size() - 7 * 2);
  EXPECT_EQ(walk(day_of(bytes, 1)), std::size_t{itch::StockDirectory::kSize});
}

TEST(ItchPasses, DecodeCountsEventsUnknownTypesAndShortMessages) {
  auto messages = small_day();
  messages.emplace_back("z of no known type");
  messages.push_back(removal(1, 1).substr(0, itch::OrderDelete::kSize - 1));
  const std::string bytes = itch_bytes(messages);
  const feed::DecodeCounters counters = decode(day_of(bytes, 9));
  EXPECT_EQ(counters.events, 7u);
  EXPECT_EQ(counters.unknown_types, 1u);
  EXPECT_EQ(counters.truncated, 1u);
}

TEST(ItchPasses, ForEachEventGivesNothingForMessagesThatMakeNone) {
  auto messages = small_day();
  messages.insert(messages.begin() + 3, "z of no known type");
  const std::string bytes = itch_bytes(messages);
  std::uint64_t sequence_sum = 0;
  const feed::DecodeCounters counters = for_each_event(
      day_of(bytes, 8), [&](const event::MarketEvent& event) { sequence_sum += event.sequence; });
  EXPECT_EQ(sequence_sum, 1u + 2 + 3 + 5 + 6 + 7 + 8);
  EXPECT_EQ(counters.events, 7u);
}

TEST(ItchPasses, ApplyKeepsTheBooksAndCountsTheChangesOfTheirTops) {
  auto messages = small_day();
  messages.push_back(removal(1, 3));
  messages.emplace_back("z of no known type");
  const std::string bytes = itch_bytes(messages);
  book::Books books{kLimits};
  const AppliedDay applied = apply(day_of(bytes, 9), books);
  EXPECT_EQ(applied.top_changes, 4u) << "orders 1, 3 and 5, and the end of order 3";
  EXPECT_EQ(applied.decoded.events, 8u);
  EXPECT_EQ(applied.decoded.unknown_types, 1u);
  EXPECT_EQ(books.live_orders(), 4u);
  EXPECT_EQ(books.top(1).bid_quantity, 150u);
  EXPECT_EQ(books.top(1).ask_price_e4, 1'000'200u);
}

}  // namespace ridley::control
