// SPDX-License-Identifier: Apache-2.0
#include "nic/checksum.hpp"

#include <gtest/gtest.h>

#include <random>

#include "nic/frames.hpp"

namespace ridley::nic {
namespace {

// As RFC 1071 writes it: 16 bits at a time, most significant byte first.
std::uint16_t textbook(const test::Bytes& bytes) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < bytes.size(); i += 2) {
    const auto high = static_cast<std::uint32_t>(bytes[i]) << 8;
    const auto low = i + 1 < bytes.size() ? static_cast<std::uint32_t>(bytes[i + 1]) : 0U;
    sum += high + low;
    sum = (sum & 0xFFFF) + (sum >> 16);
  }
  return static_cast<std::uint16_t>(~sum);
}

}  // namespace

TEST(Checksum, AgreesWithTheTextbookAtEveryLength) {
  std::mt19937 random{1071};
  for (std::size_t length = 0; length < 1600; ++length) {
    test::Bytes bytes(length);
    // Many 0xFF, so that the carries go all the way.
    for (std::byte& value : bytes) {
      value = random() % 2 == 0 ? std::byte{0xFF} : static_cast<std::byte>(random());
    }
    ChecksumSum sum;
    sum.add(bytes);
    EXPECT_EQ(__builtin_bswap16(sum.checksum()), textbook(bytes)) << length;
  }
}

TEST(Checksum, OfAKnownLengthIsTheSame) {
  std::mt19937 random{1071};
  for (int round = 0; round < 100; ++round) {
    test::Bytes bytes(28);
    for (std::byte& value : bytes) value = static_cast<std::byte>(random());
    ChecksumSum in_pieces;
    in_pieces.add_fixed<20>(bytes.data());
    in_pieces.add_fixed<8>(bytes.data() + 20);
    ChecksumSum whole;
    whole.add(bytes);
    EXPECT_EQ(in_pieces.checksum(), whole.checksum());
  }
}

TEST(Checksum, AddsNumbersAsTheyStandInThePacket) {
  ChecksumSum in_pieces;
  in_pieces.add_big_endian(std::uint32_t{0xC000'0201});
  in_pieces.add_big_endian(std::uint16_t{0x1234});
  ChecksumSum whole;
  whole.add(test::bytes_of({0xC0, 0x00, 0x02, 0x01, 0x12, 0x34}));
  EXPECT_EQ(in_pieces.checksum(), whole.checksum());
}

}  // namespace ridley::nic
