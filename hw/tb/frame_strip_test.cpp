// SPDX-License-Identifier: Apache-2.0
// hw/rtl/nic/ridley_frame_strip.sv, of both widths, against nic::strip: for every frame the same
// cause, the same payload and address, and as soon as promised.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <filesystem>
#include <functional>
#include <iostream>
#include <limits>
#include <random>
#include <ranges>
#include <vector>

#include "Vridley_frame_strip_32.h"
#include "Vridley_frame_strip_64.h"
#include "clocked.hpp"
#include "ethernet_source.hpp"
#include "frame_maker.hpp"
#include "nic/capture_file.hpp"
#include "nic/datagram.hpp"
#include "nic/udp_frame.hpp"
#include "support/shared_data.hpp"

namespace ridley::card {
namespace {

using Bytes = std::vector<std::byte>;

struct Latency {
  std::uint64_t min = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t max = 0;

  void add(std::uint64_t cycles) {
    min = std::min(min, cycles);
    max = std::max(max, cycles);
  }
};

// A frame on its way, and the cycle in which each of its beats came.
struct Sent {
  Bytes bytes;
  bool bad = false;
  std::uint64_t stamp = 0;
  std::vector<std::uint64_t> cycles{};
};

nic::Strip strip(const Bytes& bytes, nic::Datagram& datagram) {
  const nic::Frame frame{.bytes = bytes.data(),
                         .length = static_cast<std::uint32_t>(bytes.size()),
                         .wire_length = static_cast<std::uint32_t>(bytes.size()),
                         .stamp = {}};
  return nic::strip(frame, datagram);
}

template <typename Block>
struct FrameStripBench : testing::Test {
  static constexpr std::size_t kBeatBytes = sizeof(Block::data_i);

  FrameStripBench() {
    block->valid_i = 0;
    block.reset();
  }

  Clocked<Block> block{"ridley_frame_strip"};
  std::uint64_t seed = std::random_device{}();
  PayloadCollector collector{kBeatBytes};
  std::deque<Sent> on_their_way;
  std::uint64_t payload_last_cycle = 0;  // in which a payload beat was last seen
  std::uint64_t compared = 0;
  std::array<std::uint64_t, nic::kStripCauses> causes{};
  Latency verdict_latency;
  Latency payload_latency;

  // As many frames as make() gives, until it gives an empty one.
  void run(Pauses pauses, const std::function<Bytes()>& make) {
    EthernetSource source{kBeatBytes, pauses, seed};
    std::mt19937_64 random{seed};
    std::deque<Sent> waiting;
    bool more = true;
    int quiet = 0;
    while (quiet < 10) {
      while (more && source.waiting() < 2) {
        Sent frame{.bytes = make(), .bad = random() % 16 == 0};
        more = !frame.bytes.empty();
        if (!more) break;
        source.send(frame.bytes, frame.bad);
        waiting.push_back(std::move(frame));
      }
      const EthernetBeat beat = source.next();
      if (beat.first) {
        on_their_way.push_back(std::move(waiting.front()));
        waiting.pop_front();
      }
      give(beat, random());
      block.cycle();
      ASSERT_NO_FATAL_FAILURE(look());
      quiet = !more && source.waiting() == 0 ? quiet + 1 : 0;
    }
    ASSERT_TRUE(on_their_way.empty()) << on_their_way.size() << " frames without a verdict";
  }

  void give(const EthernetBeat& beat, std::uint64_t time) {
    std::memcpy(&block->data_i, &beat.data, kBeatBytes);
    block->keep_i = beat.keep;
    block->valid_i = beat.valid;
    block->last_i = beat.last;
    block->bad_i = beat.bad;
    block->time_i = time;
    if (!beat.valid) return;
    if (beat.first) on_their_way.back().stamp = time;
    on_their_way.back().cycles.push_back(block.cycles());
  }

  void look() {
    if (block->payload_valid_o) {
      ASSERT_TRUE(collector.add(block->payload_o, block->payload_bytes_o)) << "no payload beat";
      payload_last_cycle = block.cycles();
    }
    if (!block->verdict_valid_o) return;
    ASSERT_FALSE(on_their_way.empty()) << "a verdict without a frame";
    const Sent frame = std::move(on_their_way.front());
    on_their_way.pop_front();
    ASSERT_NO_FATAL_FAILURE(compare(frame))
        << "frame " << compared << " of " << frame.bytes.size() << " bytes";
    collector.forget();
    ++compared;
  }

