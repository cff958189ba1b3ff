// SPDX-License-Identifier: Apache-2.0
#include "engine/membership.hpp"

#include <gtest/gtest.h>

#include "nic/memory_port.hpp"

namespace ridley::engine {
namespace {

constexpr std::uint64_t kSecondNs = 1'000'000'000;

std::size_t arrived(nic::MemoryPort& port) {
  std::array<nic::Frame, nic::kBurstFramesMax> frames;
  return port.receive_burst(frames);
}

// A port whose link is down.
struct DeafPort {
  int asked = 0;
  std::size_t receive_burst(std::span<nic::Frame>) noexcept { return 0; }
  bool send(std::span<const std::byte>) noexcept { return ++asked, false; }
};
static_assert(nic::Port<DeafPort>);

}  // namespace

TEST(Membership, JoinsEveryGroupAtOnceAndAgainAMinuteLater) {
  nic::MemoryLink link;
  const std::array<std::uint32_t, 2> groups{0xE936'0C6F, 0xE936'0C70};
  Membership membership{{}, groups};
  membership.refresh(link.left(), 5 * kSecondNs);
  EXPECT_EQ(arrived(link.right()), 2u);
  membership.refresh(link.left(), 64 * kSecondNs);
  EXPECT_EQ(arrived(link.right()), 0u);
  membership.refresh(link.left(), 65 * kSecondNs);
  EXPECT_EQ(arrived(link.right()), 2u);
  membership.leave(link.left());
  EXPECT_EQ(arrived(link.right()), 2u);
}

TEST(Membership, AsksAgainSoonWhileTheLinkIsDown) {
  DeafPort port;
  const std::array<std::uint32_t, 1> groups{0xE936'0C6F};
  Membership membership{{}, groups};
  membership.refresh(port, 1);
  membership.refresh(port, kReportRetryNs);
  EXPECT_EQ(port.asked, 1);
  membership.refresh(port, kReportRetryNs + 1);
  EXPECT_EQ(port.asked, 2);
}

}  // namespace ridley::engine
