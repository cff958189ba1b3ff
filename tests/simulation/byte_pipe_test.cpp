// SPDX-License-Identifier: Apache-2.0
#include "simulation/byte_pipe.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace ridley::simulation {
namespace {

std::span<const std::byte> bytes(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}
std::string text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

}  // namespace

TEST(BytePipe, BringsEachPieceAtItsTime) {
  BytePipe pipe{100};
  pipe.send(bytes("ab"), 1'000);
  pipe.send(bytes("cd"), 1'050);
  EXPECT_EQ(pipe.next_ns(), 1'100u);
  EXPECT_EQ(text(pipe.take(1'099)), "");
  EXPECT_EQ(text(pipe.take(1'100)), "ab");
  EXPECT_EQ(text(pipe.take(5'000)), "cd");
  EXPECT_TRUE(pipe.empty());
  EXPECT_EQ(pipe.next_ns(), kNeverNs);
}

TEST(BytePipe, KeepsWhatAStallHoldsBack) {
  BytePipe pipe{100};
  pipe.send(bytes("ab"), 1'000);
  pipe.stall(9'000);
  pipe.send(bytes("cd"), 1'200);
  EXPECT_EQ(text(pipe.take(8'999)), "");
  EXPECT_EQ(text(pipe.take(9'000)), "abcd");
}

TEST(BytePipe, NothingOvertakesWhatIsSlow) {
  BytePipe pipe{100};
  pipe.slow_down(5'000, 1'500);
  pipe.send(bytes("ab"), 1'000);
  pipe.send(bytes("cd"), 1'500);
  EXPECT_EQ(pipe.next_ns(), 6'100u);
  EXPECT_EQ(text(pipe.take(6'100)), "abcd");
}

TEST(BytePipe, LosesTheRestWhenItIsCut) {
  BytePipe pipe{100};
  pipe.send(bytes("abcd"), 1'000);
  pipe.send(bytes("efgh"), 1'001);
  EXPECT_EQ(text(pipe.cut(50)), "abcd");
  EXPECT_TRUE(pipe.empty());
  pipe.send(bytes("x"), 2'000);
  EXPECT_EQ(pipe.next_ns(), 2'100u) << "a new connection knows nothing of the old one";
  EXPECT_EQ(text(pipe.cut(0)), "");
}

}  // namespace ridley::simulation
