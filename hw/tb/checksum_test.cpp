// SPDX-License-Identifier: Apache-2.0
// hw/rtl/nic/ridley_checksum.sv, of both widths, against nic::ChecksumSum.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <span>

#include "Vridley_checksum_32.h"
#include "Vridley_checksum_64.h"
#include "clocked.hpp"
#include "nic/checksum.hpp"

namespace ridley::card {
namespace {

constexpr std::size_t kBytesMax = 9'216;

template <typename Block>
struct ChecksumBench : testing::Test {
  static constexpr std::size_t kBeatBytes = sizeof(Block::words_i);

  ChecksumBench() { random.seed(seed); }

  Clocked<Block> block{"ridley_checksum"};
  std::uint64_t seed = std::random_device{}();
  std::mt19937_64 random;
  std::array<std::byte, kBytesMax + 8> bytes{};

  // So many bytes in whole beats, and two more at the end.
  bool right(std::size_t count) {
    block->begin_i = 1;
    block->add_i = 1;
    std::memcpy(&block->words_i, &bytes[1], kBeatBytes);  // not taken
    block.cycle();
    block->begin_i = 0;
    for (std::size_t at = 0; at < count; at += kBeatBytes) {
      for (block->add_i = 0; random() % 4 == 0;) block.cycle();
      block->add_i = 1;
      std::memcpy(&block->words_i, &bytes[at], kBeatBytes);
      block.cycle();
    }
    std::memcpy(&block->more_i, &bytes[count], 2);
    block.settle();
    return block->right_o;
  }
  bool right_in_software(std::size_t count) const {
    nic::ChecksumSum sum;
    sum.add(std::span{bytes}.first(count + 2));
    return sum.folded() == nic::kChecksumRight;
  }
  // The last two bytes are such that the sum is right.
  void mend(std::size_t count) {
    nic::ChecksumSum sum;
    sum.add(std::span{bytes}.first(count));
    const std::uint16_t checksum = sum.checksum();
    std::memcpy(&bytes[count], &checksum, 2);
  }
};

using Blocks = testing::Types<Vridley_checksum_64, Vridley_checksum_32>;
TYPED_TEST_SUITE(ChecksumBench, Blocks);

}  // namespace

TYPED_TEST(ChecksumBench, SaysWhatTheSoftwareSays) {
  SCOPED_TRACE(testing::Message() << "seed " << this->seed);
  for (int round = 0; round < 20'000; ++round) {
    const std::size_t count = 8 * (1 + this->random() % (round % 100 == 0 ? kBytesMax / 8 : 20));
    for (std::size_t at = 0; at < count; ++at)
      this->bytes[at] = static_cast<std::byte>(this->random());
    this->mend(count);
    ASSERT_TRUE(this->right_in_software(count));
    ASSERT_TRUE(this->right(count)) << count;
    this->bytes[this->random() % count] ^= static_cast<std::byte>(1U << this->random() % 8);
    ASSERT_FALSE(this->right_in_software(count));
    ASSERT_FALSE(this->right(count)) << count;
  }
}

TYPED_TEST(ChecksumBench, KeepsEveryCarry) {
  // Bytes near the largest and the smallest: sums at which carries come at every place.
  SCOPED_TRACE(testing::Message() << "seed " << this->seed);
  for (int round = 0; round < 20'000; ++round) {
    const std::size_t count = 8 * (1 + this->random() % 8);
    for (std::size_t at = 0; at < count; ++at)
      this->bytes[at] = static_cast<std::byte>(this->random() % 3 - 1);
    if (round % 2 == 0) this->mend(count);
    ASSERT_EQ(this->right(count), this->right_in_software(count)) << count;
  }
}

TYPED_TEST(ChecksumBench, TakesBothFormsOfZero) {
  this->bytes.fill(std::byte{0xFF});
  for (const std::size_t count : {8u, 16u, 9'216u}) {
    for (const std::uint16_t last : std::array<std::uint16_t, 2>{0, 0xFFFF}) {
      std::memcpy(&this->bytes[count], &last, 2);
      EXPECT_TRUE(this->right(count)) << count;
    }
    this->bytes[count] = this->bytes[count + 1] = std::byte{0xFF};
  }
}

}  // namespace ridley::card
