// SPDX-License-Identifier: Apache-2.0
// schema/registers.toml as the host sees it. hw/tb/registers_test.cpp is the hardware's side.
#include "card/registers.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <set>
#include <string_view>

namespace ridley::card {

TEST(Registers, BeginWithWhatTheHostLooksAtFirst) {
  EXPECT_EQ(registers::kMagicAt, 0u);
  EXPECT_EQ(registers::kMapHashAt, 8u);
  const auto bytes = std::bit_cast<std::array<char, 8>>(registers::kMagic);
  EXPECT_EQ((std::string_view{bytes.data(), bytes.size()}), "RIDLEYC1");
  EXPECT_NE(registers::kMapHash, 0u);
}

TEST(Registers, LieWithinTheMapAndNotOverEachOther) {
  std::set<std::uint32_t> words;
  for (const RegisterDescription& one : registers::kAll) {
    for (std::uint32_t member = 0; member < one.count; ++member) {
      const std::uint32_t size = one.bits == 64 ? 8 : 4;
      const std::uint32_t at = one.at + member * one.stride;
      EXPECT_EQ(at % size, 0u) << one.name;
      EXPECT_LE(at + size, registers::kMapBytes) << one.name;
      for (std::uint32_t word = at; word < at + size; word += 4)
        EXPECT_TRUE(words.insert(word).second) << one.name;
    }
  }
}

}  // namespace ridley::card
