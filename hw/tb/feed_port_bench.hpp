// SPDX-License-Identifier: Apache-2.0
// In: frames, and when a sink takes something. Out: nothing, when what a port of the feed gives is
// what the nic and feed rooms say of the same frames. One thread.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <deque>
#include <optional>

#include "clocked.hpp"
#include "ethernet_source.hpp"
#include "frame_maker.hpp"
#include "mold_reference.hpp"
#include "nic/datagram.hpp"
#include "nic/udp_frame.hpp"
#include "random_packets.hpp"

namespace ridley::card {

inline constexpr nic::UdpRoute kLine{.source_ip = 0x0A000001,
                                     .destination_ip = 0xE9360C6F,
                                     .source_port = 5000,
                                     .destination_port = 26477};

struct PortEntry {
  std::uint16_t index = 0;
  std::uint8_t count = 0;
  std::uint8_t codes = 0;
  std::array<std::byte, sizeof(event::MarketEvent)> event{};  // when its code is 0

  bool operator==(const PortEntry&) const = default;
};

struct PortReport {
  std::uint32_t end_cycle = 0;
  std::uint64_t stamp = 0;
  std::array<char, 10> session{};
  std::uint64_t sequence = 0;
  std::uint16_t count = 0;
  bool header_valid = false;
  bool blocks_good = false;

  bool operator==(const PortReport&) const = default;
};

struct Packet {
  PortReport report;
  std::deque<PortEntry> entries;
};

inline std::uint8_t code_of(const Message& message, std::uint16_t index, PortEntry& entry) {
  if (message.bytes.empty()) return 3;
  event::MarketEvent event;
  const feed::Decoded decoded = feed::decode(message.bytes, index, event);
  if (decoded == feed::Decoded::UnknownType) return 1;
  if (decoded == feed::Decoded::Truncated) return 2;
  std::memcpy(entry.event.data(), &event, sizeof event);
  return 0;
}

inline std::deque<PortEntry> entries_of(std::span<const Message> messages, std::size_t beat_bytes) {
  std::deque<PortEntry> entries;
  std::size_t beat = 0;  // none: a header comes first
  for (std::size_t index = 0; index < messages.size(); ++index) {
    const std::size_t ends_in = (messages[index].end - 1) / beat_bytes;
    if (ends_in != beat) entries.push_back({.index = static_cast<std::uint16_t>(index)});
    beat = ends_in;
    PortEntry& entry = entries.back();
    const std::uint8_t code = code_of(messages[index], static_cast<std::uint16_t>(index), entry);
    entry.codes |= static_cast<std::uint8_t>(code << (2 * entry.count++));
  }
  return entries;
}

inline Bytes udp_frame(std::span<const std::byte> payload, nic::UdpRoute route = kLine) {
  Bytes frame(nic::kFrameBytesMax);
  frame.resize(nic::build_udp_frame(frame, route, payload));
  EXPECT_FALSE(frame.empty());
  return frame;
}

template <typename Block>
struct FeedPortBench : testing::Test {
  static constexpr std::size_t kBytes = sizeof(Block::rx_data_i);

  Clocked<Block> block{"ridley_feed_port"};
  nic::MulticastFilter line;
  std::optional<nic::DatagramReader> reader;
  std::deque<Packet> packets;  // that came in and may come out
  Packet taken;                // whose entries are being read
  std::uint64_t dropped = 0;
  std::uint64_t bad_frames = 0;
  std::uint64_t reports = 0;
  std::uint64_t entries = 0;
  std::uint64_t events_seen = 0;
  RandomPackets random{seed_of_the_run()};
  bool skips = false;

  void SetUp() override {
    ASSERT_TRUE(line.add(kLine.destination_ip, kLine.destination_port, 0));
    restart();
  }

  void restart() {
    block->line_address_i = kLine.destination_ip;
    block->line_port_i = kLine.destination_port;
    block->rx_valid_i = block->entry_ready_i = block->entry_skip_i = block->report_ready_i = 0;
    block.reset();
    reader.emplace(line);
    packets.clear();
    taken = {};
    dropped = bad_frames = 0;
  }

