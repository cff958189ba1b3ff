// SPDX-License-Identifier: Apache-2.0
#include "order/soup_packet.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ridley::order {
namespace {

std::span<const std::byte> bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::byte*>(text.data()), text.size()};
}

TEST(SoupPacketReader, GivesAPacketOnlyWhenItsLastByteHasCome) {
  std::vector<std::byte> stream;
  append_packet(stream, SoupType::Sequenced, bytes_of("abc"));
  SoupPacketReader reader;
  for (std::size_t i = 0; i + 1 < stream.size(); ++i) {
    reader.append({&stream[i], 1});
    EXPECT_FALSE(reader.next()) << i;
  }
  reader.append({&stream.back(), 1});
  const auto packet = reader.next();
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->type, SoupType::Sequenced);
  EXPECT_EQ(text_of(packet->payload), "abc");
  EXPECT_FALSE(reader.next());
}

TEST(SoupPacketReader, StopsAtALengthOfZero) {
  const std::byte zero[] = {std::byte{0}, std::byte{0}, std::byte{0}, std::byte{1}, std::byte{'H'}};
  SoupPacketReader reader;
  reader.append(zero);
  EXPECT_FALSE(reader.next());
  EXPECT_TRUE(reader.malformed());
  EXPECT_FALSE(reader.next());
  reader.restart();
  EXPECT_FALSE(reader.malformed());
}

TEST(SoupPacketReader, TakesTheLongestLengthThereIs) {
  std::vector<std::byte> stream;
  append_packet(stream, SoupType::Unsequenced, std::vector<std::byte>(kSoupPayloadMax));
  ASSERT_EQ(stream.size(), kSoupLengthBytes + kSoupLengthMax);
  EXPECT_EQ(stream[0], std::byte{0xFF});
  EXPECT_EQ(stream[1], std::byte{0xFF});
  SoupPacketReader reader;
  reader.append(std::span{stream}.first(stream.size() - 1));
  EXPECT_FALSE(reader.next());
  reader.append(std::span{stream}.last(1));
  const auto packet = reader.next();
  ASSERT_TRUE(packet);
  EXPECT_EQ(packet->payload.size(), kSoupPayloadMax);
}

TEST(SoupPacketReader, ATypeAloneIsAPacket) {
  std::vector<std::byte> stream;
  append_packet(stream, SoupType::ServerHeartbeat, {});
  EXPECT_EQ(stream.size(), 3U);
  SoupPacketReader reader;
  reader.append(stream);
  const auto packet = reader.next();
  ASSERT_TRUE(packet);
  EXPECT_TRUE(packet->payload.empty());
}

TEST(SoupText, NumbersMayStandBehindSpacesOrZeros) {
  EXPECT_EQ(number_of(bytes_of("                  42")), 42U);
  EXPECT_EQ(number_of(bytes_of("00000000000000000042")), 42U);
  EXPECT_EQ(number_of(bytes_of("18446744073709551615")), 18'446'744'073'709'551'615U);
}

TEST(SoupText, WhatIsNotANumberIsNothing) {
  EXPECT_FALSE(number_of(bytes_of("                    ")));
  EXPECT_FALSE(number_of(bytes_of("                 4 2")));
  EXPECT_FALSE(number_of(bytes_of("                  -1")));
  EXPECT_FALSE(number_of(bytes_of("18446744073709551616")));
  EXPECT_FALSE(number_of(bytes_of("")));
}

TEST(SoupText, PadsNamesRightAndNumbersLeft) {
  std::vector<std::byte> field;
  append_padded_right(field, "ab", 4);
  append_padded_left(field, "7", 3);
  append_padded_right(field, "toolong", 4);
  EXPECT_EQ(text_of(field), "ab    7tool");
  EXPECT_EQ(without_spaces_around("  a b "), "a b");
  EXPECT_EQ(without_spaces_around("   "), "");
}

}  // namespace
}  // namespace ridley::order
