// SPDX-License-Identifier: Apache-2.0
// Both lines of a CME channel, and its snapshots beside what is held (feed/mdp_channel.hpp).
#include <gtest/gtest.h>

#include <functional>
#include <vector>

#include "feed/mdp_channel.hpp"
#include "feed/mdp_messages.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using mdp::kE9;

struct Window : testing::Test {
  void accept(std::uint32_t sequence, std::int64_t price_e9) {
    kinds.clear();
    const Bytes message = mdp::book({{.position = 2, .price_e9 = price_e9}});
    (void)channel.accept(mdp::Packet{sequence, {message}}.bytes(), hear, [] {});
  }
  void snapshot(std::uint32_t last_sequence) {
    kinds.clear();
    const Bytes message = mdp::Snapshot{.last_sequence = last_sequence}.bytes();
    channel.accept_snapshot(mdp::Packet{1, {message}}.bytes(), hear);
  }

  std::vector<HeldPackets::Packet> places{8};
  MdpChannel channel{{.sequencer = {.first_sequence = SequencerOptions::kAdopt},
                      .held = HeldPackets{places},
                      .kept_bytes = 4096,
                      .instruments_max = 8,
                      .snapshot_orders_max = 64}};
  std::vector<EventKind> kinds;
  std::function<void(const event::MarketEvent&)> hear{
      [this](const event::MarketEvent& event) { kinds.push_back(event.kind); }};
};

}  // namespace

TEST_F(Window, WaitsForTheOtherLineUntilASnapshotIsBeyondWhatIsMissing) {
  accept(50, kE9);
  snapshot(50);
  ASSERT_EQ(channel.waiting(), 0u);
  accept(52, 2 * kE9);
  EXPECT_TRUE(kinds.empty()) << "51 may come on the other line";
  snapshot(50);
  EXPECT_TRUE(kinds.empty());
  snapshot(51);
  EXPECT_EQ(channel.sequenced().missing_messages, 1u);
  ASSERT_FALSE(kinds.empty());
  EXPECT_EQ(kinds.front(), EventKind::Doubt);
  EXPECT_EQ(channel.waiting(), 0u) << "the same snapshot makes it whole";
  EXPECT_EQ(channel.counters().joined, 2u);
}

TEST_F(Window, ALineThatIsLateCostsNothing) {
  accept(50, kE9);
  snapshot(50);
  accept(52, 2 * kE9);
  accept(51, 3 * kE9);
  EXPECT_FALSE(kinds.empty());
  EXPECT_EQ(channel.waiting(), 0u);
  EXPECT_EQ(channel.sequenced().missing_messages, 0u);
  EXPECT_EQ(channel.sequenced().gaps_filled, 1u);
}

TEST_F(Window, WhatNeverCameIsToldAtTheEnd) {
  accept(50, kE9);
  accept(53, 2 * kE9);
  EXPECT_TRUE(kinds.empty());
  channel.finish(hear);
  ASSERT_FALSE(kinds.empty());
  EXPECT_EQ(kinds.front(), EventKind::Doubt);
  EXPECT_EQ(channel.sequenced().missing_messages, 2u);
}

}  // namespace ridley::feed
