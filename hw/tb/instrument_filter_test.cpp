// SPDX-License-Identifier: Apache-2.0
// hw/rtl/feed/ridley_instrument_filter.sv against a table of what the host wants.
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <random>
#include <vector>

#include "Vridley_instrument_filter.h"
#include "card/event_ring.hpp"
#include "clocked.hpp"
#include "event/records.hpp"

namespace ridley::card {
namespace {

constexpr std::uint32_t kLocates = 1U << 16;

struct InstrumentFilterBench : testing::Test {
  InstrumentFilterBench() {
    block->running_i = 1;
    block->every_instrument_i = 0;
    idle();
    block.reset();
  }

  Clocked<Vridley_instrument_filter> block{"ridley_instrument_filter"};

  void wait_until_ready() {
    for (std::uint32_t i = 0; i <= kLocates && !block->ready_o; ++i) block.cycle();
    ASSERT_TRUE(block->ready_o);
  }
  void give(const event::MarketEvent& event, const CardMark& mark) {
    static_assert(sizeof event == sizeof block->record_i);
    std::memcpy(&block->record_i[0], &event, sizeof event);
    const auto words = std::bit_cast<std::array<std::uint32_t, 2>>(mark);
    std::memcpy(&block->record_i[kMarkAt / 4], words.data(), sizeof words);
    block->record_valid_i = 1;
  }
  void choose(std::uint16_t locate, bool wanted) {
    block->select_locate_i = locate;
    block->select_wanted_i = wanted;
    block->select_valid_i = 1;
  }
  void idle() { block->select_valid_i = block->record_valid_i = 0; }
  bool passes(std::uint16_t locate, CardForm form = CardForm::Event,
              event::EventKind kind = event::EventKind::AddOrder) {
    event::MarketEvent event{};
    event.kind = kind;
    event.locate = locate;
    give(event, CardMark{.form = form});
    block.cycle();
    idle();
    return block->record_valid_o;
  }
};

}  // namespace

TEST_F(InstrumentFilterBench, WantsNothingBeforeItsTableIsClearAndThen) {
  EXPECT_FALSE(block->ready_o);
  EXPECT_FALSE(passes(1));
  const std::uint64_t before = block.cycles();
  wait_until_ready();
  EXPECT_LE(block.cycles() - before, kLocates);
  for (std::uint32_t locate = 1; locate < kLocates; ++locate)
    ASSERT_FALSE(passes(static_cast<std::uint16_t>(locate))) << locate;
  block.cycle();
  EXPECT_EQ(block->events_filtered_o, kLocates) << "the one before as well";
}

TEST_F(InstrumentFilterBench, LetsPassWhatConcernsEverybodyAtAnyTime) {
  for (int turn = 0; turn < 2; ++turn) {
    EXPECT_TRUE(passes(0));
    EXPECT_TRUE(passes(9, CardForm::Packet));
    EXPECT_TRUE(passes(9, CardForm::ShortMessage));
    EXPECT_TRUE(passes(9, CardForm::Event, event::EventKind::Directory));
    EXPECT_FALSE(passes(9));
    block->every_instrument_i = 1;
    EXPECT_TRUE(passes(9));
    block->every_instrument_i = 0;
    wait_until_ready();
  }
  block.cycle();
  EXPECT_EQ(block->events_filtered_o, 2u);
}

TEST_F(InstrumentFilterBench, KeepsItsTableAndForgetsItsCountWhenNothingRuns) {
  wait_until_ready();
  choose(7, true);
  block.cycle();
  idle();
  EXPECT_FALSE(passes(8));
  block.cycle();
  EXPECT_EQ(block->events_filtered_o, 1u);
  block->running_i = 0;
  EXPECT_FALSE(passes(7));
  EXPECT_EQ(block->events_filtered_o, 0u);
  choose(9, true);
  block.cycle();
  idle();
  block->running_i = 1;
  EXPECT_TRUE(passes(7));
  EXPECT_TRUE(passes(9));
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
  std::uint64_t filtered = 0;
  for (int i = 0; i < 200'000; ++i) {
    // Few locates, so that choices and events meet.
    const auto chosen = static_cast<std::uint16_t>(random() % 50 * 1'311);
    std::array<std::uint64_t, sizeof(event::MarketEvent) / sizeof(std::uint64_t)> words;
    for (std::uint64_t& word : words) word = random();
    auto given = std::bit_cast<event::MarketEvent>(words);
    given.locate = static_cast<std::uint16_t>(random() % 50 * 1'311);
    given.kind = static_cast<event::EventKind>(random() % 23);
    const auto form = static_cast<CardForm>(random() % 8 == 0 ? 2 + random() % 2 : 1);
    const bool is_there = random() % 4 != 0;
    idle();
    auto mark = std::bit_cast<CardMark>(random());
    mark.form = form;
    if (is_there) give(given, mark);
    block->every_instrument_i = random() % 16 == 0;
    const bool wants = block->every_instrument_i || given.locate == 0 || wanted[given.locate] ||
                       given.kind == event::EventKind::Directory || form != CardForm::Event;
    if (random() % 4 == 0) {
      const bool now_wanted = random() % 2 == 0;
      choose(chosen, now_wanted);
      wanted[chosen] = now_wanted;
    }
    block.cycle();
    ASSERT_EQ(block->record_valid_o, is_there && wants);
    ASSERT_EQ(block->events_filtered_o, filtered);
    if (is_there && !wants) ++filtered;
    if (!is_there || !wants) continue;
    ++passed;
    ASSERT_EQ(std::memcmp(&given, &block->record_o[0], kMarkAt), 0);
    ASSERT_EQ(std::memcmp(&mark, &block->record_o[kMarkAt / 4], sizeof mark), 0);
  }
  EXPECT_GT(passed, 10'000u);
  EXPECT_GT(filtered, 10'000u);
}

}  // namespace ridley::card
