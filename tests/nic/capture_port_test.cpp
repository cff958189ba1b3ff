// SPDX-License-Identifier: Apache-2.0
#include "nic/capture_port.hpp"

#include <gtest/gtest.h>

#include <array>

#include "nic/frames.hpp"

namespace ridley::nic {
namespace {

using Burst = std::array<Frame, kBurstFramesMax>;

// A clock that the test winds.
struct TestClock {
  const std::uint64_t* ns;
  std::uint64_t operator()() const noexcept { return *ns; }
};

CaptureRecording recording_at(std::initializer_list<std::uint64_t> times) {
  CaptureRecording recording;
  for (const std::uint64_t ns : times) recording.add(test::hello_frame(), ns, 60);
  return recording;
}

}  // namespace

TEST(CapturePort, GivesEveryFrameWhenItIsDue) {
  std::uint64_t now = 50;
  CapturePort port{recording_at({1000, 1000, 1100, 2000}), ReplayRate::Recorded, TestClock{&now}};
  Burst burst;
  EXPECT_EQ(port.receive_burst(burst), 2u);
  EXPECT_EQ(port.receive_burst(burst), 0u);
  now = 149;
  EXPECT_EQ(port.receive_burst(burst), 0u);
  now = 150;
  ASSERT_EQ(port.receive_burst(burst), 1u);
  EXPECT_EQ(burst[0].stamp.ns, 1100u);
  EXPECT_EQ(burst[0].stamp.source, event::TimeSource::Capture);
  EXPECT_EQ(burst[0].wire_length, 60u);
  EXPECT_FALSE(port.finished());
  now = 1050;
  EXPECT_EQ(port.receive_burst(burst), 1u);
  EXPECT_TRUE(port.finished());
  EXPECT_FALSE(port.link().up);
  EXPECT_EQ(port.receive_burst(burst), 0u);
  EXPECT_EQ(port.statistics().received, 4u);
}

TEST(CapturePort, RunsEightTimesAsFast) {
  std::uint64_t now = 0;
  CapturePort port{recording_at({1000, 1800, 1801}), ReplayRate::EightTimes, TestClock{&now}};
  Burst burst;
  EXPECT_EQ(port.receive_burst(burst), 1u);
  now = 99;
  EXPECT_EQ(port.receive_burst(burst), 0u);
  now = 100;
  EXPECT_EQ(port.receive_burst(burst), 1u);
  now = 101;
  EXPECT_EQ(port.receive_burst(burst), 1u);
}

TEST(CapturePort, GivesFullBurstsWithoutARate) {
  CaptureRecording recording;
  for (std::uint64_t i = 0; i < kBurstFramesMax + 3; ++i) {
    recording.add(test::hello_frame(), i * 1'000'000'000, 47);
  }
  std::uint64_t now = 0;
  CapturePort port{std::move(recording), ReplayRate::Unlimited, TestClock{&now}};
  Burst burst;
  EXPECT_EQ(port.receive_burst(burst), kBurstFramesMax);
  EXPECT_EQ(port.receive_burst(burst), 3u);
  EXPECT_TRUE(port.finished());
}

TEST(CapturePort, HoldsAnEarlyStampBehindALaterOneNoLonger) {
  std::uint64_t now = 0;
  CapturePort port{recording_at({1000, 1100, 900, 1200}), ReplayRate::Recorded, TestClock{&now}};
  Burst burst;
  EXPECT_EQ(port.receive_burst(burst), 1u);
  now = 100;
  EXPECT_EQ(port.receive_burst(burst), 2u);
}

TEST(CapturePort, SwallowsWhatIsSent) {
  std::uint64_t now = 0;
  CapturePort port{CaptureRecording{}, ReplayRate::Recorded, TestClock{&now}};
  EXPECT_TRUE(port.send(test::hello_frame()));
  EXPECT_EQ(port.statistics().sent, 1u);
  Burst burst;
  EXPECT_EQ(port.receive_burst(burst), 0u);
  EXPECT_TRUE(port.finished());
}

}  // namespace ridley::nic
