// SPDX-License-Identifier: Apache-2.0
// hw/rtl/card/ridley_ring_writer.sv against a queue of records, a memory and a host that reads it.
#include <gtest/gtest.h>

#include <bit>
#include <cstring>
#include <deque>
#include <optional>
#include <random>

#include "Vridley_ring_writer_10.h"
#include "Vridley_ring_writer_32.h"
#include "card/event_ring.hpp"
#include "clocked.hpp"
#include "host_memory.hpp"
#include "random_packets.hpp"
#include "stream.hpp"

namespace ridley::card {
namespace {

constexpr std::uint32_t kOutstandingMax = 64;  // as the module's parameters say
constexpr std::size_t kFifoRecords = 256;
constexpr std::size_t kFlagsAt = 63;
constexpr std::byte kLost{2};

template <typename Block>
struct RingWriterBench : testing::Test {
  // Counts and numbers are of so many bits: of 10 they begin anew every 1,024 records.
  static constexpr unsigned kNumberBits = sizeof(Block::ring_records_i) == 4 ? 32 : 10;
  static constexpr std::uint32_t kNumberMask = ~0U >> (32 - kNumberBits);
  using Memory = HostMemory<Block>;

  RingWriterBench() {
    block->running_i = block->record_valid_i = 0;
    block->ring_consumed_i = 0;
    block->m_axi_bvalid_i = block->m_axi_awready_i = block->m_axi_wready_i = 0;
    block.reset();
  }

  Clocked<Block> block{"ridley_ring_writer"};
  std::mt19937_64 random{seed_of_the_run()};
  std::optional<Memory> memory;
  std::uint64_t ring_address = 0;  // anywhere
  std::uint32_t ring_records = 64;
  std::deque<Line64> expected;  // accepted, not yet read by the host
  bool lost = false;
  std::uint64_t offered = 0;
  std::uint64_t dropped = 0;
  std::uint64_t written = 0;
  std::uint64_t lost_marks = 0;
  std::uint32_t consumed = 0;

  void start(std::uint32_t records, HostMemoryBehaviour behaviour = {}) {
    memory.emplace(*block, behaviour, random());
    restart(records);
  }
  // With the memory as it is.
  void restart(std::uint32_t records) {
    ring_records = records;
    block->running_i = 0;
    step(false);
    ring_address = random() & ~std::uint64_t{sizeof(Line64) - 1};
    block->ring_address_i = ring_address;
    put(block->ring_records_i, ring_records);
    block->ring_consumed_i = 0;
    consumed = 0;
    block->running_i = 1;
    expected.clear();
    lost = false;
    offered = dropped = written = lost_marks = 0;
  }

  // One cycle, with a record or without. What becomes of it the counters say in the next one.
  void step(bool gives) {
    Line64 record;
    for (std::byte& byte : record) byte = static_cast<std::byte>(random());
    std::memset(&record[kMarkAt], 0, sizeof(std::uint32_t));
    record[kFlagsAt] &= ~kLost;
    std::memcpy(&block->record_i[0], record.data(), record.size());
    block->record_valid_i = gives;
    memory->offer();
    block.settle();
    ASSERT_NO_FATAL_FAILURE(memory->take());
    block.cycle();
    block->record_valid_i = 0;
    if (!gives) return;
    ++offered;
    const bool accepted = block->records_written_o == written + 1;
    written += accepted ? 1 : 0;
    dropped += accepted ? 0 : 1;
    ASSERT_EQ(block->records_written_o, written);
    ASSERT_EQ(block->records_dropped_o, dropped);
    if (accepted) {
      if (lost) record[kFlagsAt] |= kLost;
      lost_marks += lost ? 1 : 0;
      const std::uint32_t number = number_of(written);
      std::memcpy(&record[kMarkAt], &number, sizeof number);
      expected.push_back(record);
    }
    lost = !accepted;
  }

  // Verilator gives a port the smallest type that holds its bits.
  template <typename Port>
  static void put(Port& port, std::uint32_t value) {
    port = static_cast<Port>(value);
  }
  static std::uint32_t number_of(std::uint64_t count) {
    return static_cast<std::uint32_t>(count) & kNumberMask;
  }

