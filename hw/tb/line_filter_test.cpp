// SPDX-License-Identifier: Apache-2.0
// hw/rtl/nic/ridley_line_filter.sv, of both widths, against nic::MulticastFilter.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>

#include "Vridley_line_filter_32.h"
#include "Vridley_line_filter_64.h"
#include "clocked.hpp"
#include "nic/datagram.hpp"
#include "nic/multicast_filter.hpp"

namespace ridley::card {
namespace {

template <typename Block>
struct LineFilterBench : testing::Test {
  LineFilterBench() {
    block->payload_valid_i = block->verdict_valid_i = 0;
    block->line_address_i = 0xE936'0C01;
    block->line_port_i = 26'477;
    block.reset();
  }

  Clocked<Block> block{"ridley_line_filter"};

  nic::Strip verdict(nic::Strip given, std::uint32_t address, std::uint16_t port) {
    block->verdict_i = static_cast<std::uint8_t>(given);
    block->address_i = address;
    block->port_i = port;
    block->verdict_valid_i = 1;
    block.cycle();
    block->verdict_valid_i = 0;
    EXPECT_TRUE(block->verdict_valid_o);
    return static_cast<nic::Strip>(block->verdict_o);
  }
};

using Blocks = testing::Types<Vridley_line_filter_64, Vridley_line_filter_32>;
TYPED_TEST_SUITE(LineFilterBench, Blocks);

}  // namespace

TYPED_TEST(LineFilterBench, TakesTheLineAndNothingBesideIt) {
  EXPECT_EQ(this->verdict(nic::Strip::Udp, 0xE936'0C01, 26'477), nic::Strip::Udp);
  for (int bit = 0; bit < 32; ++bit)
    EXPECT_EQ(this->verdict(nic::Strip::Udp, 0xE936'0C01 ^ (1U << bit), 26'477),
              nic::Strip::OtherAddress);
  for (int bit = 0; bit < 16; ++bit)
    EXPECT_EQ(this->verdict(nic::Strip::Udp, 0xE936'0C01,
                            static_cast<std::uint16_t>(26'477 ^ (1U << bit))),
              nic::Strip::OtherAddress);
}

TYPED_TEST(LineFilterBench, TakesNothingAtPortZero) {
  this->block->line_port_i = 0;
  EXPECT_EQ(this->verdict(nic::Strip::Udp, 0xE936'0C01, 0), nic::Strip::OtherAddress);
  EXPECT_EQ(this->verdict(nic::Strip::Udp, 0xE936'0C01, 26'477), nic::Strip::OtherAddress);
}

TYPED_TEST(LineFilterBench, LeavesEveryOtherCauseAlone) {
  for (std::size_t cause = 1; cause < nic::kStripCauses; ++cause) {
    const auto given = static_cast<nic::Strip>(cause);
    EXPECT_EQ(this->verdict(given, 0xE936'0C01, 26'477), given);
    EXPECT_EQ(this->verdict(given, 0, 0), given);
  }
}

TYPED_TEST(LineFilterBench, ForgetsEverythingAtAReset) {
  this->block->payload_valid_i = this->block->verdict_valid_i = 1;
  this->block.reset();
  EXPECT_FALSE(this->block->payload_valid_o || this->block->verdict_valid_o);
}

TYPED_TEST(LineFilterBench, IsTheSoftwaresFilterOneCycleLaterAndChangesNothingElse) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  auto& ports = *this->block;
  std::array<std::uint64_t, 2> taken{};
  for (int i = 0; i < 200'000; ++i) {
    const auto address = static_cast<std::uint32_t>(random());
    const auto port = static_cast<std::uint16_t>(random() % 2 * random());
    ports.line_address_i = address;
    ports.line_port_i = port;
    nic::MulticastFilter filter;
    // What nobody asks for is not in the filter.
    if (ports.line_port_i != 0) {
      ASSERT_TRUE(filter.add(ports.line_address_i, ports.line_port_i, 0));
    }
    const std::uint64_t payload = random();
    std::memcpy(&ports.payload_i, &payload, sizeof ports.payload_i);
    ports.payload_bytes_i = random() % 16;
    ports.payload_valid_i = random() % 2;
    ports.verdict_i = static_cast<std::uint8_t>(random() % 2 * (random() % nic::kStripCauses));
    ports.verdict_valid_i = random() % 2;
    ports.frame_bad_i = random() % 2;
    // The line's, or another bit in one of them.
    ports.address_i = address ^ static_cast<std::uint32_t>(random() % 4 == 0) << random() % 32;
    ports.port_i = static_cast<std::uint16_t>(port ^ static_cast<unsigned>(random() % 4 == 0)
                                                         << random() % 16);
    ports.stamp_i = random();
    const bool known = filter.find(ports.address_i, ports.port_i) != nic::kNoLine;
    this->block.cycle();
    ASSERT_EQ(ports.payload_valid_o, ports.payload_valid_i);
    ASSERT_EQ(ports.payload_o, ports.payload_i);
    ASSERT_EQ(ports.payload_bytes_o, ports.payload_bytes_i);
    ASSERT_EQ(ports.verdict_valid_o, ports.verdict_valid_i);
    if (!ports.verdict_valid_i) continue;
    const bool datagram = ports.verdict_i == static_cast<std::uint8_t>(nic::Strip::Udp);
    const auto expected =
        datagram && !known ? static_cast<std::uint8_t>(nic::Strip::OtherAddress) : ports.verdict_i;
    ASSERT_EQ(ports.verdict_o, expected);
    ASSERT_EQ(ports.frame_bad_o, ports.frame_bad_i);
    ASSERT_EQ(ports.stamp_o, ports.stamp_i);
    if (datagram) ++taken.at(known ? 1 : 0);
  }
  EXPECT_GT(taken[0], 1'000u);
  EXPECT_GT(taken[1], 1'000u);
}

}  // namespace ridley::card
