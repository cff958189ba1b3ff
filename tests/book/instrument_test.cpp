// SPDX-License-Identifier: Apache-2.0
#include "book/instrument.hpp"

#include <gtest/gtest.h>

#include <type_traits>

namespace ridley::book {

TEST(Instrument, IsEmptyHaltedAndUnrestrictedWhenItsMemoryIsZero) {
  const Instrument instrument{};
  EXPECT_EQ(instrument.ladders[0].best, kNoNode);
  EXPECT_EQ(instrument.ladders[1].count, 0u);
  const Reference reference{};
  EXPECT_EQ(reference.state, TradingState::Unknown);
  EXPECT_FALSE(reference.listed);
  EXPECT_FALSE(reference.stale);
}

TEST(Instrument, IsClearedByBytes) {
  EXPECT_TRUE(std::is_trivially_copyable_v<Instrument>);
  EXPECT_TRUE(std::is_trivially_copyable_v<Reference>);
}

TEST(TradingStates, AreTheLettersOfTheExchange) {
  EXPECT_EQ(static_cast<char>(TradingState::Trading), 'T');
  EXPECT_EQ(static_cast<char>(TradingState::Halted), 'H');
  EXPECT_EQ(static_cast<char>(Session::StartOfMarketHours), 'Q');
}

}  // namespace ridley::book
