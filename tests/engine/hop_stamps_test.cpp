// SPDX-License-Identifier: Apache-2.0
#include "engine/hop_stamps.hpp"

#include "engine/hop_clock.hpp"

#include <gtest/gtest.h>

#include <memory>

namespace ridley::engine {
namespace {

// A clock that a test sets.
struct SetClock {
  const std::uint64_t* ns;
  [[nodiscard]] std::uint64_t ticks() const noexcept { return *ns; }
  [[nodiscard]] std::uint64_t ns_of(std::uint64_t ticks) const noexcept { return ticks; }
};
static_assert(HopClock<SetClock>);

class HopStampsTest : public testing::Test {
 protected:
  HopStampsTest() {
    for (std::size_t i = 0; i < histograms_.size(); ++i) {
      histograms_[i] = std::make_unique<telemetry::HopHistogram>();
      hops_.of[i] = histograms_[i].get();
    }
  }

  std::uint64_t count(telemetry::Hop hop, std::uint64_t ns) const {
    return histograms_[static_cast<std::size_t>(hop)]
        ->counts()[telemetry::HopHistogram::kShape.index(ns)]
        .load();
  }

  std::array<std::unique_ptr<telemetry::HopHistogram>, telemetry::kHopCount> histograms_;
  telemetry::HopHistograms hops_;
  std::uint64_t now_ns_ = 1000;
  HopStamps<SetClock> stamps_{SetClock{&now_ns_}, hops_};
};

event::Timestamp stamp(std::uint64_t ns, event::TimeSource source) {
  return {.ns = ns, .error_ns = 0, .source = source, .domain = {}, .reserved = 0};
}

}  // namespace

TEST_F(HopStampsTest, CountsFromTheFramesStamp) {
  stamps_.begin(stamp(900, event::TimeSource::Tsc));
  now_ns_ = 1020;
  stamps_.decoded();
  now_ns_ = 1050;
  stamps_.pass(telemetry::Hop::Book);
  stamps_.record_decoded();
  stamps_.end();
  EXPECT_EQ(count(telemetry::Hop::RxStamp, 100), 1u);
  EXPECT_EQ(count(telemetry::Hop::Decoded, 120), 1u);
  EXPECT_EQ(count(telemetry::Hop::Book, 150), 1u);
}

TEST_F(HopStampsTest, CountsFromTheFirstLookWhereTheStampHasAnotherScale) {
  stamps_.begin(stamp(5, event::TimeSource::Nic));
  now_ns_ = 1007;
  stamps_.pass(telemetry::Hop::Sent);
  stamps_.end();
  EXPECT_EQ(count(telemetry::Hop::Sent, 7), 1u);
  EXPECT_EQ(count(telemetry::Hop::RxStamp, 0), 0u);
}

TEST_F(HopStampsTest, RecordsNothingBeforeTheFramesEnd) {
  stamps_.begin(stamp(900, event::TimeSource::Tsc));
  now_ns_ = 1003;
  stamps_.pass(telemetry::Hop::Sent);
  EXPECT_EQ(count(telemetry::Hop::Sent, 103), 0u);
  now_ns_ = 5000;
  stamps_.end();
  EXPECT_EQ(count(telemetry::Hop::Sent, 103), 1u);
  stamps_.end();
  EXPECT_EQ(count(telemetry::Hop::Sent, 103), 1u);
}

TEST_F(HopStampsTest, LosesNoMomentOfAFrameWithMoreThanFit) {
  stamps_.begin(stamp(900, event::TimeSource::Tsc));
  for (std::size_t i = 0; i < 2 * kMomentsMax + 1; ++i) stamps_.pass(telemetry::Hop::Sent);
  stamps_.end();
  EXPECT_EQ(count(telemetry::Hop::Sent, 100), 2 * kMomentsMax + 1);
  EXPECT_EQ(count(telemetry::Hop::RxStamp, 100), 1u);
}

TEST_F(HopStampsTest, RecordsNothingThatNoFrameCaused) {
  stamps_.begin(stamp(1000, event::TimeSource::Tsc));
  stamps_.end();
  stamps_.pass(telemetry::Hop::Sent);
  stamps_.end();
  EXPECT_EQ(count(telemetry::Hop::Sent, 0), 0u);
}

}  // namespace ridley::engine
