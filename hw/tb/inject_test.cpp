// SPDX-License-Identifier: Apache-2.0
// hw/rtl/card/ridley_inject.sv, of both widths: whose beats come to the ports.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <type_traits>

#include "Vridley_inject_32.h"
#include "Vridley_inject_64.h"
#include "clocked.hpp"

namespace ridley::card {
namespace {

// Bits of a beat that nobody looks at: 31 to 9, 7 and 6.
constexpr std::uint32_t kUnused = 0xFFFF'FEC0;
constexpr std::uint32_t kLast = 1U << 4;
constexpr std::uint32_t kBad = 1U << 5;
constexpr std::uint32_t kSecondPort = 1U << 8;

template <typename Block>
struct InjectBench : testing::Test {
  static constexpr std::size_t kBytes = sizeof(Block::mac_data_i) / 2;

  InjectBench() {
    block->stopped_i = block->inject_i = block->inject_beat_valid_i = 0;
    block->mac_valid_i = block->mac_last_i = block->mac_bad_i = 0;
    block.reset();
  }

  Clocked<Block> block{"ridley_inject"};

  // One cycle of port 0's MAC. Whether the port got the beat.
  bool mac(bool last) {
    block->mac_valid_i = 1;
    block->mac_last_i = last ? 1 : 0;
    block.settle();
    const bool passed = block->rx_valid_o == 1;
    block.cycle();
    block->mac_valid_i = 0;
    return passed;
  }
  std::uint64_t word(unsigned port) {
    std::uint64_t value = 0;
    std::memcpy(&value, reinterpret_cast<const char*>(&block->rx_data_o) + port * kBytes, kBytes);
    return value;
  }
};

using Blocks = testing::Types<Vridley_inject_64, Vridley_inject_32>;
TYPED_TEST_SUITE(InjectBench, Blocks);

}  // namespace

TYPED_TEST(InjectBench, PassesWhatTheMacsGiveInTheSameCycle) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  for (int i = 0; i < 10'000; ++i) {
    std::array<std::uint64_t, 2> words{random(), random()};
    std::memcpy(&this->block->mac_data_i, words.data(), sizeof this->block->mac_data_i);
    this->block->mac_valid_i = random() & 3U;
    this->block->mac_last_i = random() & 3U;
    this->block->mac_bad_i = random() & 3U;
    this->block->mac_keep_i =
        static_cast<std::remove_reference_t<decltype(this->block->mac_keep_i)>>(random());
    if (TestFixture::kBytes == 4) this->block->mac_keep_i &= 0xFFU;
    this->block->time_i = random();
    this->block->inject_beat_valid_i = random() & 1U;  // nobody's without inject
    this->block.settle();
    ASSERT_EQ(std::memcmp(&this->block->rx_data_o, words.data(), 2 * TestFixture::kBytes), 0);
    ASSERT_EQ(this->block->rx_valid_o, this->block->mac_valid_i);
    ASSERT_EQ(this->block->rx_last_o, this->block->mac_last_i);
    ASSERT_EQ(this->block->rx_bad_o, this->block->mac_bad_i);
    ASSERT_EQ(this->block->rx_keep_o, this->block->mac_keep_i);
    ASSERT_EQ(this->block->time_o, this->block->time_i);
    this->block.cycle();
  }
}

TYPED_TEST(InjectBench, AFrameThatBeganBeforeTheStartIsNobodys) {
  this->block->stopped_i = 1;
  (void)this->mac(false);
  this->block->stopped_i = 0;
  EXPECT_FALSE(this->mac(false));
  EXPECT_FALSE(this->mac(true));
  EXPECT_TRUE(this->mac(false));
  EXPECT_TRUE(this->mac(true));
}

TYPED_TEST(InjectBench, TheHostsBeatsComeAloneAndInItsTime) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  constexpr std::uint64_t kWordMask = ~std::uint64_t{0} >> (64 - 8 * TestFixture::kBytes);
  this->block->inject_i = 1;
  for (const std::uint32_t port : {0U, 1U}) {
    for (std::uint32_t bytes = 1; bytes <= TestFixture::kBytes; ++bytes) {
      for (const std::uint32_t ends : {0U, kLast, kLast | kBad}) {
        this->block->inject_beat_i =
            bytes | ends | (port == 1 ? kSecondPort : 0) | (random() & kUnused);
        this->block->inject_data_i = random();
        this->block->inject_time_i = random();
        this->block->inject_beat_valid_i = 1;
        this->block->mac_valid_i = 3;
        this->block.settle();
        EXPECT_EQ(this->block->rx_valid_o, 1U << port);
        EXPECT_EQ(this->block->rx_keep_o >> (port * TestFixture::kBytes) &
                      ((1U << TestFixture::kBytes) - 1),
                  (1U << bytes) - 1);
        EXPECT_EQ(this->block->rx_last_o >> port & 1U, (ends & kLast) != 0);
        EXPECT_EQ(this->block->rx_bad_o >> port & 1U, (ends & kBad) != 0);
        EXPECT_EQ(this->word(port), this->block->inject_data_i & kWordMask);
        EXPECT_EQ(this->block->time_o, this->block->inject_time_i);
        this->block.cycle();
        this->block->inject_beat_valid_i = 0;
        this->block.settle();
        EXPECT_EQ(this->block->rx_valid_o, 0U) << "one beat a command";
      }
    }
  }
}

TYPED_TEST(InjectBench, AMacsFrameThatTheHostsBeatsCutIsNobodys) {
  EXPECT_TRUE(this->mac(false));
  this->block->stopped_i = 1;
  this->block->inject_i = 1;
  EXPECT_FALSE(this->mac(false));
  this->block->stopped_i = 0;
  EXPECT_FALSE(this->mac(false));
  this->block->stopped_i = 1;
  this->block->inject_i = 0;
  (void)this->mac(false);
  this->block->stopped_i = 0;
  EXPECT_FALSE(this->mac(true));
  EXPECT_TRUE(this->mac(true)) << "the next one is whole";
}

}  // namespace ridley::card
