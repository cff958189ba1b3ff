// SPDX-License-Identifier: Apache-2.0
#include "wire/mold.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ridley::wire::mold {

TEST(Mold, ReadsWhatItWrites) {
  std::array<std::byte, Header::kSize> bytes{};
  HeaderWriter{bytes.data()}.session("0000012345").sequence_number(~0ull).message_count(65'535);
  const Header header{bytes.data()};
  EXPECT_EQ(header.session().text(), "0000012345");
  EXPECT_EQ(header.sequence_number(), ~0ull);
  EXPECT_EQ(static_cast<MessageCount>(header.message_count()), MessageCount::EndOfSession);
  EXPECT_EQ(bytes[9], std::byte{'5'});
  EXPECT_EQ(bytes[10], std::byte{0xFF});
}

TEST(Mold, ARequestHasTheShapeOfAHeader) {
  std::array<std::byte, RequestPacket::kSize> bytes{};
  RequestPacketWriter{bytes.data()}.session("S").sequence_number(7).requested_message_count(3);
  const Header header{bytes.data()};
  EXPECT_EQ(header.session().text(), "S");
  EXPECT_EQ(header.sequence_number(), 7u);
  EXPECT_EQ(header.message_count(), 3u);
}

}  // namespace ridley::wire::mold