  void compare(const Sent& frame) {
    verdict_latency.add(block.cycles() - frame.cycles.back());
    nic::Datagram datagram;
    const nic::Strip cause = strip(frame.bytes, datagram);
    ++causes.at(static_cast<std::size_t>(cause));
    ASSERT_EQ(block->verdict_o, static_cast<std::uint8_t>(cause));
    ASSERT_EQ(block->frame_bad_o, frame.bad);
    ASSERT_EQ(block->stamp_o, frame.stamp);
    if (cause != nic::Strip::Udp) return;
    ASSERT_EQ(block->address_o, datagram.destination_ip);
    ASSERT_EQ(block->port_o, datagram.destination_port);
    ASSERT_TRUE(std::ranges::equal(collector.payload(), datagram.payload))
        << collector.payload().size() << " bytes for " << datagram.payload.size();
    if (datagram.payload.empty()) return;
    const auto end = datagram.payload.data() + datagram.payload.size() - frame.bytes.data();
    const std::size_t last_beat = (static_cast<std::size_t>(end) - 1) / kBeatBytes;
    payload_latency.add(payload_last_cycle - frame.cycles.at(last_beat));
  }

  void expect_the_promised_latency() const {
    EXPECT_EQ(verdict_latency.min, 2u);
    EXPECT_EQ(verdict_latency.max, 2u);
    EXPECT_EQ(payload_latency.min, 1u);
    EXPECT_EQ(payload_latency.max, 2u);
  }
};

using Blocks = testing::Types<Vridley_frame_strip_64, Vridley_frame_strip_32>;
TYPED_TEST_SUITE(FrameStripBench, Blocks);

constexpr std::array<std::uint16_t, 2> kVlans{0, 100};  // without a tag and with one
constexpr std::array kPauses{Pauses::Never, Pauses::AtRandom};

// The frames one after the other.
std::function<Bytes()> all_of(const std::vector<Bytes>& frames) {
  return [&frames, at = std::size_t{0}]() mutable {
    return at < frames.size() ? frames[at++] : Bytes{};
  };
}

}  // namespace

TYPED_TEST(FrameStripBench, CutsAFrameOfEveryShapeAtEveryLength) {
  SCOPED_TRACE(testing::Message() << "seed " << this->seed);
  FrameMaker maker{this->seed};
  std::vector<Bytes> frames;
  for (int shape = 0; shape < 40; ++shape) {
    const Bytes whole = maker.datagram(static_cast<std::size_t>(shape));
    for (std::size_t bytes = 1; bytes <= whole.size(); ++bytes)
      frames.emplace_back(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(bytes));
  }
  for (const Pauses pauses : kPauses) ASSERT_NO_FATAL_FAILURE(this->run(pauses, all_of(frames)));
  EXPECT_EQ(this->compared, 2 * frames.size());
}

TYPED_TEST(FrameStripBench, GivesEveryPayloadLengthOfAStandardFrame) {
  std::vector<Bytes> frames;
  for (std::size_t bytes = 0; bytes <= nic::kUdpPayloadBytesMax; ++bytes) {
    Bytes payload(bytes, static_cast<std::byte>(bytes));
    for (const std::uint16_t vlan : kVlans) {
      Bytes frame(nic::kFrameBytesMax);
      frame.resize(nic::build_udp_frame(frame,
                                        {.source_ip = 0xC000'0201,
                                         .destination_ip = 0xE936'0C01,
                                         .source_port = 4'000,
                                         .destination_port = 26'477,
                                         .vlan = vlan},
                                        payload));
      frames.push_back(std::move(frame));
    }
  }
  ASSERT_NO_FATAL_FAILURE(this->run(Pauses::Never, all_of(frames)));
  EXPECT_EQ(this->causes[0], frames.size()) << "all of them datagrams";
  this->expect_the_promised_latency();
}

TYPED_TEST(FrameStripBench, SeesEveryBitOfAFrame) {
  SCOPED_TRACE(testing::Message() << "seed " << this->seed);
  FrameMaker maker{this->seed};
  std::vector<Bytes> frames;
  for (int shape = 0; shape < 30; ++shape) {
    const Bytes right = maker.datagram(static_cast<std::size_t>(shape));
    for (std::size_t bit = 0; bit < 8 * right.size(); ++bit) {
      frames.push_back(right);
      frames.back()[bit / 8] ^= static_cast<std::byte>(1U << bit % 8);
    }
  }
  ASSERT_NO_FATAL_FAILURE(this->run(Pauses::Never, all_of(frames)));
  EXPECT_EQ(this->compared, frames.size());
}

TYPED_TEST(FrameStripBench, IsNotConfusedByAFrameLongerThanAnyPacket) {
  SCOPED_TRACE(testing::Message() << "seed " << this->seed);
  FrameMaker maker{this->seed};
  std::vector<Bytes> frames{maker.datagram(9'170), maker.datagram(65'400), maker.noise(70'000)};
  frames.push_back(maker.datagram(1'000));
  // What a counter of 16 or 17 bits would have forgotten.
  for (const std::size_t behind : {65'300, 66'000, 130'900}) {
    frames.push_back(maker.datagram(500));
    frames.back().resize(frames.back().size() + behind);
  }
  ASSERT_NO_FATAL_FAILURE(this->run(Pauses::Never, all_of(frames)));
  EXPECT_EQ(this->compared, frames.size());
  EXPECT_GE(this->causes[0], 6u);
}

TYPED_TEST(FrameStripBench, ForgetsAFrameThatAResetCuts) {
  FrameMaker maker{1};
  EthernetSource source{this->kBeatBytes, Pauses::Never, 1};
  source.send(maker.datagram(300));
  this->on_their_way.emplace_back();
  for (int i = 0; i < 20; ++i) {
    this->give(source.next(), 0);
    this->block.cycle();
  }
  EXPECT_TRUE(this->block->payload_valid_o);
  this->block->valid_i = 0;
  this->block.reset();
  this->on_their_way.clear();
  const std::vector<Bytes> frames{maker.datagram(300)};
  ASSERT_NO_FATAL_FAILURE(this->run(Pauses::Never, all_of(frames)));
  EXPECT_EQ(this->causes[0], 1u);
}

TYPED_TEST(FrameStripBench, IsWhatTheSoftwareIsOnRandomFrames) {
  SCOPED_TRACE(testing::Message() << "seed " << this->seed);
  constexpr std::uint64_t kFramesEach = 150'000;
  FrameMaker maker{this->seed};
  for (const Pauses pauses : kPauses) {
    std::uint64_t left = kFramesEach;
    ASSERT_NO_FATAL_FAILURE(this->run(pauses, [&] {
      if (left-- == 0) return Bytes{};
      const std::size_t bytes = maker.payload_bytes();
      return maker.below(3) == 0 ? maker.datagram(bytes) : maker.hostile(bytes);
    }));
  }
  EXPECT_EQ(this->compared, 2 * kFramesEach);
  this->expect_the_promised_latency();
  std::cout << "seed " << this->seed << ", " << this->compared << " frames in "
            << this->block.cycles() << " cycles; under each cause:";
  for (std::size_t cause = 0; cause < nic::kStripCauses; ++cause) {
    std::cout << ' ' << this->causes[cause];
    // Which address was asked for is not the strip's business.
    if (cause == static_cast<std::size_t>(nic::Strip::OtherAddress)) continue;
    EXPECT_GT(this->causes[cause], 500u) << cause;
  }
  std::cout << '\n';
}

TYPED_TEST(FrameStripBench, IsWhatTheSoftwareIsOnEveryCapture) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap");
  std::vector<Bytes> frames;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{test::shared_data("exchange-pcap")}) {
    if (entry.path().extension() != ".pcap") continue;
    nic::CaptureReader reader{entry.path().string()};
    while (const auto frame = reader.next()) {
      if (!frame->bytes.empty()) frames.emplace_back(frame->bytes.begin(), frame->bytes.end());
    }
  }
  EXPECT_GT(frames.size(), 300u);
  for (const Pauses pauses : kPauses) ASSERT_NO_FATAL_FAILURE(this->run(pauses, all_of(frames)));
  EXPECT_EQ(this->compared, 2 * frames.size());
  std::cout << frames.size() << " captured frames, " << this->causes[0] / 2
            << " of them datagrams\n";
}

}  // namespace ridley::card
