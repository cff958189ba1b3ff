// SPDX-License-Identifier: Apache-2.0
// In: payloads and when their frames ended. Out: nothing, when the records and counters of the
// sequencer are those of the feed room, which is given the same payloads in the same order. Also
// the two ports' FIFOs, as far as the sequencer sees them. One thread.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cstring>
#include <deque>
#include <vector>

#include "Vridley_sequencer.h"
#include "card/event_ring.hpp"
#include "clocked.hpp"
#include "feed_port_bench.hpp"
#include "line_pair.hpp"
#include "stream.hpp"

namespace ridley::card {

struct ExpectedRecord {
  std::array<std::byte, kMarkAt> bytes{};
  CardForm form{};
  unsigned port = 0;
  std::uint32_t end_cycle = 0;
};

// What the sequencer must say, packet by packet.
struct SequencerReference {
  explicit SequencerReference(const feed::SequencerOptions& options = {}) : sequencer{options} {}

  feed::Sequencer sequencer;
  feed::DecodeCounters decoded{};
  std::deque<ExpectedRecord> records;
  std::array<std::uint64_t, 11> arrivals{};

  void accept(const Bytes& payload, const PortReport& report, unsigned port) {
    const feed::Arrived arrived = sequencer.accept(payload);
    ++arrivals[static_cast<std::size_t>(arrived.arrival)];
    if (arrived.arrival == feed::Arrival::Malformed ||
        arrived.arrival == feed::Arrival::OtherSession ||
        arrived.arrival == feed::Arrival::Duplicate)
      return;
    CardPacket packet{.arrival = static_cast<std::uint8_t>(arrived.arrival),
                      .count = arrived.count,
                      .stamp_ns = report.stamp,
                      .first_sequence = arrived.first_sequence,
                      .missing_from = arrived.missing_from,
                      .missing_count = arrived.missing_count,
                      .session = report.session};
    expect(&packet, CardForm::Packet, report, port);
    for (const feed::Block block : feed::Blocks{arrived}) {
      event::MarketEvent event;
      const feed::Decoded result = feed::decode(block.message, block.sequence, event);
      decoded.count(result);
      if (result == feed::Decoded::Event) expect(&event, CardForm::Event, report, port);
      if (result != feed::Decoded::Truncated || block.message.empty()) continue;
      packet.first_sequence = block.sequence;
      expect(&packet, CardForm::ShortMessage, report, port);
    }
  }

 private:
  void expect(const void* bytes, CardForm form, const PortReport& report, unsigned port) {
    ExpectedRecord& record = records.emplace_back();
    std::memcpy(record.bytes.data(), bytes, kMarkAt);
    record.form = form;
    record.port = port;
    record.end_cycle = report.end_cycle;
  }
};

// A port as the sequencer sees it: what comes, in the cycle in which it comes, and what is there.
struct PortModel {
  static constexpr std::uint32_t kReportCycles = 8;  // from a frame's end to its report

  std::deque<Packet> coming;
  std::deque<Packet> reports;
  std::deque<PortEntry> entries;
  std::size_t waiting_max = 0;

  void come(std::uint32_t cycle) {
    while (!coming.empty() && coming.front().report.end_cycle + kReportCycles == cycle) {
      Packet& packet = coming.front();
      entries.insert(entries.end(), packet.entries.begin(), packet.entries.end());
      reports.push_back(std::move(packet));
      coming.pop_front();
    }
    waiting_max = std::max(waiting_max, reports.size());
  }
};

struct SequencerBench : testing::Test {
  // Soon the count of cycles begins anew.
  static constexpr std::uint32_t kFirstCycle = 0xFFFF'F000;

  Clocked<Vridley_sequencer> block{"ridley_sequencer"};
  std::array<PortModel, kPorts> ports;
  SequencerReference reference;
  RandomPackets random{seed_of_the_run()};
  End source{Pauses::Never, 1};
  std::uint32_t cycle = kFirstCycle;
  std::uint64_t compared = 0;
  std::uint64_t skips = 0;

  void restart(const feed::SequencerOptions& options = {}) {
    block->report_valid_i = block->entry_valid_i = 0;
    block->follow_sessions_i = options.policy == feed::SessionPolicy::Follow;
    block->first_sequence_i = options.first_sequence;
    block.reset();
    reference = SequencerReference{options};
    ports = {};
    cycle = kFirstCycle;
  }

  // A frame ends at a port in this cycle, not before the last one that came.
  void come(unsigned port, const Bytes& payload, std::uint32_t end_cycle) {
    Packet packet;
    packet.report.end_cycle = end_cycle;
    packet.report.stamp = random.number();
    packet.report.header_valid = payload.size() >= wire::mold::Header::kSize;
    const std::vector<Message> messages = messages_of(payload);
    if (packet.report.header_valid) {
      const wire::mold::Header header{payload.data()};
      std::memcpy(packet.report.session.data(), payload.data(), packet.report.session.size());
      packet.report.sequence = header.sequence_number();
      packet.report.count = header.message_count();
      const std::size_t end = messages.empty() ? wire::mold::Header::kSize : messages.back().end;
      const bool all_there =
          messages.size() == packet.report.count || packet.report.count == kEndOfSession;
      packet.report.blocks_good = all_there && end == payload.size();
    }
    if (packet.report.blocks_good) packet.entries = entries_of(messages, sizeof(std::uint64_t));
    reference.accept(payload, packet.report, port);
    ports[port].coming.push_back(std::move(packet));
  }

