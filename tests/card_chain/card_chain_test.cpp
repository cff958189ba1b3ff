// SPDX-License-Identifier: Apache-2.0
// The whole card, hw/rtl/card/ridley_card.sv, as the bitstream that the simulated card loads,
// against the nic and feed rooms: every record and every counter, bit for bit.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "bench/support/generated_day.hpp"
#include "card/golden_run.hpp"
#include "card_chain/card_chain.hpp"
#include "frame_maker.hpp"
#include "nic/capture_file.hpp"
#include "nic/udp_frame.hpp"
#include "random_packets.hpp"
#include "support/shared_data.hpp"
#include "venue/golden_day.hpp"

namespace ridley::card {
namespace {

constexpr std::uint32_t kGroup = 0xE936'0C6F;
constexpr std::uint16_t kGroupPort = 26477;
constexpr CardSettings kBothLines{
    .lines = {{{.address = kGroup, .port = kGroupPort}, {.address = kGroup, .port = kGroupPort}}},
    .ring_records = 4096};
// As many frames as are given at once.
constexpr std::size_t kFramesAhead = 64;

std::string bitstream(int bits) {
  const char* folder = std::getenv("RIDLEY_CARD_BITSTREAMS");
  const char* kind = std::getenv("RIDLEY_CARD_KIND");
  return std::string{folder != nullptr ? folder : "build/drivers/xrt_sim"} + "/" +
         (kind != nullptr ? kind : "card") + "_" + std::to_string(bits) + ".bitstream";
}

// RIDLEY_CARD_MESSAGES: how many messages of a generated day; the nightly run takes 102 million.
std::uint64_t messages_of_the_run() {
  const char* given = std::getenv("RIDLEY_CARD_MESSAGES");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : 1'000'000;
}

Bytes frame_of(std::span<const std::byte> payload, std::uint16_t vlan = 0) {
  const nic::UdpRoute route{.source_ip = 0x0A00'0001,
                            .destination_ip = kGroup,
                            .source_port = 5000,
                            .destination_port = kGroupPort,
                            .vlan = vlan};
  Bytes frame(nic::kFrameBytesMax);
  frame.resize(nic::build_udp_frame(frame, route, payload));
  return frame;
}

void print(const char* what, const CardChain& chain, int bits, std::uint64_t seed) {
  std::printf(
      "%s, %d bits: %llu messages, %llu records, latency %u to %u cycles, %llu cycles, seed %llu\n",
      what, bits, static_cast<unsigned long long>(chain.messages()),
      static_cast<unsigned long long>(chain.records()), chain.latency_min(), chain.latency_max(),
      static_cast<unsigned long long>(chain.cycles()), static_cast<unsigned long long>(seed));
}

// A generated day, message by message.
void generate(std::uint64_t messages, std::uint64_t seed,
              const std::function<void(std::span<const std::byte> message)>& take) {
  Bytes left;
  (void)bench::generate_day(
      {.messages = messages, .instruments = 500, .seed = seed},
      [&](std::span<const std::byte> piece) {
        left.insert(left.end(), piece.begin(), piece.end());
        std::size_t at = 0;
        while (at + 2 <= left.size()) {
          const std::size_t bytes = base::load_big_endian<std::uint16_t>(&left[at]);
          if (at + 2 + bytes > left.size()) break;
          take(std::span{left}.subspan(at + 2, bytes));
          at += 2 + bytes;
        }
        left.erase(left.begin(), left.begin() + static_cast<std::ptrdiff_t>(at));
      });
}

// A line pair with what networks do to it: each line loses, repeats and delays frames of its own.
class LinePair {
 public:
  LinePair(CardChain& chain, std::uint64_t seed) : chain_{chain}, random_{seed} {}

  void send(const Bytes& frame) {
    for (unsigned port = 0; port < kPorts; ++port) {
      const std::uint64_t fate = random_() % 200;
      if (fate == 0) continue;  // lost
      if (fate == 1) {          // late: behind the next one
        late_[port].push_back(frame);
        continue;
      }
      chain_.send(port, frame, fate == 2);
      if (fate == 3) chain_.send(port, frame);
      for (const Bytes& one : late_[port]) chain_.send(port, one);
      late_[port].clear();
    }
    chain_.run(kFramesAhead);
  }

