// SPDX-License-Identifier: Apache-2.0
#include "base/bytes.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ridley::base {

TEST(Bytes, LoadsTheMostSignificantByteFirst) {
  const std::array<std::byte, 8> bytes{std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4},
                                       std::byte{5}, std::byte{6}, std::byte{7}, std::byte{8}};
  EXPECT_EQ(load_big_endian<std::uint8_t>(bytes.data()), 0x01u);
  EXPECT_EQ(load_big_endian<std::uint16_t>(bytes.data()), 0x0102u);
  EXPECT_EQ(load_big_endian<std::uint32_t>(bytes.data()), 0x01020304u);
  EXPECT_EQ(load_big_endian<std::uint64_t>(bytes.data()), 0x0102030405060708u);
  EXPECT_EQ(load_big_endian_48(bytes.data() + 2), 0x030405060708u);
}

TEST(Bytes, StoresWhatItLoads) {
  std::array<std::byte, 10> bytes{};
  store_big_endian_48(bytes.data() + 2, 0xA1B2C3D4E5F6u);
  EXPECT_EQ(load_big_endian_48(bytes.data() + 2), 0xA1B2C3D4E5F6u);
  EXPECT_EQ(bytes[8], std::byte{0});
  store_big_endian<std::uint64_t>(bytes.data(), 0x1122334455667788u);
  EXPECT_EQ(load_big_endian<std::uint64_t>(bytes.data()), 0x1122334455667788u);
}

}  // namespace ridley::base
