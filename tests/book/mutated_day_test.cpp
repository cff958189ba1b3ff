// SPDX-License-Identifier: Apache-2.0
// src/book/books.cpp against the naive reference on a day with the books of a recorded one: deep
// ladders, long queues. As it is, and with messages lost, said twice and damaged. RIDLEY_SEED
// chooses another day.
#include <gtest/gtest.h>

#include <array>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "bench/support/generated_day.hpp"
#include "book/books.hpp"
#include "book/differential_books.hpp"
#include "feed/decode.hpp"

namespace ridley::book {
namespace {

constexpr std::array<Locate, 5> kLocates{1, 2, 3, 4, 5};
constexpr std::uint64_t kMessages = 15'000;
// Every so many messages the order that was added is followed: fewer live at once than fit.
constexpr std::size_t kOrdersAFollower = 16;
constexpr Limits kLimits{.orders_max = 1 << 16, .levels_max = 1 << 16, .instruments_max = 8};

std::uint64_t seed() {
  const char* given = std::getenv("RIDLEY_SEED");
  return given != nullptr ? std::stoull(given) : std::random_device{}();
}

// What the naive books know of: orders, prints, and who trades.
bool is_known_to_both(event::EventKind kind) {
  using event::EventKind;
  switch (kind) {
    case EventKind::SystemEvent:
    case EventKind::ShortSaleRestriction:
    case EventKind::CircuitBreakerLevels: return false;
    default: return true;
  }
}

std::vector<event::MarketEvent> day_of(std::uint64_t seed) {
  std::vector<std::byte> bytes;
  bench::generate_day({.messages = kMessages, .instruments = kLocates.size(), .seed = seed},
                      [&](std::span<const std::byte> piece) {
                        bytes.insert(bytes.end(), piece.begin(), piece.end());
                      });
  std::vector<event::MarketEvent> events;
  std::span<const std::byte> rest{bytes};
  while (!rest.empty()) {
    const std::size_t length = base::load_big_endian<std::uint16_t>(rest.data());
    event::MarketEvent event;
    EXPECT_EQ(feed::decode(rest.subspan(2, length), 1, event), feed::Decoded::Event);
    if (is_known_to_both(event.kind)) events.push_back(event);
    rest = rest.subspan(2 + length);
  }
  return events;
}

// One bit of the locate, the order's id, the quantity or the price.
void damage(event::MarketEvent& event, std::mt19937_64& random) {
  constexpr std::size_t kBodyAt = 24;
  const std::size_t bit = random() % (8 * 17);
  if (bit >= 8 * 16) {
    event.locate ^= static_cast<Locate>(1U << (bit % 4));
    return;
  }
  auto* byte = reinterpret_cast<unsigned char*>(&event) + kBodyAt + bit / 8;
  *byte = static_cast<unsigned char>(*byte ^ (1U << (bit % 8)));
}

std::vector<event::MarketEvent> mutated(const std::vector<event::MarketEvent>& events,
                                        std::uint64_t seed) {
  std::mt19937_64 random{seed};
  std::vector<event::MarketEvent> mutated;
  for (event::MarketEvent event : events) {
    switch (random() % 100) {
      case 0: break;
      case 1: mutated.push_back(event); [[fallthrough]];
      case 2: damage(event, random); [[fallthrough]];
      default: mutated.push_back(event);
    }
  }
  return mutated;
}

void play(Books& books, const std::vector<event::MarketEvent>& events) {
  DifferentialBooks differential{books, kLocates, Memory::Ample};
  for (std::size_t i = 0; i < events.size(); ++i) {
    const std::string differences = differential.take({StepKind::Event, events[i], 0});
    ASSERT_EQ(differences, "") << "event " << i;
    if (events[i].kind != event::EventKind::AddOrder || i % kOrdersAFollower != 0) continue;
    const Step follow{StepKind::Follow, {}, events[i].add.order_id};
    ASSERT_EQ(differential.take(follow), "") << "behind event " << i;
  }
  EXPECT_EQ(differential.take_stock(), "");
}

}  // namespace

TEST(GeneratedDay, IsTheSameInTheNaiveBooks) {
  const std::uint64_t chosen = seed();
  SCOPED_TRACE("RIDLEY_SEED=" + std::to_string(chosen));
  Books books{kLimits};
  play(books, day_of(chosen));
  EXPECT_EQ(books.counters().unknown_orders, 0u);
  EXPECT_EQ(books.counters().inconsistencies, 0u);
  EXPECT_GT(books.live_orders(), 100u);
}

TEST(MutatedDay, IsTheSameInTheNaiveBooks) {
  const std::uint64_t chosen = seed();
  SCOPED_TRACE("RIDLEY_SEED=" + std::to_string(chosen));
  Books books{kLimits};
  play(books, mutated(day_of(chosen), chosen));
  EXPECT_GT(books.counters().unknown_orders, 0u);
  EXPECT_GT(books.counters().duplicate_orders, 0u);
}

}  // namespace ridley::book
