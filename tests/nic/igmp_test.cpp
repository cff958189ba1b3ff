// SPDX-License-Identifier: Apache-2.0
#include "nic/igmp.hpp"

#include <gtest/gtest.h>

#include <array>

#include "nic/checksum.hpp"
#include "nic/datagram.hpp"
#include "nic/frames.hpp"

namespace ridley::nic {
namespace {

using test::Bytes;
using test::bytes_of;
using test::frame_of;

constexpr std::uint32_t kGroup = 0xE936'0C01;
const IgmpSender kSender{.mac = {0x02, 0, 0, 0, 0, 1}, .ip = 0xC000'0201};

using Room = std::array<std::byte, kFrameBytesMax>;

std::uint16_t folded(const std::byte* at, std::size_t bytes) {
  ChecksumSum sum;
  sum.add({at, bytes});
  return sum.folded();
}

Strip cause_of(const Room& room, std::size_t bytes) {
  Datagram unused;
  return strip(frame_of({room.data(), bytes}), unused);
}

}  // namespace

TEST(Igmp, Version3JoinExcludesNobody) {
  Room room;
  const std::size_t bytes = build_igmp_join(room, kSender, kGroup);
  ASSERT_EQ(bytes, kFrameBytesMin);
  EXPECT_EQ(cause_of(room, bytes), Strip::Igmp);
  EXPECT_EQ(Bytes(room.begin(), room.begin() + 6), bytes_of({0x01, 0x00, 0x5E, 0x00, 0x00, 0x16}));
  EXPECT_EQ(room[22], std::byte{1}) << "time to live";
  EXPECT_EQ(folded(&room[38], 16), kChecksumRight);
  EXPECT_EQ(room[38], std::byte{0x22});
  EXPECT_EQ(Bytes(&room[44], &room[54]),
            bytes_of({0x00, 0x01, 0x04, 0x00, 0x00, 0x00, 0xE9, 0x36, 0x0C, 0x01}));
}

TEST(Igmp, Version3JoinNamesItsSources) {
  Room room;
  const std::array<std::uint32_t, 2> sources{0x0A00'0001, 0x0A00'0002};
  const std::size_t bytes = build_igmp_join(room, kSender, kGroup, sources);
  ASSERT_EQ(bytes, 62u);
  EXPECT_EQ(cause_of(room, bytes), Strip::Igmp);
  EXPECT_EQ(folded(&room[38], 24), kChecksumRight);
  EXPECT_EQ(Bytes(&room[46], &room[62]),
            bytes_of({0x05, 0x00, 0x00, 0x02, 0xE9, 0x36, 0x0C, 0x01, 0x0A, 0x00, 0x00, 0x01, 0x0A,
                      0x00, 0x00, 0x02}));
}

TEST(Igmp, Version3LeaveIncludesNobody) {
  Room room;
  ASSERT_EQ(build_igmp_leave(room, kSender, kGroup), kFrameBytesMin);
  EXPECT_EQ(room[46], std::byte{0x03});
  EXPECT_EQ(folded(&room[38], 16), kChecksumRight);
}

TEST(Igmp, Version2ReportsToTheGroupAndLeavesToTheRouters) {
  IgmpSender sender = kSender;
  sender.version = IgmpVersion::V2;
  sender.vlan = 5;
  Room room;
  ASSERT_EQ(build_igmp_join(room, sender, kGroup), kFrameBytesMin);
  EXPECT_EQ(Bytes(&room[34], &room[38]), bytes_of({0xE9, 0x36, 0x0C, 0x01}));
  EXPECT_EQ(Bytes(&room[42], &room[44]), bytes_of({0x16, 0x00}));
  EXPECT_EQ(folded(&room[42], 8), kChecksumRight);
  EXPECT_EQ(cause_of(room, 60), Strip::Igmp);
  ASSERT_EQ(build_igmp_leave(room, sender, kGroup), kFrameBytesMin);
  EXPECT_EQ(Bytes(&room[34], &room[38]), bytes_of({0xE0, 0x00, 0x00, 0x02}));
  EXPECT_EQ(room[42], std::byte{0x17});
  EXPECT_EQ(folded(&room[42], 8), kChecksumRight);
}

TEST(Igmp, RefusesWhatIsNotAGroupAndTooManySources) {
  Room room;
  EXPECT_EQ(build_igmp_join(room, kSender, 0xC000'0201), 0u);
  EXPECT_EQ(build_igmp_leave(room, kSender, 0xDFFF'FFFF), 0u);
  EXPECT_EQ(build_igmp_join({room.data(), 60}, kSender, kGroup), 0u);
  const std::array<std::uint32_t, kIgmpSourcesMax + 1> sources{};
  EXPECT_EQ(build_igmp_join(room, kSender, kGroup, sources), 0u);
  EXPECT_NE(build_igmp_join(room, kSender, kGroup, {sources.data(), kIgmpSourcesMax}), 0u);
  IgmpSender old = kSender;
  old.version = IgmpVersion::V2;
  EXPECT_EQ(build_igmp_join(room, old, kGroup, {sources.data(), 1}), 0u);
}

TEST(Igmp, KnowsAQueryForItsGroupAndForAll) {
  Room room;
  // A report turned into a query: the type and the group are what is looked at.
  IgmpSender sender = kSender;
  sender.version = IgmpVersion::V2;
  ASSERT_EQ(build_igmp_join(room, sender, kGroup), kFrameBytesMin);
  const Frame frame = frame_of({room.data(), 60});
  EXPECT_FALSE(is_igmp_query_for(frame, kGroup));
  room[38] = std::byte{0x11};
  EXPECT_TRUE(is_igmp_query_for(frame, kGroup));
  EXPECT_FALSE(is_igmp_query_for(frame, kGroup + 1));
  for (int i = 42; i < 46; ++i) room[static_cast<std::size_t>(i)] = std::byte{0};
  EXPECT_TRUE(is_igmp_query_for(frame, kGroup));
  const Bytes hello = test::hello_frame();
  EXPECT_FALSE(is_igmp_query_for(frame_of(hello), kGroup));
}

}  // namespace ridley::nic
