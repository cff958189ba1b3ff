// SPDX-License-Identifier: Apache-2.0
#include "control/progress.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <string>

namespace ridley::control {
namespace {

using namespace std::chrono_literals;

// A terminal made of memory.
class ProgressTest : public ::testing::Test {
 protected:
  void SetUp() override { screen_ = open_memstream(&text_, &size_); }
  void TearDown() override {
    std::fclose(screen_);
    std::free(text_);  // open_memstream's own allocation
  }
  std::string drawn() {
    std::fflush(screen_);
    return {text_, size_};
  }

  const Progress::Clock::time_point begin_ = Progress::Clock::now();
  std::FILE* screen_ = nullptr;
  char* text_ = nullptr;
  std::size_t size_ = 0;
};

TEST_F(ProgressTest, IsSilentInTheFirstSecond) {
  Progress progress{"decode", 100, {screen_, true, begin_}};
  progress.draw(10, begin_ + 999ms);
  EXPECT_EQ(drawn(), "");
  progress.draw(10, begin_ + 1000ms);
  EXPECT_NE(drawn(), "");
}

TEST_F(ProgressTest, DrawsNothingWhereThereIsNoTerminal) {
  {
    Progress progress{"decode", 100, {screen_, false, begin_}};
    progress.draw(10, begin_ + 5s);
  }
  EXPECT_EQ(drawn(), "");
}

TEST_F(ProgressTest, RedrawsFiveTimesASecondAtMost) {
  Progress progress{"decode", 100, {screen_, true, begin_}};
  progress.draw(10, begin_ + 1000ms);
  const std::string first = drawn();
  progress.draw(11, begin_ + 1199ms);
  EXPECT_EQ(drawn(), first);
  progress.draw(12, begin_ + 1200ms);
  EXPECT_NE(drawn(), first);
}

TEST_F(ProgressTest, WipesItsLineWhenTheWorkEnds) {
  {
    Progress progress{"decode", 100, {screen_, true, begin_}};
    progress.draw(10, begin_ + 2s);
  }
  EXPECT_TRUE(drawn().ends_with("\r\033[K"));
}

TEST_F(ProgressTest, ShowsPartSizeAndTimeLeft) {
  const Progress progress{"decode", 2'000'000'000, {screen_, true, begin_}};
  EXPECT_EQ(progress.line(500'000'000, begin_ + 3s),
            "decode  25% [#####               ] 0.5/2.0 GB, 9 s left");
}

TEST_F(ProgressTest, ShowsNoMoreThanTheWholeWhenTheTotalWasTooSmall) {
  const Progress progress{"decode", 100, {screen_, true, begin_}};
  EXPECT_EQ(progress.line(200, begin_ + 3s),
            "decode 100% [####################] 200.0/100.0 B, 0 s left");
}

TEST_F(ProgressTest, ShowsOnlyWhatIsDoneWhenTheTotalIsUnknown) {
  const Progress progress{"book", 0, {screen_, true, begin_}};
  EXPECT_EQ(progress.line(1'500, begin_ + 3s), "book  1.5 kB, 3 s");
}

}  // namespace
}  // namespace ridley::control