 private:
  CardChain& chain_;
  std::mt19937_64 random_;
  std::array<std::vector<Bytes>, kPorts> late_;
};

class CardWith : public ::testing::TestWithParam<int> {};

}  // namespace

TEST_P(CardWith, AGeneratedDayOnBothLinesGivesWhatTheSoftwareGives) {
  const std::uint64_t seed = seed_of_the_run();
  CardModel model{bitstream(GetParam()), Pauses::Never, seed};
  CardChain chain{model, kBothLines};
  LinePair lines{chain, seed};
  std::mt19937_64 random{seed};
  PacketBytes packet{1};
  std::uint64_t next = 1;
  std::size_t wanted = 1;
  const auto began = std::chrono::steady_clock::now();
  generate(messages_of_the_run(), seed, [&](std::span<const std::byte> message) {
    packet.add(message);
    ++next;
    if (packet.count() < wanted) return;
    lines.send(frame_of(packet.bytes()));
    packet = PacketBytes{next};
    wanted = 1 + random() % (random() % 4 == 0 ? 30 : 4);
  });
  chain.run();
  chain.compare_counters();
  print("day", chain, GetParam(), seed);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  std::printf("%.0f simulated cycles a second\n",
              static_cast<double>(chain.cycles()) / took.count());
  EXPECT_GE(chain.messages(), messages_of_the_run() * 9 / 10);
}

TEST_P(CardWith, RandomAndHostileFramesGiveWhatTheSoftwareGives) {
  for (const Pauses pauses : {Pauses::Never, Pauses::AtRandom}) {
    const std::uint64_t seed = seed_of_the_run();
    CardSettings settings = kBothLines;
    settings.first_sequence = 0;
    CardModel model{bitstream(GetParam()), pauses, seed};
    CardChain chain{model, settings};
    RandomPackets packets{seed};
    FrameMaker frames{seed};
    std::uint64_t sequence = 1;
    const std::array<std::string, 2> sessions{packets.session(), packets.session()};
    for (int i = 0; i < 20'000; ++i) {
      const unsigned port = static_cast<unsigned>(packets.below(kPorts));
      switch (packets.below(6)) {
        case 0: chain.send(port, frames.hostile(frames.payload_bytes())); break;
        case 1: chain.send(port, frame_of(packets.any())); break;
        case 2: {  // beside what is expected: gaps, repetitions, overlaps
          PacketBytes packet = packets.right();
          const std::uint64_t at =
              sequence + packets.below(40) - std::min<std::uint64_t>(sequence, 20);
          wire::mold::HeaderWriter{packet.bytes().data()}.session(sessions[0]).sequence_number(at);
          chain.send(port, frame_of(packet.bytes()), packets.below(50) == 0);
          break;
        }
        default: {
          PacketBytes packet = packets.right();
          const bool other = packets.below(300) == 0;
          wire::mold::HeaderWriter{packet.bytes().data()}
              .session(sessions[other ? 1 : 0])
              .sequence_number(sequence);
          if (packet.count() != 0xFFFF) sequence += packet.count();
          if (other) sequence = 1;
          const Bytes frame = frame_of(packet.bytes(), packets.below(3) == 0 ? 7 : 0);
          for (unsigned each = 0; each < kPorts; ++each) chain.send(each, frame);
        }
      }
      chain.run(4);
    }
    chain.run();
    chain.compare_counters();
    print(pauses == Pauses::Never ? "random" : "random with pauses", chain, GetParam(), seed);
  }
}

TEST_P(CardWith, EveryCaptureGivesWhatTheSoftwareGives) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap");
  CardModel model{bitstream(GetParam()), Pauses::Never, 1};
  std::size_t captures = 0;
  std::size_t with_messages = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{test::shared_data("exchange-pcap")}) {
    if (!entry.is_regular_file()) continue;
    std::vector<Bytes> frames;
    CardSettings settings = kBothLines;
    settings.first_sequence = 0;
    try {
      nic::CaptureReader capture{entry.path().string()};
      while (const auto captured = capture.next()) {
        frames.emplace_back(captured->bytes.begin(), captured->bytes.end());
        nic::Datagram datagram;
        if (nic::strip(captured->frame(), datagram) != nic::Strip::Udp) continue;
        settings.lines[0] = {datagram.destination_ip, datagram.destination_port};
        settings.lines[1] = settings.lines[0];
      }
    } catch (const std::exception&) {
      continue;  // compressed, or no capture of Ethernet
    }
    CardChain chain{model, settings};
    for (const Bytes& frame : frames) {
      if (frame.empty()) continue;
      chain.send(0, frame);
      chain.send(1, frame);
    }
    chain.run();
    chain.compare_counters();
    if (::testing::Test::HasFailure()) FAIL() << entry.path();
    ++captures;
    with_messages += chain.messages() > 0 ? 1 : 0;
  }
  std::printf("%zu captures, %zu with messages of the card's feed\n", captures, with_messages);
  EXPECT_GT(captures, 100u);
  EXPECT_GT(with_messages, 5u);
}

