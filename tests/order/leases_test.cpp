// SPDX-License-Identifier: Apache-2.0
#include "order/leases.hpp"

#include <gtest/gtest.h>

namespace ridley::order {
namespace {

FlowView good_flow() {
  return {.logged_in = true,
          .open = true,
          .even = true,
          .next = 1'000,
          .send_until = 9'000,
          .limit = Fallback::Window,
          .segment_bytes = 1'460,
          .routes = 1};
}

class LeasesTest : public testing::Test {
 protected:
  bool give(const FlowView& view) {
    const auto lease = leases.look(view);
    if (lease) leases.given(*lease);
    return lease.has_value();
  }
  [[nodiscard]] bool holds() const { return leases.permit().generation != kNoLease; }
  [[nodiscard]] std::uint64_t revoked(Fallback why) const {
    return leases.revoked()[static_cast<std::size_t>(why)];
  }

  FlowView flow = good_flow();
  Leases leases;
};

TEST_F(LeasesTest, GivesALeaseWhenEverybodyAgrees) {
  leases.took(Way::Kernel);
  leases.took(Way::Kernel);
  const auto lease = leases.look(flow);
  ASSERT_TRUE(lease);
  EXPECT_EQ(lease->sequence, 1'000U);
  EXPECT_EQ(lease->packets, 2U);
  EXPECT_FALSE(holds()) << "not before it was handed over";
  leases.given(*lease);
  EXPECT_EQ(leases.permit().generation, lease->generation);
  EXPECT_EQ(leases.permit().send_until, 9'000U);
  EXPECT_FALSE(leases.look(flow)) << "one at a time";
}

TEST_F(LeasesTest, GivesNoneWhileAnythingIsInTheWay) {
  const auto refused = [&](auto change, Fallback why) {
    FlowView view = good_flow();
    change(view);
    EXPECT_FALSE(give(view));
    EXPECT_EQ(leases.permit().limit, why) << name_of(why);
  };
  refused([](FlowView& view) { view.logged_in = false; }, Fallback::NotOpen);
  refused([](FlowView& view) { view.open = false; }, Fallback::NotOpen);
  refused([](FlowView& view) { view.even = false; }, Fallback::KernelBehind);
  refused([](FlowView& view) { view.send_until = 1'000 + kOutboundBytesMax - 1; },
          Fallback::Window);
  refused([](FlowView& view) { view.segment_bytes = kOutboundBytesMax - 1; },
          Fallback::SegmentSize);
  flow.send_until = 1'000 + kOutboundBytesMax;
  flow.segment_bytes = kOutboundBytesMax;
  EXPECT_TRUE(give(flow));
}

TEST_F(LeasesTest, APacketThatWasNotSentGivesTheLeaseBack) {
  ASSERT_TRUE(give(flow));
  EXPECT_FALSE(leases.stream_is_ours());
  leases.took(Way::Wire);
  EXPECT_TRUE(holds());
  leases.took(Way::Kernel);
  EXPECT_FALSE(holds());
  EXPECT_TRUE(leases.stream_is_ours());
  const auto next = leases.look(flow);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->packets, 2U);
}

TEST_F(LeasesTest, TakesALeaseBackForARouteOrASegmentSizeAndGivesAnother) {
  ASSERT_TRUE(give(flow));
  const std::uint16_t first = leases.permit().generation;
  flow.routes = 2;
  EXPECT_FALSE(give(flow));
  EXPECT_FALSE(holds());
  EXPECT_EQ(leases.permit().limit, Fallback::Route);
  EXPECT_FALSE(leases.stream_is_ours()) << "the hot core may have sent before it saw that";
  ASSERT_TRUE(give(flow));
  EXPECT_NE(leases.permit().generation, first);
  flow.segment_bytes = 536;
  EXPECT_FALSE(give(flow));
  EXPECT_EQ(leases.permit().limit, Fallback::SegmentSize);
  EXPECT_EQ(revoked(Fallback::Route), 1U);
  EXPECT_EQ(revoked(Fallback::SegmentSize), 1U);
}

TEST_F(LeasesTest, TakesALeaseBackWhenTheConnectionCloses) {
  ASSERT_TRUE(give(flow));
  flow.open = false;
  EXPECT_FALSE(give(flow));
  EXPECT_FALSE(holds());
  EXPECT_EQ(revoked(Fallback::NotOpen), 1U);
  EXPECT_FALSE(give(flow)) << "and gives no other";
}

TEST_F(LeasesTest, TheNextConnectionIsOurs) {
  ASSERT_TRUE(give(flow));
  leases.lose();
  EXPECT_FALSE(holds());
  EXPECT_TRUE(leases.stream_is_ours());
  EXPECT_EQ(leases.permit().limit, Fallback::NotOpen);
  leases.lose();
  EXPECT_EQ(revoked(Fallback::NotOpen), 1U) << "once";
}

TEST_F(LeasesTest, NeverGivesTheGenerationOfNoLease) {
  for (int i = 0; i < 70'000; ++i) {
    ASSERT_TRUE(give(flow));
    ASSERT_NE(leases.permit().generation, kNoLease);
    leases.took(Way::Kernel);
  }
}

}  // namespace
}  // namespace ridley::order
