// SPDX-License-Identifier: Apache-2.0
// hw/rtl/feed/ridley_instrument_filter.sv against a table of what the host wants.
#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <vector>

#include "Vridley_instrument_filter.h"
#include "card/records.hpp"
#include "clocked.hpp"
#include "event/records.hpp"

namespace ridley::card {
namespace {

constexpr std::uint32_t kLocates = 1U << 16;

struct InstrumentFilterBench : testing::Test {
  InstrumentFilterBench() {
    block->select_valid_i = block->record_valid_i = block->every_i = 0;
    block.reset();
  }

  Clocked<Vridley_instrument_filter> block{"ridley_instrument_filter"};

  void wait_until_ready() {
    for (std::uint32_t i = 0; i <= kLocates && !block->ready_o; ++i) block.cycle();
    ASSERT_TRUE(block->ready_o);
  }
  void give(std::uint16_t locate, std::uint64_t sequence,
            event::EventKind kind = event::EventKind::AddOrder,
            CardForm form = CardForm::Event) {
    event::MarketEvent event{};
    event.kind = kind;
    event.locate = locate;
    event.sequence = sequence;
    static_assert(sizeof event == sizeof block->record_i);
    std::memcpy(&block->record_i[0], &event, sizeof event);
    CardMark mark;
    mark.form = form;
    static_assert(sizeof mark == 8);
    std::memcpy(&block->record_i[14], &mark, sizeof mark);
    block->record_valid_i = 1;
  }
  void choose(std::uint16_t locate, bool wanted) {
    block->select_locate_i = locate;
    block->select_wanted_i = wanted;
    block->select_valid_i = 1;
  }
  void idle() { block->select_valid_i = block->record_valid_i = 0; }
  bool passes(std::uint16_t locate) {
    give(locate, 1);
    block.cycle();
    idle();
    return block->record_valid_o;
  }
};

}  // namespace

TEST_F(InstrumentFilterBench, LetsNothingPassBeforeItsTableIsClear) {
  EXPECT_FALSE(block->ready_o);
  EXPECT_FALSE(passes(9));
  const std::uint64_t before = block.cycles();
  wait_until_ready();
  EXPECT_LE(block.cycles() - before, kLocates);
  EXPECT_TRUE(passes(0)) << "what concerns everybody";
  for (std::uint32_t locate = 1; locate < kLocates; ++locate)
    ASSERT_FALSE(passes(static_cast<std::uint16_t>(locate))) << locate;
}

TEST_F(InstrumentFilterBench, LetsPassWhatIsNoEventAndWhatNamesAnInstrument) {
  for (const bool ready : {false, true}) {
    if (ready) wait_until_ready();
    const auto passes_as = [&](event::EventKind kind, CardForm form) {
      give(9, 1, kind, form);
      block.cycle();
      idle();
      EXPECT_NE(block->record_valid_o, block->filtered_o);
      return block->record_valid_o != 0;
    };
    EXPECT_TRUE(passes_as(event::EventKind::None, CardForm::Packet));
    EXPECT_TRUE(passes_as(event::EventKind::None, CardForm::ShortMessage));
    EXPECT_TRUE(passes_as(event::EventKind::Directory, CardForm::Event));
    EXPECT_FALSE(passes_as(event::EventKind::Trade, CardForm::Event));
  }
}

TEST_F(InstrumentFilterBench, LetsEverythingPassWhenToldTo) {
  block->every_i = 1;
  EXPECT_TRUE(passes(9));
  wait_until_ready();
  EXPECT_TRUE(passes(9));
  block->every_i = 0;
  EXPECT_FALSE(passes(9));
}

TEST_F(InstrumentFilterBench, TakesNoChoiceBeforeItsTableIsClear) {
  choose(65'535, true);
  block.cycle();
  idle();
  wait_until_ready();
  EXPECT_FALSE(passes(65'535));
}

TEST_F(InstrumentFilterBench, ForgetsWhatWasWantedAtAReset) {
  wait_until_ready();
  choose(7, true);
  block.cycle();
  idle();
  EXPECT_TRUE(passes(7));
  block.reset();
  wait_until_ready();
  EXPECT_FALSE(passes(7));
}

TEST_F(InstrumentFilterBench, PassesWhatIsWantedOneCycleLaterAndUnchanged) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  wait_until_ready();
  std::vector<bool> wanted(kLocates);
  std::uint64_t passed = 0;
  for (int i = 0; i < 200'000; ++i) {
    // Few locates, so that choices and events meet.
    const auto locate = static_cast<std::uint16_t>(random() % 50 * 1'311);
    const auto chosen = static_cast<std::uint16_t>(random() % 50 * 1'311);
    const bool has_event = random() % 4 != 0;
    idle();
    if (has_event) give(locate, random());
    event::MarketEvent given;
    std::memcpy(&given, &block->record_i[0], sizeof given);
    const bool expected = has_event && (locate == 0 || wanted[locate]);
    if (random() % 4 == 0) {
      const bool now_wanted = random() % 2 == 0;
      choose(chosen, now_wanted);
      wanted[chosen] = now_wanted;
    }
    block.cycle();
    ASSERT_EQ(block->record_valid_o, expected);
    if (!expected) continue;
    ++passed;
    ASSERT_EQ(std::memcmp(&given, &block->record_o[0], sizeof given), 0);
  }
  EXPECT_GT(passed, 10'000u);
}

}  // namespace ridley::card
