// SPDX-License-Identifier: Apache-2.0
// hw/rtl/base/ridley_packet_fifo.sv against a queue of whole packets.
#include <gtest/gtest.h>

#include <deque>
#include <random>
#include <vector>

#include "Vridley_packet_fifo.h"
#include "clocked.hpp"
#include "stream.hpp"

namespace ridley::card {
namespace {

constexpr std::size_t kDepth = 16;  // as hw/tb/meson.build says

struct PacketFifoBench : testing::Test {
  PacketFifoBench() {
    idle();
    block->out_ready_i = 0;
    block.reset();
  }

  Clocked<Vridley_packet_fifo> block{"ridley_packet_fifo"};

  void idle() { block->in_valid_i = block->commit_i = block->discard_i = block->skip_i = 0; }
  void give(std::uint64_t word) {
    idle();
    block->in_valid_i = 1;
    block->in_data_i = word;
    block.cycle();
    idle();
  }
  void commit() {
    idle();
    block->commit_i = 1;
    block.cycle();
    idle();
  }
  void discard() {
    idle();
    block->discard_i = 1;
    block.cycle();
    idle();
  }
  void skip(std::size_t words) {
    idle();
    block->skip_i = 1;
    block->skip_count_i = static_cast<std::uint8_t>(words);
    block.cycle();
    idle();
  }
  std::vector<std::uint64_t> drain() {
    std::vector<std::uint64_t> words;
    block->out_ready_i = 0;
    block.cycle();  // what was committed in the cycle before leaves in the next
    block->out_ready_i = 1;
    for (block.settle(); block->out_valid_o; block.settle()) {
      words.push_back(block->out_data_o);
      block.cycle();
    }
    block->out_ready_i = 0;
    return words;
  }
};

using Words = std::vector<std::uint64_t>;

// What the block must do, by packets.
struct Model {
  std::deque<std::uint64_t> leaving;
  Words waiting;
  bool lacking = false;
  bool shown = false;  // a word that could leave in the cycle before did not

  [[nodiscard]] bool full() const { return leaving.size() + waiting.size() == kDepth; }
};

}  // namespace

TEST_F(PacketFifoBench, GivesNothingBeforeTheVerdict) {
  give(1);
  give(2);
  EXPECT_EQ(drain(), Words{});
  commit();
  EXPECT_EQ(drain(), (Words{1, 2}));
}

TEST_F(PacketFifoBench, ForgetsWhatIsDiscarded) {
  give(1);
  commit();
  give(2);
  give(3);
  discard();
  give(4);
  commit();
  EXPECT_EQ(drain(), (Words{1, 4}));
}

TEST_F(PacketFifoBench, TakesTheLastWordWithTheVerdict) {
  give(1);
  block->in_valid_i = 1;
  block->in_data_i = 2;
  block->commit_i = 1;
  block.cycle();
  idle();
  EXPECT_EQ(drain(), (Words{1, 2}));
}

TEST_F(PacketFifoBench, DropsAPacketWithoutRoomAsAWholeAndSaysSoOnce) {
  for (std::uint64_t word = 0; word < kDepth - 1; ++word) give(word);
  commit();
  give(100);
  give(101);
  EXPECT_FALSE(block->dropped_o);
  commit();
  EXPECT_TRUE(block->dropped_o);
  block.cycle();
  EXPECT_FALSE(block->dropped_o);
  give(102);
  commit();
  EXPECT_FALSE(block->dropped_o) << "there is room for one";
  Words expected;
  for (std::uint64_t word = 0; word < kDepth - 1; ++word) expected.push_back(word);
  expected.push_back(102);
  EXPECT_EQ(drain(), expected);
}

TEST_F(PacketFifoBench, DropsAPacketLongerThanItIsDeep) {
  for (std::uint64_t word = 0; word < 3 * kDepth; ++word) give(word);
  commit();
  EXPECT_TRUE(block->dropped_o);
  EXPECT_EQ(drain(), Words{});
  give(7);
  commit();
  EXPECT_EQ(drain(), Words{7});
}

TEST_F(PacketFifoBench, SkipsAnyNumberOfWordsInOneCycle) {
  for (std::size_t skipped = 0; skipped <= kDepth; ++skipped) {
    Words expected;
    for (std::uint64_t word = 0; word < kDepth; ++word) {
      give(word);
      if (word >= skipped) expected.push_back(word);
    }
    commit();
    skip(skipped);
    EXPECT_EQ(drain(), expected) << skipped;
  }
}

TEST_F(PacketFifoBench, SkipsUpToWordsWithoutAVerdictAndKeepsThem) {
  give(1);
  give(2);
  commit();
  give(3);
  skip(2);
  EXPECT_FALSE(block->out_valid_o);
  block.cycle();
  EXPECT_FALSE(block->out_valid_o);
  give(4);
  commit();
  EXPECT_EQ(drain(), (Words{3, 4}));
}

TEST_F(PacketFifoBench, TakesNoWordInACycleThatSkips) {
  give(1);
  give(2);
  give(3);
  commit();
  block.cycle();
  ASSERT_TRUE(block->out_valid_o);
  block->out_ready_i = 1;
  skip(1);
  EXPECT_EQ(drain(), (Words{2, 3}));
}

TEST_F(PacketFifoBench, IsWhatAQueueOfPacketsIs) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  std::uint64_t dropped = 0;
  std::uint64_t discarded = 0;
  std::uint64_t given = 0;
  std::uint64_t skipped = 0;
  for (const Ends& ends : kAllEnds) {
    block.reset();
    Model model;
    End source{ends.source, random()};
    End sink{ends.sink, random()};
    bool told = false;
    for (int i = 0; i < 50'000; ++i) {
      block->in_valid_i = source.active();
      block->in_data_i = random();
      block->commit_i = random() % 5 == 0;
      block->discard_i = random() % 20 == 0;
      block->out_ready_i = sink.active();
      block->skip_i = random() % 10 == 0;
      block->skip_count_i = static_cast<std::uint8_t>(random() % (model.leaving.size() + 1));
      block.settle();
      ASSERT_EQ(block->dropped_o, told);
      ASSERT_EQ(block->out_valid_o, model.shown);
      const bool full = model.full();
      if (block->skip_i) {
        skipped += block->skip_count_i;
        model.leaving.erase(model.leaving.begin(), model.leaving.begin() + block->skip_count_i);
      } else if (block->out_valid_o && block->out_ready_i) {
        ASSERT_EQ(block->out_data_o, model.leaving.front());
        model.leaving.pop_front();
        ++given;
      }
      model.shown = !model.leaving.empty();
      if (block->in_valid_i) {
        model.lacking = model.lacking || full;
        if (!model.lacking) model.waiting.push_back(block->in_data_i);
      }
      told = block->commit_i && !block->discard_i && model.lacking;
      if (block->commit_i || block->discard_i) {
        if (block->discard_i || model.lacking) {
          dropped += told ? 1 : 0;
          discarded += block->discard_i;
        } else {
          model.leaving.insert(model.leaving.end(), model.waiting.begin(), model.waiting.end());
        }
        model.waiting.clear();
        model.lacking = false;
      }
      block.cycle();
    }
  }
  EXPECT_GT(given, 10'000u);
  EXPECT_GT(dropped, 10u);
  EXPECT_GT(discarded, 100u);
  EXPECT_GT(skipped, 1'000u);
}

}  // namespace ridley::card