  // The host reads up to so many of the records that were produced, and tells.
  void read(std::uint32_t records) {
    while (records-- != 0 && consumed != block->ring_produced_o) {
      ASSERT_FALSE(expected.empty());
      const std::uint64_t place = consumed & (ring_records - 1);
      ASSERT_EQ(memory->line(ring_address + 64 * place), expected.front()) << consumed;
      expected.pop_front();
      consumed = number_of(consumed + 1U);
    }
  }
  void return_credit() { put(block->ring_consumed_i, consumed); }

  void drain() {
    for (int i = 0; i < 20'000 && consumed != number_of(written); ++i) {
      ASSERT_NO_FATAL_FAILURE(step(false));
      ASSERT_NO_FATAL_FAILURE(read(ring_records));
      return_credit();
    }
    EXPECT_TRUE(expected.empty());
    EXPECT_EQ(block->ring_produced_o, number_of(written));
    EXPECT_EQ(written + dropped, offered);
    EXPECT_EQ(block->write_errors_o, memory->errors());
  }
};

using Blocks = testing::Types<Vridley_ring_writer_32, Vridley_ring_writer_10>;
TYPED_TEST_SUITE(RingWriterBench, Blocks);

}  // namespace

TYPED_TEST(RingWriterBench, WritesARecordThreeCyclesLater) {
  this->start(64);
  for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(this->step(false));
  ASSERT_NO_FATAL_FAILURE(this->step(true));
  for (int i = 1; i < 3; ++i) {
    EXPECT_FALSE(this->block->m_axi_awvalid_o || this->block->m_axi_wvalid_o) << i;
    ASSERT_NO_FATAL_FAILURE(this->step(false));
  }
  EXPECT_TRUE(this->block->m_axi_awvalid_o && this->block->m_axi_wvalid_o);
  ASSERT_NO_FATAL_FAILURE(this->drain());
}

TYPED_TEST(RingWriterBench, TakesARecordInEveryCycle) {
  this->start(512);
  for (int i = 0; i < 10'000; ++i) {
    ASSERT_NO_FATAL_FAILURE(this->step(true));
    ASSERT_NO_FATAL_FAILURE(this->read(4));
    this->return_credit();
  }
  EXPECT_LE(this->dropped, 1u) << "in the cycle in which it began";
  ASSERT_NO_FATAL_FAILURE(this->drain());
}

TYPED_TEST(RingWriterBench, IsWhatAQueueAndAMemoryAre) {
  SCOPED_TRACE(testing::Message() << "RIDLEY_SEED " << seed_of_the_run());
  std::uint64_t all_dropped = 0;
  std::uint64_t all_lost_marks = 0;
  for (const Ends& ends : kAllEnds) {
    for (const std::uint32_t records : {64U, 128U, 512U}) {
      this->start(records,
                  {.channels = ends.sink,
                   .answer_cycles_max = static_cast<std::uint32_t>(this->random() % 2 * 90),
                   .errors_in_64 = static_cast<std::uint32_t>(this->random() % 3)});
      End source{ends.source, this->random()};
      std::uint32_t reads_every = 1;
      for (int i = 0; i < 40'000; ++i) {
        // A host that is quick for a while and slow for a while.
        if (i % 1'000 == 0) reads_every = 1U << this->random() % 9;
        ASSERT_NO_FATAL_FAILURE(this->step(source.active()));
        if (this->random() % reads_every == 0) {
          ASSERT_NO_FATAL_FAILURE(this->read(static_cast<std::uint32_t>(this->random() % records)));
        }
        if (this->random() % 4 == 0) this->return_credit();
        ASSERT_LE(this->memory->written(), this->memory->answered() + kOutstandingMax);
      }
      ASSERT_NO_FATAL_FAILURE(this->drain());
      ASSERT_LE(this->memory->lines(), records);
      EXPECT_GT(this->written, 2'000u);
      all_dropped += this->dropped;
      all_lost_marks += this->lost_marks;
    }
  }
  EXPECT_GT(all_dropped, 1'000u);
  EXPECT_GT(all_lost_marks, 50u);
}

TYPED_TEST(RingWriterBench, TakesARingOfAnySize) {
  this->start(64);
  for (unsigned bits = 6; bits < TestFixture::kNumberBits; ++bits) {
    this->restart(1U << bits);
    for (int i = 0; i < 3; ++i) ASSERT_NO_FATAL_FAILURE(this->step(false));
    for (int i = 0; i < 100; ++i) {
      ASSERT_NO_FATAL_FAILURE(this->step(true));
      ASSERT_NO_FATAL_FAILURE(this->read(2));
      this->return_credit();
    }
    ASSERT_NO_FATAL_FAILURE(this->drain());
    EXPECT_EQ(this->written, 100u) << bits;
  }
}

TYPED_TEST(RingWriterBench, StopsAtTheCreditAndCountsTheRest) {
  this->start(64);
  for (int i = 0; i < 2'000; ++i) ASSERT_NO_FATAL_FAILURE(this->step(true));
  EXPECT_EQ(this->memory->written(), 64u);
  EXPECT_EQ(this->block->ring_produced_o, 64u);
  EXPECT_EQ(this->written, 64 + kFifoRecords);
  EXPECT_EQ(this->written + this->dropped, this->offered);
  // One credit, one record.
  ASSERT_NO_FATAL_FAILURE(this->read(1));
  this->return_credit();
  for (int i = 0; i < 100; ++i) ASSERT_NO_FATAL_FAILURE(this->step(false));
  EXPECT_EQ(this->memory->written(), 65u);
  ASSERT_NO_FATAL_FAILURE(this->step(true));
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->lost_marks, 2u) << "the one that came before the run began, too";
}

TYPED_TEST(RingWriterBench, CountsWhatAMemoryThatStallsForEverDoesNotTake) {
  this->start(512);
  for (int i = 0; i < 100; ++i) ASSERT_NO_FATAL_FAILURE(this->step(true));
  this->memory->stall(true);
  for (int i = 0; i < 2'000; ++i) ASSERT_NO_FATAL_FAILURE(this->step(true));
  EXPECT_EQ(this->written + this->dropped, this->offered);
  EXPECT_GT(this->dropped, 1'500u);
  // Nor does a new run begin: what was begun may still be written.
  this->restart(512);
  for (int i = 0; i < 500; ++i) ASSERT_NO_FATAL_FAILURE(this->step(true));
  EXPECT_EQ(this->written, 0u);
  EXPECT_EQ(this->dropped, 500u);
  EXPECT_EQ(this->block->ring_produced_o, 0u);
  this->memory->stall(false);
  for (int i = 0; i < 500; ++i) ASSERT_NO_FATAL_FAILURE(this->step(false));
  const std::uint64_t before = this->memory->written();
  ASSERT_NO_FATAL_FAILURE(this->step(true));
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->memory->written(), before + 1);
  EXPECT_EQ(this->lost_marks, 1u);
}

TYPED_TEST(RingWriterBench, BeginsAnewAfterAStopAtAnyTime) {
  this->start(64, {.channels = Pauses::AtRandom, .answer_cycles_max = 20});
  for (int run = 0; run < 300; ++run) {
    const std::size_t cycles = this->random() % 200;
    for (std::size_t i = 0; i < cycles; ++i) {
      ASSERT_NO_FATAL_FAILURE(this->step(this->random() % 2 == 0));
      ASSERT_NO_FATAL_FAILURE(this->read(2));
      this->return_credit();
    }
    if (run % 3 == 0) {
      ASSERT_NO_FATAL_FAILURE(this->drain());
    }
    this->restart(64U << this->random() % 3);
    // What was begun before is behind it.
    while (this->memory->written() != this->memory->answered() || this->block->m_axi_wvalid_o ||
           this->block->m_axi_awvalid_o)
      ASSERT_NO_FATAL_FAILURE(this->step(false));
    for (int i = 0; i < 200; ++i) ASSERT_NO_FATAL_FAILURE(this->step(false));
    EXPECT_EQ(this->block->ring_produced_o, 0u);
  }
}

TYPED_TEST(RingWriterBench, DropsAndCountsWhileNothingRunsOrThereIsNoRing) {
  this->start(0);
  for (int i = 0; i < 50; ++i) ASSERT_NO_FATAL_FAILURE(this->step(true));
  EXPECT_EQ(this->dropped, 50u);
  this->start(64);
  this->block->running_i = 0;
  ASSERT_NO_FATAL_FAILURE(this->step(false));
  for (int i = 0; i < 50; ++i) ASSERT_NO_FATAL_FAILURE(this->step(true));
  EXPECT_EQ(this->dropped, 50u);
  EXPECT_EQ(this->memory->written(), 0u);
}

}  // namespace ridley::card
