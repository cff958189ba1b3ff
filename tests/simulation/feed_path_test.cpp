// SPDX-License-Identifier: Apache-2.0
#include "simulation/feed_path.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace ridley::simulation {
namespace {

// As long as a frame with a MoldUDP64 header; its last byte says which it is.
std::vector<std::byte> frame(std::uint8_t number) {
  std::vector<std::byte> bytes(80, std::byte{0x20});
  bytes.back() = std::byte{number};
  return bytes;
}

class FeedPathTest : public testing::Test {
 protected:
  void send(std::uint8_t number) { path_.send(frame(number), now_ns_ += 1'000); }
  void suffer(Deed deed, std::uint64_t first = 0, std::uint64_t second = 0) {
    path_.suffer({.deed = deed, .first = first, .second = second}, now_ns_);
  }
  // The last bytes of what arrives, in order.
  std::vector<int> arrived() {
    std::vector<int> numbers;
    while (const auto frame = path_.take(kNeverNs - 1))
      numbers.push_back(static_cast<int>(frame->bytes.back()));
    return numbers;
  }
  std::uint64_t suffered(Deed deed) { return path_.suffered()[static_cast<std::size_t>(deed)]; }

  FeedPath path_{10};
  std::uint64_t now_ns_ = 1'000'000;
};

}  // namespace

TEST_F(FeedPathTest, BringsFramesInTheirOrder) {
  for (std::uint8_t i = 1; i <= 3; ++i) send(i);
  EXPECT_EQ(path_.next_ns(), 1'001'010u);
  EXPECT_EQ(path_.take(1'001'009), std::nullopt);
  EXPECT_EQ(arrived(), (std::vector{1, 2, 3}));
}

TEST_F(FeedPathTest, LosesAsManyAsItIsTold) {
  suffer(Deed::FrameLoss, 2);
  for (std::uint8_t i = 1; i <= 4; ++i) send(i);
  EXPECT_EQ(arrived(), (std::vector{3, 4}));
  EXPECT_EQ(suffered(Deed::FrameLoss), 2u);
}

TEST_F(FeedPathTest, LosesEverythingForATime) {
  suffer(Deed::BurstLoss, 2'500);
  for (std::uint8_t i = 1; i <= 4; ++i) send(i);
  EXPECT_EQ(arrived(), (std::vector{3, 4}));
  suffer(Deed::LineDead, 1'001);
  send(5);
  send(6);
  EXPECT_EQ(arrived(), std::vector{6}) << "the end of the time is behind it";
}

TEST_F(FeedPathTest, LetsOthersOvertake) {
  suffer(Deed::Reordering, 2);
  for (std::uint8_t i = 1; i <= 4; ++i) send(i);
  EXPECT_EQ(arrived(), (std::vector{2, 3, 1, 4}));
}

TEST_F(FeedPathTest, BringsFramesTwice) {
  suffer(Deed::Duplication, 1, 1'500);
  for (std::uint8_t i = 1; i <= 3; ++i) send(i);
  EXPECT_EQ(arrived(), (std::vector{1, 2, 1, 3}));
}

TEST_F(FeedPathTest, ChangesOneByteOfOneFrame) {
  suffer(Deed::Corruption, 79, 0x40);
  send(1);
  send(2);
  const auto first = path_.take(kNeverNs - 1);
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->whole);
  EXPECT_EQ(first->bytes.back(), std::byte{0x41});
  EXPECT_EQ(arrived(), std::vector{2});
}

TEST_F(FeedPathTest, CutsOneFrameShort) {
  suffer(Deed::Truncation, 9);
  send(1);
  const auto first = path_.take(kNeverNs - 1);
  ASSERT_TRUE(first);
  EXPECT_FALSE(first->whole);
  EXPECT_EQ(first->bytes.size(), 10u);
}

TEST_F(FeedPathTest, LateFramesAreOvertaken) {
  suffer(Deed::Delay, 1'500, 1'500);
  for (std::uint8_t i = 1; i <= 3; ++i) send(i);
  EXPECT_EQ(arrived(), (std::vector{2, 1, 3}));
  EXPECT_EQ(suffered(Deed::Delay), 1u);
}

TEST_F(FeedPathTest, RepeatsAFrameUnderAnotherSessionsName) {
  suffer(Deed::WrongSession, 1);
  send(1);
  const auto other = path_.take(kNeverNs - 1);
  ASSERT_TRUE(other);
  EXPECT_EQ(other->session(), "ELSEWHERE ");
  const auto own = path_.take(kNeverNs - 1);
  ASSERT_TRUE(own);
  EXPECT_EQ(own->session(), "          ");
  EXPECT_TRUE(own->whole);
}

TEST_F(FeedPathTest, HealsAndGivesBackWhatWaits) {
  suffer(Deed::Reordering, 4);
  send(1);
  suffer(Deed::LineDead, 1'000'000);
  send(2);
  path_.heal(now_ns_);
  send(3);
  EXPECT_EQ(arrived(), (std::vector{1, 3}));
}

}  // namespace ridley::simulation
