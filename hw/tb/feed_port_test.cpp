// SPDX-License-Identifier: Apache-2.0
// A port of the feed at both widths, from Ethernet frames to reports and decoded messages, against
// the nic and feed rooms.
#include <gtest/gtest.h>

#include <algorithm>

#include "Vridley_feed_port_32.h"
#include "Vridley_feed_port_64.h"
// What is inside a model is not written for all of our warnings.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#include "Vridley_feed_port_32.parts/Vridley_feed_port_32___024root.h"
#include "Vridley_feed_port_64.parts/Vridley_feed_port_64___024root.h"
#pragma GCC diagnostic pop
#include "feed_port_bench.hpp"

namespace ridley::card {
namespace {

using wire::mold::Header;

constexpr std::size_t kEntriesMax = 1024;  // the FIFOs' depths
constexpr std::size_t kReportsMax = 64;

}  // namespace

using Blocks = testing::Types<Vridley_feed_port_64, Vridley_feed_port_32>;
TYPED_TEST_SUITE(FeedPortBench, Blocks);

TYPED_TEST(FeedPortBench, ReportsAPacketSoManyCyclesBehindItsEnd) {
  PacketBytes packet;
  packet.add(this->random.of_type(0)).add(this->random.of_type(3)).add(this->random.of_type(0));
  const std::uint64_t end = this->send(udp_frame(packet.bytes()));
  for (this->block.settle(); !this->block->report_valid_o; this->block.settle()) {
    EXPECT_FALSE(this->block->entry_valid_o) << "entries come with their report";
    ASSERT_LT(this->block.cycles(), end + 100);
    this->cycle();
  }
  EXPECT_TRUE(this->block->entry_valid_o);
  EXPECT_EQ(this->block.cycles() - end, 9u);
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->reports, 1u);
}

TYPED_TEST(FeedPortBench, DropsAPacketForWhoseEntriesThereIsNoRoom) {
  PacketBytes packet;  // an entry a message
  for (int i = 0; i < 32; ++i) packet.add(this->random.of_type(20));
  const Bytes frame = udp_frame(packet.bytes());
  for (std::size_t i = 0; i < kEntriesMax / 32 - 1; ++i) this->send(frame);
  packet.add(this->random.of_type(20));
  this->send(udp_frame(packet.bytes()));  // one too many
  this->send(frame);                      // just enough
  this->send(frame);
  PacketBytes malformed;
  malformed.add({}).count(2);
  this->send(udp_frame(malformed.bytes()));  // needs no room
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->dropped, 2u);
  EXPECT_EQ(this->entries, kEntriesMax);
  EXPECT_EQ(this->reports, kEntriesMax / 32 + 1);
}

TYPED_TEST(FeedPortBench, DropsAPacketForWhoseReportThereIsNoRoom) {
  PacketBytes packet;
  packet.add(this->random.of_type(0));
  for (std::size_t i = 0; i < kReportsMax + 3; ++i) this->send(udp_frame(packet.bytes()));
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->dropped, 3u);
  EXPECT_EQ(this->reports, kReportsMax);
  EXPECT_EQ(this->entries, kReportsMax);
  this->send(udp_frame(packet.bytes()));
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->dropped, 3u);
}

TYPED_TEST(FeedPortBench, TakesNothingWithoutALine) {
  this->block->line_port_i = 0;
  Bytes payload(Header::kSize);
  nic::UdpRoute route = kLine;
  route.destination_port = 0;
  this->send(udp_frame(payload, route));
  this->packets.clear();
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->reports, 0u);
}

// Frames follow each other without a gap, faster than any wire.
TYPED_TEST(FeedPortBench, KeepsUpWithTheShortestMessagesBackToBack) {
  constexpr int kFrames = 2'000;
  for (const std::size_t bytes : {12, 1, 0}) {
    this->restart();
    PacketBytes packet;
    while (packet.bytes().size() + 2 + bytes <= 1400) {
      packet.add(bytes == 12 ? Bytes(bytes, std::byte{'S'}) : this->random.random_bytes(bytes));
    }
    const Bytes frame = udp_frame(packet.bytes());
    EthernetSource source{this->kBytes, Pauses::Never, 1};
    for (int i = 0; i < kFrames; ++i) source.send(frame);
    std::uint64_t first = 0;
    while (source.waiting() != 0) {
      const EthernetBeat beat = source.next();
      ASSERT_TRUE(beat.valid);
      if (beat.first) first = this->block.cycles();
      this->put(beat);
      if (beat.last) this->came(frame, first, this->block.cycles());
      ASSERT_NO_FATAL_FAILURE(this->take());
      this->cycle();
    }
    ASSERT_NO_FATAL_FAILURE(this->drain());
    EXPECT_EQ(this->dropped, 0u);
  }
  EXPECT_EQ(this->reports, 3u * kFrames);
}