  void step() {
    block->cycle_i = cycle;
    for (unsigned port = 0; port < kPorts; ++port) {
      ports[port].come(cycle);
      put_report(port);
      put_entry(port);
    }
    block.settle();
    compare();
    for (unsigned port = 0; port < kPorts; ++port) take(port);
    block.cycle();
    ++cycle;
  }

  void drain() {
    for (int idle = 0; idle < 100; ++idle) {
      if (!ports[0].coming.empty() || !ports[1].coming.empty() || !reference.records.empty())
        idle = 0;
      ASSERT_NO_FATAL_FAILURE(step());
      ASSERT_LT(cycle - kFirstCycle, 50'000'000u) << "something is missing";
    }
    for (const PortModel& port : ports) {
      EXPECT_TRUE(port.reports.empty());
      EXPECT_TRUE(port.entries.empty());
    }
    compare_counters();
  }

 private:
  template <typename Vector, typename Value>
  static void put(Vector& vector, unsigned port, const Value& value) {
    std::memcpy(reinterpret_cast<std::byte*>(&vector) + port * sizeof value, &value, sizeof value);
  }
  template <typename Vector>
  static void put_bit(Vector& vector, unsigned port, bool value) {
    vector = static_cast<Vector>((vector & ~(1U << port)) | (unsigned{value} << port));
  }

  void put_report(unsigned port) {
    const bool is_there = !ports[port].reports.empty();
    put_bit(block->report_valid_i, port, is_there);
    if (!is_there) return;
    const Packet& packet = ports[port].reports.front();
    put(block->report_session_i, port, packet.report.session);
    put(block->report_sequence_i, port, packet.report.sequence);
    put(block->report_count_i, port, packet.report.count);
    put_bit(block->report_header_valid_i, port, packet.report.header_valid);
    put_bit(block->report_blocks_good_i, port, packet.report.blocks_good);
    put(block->report_stamp_i, port, packet.report.stamp);
    put(block->report_end_cycle_i, port, packet.report.end_cycle);
    put(block->report_entries_i, port, static_cast<std::uint16_t>(packet.entries.size()));
  }

  void put_entry(unsigned port) {
    const bool is_there = !ports[port].entries.empty() && source.active();
    put_bit(block->entry_valid_i, port, is_there);
    if (!is_there) return;
    const PortEntry& entry = ports[port].entries.front();
    put(block->entry_event_i, port, entry.event);
    const unsigned shift = 3 * port;
    block->entry_count_i = static_cast<std::uint8_t>((block->entry_count_i & ~(7U << shift)) |
                                                     unsigned{entry.count} << shift);
    put(block->entry_codes_i, port, entry.codes);
    put(block->entry_index_i, port, entry.index);
  }

  void take(unsigned port) {
    PortModel& model = ports[port];
    const unsigned bit = 1U << port;
    if ((block->report_ready_o & block->report_valid_i & bit) != 0) model.reports.pop_front();
    if ((block->skip_o & bit) != 0) {
      ASSERT_LE(block->skip_count_o, model.entries.size());
      ASSERT_EQ(block->entry_ready_o & bit, 0) << "taken and skipped at once";
      model.entries.erase(model.entries.begin(), model.entries.begin() + block->skip_count_o);
      ++skips;
    } else if ((block->entry_ready_o & block->entry_valid_i & bit) != 0) {
      model.entries.pop_front();
    }
  }

  void compare() {
    if (!block->record_valid_o) return;
    ASSERT_FALSE(reference.records.empty()) << "a record too many";
    const ExpectedRecord expected = reference.records.front();
    reference.records.pop_front();
    std::array<std::byte, kMarkAt> bytes;
    std::array<std::byte, sizeof(CardMark)> mark_bytes;
    std::memcpy(bytes.data(), &block->record_o[0], bytes.size());
    std::memcpy(mark_bytes.data(), &block->record_o[kMarkAt / 4], mark_bytes.size());
    const auto mark = std::bit_cast<CardMark>(mark_bytes);
    ASSERT_EQ(mark.form, expected.form);
    ASSERT_EQ(bytes, expected.bytes) << name_of(mark.form);
    ASSERT_EQ(mark.number, 0u);
    ASSERT_EQ(mark.flags, expected.port);
    ASSERT_EQ(mark.latency_cycles, std::min(cycle - expected.end_cycle, 0xFFFFU));
    ++compared;
  }

  void compare_counters() {
    const feed::SequencerCounters& counters = reference.sequencer.counters();
    EXPECT_EQ(block->packets_o, counters.packets);
    EXPECT_EQ(block->messages_o, counters.messages);
    EXPECT_EQ(block->duplicates_o, counters.duplicates);
    EXPECT_EQ(block->duplicate_messages_o, counters.duplicate_messages);
    EXPECT_EQ(block->overlaps_o, counters.overlaps);
    EXPECT_EQ(block->gaps_o, counters.gaps);
    EXPECT_EQ(block->missing_messages_o, counters.missing_messages);
    EXPECT_EQ(block->heartbeats_o, counters.heartbeats);
    EXPECT_EQ(block->ends_of_session_o, counters.ends_of_session);
    EXPECT_EQ(block->session_changes_o, counters.session_changes);
    EXPECT_EQ(block->malformed_o, counters.malformed);
    EXPECT_EQ(block->events_o, reference.decoded.events);
    EXPECT_EQ(block->unknown_types_o, reference.decoded.unknown_types);
    EXPECT_EQ(block->truncated_o, reference.decoded.truncated);
  }
};

}  // namespace ridley::card
