// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_wire.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::venue {

TEST(FeedWire, RefusesPortsThatNothingCanBeSentTo) {
  for (const char* wrong : {"memory", "pcap:file.pcap", "", "no_such_port", "B:memory",
                            "D:net_vhost0,iface=/nowhere"}) {
    const std::array<std::string, 1> one{wrong};
    EXPECT_THROW(FeedWire{one}, base::Error) << wrong;
  }
}

// The packet library starts once in a process.
TEST(FeedWire, LosesFramesOfALineWhereItIsWantedAndNobodyIsThere) {
  ridley::test::ScratchFolder folder;
  const std::array<std::string, 2> both{
      "AB:net_vhost0,iface=" + (folder / "feed.sock").string() + ",queues=1",
      "B:net_vhost1,iface=" + (folder / "again.sock").string() + ",queues=1"};
  FeedWire wire{both};
  EXPECT_FALSE(wire.up());
  const std::array<std::byte, 60> frame{};
  EXPECT_FALSE(wire.send(0, frame));
  EXPECT_FALSE(wire.send(1, frame));
  EXPECT_TRUE(wire.send(2, frame)) << "nobody wants it";
  wire.drain();
  EXPECT_TRUE(std::filesystem::exists(folder / "feed.sock"));
  EXPECT_TRUE(std::filesystem::exists(folder / "again.sock"));
}

}  // namespace ridley::venue
