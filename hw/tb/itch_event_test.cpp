// SPDX-License-Identifier: Apache-2.0
// The block that turns an ITCH message into an event, against the feed room's decoder: the same
// bytes, or the same reason why there are none.
#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

#include "Vridley_itch_event.h"
#include "clocked.hpp"
#include "feed/decode.hpp"
#include "wire/itch.hpp"

namespace ridley::card {
namespace {

constexpr std::string_view kTypes = "SRHYLVWKJhAFECXDUPQBINO";
constexpr std::size_t kBytesMax = 64;

struct ItchEventBench : testing::Test {
  Clocked<Vridley_itch_event> block{"ridley_itch_event"};

  struct Answer {
    feed::Decoded decoded;
    event::MarketEvent event;
  };

  Answer hardware(std::span<const std::byte> message, std::uint64_t sequence) {
    std::array<std::byte, kBytesMax> bytes{};
    std::memcpy(bytes.data(), message.data(), std::min(message.size(), kBytesMax));
    std::memcpy(&block->message_i[0], bytes.data(), bytes.size());
    block->bytes_i = static_cast<std::uint16_t>(message.size());
    block->sequence_i = sequence;
    block->valid_i = 1;
    block.cycle();
    block->valid_i = 0;
    Answer answer{};
    EXPECT_EQ(block->event_valid_o + block->unknown_o + block->truncated_o, 1);
    answer.decoded = block->event_valid_o ? feed::Decoded::Event
                     : block->unknown_o   ? feed::Decoded::UnknownType
                                          : feed::Decoded::Truncated;
    std::memcpy(&answer.event, &block->event_o[0], sizeof answer.event);
    return answer;
  }

  void expect_the_same(std::span<const std::byte> message, std::uint64_t sequence) {
    event::MarketEvent event{};
    const feed::Decoded decoded = feed::decode(message, sequence, event);
    const Answer answer = hardware(message, sequence);
    ASSERT_EQ(answer.decoded, decoded) << message.size();
    if (decoded != feed::Decoded::Event) return;
    ASSERT_EQ(std::memcmp(&answer.event, &event, sizeof event), 0)
        << static_cast<char>(message[0]) << ' ' << message.size();
  }
};

}  // namespace

TEST_F(ItchEventBench, GivesTheEventsOfTheSoftware) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  std::array<std::byte, kBytesMax> message;
  for (int round = 0; round < 10'000; ++round) {
    for (const char type : kTypes) {
      for (std::byte& byte : message) byte = static_cast<std::byte>(random());
      message[0] = static_cast<std::byte>(type);
      if (round % 2 == 0)
        message[wire::itch::OrderExecutedWithPrice::kPrintableAt] = std::byte{'Y'};
      ASSERT_NO_FATAL_FAILURE(expect_the_same(message, random()));
    }
  }
}

TEST_F(ItchEventBench, SeesEveryTypeAtEveryLength) {
  std::array<std::byte, kBytesMax> message{};
  for (int type = 0; type < 256; ++type) {
    message[0] = static_cast<std::byte>(type);
    for (std::size_t bytes = 0; bytes <= kBytesMax; ++bytes)
      ASSERT_NO_FATAL_FAILURE(expect_the_same(std::span{message}.first(bytes), bytes));
  }
}

// Its first bytes are given, and how long it is.
TEST_F(ItchEventBench, SeesALongMessageAsItsBeginning) {
  std::vector<std::byte> message(0xFFFF);
  for (const char type : kTypes) {
    message[0] = static_cast<std::byte>(type);
    for (std::size_t bytes = kBytesMax; bytes < message.size(); bytes *= 2)
      ASSERT_NO_FATAL_FAILURE(expect_the_same(std::span{message}.first(bytes), bytes));
    ASSERT_NO_FATAL_FAILURE(expect_the_same(message, message.size()));
  }
}

TEST_F(ItchEventBench, SaysNothingWithoutAMessage) {
  block->valid_i = 0;
  block->message_i[0] = 'A';
  block->bytes_i = 36;
  block.cycle();
  EXPECT_FALSE(block->event_valid_o || block->unknown_o || block->truncated_o);
}

TEST_F(ItchEventBench, TakesAMessageInEveryCycle) {
  for (int i = 1; i <= 100; ++i) {
    block->message_i[0] = 'D';
    block->bytes_i = 19;
    block->sequence_i = static_cast<std::uint64_t>(i);
    block->valid_i = 1;
    block.cycle();
    ASSERT_TRUE(block->event_valid_o);
    ASSERT_EQ(block->event_o[4], static_cast<std::uint32_t>(i)) << "one cycle later";
  }
}

}  // namespace ridley::card
