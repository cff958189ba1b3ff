// SPDX-License-Identifier: Apache-2.0
// hw/rtl/base/ridley_fifo.sv against a queue.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "Vridley_fifo.h"
#include "clocked.hpp"
#include "stream.hpp"

namespace ridley::card {
namespace {

constexpr std::size_t kDepth = 8;  // as hw/tb/meson.build says

struct FifoBench : testing::Test {
  Clocked<Vridley_fifo> block{"ridley_fifo"};
};

}  // namespace

TEST_F(FifoBench, GivesEveryWordOnceAndInOrder) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  for (const Ends& ends : kAllEnds) {
    End source{ends.source, random()};
    End sink{ends.sink, random()};
    std::deque<std::uint64_t> expected;
    std::uint64_t given = 0;
    while (given < 20'000) {
      block->in_valid_i = source.active();
      block->in_data_i = random();
      block->out_ready_i = sink.active();
      block.settle();
      ASSERT_EQ(block->in_ready_o, expected.size() != kDepth);
      ASSERT_EQ(block->out_valid_o, !expected.empty());
      if (block->out_valid_o && block->out_ready_i) {
        ASSERT_EQ(block->out_data_o, expected.front());
        expected.pop_front();
        ++given;
      }
      if (block->in_valid_i && block->in_ready_o) expected.push_back(block->in_data_i);
      block.cycle();
    }
    // Empty for the next pair of ends.
    block->in_valid_i = 0;
    block->out_ready_i = 1;
    for (std::size_t i = 0; i < kDepth; ++i) block.cycle();
  }
}

TEST_F(FifoBench, GivesAWordOneCycleAfterItCame) {
  block->in_valid_i = 1;
  block->in_data_i = 42;
  block->out_ready_i = 0;
  block.settle();
  EXPECT_FALSE(block->out_valid_o);
  block.cycle();
  block->in_valid_i = 0;
  block.settle();
  EXPECT_TRUE(block->out_valid_o);
  EXPECT_EQ(block->out_data_o, 42u);
}

TEST_F(FifoBench, TakesAndGivesInEveryCycleButWhenItIsFull) {
  block->in_valid_i = 1;
  block->out_ready_i = 0;
  for (std::size_t i = 0; i < kDepth; ++i) {
    block.settle();
    EXPECT_TRUE(block->in_ready_o);
    block.cycle();
  }
  block.settle();
  EXPECT_FALSE(block->in_ready_o);
  block->out_ready_i = 1;
  block.cycle();
  for (int i = 0; i < 100; ++i) {
    block.settle();
    EXPECT_TRUE(block->in_ready_o);
    EXPECT_TRUE(block->out_valid_o);
    block.cycle();
  }
}

TEST_F(FifoBench, IsEmptyAfterAReset) {
  block->in_valid_i = 1;
  block.cycle();
  block->in_valid_i = 0;
  block.reset();
  block.settle();
  EXPECT_FALSE(block->out_valid_o);
}

}  // namespace ridley::card
