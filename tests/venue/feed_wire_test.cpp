// SPDX-License-Identifier: Apache-2.0
#include "venue/feed_wire.hpp"

#include <gtest/gtest.h>

#include <array>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::venue {

TEST(FeedWire, RefusesPortsThatNothingCanBeSentTo) {
  for (const char* wrong : {"memory", "pcap:file.pcap", "", "no_such_port"}) {
    EXPECT_THROW(FeedWire{wrong}, base::Error) << wrong;
  }
}

TEST(FeedWire, LosesFramesWhenNobodyIsAtTheOtherEnd) {
  ridley::test::ScratchFolder folder;
  FeedWire wire{"net_vhost0,iface=" + (folder / "feed.sock").string() + ",queues=1"};
  EXPECT_FALSE(wire.up());
  const std::array<std::byte, 60> frame{};
  EXPECT_FALSE(wire.send(frame));
  wire.drain();
  EXPECT_TRUE(std::filesystem::exists(folder / "feed.sock"));
}

}  // namespace ridley::venue
