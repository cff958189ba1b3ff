// SPDX-License-Identifier: Apache-2.0
#include "bench/support/generated_day.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "book/books.hpp"
#include "feed/decode.hpp"

namespace ridley::bench {
namespace {

struct Generated {
  explicit Generated(const DayOptions& options) {
    facts = generate_day(options, [this](std::span<const std::byte> piece) {
      bytes.insert(bytes.end(), piece.begin(), piece.end());
    });
  }

  // Calls visit(message, sequence) for each; the bytes end with the last.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    std::uint64_t sequence = 0;
    std::span<const std::byte> rest{bytes};
    while (!rest.empty()) {
      const std::size_t length = base::load_big_endian<std::uint16_t>(rest.data());
      ASSERT_LE(length + 2, rest.size());
      visit(rest.subspan(2, length), ++sequence);
      rest = rest.subspan(2 + length);
    }
    EXPECT_EQ(sequence, facts.messages);
  }

  std::vector<std::byte> bytes;
  DayFacts facts{};
};

constexpr DayOptions kShortDay{.messages = 100'000};

TEST(GeneratedDay, IsTheSameDayOnEveryMachine) {
  const Generated day{kShortDay};
  EXPECT_EQ(day.facts.messages, 100'003U);
  EXPECT_EQ(day.facts.bytes, 3'050'017U);
  EXPECT_EQ(day.facts.live_orders, 5'248U);
  EXPECT_EQ(day.facts.levels, 4'018U);
  EXPECT_EQ(day.facts.bbo_digest, 0x708b'7a57'd4a8'f245U);
  EXPECT_EQ(day.bytes.size(), day.facts.bytes);
}

TEST(GeneratedDay, OfFewInstrumentsIsTheSameOnEveryMachineToo) {
  const Generated day{{.messages = 100'000, .instruments = 20, .seed = 7}};
  EXPECT_EQ(day.facts.bytes, 3'085'072U);
  EXPECT_EQ(day.facts.live_orders, 6'117U);
  EXPECT_EQ(day.facts.bbo_digest, 0xae4b'f551'7ed2'aaaaU);
}

TEST(GeneratedDay, IsAnotherDayUnderAnotherSeed) {
  const Generated day{{.messages = 100'000, .seed = 2}};
  EXPECT_NE(day.facts.bbo_digest, 0x708b'7a57'd4a8'f245U);
}

TEST(GeneratedDay, SaysWhatTheBooksSay) {
  const Generated day{kShortDay};
  book::Books books{book::Limits{}};
  day.for_each([&](std::span<const std::byte> message, std::uint64_t sequence) {
    event::MarketEvent event;
    ASSERT_EQ(feed::decode(message, sequence, event), feed::Decoded::Event);
    books.apply(event);
  });
  const book::Counters& counters = books.counters();
  EXPECT_EQ(counters.unknown_orders, 0U);
  EXPECT_EQ(counters.duplicate_orders, 0U);
  EXPECT_EQ(counters.inconsistencies, 0U);
  EXPECT_EQ(counters.out_of_memory, 0U);
  EXPECT_EQ(counters.crossed, 0U);
  EXPECT_EQ(books.live_orders(), day.facts.live_orders);
  EXPECT_EQ(books.live_levels(), day.facts.levels);
  EXPECT_EQ(books.bbo_digest(), day.facts.bbo_digest);
}

TEST(GeneratedDay, HasEveryKindOfOrderMessage) {
  const Generated day{kShortDay};
  std::map<char, std::uint64_t> kinds;
  day.for_each([&](std::span<const std::byte> message, std::uint64_t) {
    ++kinds[static_cast<char>(message[0])];
  });
  for (const char kind : {'A', 'F', 'E', 'C', 'X', 'D', 'U', 'P', 'I'}) {
    EXPECT_GT(kinds[kind], 0U) << kind;
  }
  EXPECT_GT(kinds['A'], kinds['E']);
}

TEST(GeneratedDay, EndsThreeMessagesAfterTheOnesAskedFor) {
  for (const std::uint64_t messages : {40'000U, 40'001U}) {
    EXPECT_EQ(Generated({.messages = messages}).facts.messages, messages + 3);
  }
}

int refused(const DayOptions& options) {
  try {
    Generated{options};
  } catch (const base::Error& error) {
    return error.exit_code();
  }
  return EX_OK;
}

TEST(GeneratedDay, RefusesInstrumentsThatNoLocateCanName) {
  EXPECT_EQ(refused({.messages = 1, .instruments = 0}), EX_USAGE);
  EXPECT_EQ(refused({.messages = 1, .instruments = 65'535}), EX_OK);
  EXPECT_EQ(refused({.messages = 1, .instruments = 65'536}), EX_USAGE);
}

}  // namespace
}  // namespace ridley::bench