  // The time and the count of cycles as the card has them in a cycle: a port looks at none of their
  // bits, so the time is any, and the count soon begins anew.
  static std::uint64_t time_at(std::uint64_t cycle) { return cycle * 0x9E37'79B9'7F4A'7C15; }
  static std::uint32_t count_at(std::uint64_t cycle) {
    return static_cast<std::uint32_t>(0xFFFF'F000 + cycle);
  }

  void cycle() {
    block->cycle_i = count_at(block.cycles());
    block->time_i = time_at(block.cycles());
    block.cycle();
    block->rx_valid_i = block->entry_ready_i = block->entry_skip_i = block->report_ready_i = 0;
    // When the decoder gives an event is nothing that a port tells.
    events_seen += block->rootp->ridley_feed_port__DOT__event_valid;
  }

  // What a sink takes in the coming cycle: a report, then its entries.
  void take() {
    block.settle();
    if (taken.entries.empty()) {
      if (!block->report_valid_o) return;
      block->report_ready_i = 1;
      ASSERT_NO_FATAL_FAILURE(compare_report());
      return;
    }
    ASSERT_TRUE(block->entry_valid_o) << "entries are there when their report is";
    if (skips && random.below(4) == 0) {
      const std::size_t skipped = 1 + random.below(taken.entries.size());
      block->entry_skip_i = 1;
      block->entry_ready_i = random.below(2) == 0;
      block->entry_skip_count_i = static_cast<std::uint16_t>(skipped);
      taken.entries.erase(taken.entries.begin(),
                          taken.entries.begin() + static_cast<std::ptrdiff_t>(skipped));
      return;
    }
    block->entry_ready_i = 1;
    PortEntry entry{.index = block->entry_index_o,
                    .count = block->entry_count_o,
                    .codes = block->entry_codes_o};
    if ((entry.codes & 3) == 0)
      std::memcpy(entry.event.data(), &block->entry_event_o[0], entry.event.size());
    ASSERT_EQ(entry, taken.entries.front());
    taken.entries.pop_front();
    ++entries;
  }

  void compare_report() {
    PortReport report{.end_cycle = block->report_end_cycle_o,
                      .stamp = block->report_stamp_o,
                      .sequence = block->report_sequence_o,
                      .count = block->report_count_o,
                      .header_valid = block->report_header_valid_o != 0,
                      .blocks_good = block->report_blocks_good_o != 0};
    std::memcpy(report.session.data(), &block->report_session_o[0], report.session.size());
    if (!report.header_valid) {
      report.session = {};
      report.sequence = report.count = 0;
    }
    // Those between were dropped.
    while (!packets.empty() && packets.front().report.end_cycle != report.end_cycle) {
      packets.pop_front();
      ++dropped;
    }
    ASSERT_FALSE(packets.empty());
    taken = std::move(packets.front());
    packets.pop_front();
    ASSERT_EQ(report, taken.report);
    ASSERT_EQ(block->report_entries_o, taken.entries.size());
    ++reports;
  }

  // A whole frame came; its first beat and its last one in these cycles.
  void came(std::span<const std::byte> frame, std::uint64_t first, std::uint64_t last) {
    nic::Datagram datagram;
    const nic::Frame whole{.bytes = frame.data(),
                           .length = static_cast<std::uint32_t>(frame.size()),
                           .wire_length = static_cast<std::uint32_t>(frame.size())};
    if (reader->read(whole, datagram) != nic::Strip::Udp) return;
    const std::span<const std::byte> payload = datagram.payload;
    const std::vector<Message> messages = messages_of(payload);
    Packet packet;
    packet.report.end_cycle = count_at(last);
    packet.report.stamp = time_at(first);
    packet.report.header_valid = payload.size() >= wire::mold::Header::kSize;
    if (packet.report.header_valid) {
      std::memcpy(packet.report.session.data(), payload.data(), packet.report.session.size());
      packet.report.sequence = wire::mold::Header{payload.data()}.sequence_number();
      packet.report.count = wire::mold::Header{payload.data()}.message_count();
    }
    packet.report.blocks_good = is_right(payload, messages);
    if (packet.report.blocks_good) packet.entries = entries_of(messages, kBytes);
    packets.push_back(std::move(packet));
  }

  void put(const EthernetBeat& beat) {
    std::memcpy(&block->rx_data_i, &beat.data, kBytes);
    block->rx_keep_i = beat.keep;
    block->rx_valid_i = beat.valid;
    block->rx_last_i = beat.last;
    block->rx_bad_i = beat.bad;
  }

  // Nothing is taken meanwhile. The cycle of its last beat.
  std::uint64_t send(const Bytes& frame) {
    EthernetSource source{kBytes, Pauses::Never, 1};
    source.send(frame);
    const std::uint64_t first = block.cycles();
    while (source.waiting() != 0) {
      put(source.next());
      cycle();
    }
    came(frame, first, block.cycles() - 1);
    return block.cycles() - 1;
  }

  void drain() {
    for (int i = 0; i < 20; ++i) cycle();
    for (block.settle(); block->report_valid_o || !taken.entries.empty(); block.settle()) {
      ASSERT_NO_FATAL_FAILURE(take());
      cycle();
    }
    dropped += packets.size();
    packets.clear();
    EXPECT_FALSE(block->entry_valid_o);
    EXPECT_EQ(block->packets_dropped_o, dropped);
    EXPECT_EQ(block->frames_o, reader->counts().total());
    EXPECT_EQ(block->bad_frames_o, bad_frames);
    for (std::size_t cause = 0; cause < nic::kStripCauses; ++cause) {
      std::uint64_t count = 0;
      std::memcpy(&count, &block->causes_o[2 * cause], sizeof count);
      EXPECT_EQ(count, reader->counts().of(static_cast<nic::Strip>(cause))) << cause;
    }
  }

  Bytes any_frame(FrameMaker& maker) {
    switch (random.below(12)) {
      case 0: return maker.hostile(maker.payload_bytes());
      case 1: return udp_frame(random.any(), other_route());
      case 2: {
        Bytes frame = udp_frame(random.any());
        frame[random.below(frame.size())] ^= static_cast<std::byte>(1U << random.below(8));
        return frame;
      }
      case 3: {
        Bytes frame = udp_frame(random.any());
        frame.resize(1 + random.below(frame.size()));
        return frame;
      }
      default: {
        nic::UdpRoute route = kLine;
        if (random.below(2) == 0) route.vlan = 7;
        return udp_frame(random.any(), route);
      }
    }
  }

  nic::UdpRoute other_route() {
    nic::UdpRoute route = kLine;
    if (random.below(2) == 0)
      route.destination_port ^= 1;
    else
      route.destination_ip ^= 1U << random.below(32);
    return route;
  }
};

}  // namespace ridley::card
