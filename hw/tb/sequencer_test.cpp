// SPDX-License-Identifier: Apache-2.0
// hw/rtl/feed/ridley_sequencer.sv against feed::Sequencer on the packets of two ports.
#include <gtest/gtest.h>

#include "sequencer_bench.hpp"

namespace ridley::card {
namespace {

constexpr std::uint32_t kReportCycles = PortModel::kReportCycles;
// Numbers that need more than 32 bits.
constexpr std::uint64_t kFarOn = 6'000'000'000;
constexpr std::uint32_t kHeaderBeats = 42 / 8;
// A frame of one short message, with all that the wire wants between frames.
constexpr std::uint32_t kFrameCycles = 13;

// Packets of so many messages, each of which is an event and ends in a beat of its own.
Bytes packet_of(RandomPackets& random, std::uint64_t sequence, std::size_t messages) {
  PacketBytes packet{sequence};
  packet.count(0);
  for (std::size_t i = 0; i < messages; ++i) {
    Bytes message = random.random_bytes(19);
    message[0] = std::byte{'D'};
    packet.add(message);
  }
  return packet.bytes();
}

struct Conditions {
  feed::SequencerOptions options;
  Wildness wildness;
  Pauses pauses;
  std::uint32_t idle_max;  // cycles between two frames of a port
};

// So many packets of two ports, all compared.
void compare_packets(SequencerBench& bench, const Conditions& conditions, int packets) {
  bench.restart(conditions.options);
  bench.source = End{conditions.pauses, bench.random.number()};
  LinePair lines{bench.random.number(), conditions.options.first_sequence, conditions.wildness};
  std::array<Bytes, kPorts> payloads;
  std::array<std::uint32_t, kPorts> ends;
  for (unsigned port = 0; port < kPorts; ++port) ends[port] = bench.cycle;
  const auto next = [&](unsigned port) {
    payloads[port] = lines.next(port);
    ends[port] += kHeaderBeats + 1 + static_cast<std::uint32_t>(payloads[port].size() / 8) +
                  static_cast<std::uint32_t>(bench.random.below(conditions.idle_max + 1));
  };
  next(0);
  next(1);
  for (int i = 0; i < packets; ++i) {
    const unsigned first = static_cast<std::int32_t>(ends[1] - ends[0]) < 0 ? 1 : 0;
    bench.come(first, payloads[first], ends[first]);
    next(first);
    // The block is never beyond the next frame's end.
    while (static_cast<std::int32_t>(std::min(ends[0] - bench.cycle, ends[1] - bench.cycle)) > 9)
      ASSERT_NO_FATAL_FAILURE(bench.step());
  }
  ASSERT_NO_FATAL_FAILURE(bench.drain());
}

}  // namespace

TEST_F(SequencerBench, SaysWhatTheFeedRoomSays) {
  constexpr int kRuns = 96;
  constexpr int kPackets = 4'000;
  SCOPED_TRACE(testing::Message() << "RIDLEY_SEED " << seed_of_the_run());
  std::array<std::uint64_t, 11> arrivals{};
  for (int i = 0; i < kRuns; ++i) {
    SCOPED_TRACE(testing::Message() << "run " << i);
    const bool follows = i % 2 == 0;
    const std::uint64_t first = i % 3 == 0   ? feed::SequencerOptions::kAdopt
                                : i % 3 == 1 ? 1
                                             : kFarOn + (random.number() >> 2);
    const Conditions conditions{
        .options = {.policy = follows ? feed::SessionPolicy::Follow : feed::SessionPolicy::Refuse,
                    .first_sequence = first},
        .wildness = {.follows = follows, .jumps = i % 8 < 2},
        .pauses = i % 4 < 2 ? Pauses::Never : Pauses::AtRandom,
        .idle_max = i % 16 < 8 ? 3U : 60U};
    ASSERT_NO_FATAL_FAILURE(compare_packets(*this, conditions, kPackets));
    for (std::size_t j = 0; j < arrivals.size(); ++j) arrivals[j] += reference.arrivals[j];
  }
  for (std::size_t i = 0; i < arrivals.size(); ++i)
    EXPECT_GT(arrivals[i], 200u) << name_of(static_cast<feed::Arrival>(i));
  EXPECT_GT(compared, std::uint64_t{kRuns} * kPackets);
  RecordProperty("records", std::to_string(compared));
}

TEST_F(SequencerBench, TakesPortZeroFirstWhenBothEndInOneCycle) {
  restart();
  come(0, packet_of(random, 1, 1), cycle + 5);
  come(1, packet_of(random, 2, 1), cycle + 5);
  come(0, packet_of(random, 4, 1), cycle + 30);
  come(1, packet_of(random, 3, 1), cycle + 30);
  ASSERT_NO_FATAL_FAILURE(drain());
  EXPECT_EQ(reference.sequencer.counters().gaps, 1u);
  EXPECT_EQ(compared, 6u);
}

TEST_F(SequencerBench, TakesTheOlderOneAcrossTheEndOfTheCount) {
  restart();
  while (cycle != 0xFFFF'FFFE) ASSERT_NO_FATAL_FAILURE(step());
  // Both wait for the first packet, which is long.
  come(0, packet_of(random, 1, 60), cycle);
  come(1, packet_of(random, 61, 1), cycle + 1);
  come(0, packet_of(random, 62, 1), cycle + 3);
  come(1, packet_of(random, 63, 1), cycle + 4);
  ASSERT_NO_FATAL_FAILURE(drain());
  EXPECT_EQ(reference.sequencer.counters().messages, 63u);
}

TEST_F(SequencerBench, TakesOneCycleForEachEntryAndAFewMore) {
  for (const std::size_t messages : {std::size_t{1}, std::size_t{2}, std::size_t{60}}) {
    restart();
    come(1, packet_of(random, 1, messages), cycle);
    std::vector<std::uint32_t> records;
    for (std::uint32_t i = 0; i < kReportCycles + 100; ++i) {
      block.settle();
      if (block->record_valid_o) records.push_back(i - kReportCycles);
      ASSERT_NO_FATAL_FAILURE(step());
    }
    ASSERT_EQ(records.size(), 1 + messages);
    EXPECT_EQ(records.front(), 10u);
    EXPECT_EQ(records.back(), 10u + messages);
  }
}

TEST_F(SequencerBench, NeverFallsBehindPacketsOfOneMessage) {
  restart();
  std::uint64_t sequence = 1;
  for (int i = 0; i < 20'000; ++i, ++sequence) {
    const Bytes payload = packet_of(random, sequence, 1);
    const std::uint32_t end = cycle + 20;
    come(0, payload, end);
    come(1, payload, end + 1);
    for (std::uint32_t beat = 0; beat < kFrameCycles; ++beat) ASSERT_NO_FATAL_FAILURE(step());
    for (const PortModel& port : ports) ASSERT_LE(port.reports.size(), 1u);
  }
  ASSERT_NO_FATAL_FAILURE(drain());
  EXPECT_EQ(reference.sequencer.counters().duplicates, 20'000u);
}

TEST_F(SequencerBench, SkipsADuplicateOfAnyLengthAsFast) {
  restart();
  come(0, packet_of(random, 1, 60), cycle);
  while (!reference.records.empty()) ASSERT_NO_FATAL_FAILURE(step());
  // Ten of them, in no more than four cycles each.
  const Bytes again = packet_of(random, 1, 60);
  for (std::uint32_t i = 0; i < 10; ++i) come(1, again, cycle + i);
  for (std::uint32_t i = 0; i < kReportCycles + 10 * 4 + 10; ++i) ASSERT_NO_FATAL_FAILURE(step());
  EXPECT_TRUE(ports[1].reports.empty());
  EXPECT_TRUE(ports[1].entries.empty());
  EXPECT_EQ(skips, 10u);
  ASSERT_NO_FATAL_FAILURE(drain());
}

TEST_F(SequencerBench, TakesAndSkipsAnyNumberOfEntries) {
  restart();
  std::uint64_t sequence = 1;
  // Every bit of the number is a one and then none.
  for (const std::size_t messages : {0x5555U, 0xAAAAU, 0x5555U, 1U}) {
    const Bytes payload = packet_of(random, sequence, messages);
    come(0, payload, cycle);
    come(1, payload, cycle + 1);
    ASSERT_NO_FATAL_FAILURE(drain());
    sequence += messages;
  }
  EXPECT_EQ(skips, 4u);
  EXPECT_EQ(reference.sequencer.counters().messages, sequence - 1);
}

TEST_F(SequencerBench, TellsALatencyBeyondItsBitsAsTheHighest) {
  restart();
  // The report of a frame that ended long ago comes behind another one's.
  for (const std::uint32_t ago : {0xFFFEU - 18, 0xFFFFU - 18, 0x10000U - 18, 0x20000U}) {
    Packet packet;
    const Bytes payload = packet_of(random, reference.sequencer.next_sequence(), 1);
    come(0, payload, cycle - ago);
    ports[0].entries.insert(ports[0].entries.end(), ports[0].coming.back().entries.begin(),
                            ports[0].coming.back().entries.end());
    ports[0].reports.push_back(std::move(ports[0].coming.back()));
    ports[0].coming.clear();
    ASSERT_NO_FATAL_FAILURE(drain());
  }
  EXPECT_EQ(compared, 8u);
}

TEST_F(SequencerBench, ForgetsWhatWasUnderWayInAReset) {
  for (std::uint32_t cycles = 0; cycles < 40; ++cycles) {
    restart();
    come(0, packet_of(random, 5, 9), cycle);
    come(1, packet_of(random, 5, 9), cycle + 2);
    for (std::uint32_t i = 0; i < cycles; ++i) ASSERT_NO_FATAL_FAILURE(step());
    restart();
    come(1, packet_of(random, 1, 3), cycle);
    ASSERT_NO_FATAL_FAILURE(drain());
  }
}

}  // namespace ridley::card
