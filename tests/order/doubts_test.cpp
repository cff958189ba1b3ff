// SPDX-License-Identifier: Apache-2.0
#include "order/doubts.hpp"

#include <gtest/gtest.h>

#include <array>
#include <map>
#include <random>

namespace ridley::order {
namespace {

TEST(Doubts, EachCauseIsSettledForItself) {
  std::array<DoubtBits, 8> bits{};
  Doubts doubts{bits};
  doubts.raise(3, Doubt::Unanswered);
  doubts.raise(3, Doubt::DropCopy);
  EXPECT_TRUE(has(doubts.of(3), Doubt::Unanswered) && has(doubts.of(3), Doubt::DropCopy));
  EXPECT_EQ(doubts.of(2), 0);
  doubts.settle(3, Doubt::Unanswered);
  EXPECT_EQ(doubts.of(3), static_cast<DoubtBits>(Doubt::DropCopy));
  doubts.settle_all(3);
  EXPECT_EQ(doubts.of(3), 0);
}

TEST(Doubts, OneOfEveryInstrumentIsOneOfEach) {
  std::array<DoubtBits, 8> bits{};
  Doubts doubts{bits};
  doubts.raise(kEveryInstrument, Doubt::DropCopy);
  EXPECT_TRUE(has(doubts.of(7), Doubt::DropCopy));
  doubts.settle(7, Doubt::DropCopy);
  EXPECT_TRUE(has(doubts.of(7), Doubt::DropCopy)) << "its own is settled, that of all is not";
  doubts.settle(kEveryInstrument, Doubt::DropCopy);
  EXPECT_EQ(doubts.of(7), 0);
}

TEST(Doubts, ChangesAreToldOnceAndInOrder) {
  std::array<DoubtBits, 200> bits{};
  Doubts doubts{bits};
  doubts.raise(3, Doubt::Connection);
  doubts.raise(3, Doubt::Connection);
  doubts.raise(5, Doubt::Unanswered);
  doubts.settle(Doubt::Connection);
  Doubts::Change change;
  ASSERT_TRUE(doubts.take(change));
  EXPECT_EQ(change.locate, 3);
  EXPECT_EQ(change.bits, static_cast<DoubtBits>(Doubt::Connection));
  ASSERT_TRUE(doubts.take(change));
  EXPECT_EQ(change.locate, 5);
  ASSERT_TRUE(doubts.take(change));
  EXPECT_EQ(change.locate, 3);
  EXPECT_EQ(change.bits, 0);
  EXPECT_FALSE(doubts.take(change));
  for (std::uint16_t locate = 1; locate < 200; ++locate) doubts.raise(locate, Doubt::Connection);
  std::size_t told = 0;
  while (doubts.take(change)) ++told;
  EXPECT_EQ(told, kDoubtChangesMax);
  EXPECT_NE(doubts.of(199), 0) << "the log is full, the doubt stands";
}

TEST(Doubts, AgreesWithSetsOnRandomChanges) {
  std::mt19937 random{7};
  std::array<DoubtBits, 16> bits{};
  Doubts doubts{bits};
  std::map<std::uint16_t, std::map<Doubt, bool>> model;
  for (int i = 0; i < 20'000; ++i) {
    const auto locate = static_cast<std::uint16_t>(random() % bits.size());
    const Doubt doubt = kDoubts[random() % kDoubts.size()];
    switch (random() % 8) {
      case 0:
        doubts.settle(doubt);
        for (auto& [any, causes] : model) causes[doubt] = false;
        break;
      case 1:
        doubts.settle_all(locate);
        model[locate].clear();
        break;
      case 2:
      case 3:
        doubts.settle(locate, doubt);
        model[locate][doubt] = false;
        break;
      default: doubts.raise(locate, doubt); model[locate][doubt] = true;
    }
    for (std::uint16_t at = 0; at < bits.size(); ++at)
      for (const Doubt cause : kDoubts)
        ASSERT_EQ(has(doubts.of(at), cause), model[at][cause] || model[kEveryInstrument][cause]);
  }
}

}  // namespace
}  // namespace ridley::order
