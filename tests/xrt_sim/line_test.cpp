// SPDX-License-Identifier: Apache-2.0
#include "xrt_sim/line.hpp"

#include <gtest/gtest.h>

#include <numeric>
#include <vector>

namespace ridley::xrt_sim {
namespace {

struct Given {
  std::vector<std::byte> bytes;
  int beats = 0;
  int silent = 0;  // cycles until the next frame may begin
};

Given give(std::uint32_t stream_bytes, const std::vector<std::byte>& frame) {
  Line line;
  line.reset(stream_bytes);
  EXPECT_TRUE(line.free());
  line.begin(frame);
  Given given;
  bool over = false;
  while (!over) {
    EXPECT_TRUE(line.giving());
    ridley_model_beat beat;
    over = line.give(beat);
    ++given.beats;
    EXPECT_EQ(beat.valid, 1);
    EXPECT_EQ(beat.bad, 0);
    EXPECT_EQ(beat.last, over ? 1 : 0);
    const int count = __builtin_popcount(beat.keep);
    EXPECT_EQ(beat.keep, (1 << count) - 1) << "low bytes first";
    EXPECT_TRUE(over || count == static_cast<int>(stream_bytes));
    const auto* bytes = reinterpret_cast<const std::byte*>(&beat.data);
    given.bytes.insert(given.bytes.end(), bytes, bytes + count);
  }
  while (!line.free()) {
    ridley_model_beat beat;
    EXPECT_FALSE(line.give(beat));
    EXPECT_EQ(beat.valid, 0);
    ++given.silent;
  }
  return given;
}

TEST(Line, GivesEveryByteOnceAndKeepsTheGap) {
  for (const std::uint32_t width : {8U, 4U}) {
    for (const std::size_t size : {1U, 3U, 4U, 5U, 7U, 8U, 9U, 60U, 61U, 1514U, 9000U}) {
      std::vector<std::byte> frame(size);
      std::iota(reinterpret_cast<unsigned char*>(frame.data()),
                reinterpret_cast<unsigned char*>(frame.data() + size), 1);
      const Given given = give(width, frame);
      EXPECT_EQ(given.bytes, frame);
      EXPECT_EQ(given.beats, static_cast<int>((size + width - 1) / width));
      EXPECT_EQ(given.silent, static_cast<int>(kWireOverheadBytes / width));
    }
  }
}

TEST(Line, ForgetsAFrameWhenADesignIsLoaded) {
  Line line;
  line.reset(8);
  const std::vector<std::byte> frame(64);
  line.begin(frame);
  line.reset(4);
  EXPECT_TRUE(line.free());
}

}  // namespace
}  // namespace ridley::xrt_sim