// All that stands still while nothing runs.
TEST_P(CardWith, GivesBackEveryRegisterThatTheHostWrites) {
  const std::uint64_t seed = seed_of_the_run();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  CardModel model{bitstream(GetParam()), Pauses::Never, seed};
  std::mt19937_64 random{seed};
  for (int round = 0; round < 10; ++round) {
    for (const RegisterDescription& one : registers::kAll) {
      if (one.access != Access::Control || one.at == registers::kRunningAt) continue;
      for (std::uint32_t member = 0; member < one.count; ++member) {
        const std::uint32_t at = one.at + member * one.stride;
        const std::uint64_t value = random() >> (64 - one.bits);
        model.write(at, static_cast<std::uint32_t>(value));
        if (one.bits == 64) model.write(at + 4, static_cast<std::uint32_t>(value >> 32));
        EXPECT_EQ(model.read(at), static_cast<std::uint32_t>(value)) << one.name;
        if (one.bits == 64) {
          EXPECT_EQ(model.read(at + 4), value >> 32) << one.name;
        }
      }
    }
  }
}

TEST_P(CardWith, OnlyTheInstrumentsThatWereSelectedAndWhatConcernsEverybody) {
  CardSettings settings = kBothLines;
  settings.every_instrument = false;
  CardModel model{bitstream(GetParam()), Pauses::Never, 1};
  CardChain chain{model, settings};
  for (const std::uint16_t locate : std::initializer_list<std::uint16_t>{3, 77, 500})
    chain.select(locate, true);
  PacketBytes packet{1};
  std::uint64_t next = 1;
  generate(20'000, 3, [&](std::span<const std::byte> message) {
    packet.add(message);
    ++next;
    if (packet.count() < 5) return;
    chain.send(0, frame_of(packet.bytes()));
    chain.run(kFramesAhead);
    packet = PacketBytes{next};
  });
  chain.run();
  chain.compare_counters();
}

TEST_P(CardWith, GoldenVectorsFromTheHostGiveWhatTheSoftwareGivesAndNobodyElseIsHeard) {
  const std::uint64_t seed = seed_of_the_run();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  const GoldenVectors vectors = venue::golden_day({.seed = seed, .packets = 200});
  CardModel model{bitstream(GetParam()), Pauses::Never, seed};
  const TrialAnswer right = run_golden(model, vectors);
  EXPECT_EQ(right.fault, "");
  EXPECT_EQ(right.differences, 0u) << right.first;
  EXPECT_EQ(right.compared, vectors.records.size());
  EXPECT_GT(right.compared, 500u);

  GoldenVectors wrong = vectors;
  wrong.records[17].bytes[3] ^= std::byte{1};
  wrong.records.push_back(wrong.records.back());
  const TrialAnswer found = run_golden(model, wrong, {.patience = std::chrono::milliseconds{200}});
  EXPECT_EQ(found.differences, 2u);
  EXPECT_NE(found.first.find("record 18 of"), std::string::npos) << found.first;

  // The MACs are heard again.
  CardChain chain{model, kBothLines};
  PacketBytes packet{1};
  packet.add(RandomPackets{seed}.of_type(0));
  chain.send(0, frame_of(packet.bytes()));
  chain.run();
  chain.compare_counters();
  EXPECT_EQ(chain.messages(), 1u);
}

INSTANTIATE_TEST_SUITE_P(StreamsOf, CardWith, ::testing::Values(64, 32),
                         [](const auto& bits) { return std::to_string(bits.param) + "Bits"; });

}  // namespace ridley::card