// While the MAC does not pause. One that does holds up at most the bytes of one beat.
TYPED_TEST(FeedPortBench, DecodesWithinCycles) {
  std::deque<std::uint64_t> last_bytes;  // of events that did not come
  std::uint64_t latency_min = 1000;
  std::uint64_t latency_max = 0;
  std::uint64_t events = 0;
  for (int i = 0; i < 2'000; ++i) {
    PacketBytes packet = this->random.right();
    nic::UdpRoute route = kLine;
    route.vlan = i % 2 == 0 ? 0 : 7;
    const Bytes frame = udp_frame(packet.bytes(), route);
    EthernetSource source{this->kBytes, Pauses::Never, 1};
    source.send(frame);
    const std::uint64_t first = this->block.cycles();
    for (const Message& message : messages_of(packet.bytes())) {
      event::MarketEvent event;
      if (feed::decode(message.bytes, 1, event) != feed::Decoded::Event) continue;
      const std::size_t last_byte = nic::udp_payload_at(route) + message.end - 1;
      last_bytes.push_back(first + last_byte / this->kBytes);
    }
    std::uint64_t seen = this->events_seen;
    for (int rest = 0; rest < 10; rest += source.waiting() == 0) {
      if (source.waiting() != 0) this->put(source.next());
      this->cycle();
      if (this->events_seen == seen) continue;
      seen = this->events_seen;
      ASSERT_FALSE(last_bytes.empty());
      const std::uint64_t latency = this->block.cycles() - last_bytes.front();
      last_bytes.pop_front();
      latency_min = std::min(latency_min, latency);
      latency_max = std::max(latency_max, latency);
      ++events;
    }
    ASSERT_TRUE(last_bytes.empty());
  }
  std::printf("%llu events, %llu to %llu cycles from the last byte\n",
              static_cast<unsigned long long>(events), static_cast<unsigned long long>(latency_min),
              static_cast<unsigned long long>(latency_max));
  EXPECT_GT(events, 1000u);
  EXPECT_EQ(latency_min, 6u);
  EXPECT_EQ(latency_max, 7u);
}

TYPED_TEST(FeedPortBench, IsWhatTheRoomsAre) {
  constexpr int kFrames = 20'000;  // for each kind of ends
  const std::uint64_t seed = seed_of_the_run();
  SCOPED_TRACE("RIDLEY_SEED=" + std::to_string(seed));
  this->random = RandomPackets{seed};
  this->skips = true;
  FrameMaker maker{this->random.number()};
  std::uint64_t dropped_ever = 0;
  for (const Ends& ends : kAllEnds) {
    this->restart();
    EthernetSource source{this->kBytes, ends.source, this->random.number()};
    End sink{ends.sink, this->random.number()};
    std::deque<Bytes> sent;
    std::deque<bool> bad;
    std::uint64_t first = 0;
    int stalled = 0;  // cycles in which the sink sleeps
    for (int frames = 0; frames < kFrames || source.waiting() != 0;) {
      if (frames < kFrames && source.waiting() < 2 && this->random.below(30) != 0) {
        sent.push_back(this->any_frame(maker));
        bad.push_back(this->random.below(20) == 0);
        source.send(sent.back(), bad.back());
        ++frames;
      }
      const EthernetBeat beat = source.next();
      if (beat.valid && beat.first) first = this->block.cycles();
      this->put(beat);
      if (beat.valid && beat.last) {
        if (bad.front())
          ++this->bad_frames;
        else
          this->came(sent.front(), first, this->block.cycles());
        sent.pop_front();
        bad.pop_front();
      }
      if (ends.sink == Pauses::AtRandom && stalled == 0 && this->random.below(10'000) == 0)
        stalled = 10'000;
      if (stalled > 0) {
        --stalled;
      } else if (sink.active()) {
        ASSERT_NO_FATAL_FAILURE(this->take());
      }
      this->cycle();
    }
    ASSERT_NO_FATAL_FAILURE(this->drain());
    if (ends.sink == Pauses::Never) {
      EXPECT_EQ(this->dropped, 0u);
    }
    dropped_ever += this->dropped;
  }
  EXPECT_GT(dropped_ever, 10u);
  EXPECT_GT(this->reports, 4u * kFrames / 2);
  std::printf("%llu reports, %llu entries, %llu packets dropped; seed %llu\n",
              static_cast<unsigned long long>(this->reports),
              static_cast<unsigned long long>(this->entries),
              static_cast<unsigned long long>(dropped_ever), static_cast<unsigned long long>(seed));
}

}  // namespace ridley::card
