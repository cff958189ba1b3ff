// SPDX-License-Identifier: Apache-2.0
#include "card/event_ring.hpp"

#include <gtest/gtest.h>

#include <bit>
#include <thread>
#include <vector>

namespace ridley::card {
namespace {

constexpr std::uint32_t kRecords = 8;

struct alignas(64) Slot {
  std::array<std::byte, kRecordBytes> bytes{};
};

// The card's side: the record's bytes first, its mark behind them.
struct Writer {
  std::vector<Slot> slots = std::vector<Slot>(kRecords);
  std::uint32_t number = 0;

  std::span<std::byte> memory() { return std::as_writable_bytes(std::span{slots}); }

  void write(CardForm form, std::uint64_t value, std::uint8_t flags = 0) {
    Slot& slot = slots[number++ % kRecords];
    std::memcpy(slot.bytes.data() + 16, &value, sizeof value);
    const CardMark mark{.number = number, .latency_cycles = 7, .form = form, .flags = flags};
    auto* at = reinterpret_cast<std::uint64_t*>(slot.bytes.data() + kMarkAt);
    std::atomic_ref{*at}.store(std::bit_cast<std::uint64_t>(mark), std::memory_order_release);
  }
};

}  // namespace

TEST(EventRing, GivesRecordsOnceAndInOrder) {
  Writer writer;
  EventRing ring{writer.memory()};
  EXPECT_FALSE(ring.has_next());
  writer.write(CardForm::Event, 11);
  writer.write(CardForm::Packet, 12, 3);
  ASSERT_TRUE(ring.has_next());
  EXPECT_EQ(ring.next().event().sequence, 11u);
  EXPECT_EQ(ring.next().latency_cycles(), 7u);
  EXPECT_FALSE(ring.next().lost_before());
  EXPECT_EQ(ring.consumed(), 0u);
  ring.pop();
  EXPECT_EQ(ring.consumed(), 1u);
  ASSERT_TRUE(ring.has_next());
  EXPECT_EQ(ring.next().form(), CardForm::Packet);
  EXPECT_EQ(ring.next().packet().first_sequence, 12u);
  EXPECT_EQ(ring.next().packet().mark, 0u);
  EXPECT_TRUE(ring.next().lost_before());
  EXPECT_EQ(ring.next().port(), 1u);
  ring.pop();
  EXPECT_FALSE(ring.has_next());
}

TEST(EventRing, GoesRoundWithoutTakingAnOldRecordForANewOne) {
  Writer writer;
  EventRing ring{writer.memory()};
  for (std::uint64_t i = 0; i < 10 * kRecords; ++i) {
    EXPECT_FALSE(ring.has_next()) << i;
    writer.write(CardForm::Event, i);
    ASSERT_TRUE(ring.has_next()) << i;
    EXPECT_EQ(ring.next().event().sequence, i);
    ring.pop();
  }
}

TEST(EventRing, LeavesTheMarkOutOfAnEvent) {
  Writer writer;
  EventRing ring{writer.memory()};
  writer.write(CardForm::Event, 5);
  const event::MarketEvent event = ring.next().event();
  std::array<std::byte, kRecordBytes> bytes;
  std::memcpy(bytes.data(), &event, bytes.size());
  for (std::size_t i = kMarkAt; i < bytes.size(); ++i) EXPECT_EQ(bytes[i], std::byte{0}) << i;
}

TEST(EventRing, OfAnOddSizeHasNothing) {
  std::vector<Slot> slots(3);
  EventRing ring{std::as_writable_bytes(std::span{slots})};
  EXPECT_EQ(ring.records(), 0u);
  EXPECT_FALSE(ring.has_next());
}

TEST(EventRing, IsReadWhileItIsWritten) {
  constexpr std::uint64_t kMany = 200'000;
  Writer writer;
  EventRing ring{writer.memory()};
  std::thread card{[&] {
    for (std::uint64_t i = 0; i < kMany; ++i) {
      while (static_cast<std::uint32_t>(i) - ring.consumed() >= kRecords) std::this_thread::yield();
      writer.write(CardForm::Event, i);
    }
  }};
  for (std::uint64_t i = 0; i < kMany; ++i) {
    while (!ring.has_next()) std::this_thread::yield();
    ASSERT_EQ(ring.next().event().sequence, i);
    ring.pop();
  }
  card.join();
}

}  // namespace ridley::card
