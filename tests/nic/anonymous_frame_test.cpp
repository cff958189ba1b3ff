// SPDX-License-Identifier: Apache-2.0
#include "nic/anonymous_frame.hpp"

#include <gtest/gtest.h>

#include "nic/datagram.hpp"
#include "nic/frames.hpp"

namespace ridley::nic {
namespace {

using test::Bytes;
using test::bytes_of;
using test::frame_of;
using test::hello_frame;

constexpr std::size_t kAddressAt = 14 + 12;

Strip strip_bytes(const Bytes& bytes) {
  Datagram datagram;
  return strip(frame_of(bytes), datagram);
}

}  // namespace

TEST(AnonymousFrame, PutsAnotherAddressInItsPlace) {
  Bytes bytes = hello_frame();
  bytes[kAddressAt] ^= std::byte{1};
  EXPECT_EQ(strip_bytes(bytes), Strip::BadHeaderChecksum);
  EXPECT_TRUE(repair_anonymous(bytes));
  EXPECT_EQ(strip_bytes(bytes), Strip::Udp);
  EXPECT_FALSE(repair_anonymous(bytes));
}

TEST(AnonymousFrame, FindsTheHeaderBehindTags) {
  for (const std::initializer_list<unsigned> tags :
       {std::initializer_list<unsigned>{0x81, 0, 0, 1}, {0x88, 0xA8, 0, 1, 0x81, 0, 0, 2}}) {
    Bytes bytes = hello_frame();
    const Bytes inserted = bytes_of(tags);
    bytes.insert(bytes.begin() + 12, inserted.begin(), inserted.end());
    bytes[kAddressAt + tags.size()] ^= std::byte{1};
    EXPECT_TRUE(repair_anonymous(bytes));
    EXPECT_EQ(strip_bytes(bytes), Strip::Udp);
  }
}

TEST(AnonymousFrame, TakesOutAWrongUdpChecksumAlone) {
  Bytes bytes = hello_frame();
  bytes[34 + 6] = std::byte{0x12};
  ASSERT_EQ(strip_bytes(bytes), Strip::BadUdpChecksum);
  const Bytes header{bytes.begin(), bytes.begin() + 34};
  EXPECT_TRUE(repair_anonymous(bytes));
  EXPECT_EQ(strip_bytes(bytes), Strip::Udp);
  EXPECT_TRUE(std::equal(header.begin(), header.end(), bytes.begin()));
}

TEST(AnonymousFrame, GivesPortZeroANumber) {
  for (const bool summed : {false, true}) {
    Bytes bytes = hello_frame();
    if (!summed) bytes[34 + 6] = bytes[34 + 7] = std::byte{0};
    bytes[34 + 2] = bytes[34 + 3] = std::byte{0};
    EXPECT_TRUE(repair_anonymous(bytes));
    Datagram datagram;
    ASSERT_EQ(strip(frame_of(bytes), datagram), Strip::Udp);
    EXPECT_EQ(datagram.destination_port, kAnonymousPort);
    EXPECT_EQ(datagram.payload.size(), 5u);
  }
}

TEST(AnonymousFrame, LeavesWhatIsRightOrNoIpv4) {
  Bytes right = hello_frame();
  Bytes arp = hello_frame();
  arp[13] = std::byte{6};
  Bytes cut = hello_frame();
  cut.resize(20);
  for (const Bytes& bytes : {right, arp, cut, Bytes{}}) {
    Bytes after = bytes;
    EXPECT_FALSE(repair_anonymous(after));
    EXPECT_EQ(after, bytes);
  }
}

}  // namespace ridley::nic
