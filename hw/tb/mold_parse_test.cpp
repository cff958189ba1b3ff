// SPDX-License-Identifier: Apache-2.0
// The block that finds messages in MoldUDP64 packets, at both widths, against the feed room: the
// sequencer says which packets are right, the walk over blocks what their messages are, the decoder
// which of them are worth a look.
#include <gtest/gtest.h>

#include <deque>
#include <optional>

#include "Vridley_mold_parse_32.h"
#include "Vridley_mold_parse_64.h"
#include "clocked.hpp"
#include "mold_reference.hpp"
#include "random_packets.hpp"
#include "stream.hpp"

namespace ridley::card {
namespace {

using Header = wire::mold::Header;

constexpr std::size_t kKeptBytes = 64;
constexpr std::size_t kDecodedBytesMin = 12;
constexpr std::uint64_t kLatencyCycles =
    3;  // from a beat to its entry, from a verdict to its report

template <typename Block>
constexpr std::size_t kBeatBytes = sizeof(Block::payload_data_i);

struct Entry {
  std::array<std::byte, kKeptBytes> message{};
  std::uint16_t message_bytes = 0;  // with message_valid, as the message
  std::uint16_t message_index = 0;
  bool message_valid = false;
  std::uint8_t count = 0;
  std::uint8_t codes = 0;

  bool operator==(const Entry&) const = default;
};

struct Report {
  std::array<char, 10> session{};
  std::uint64_t sequence = 0;
  std::uint16_t count = 0;
  bool header_valid = false;
  bool blocks_good = false;
  std::uint16_t entries = 0;
  std::uint8_t verdict = 0;
  bool frame_bad = false;
  std::uint64_t stamp = 0;

  bool operator==(const Report&) const = default;
};

// Something that must come out in that cycle.
template <typename What>
struct Due {
  std::uint64_t cycle;
  What what;
};

std::uint8_t code_of(std::span<const std::byte> message) {
  event::MarketEvent event;
  const feed::Decoded decoded = feed::decode(message, 1, event);
  if (message.size() >= kDecodedBytesMin) return 0;
  EXPECT_NE(decoded, feed::Decoded::Event);
  if (message.empty()) return 3;
  return decoded == feed::Decoded::UnknownType ? 1 : 2;
}

struct Frame {
  Bytes payload;
  std::uint8_t verdict = 0;
  bool bad = false;
  std::uint64_t stamp = 0;
  std::size_t verdict_after = 0;  // cycles behind the last beat
};

}  // namespace

template <typename Block>
struct MoldParseBench : testing::Test {
  static constexpr std::size_t kBytes = kBeatBytes<Block>;

  Clocked<Block> block{"ridley_mold_parse"};
  std::deque<Due<Entry>> entries;
  std::deque<Due<Report>> reports;
  std::uint64_t frames_compared = 0;
  std::uint64_t frames_right = 0;
  std::uint64_t entries_compared = 0;

  void idle() { block->payload_valid_i = block->verdict_valid_i = 0; }

  void cycle() {
    block.cycle();
    const std::uint64_t now = block.cycles();
    const bool entry_due = !entries.empty() && entries.front().cycle == now;
    ASSERT_EQ(block->entry_valid_o, entry_due);
    if (entry_due) {
      ASSERT_NO_FATAL_FAILURE(compare(entries.front().what));
      entries.pop_front();
      ++entries_compared;
    }
    const bool report_due = !reports.empty() && reports.front().cycle == now;
    ASSERT_EQ(block->report_valid_o, report_due);
    if (report_due) {
      ASSERT_NO_FATAL_FAILURE(compare(reports.front().what));
      reports.pop_front();
      ++frames_compared;
    }
    idle();
  }

  void compare(const Entry& expected) {
    Entry entry{.message_index = block->message_index_o,
                .message_valid = block->message_valid_o != 0,
                .count = block->count_o,
                .codes = block->codes_o};
    if (entry.message_valid) {
      entry.message_bytes = block->message_bytes_o;
      std::memcpy(entry.message.data(), &block->message_o[0], entry.message.size());
    }
    ASSERT_EQ(entry.message_index, expected.message_index);
    ASSERT_EQ(entry.message_valid, expected.message_valid);
    ASSERT_EQ(entry.message_bytes, expected.message_bytes);
    ASSERT_EQ(entry.count, expected.count);
    ASSERT_EQ(entry.codes, expected.codes);
    ASSERT_EQ(entry.message, expected.message);
  }

  void compare(const Report& expected) {
    Report report{.sequence = block->report_sequence_o,
                  .count = block->report_count_o,
                  .header_valid = block->report_header_valid_o != 0,
                  .blocks_good = block->report_blocks_good_o != 0,
                  .entries = block->report_entries_o,
                  .verdict = block->report_verdict_o,
                  .frame_bad = block->report_frame_bad_o != 0,
                  .stamp = block->report_stamp_o};
    std::memcpy(report.session.data(), &block->report_session_o[0], report.session.size());
    ASSERT_EQ(report.header_valid, expected.header_valid);
    ASSERT_EQ(report.blocks_good, expected.blocks_good);
    ASSERT_EQ(report.entries, expected.entries);
    if (!report.header_valid) {  // nothing stands in it
      report.session = {};
      report.sequence = report.count = 0;
    }
    ASSERT_EQ(report, expected);
  }

  // What must come of the beat that ends there, when anything.
  void expect_entry(std::span<const Message> messages, std::size_t from, std::size_t to) {
    std::optional<Entry> entry;
    for (std::size_t index = 0; index < messages.size(); ++index) {
      const Message& message = messages[index];
      if (message.end <= from || message.end > to) continue;
      if (!entry) {
        entry.emplace();
        entry->message_index = static_cast<std::uint16_t>(index);
      }
      const std::uint8_t code = code_of(message.bytes);
      entry->codes |= static_cast<std::uint8_t>(code << (2 * entry->count++));
      if (code != 0) continue;
      entry->message_valid = true;
      entry->message_bytes = static_cast<std::uint16_t>(message.bytes.size());
      std::copy_n(message.bytes.begin(), std::min(message.bytes.size(), kKeptBytes),
                  entry->message.begin());
    }
    if (!entry) return;
    entries.push_back({block.cycles() + kLatencyCycles, *entry});
    ++entries_of_frame_;
  }

  void expect_report(const Frame& frame, std::span<const Message> messages) {
    Report report{.entries = static_cast<std::uint16_t>(entries_of_frame_),
                  .verdict = frame.verdict,
                  .frame_bad = frame.bad,
                  .stamp = frame.stamp};
    report.header_valid = frame.payload.size() >= Header::kSize;
    if (report.header_valid) {
      const Header header{frame.payload.data()};
      std::memcpy(report.session.data(), frame.payload.data(), report.session.size());
      report.sequence = header.sequence_number();
      report.count = header.message_count();
    }
    report.blocks_good = is_right(frame.payload, messages);
    frames_right += report.blocks_good;
    reports.push_back({block.cycles() + kLatencyCycles, report});
    entries_of_frame_ = 0;
  }

  void give_verdict(const Frame& frame, std::span<const Message> messages) {
    block->verdict_valid_i = 1;
    block->verdict_i = frame.verdict;
    block->frame_bad_i = frame.bad;
    block->stamp_i = frame.stamp;
    expect_report(frame, messages);
  }

  void give(const Frame& frame, End& source) {
    const std::vector<Message> messages = messages_of(frame.payload);
    std::size_t at = 0;
    while (at < frame.payload.size()) {
      if (!source.active()) {
        ASSERT_NO_FATAL_FAILURE(cycle());
        continue;
      }
      const std::size_t bytes = std::min(kBytes, frame.payload.size() - at);
      std::uint64_t beat = 0x5A5A'5A5A'5A5A'5A5A;  // behind the end stands anything
      std::memcpy(&beat, &frame.payload[at], bytes);
      std::memcpy(&block->payload_data_i, &beat, kBytes);
      block->payload_bytes_i = static_cast<std::uint8_t>(bytes);
      block->payload_valid_i = 1;
      expect_entry(messages, at, at + bytes);
      at += bytes;
      if (at == frame.payload.size() && frame.verdict_after == 0) give_verdict(frame, messages);
      ASSERT_NO_FATAL_FAILURE(cycle());
    }
    if (frame.verdict_after == 0 && !frame.payload.empty()) return;
    for (std::size_t i = 1; i < frame.verdict_after; ++i) ASSERT_NO_FATAL_FAILURE(cycle());
    give_verdict(frame, messages);
    ASSERT_NO_FATAL_FAILURE(cycle());
  }

  void give(const Bytes& payload) {
    End never{Pauses::Never, 0};
    give({.payload = payload}, never);
  }

  void drain() {
    for (std::uint64_t i = 0; i < kLatencyCycles; ++i) ASSERT_NO_FATAL_FAILURE(cycle());
    ASSERT_TRUE(entries.empty() && reports.empty());
  }

 private:
  std::size_t entries_of_frame_ = 0;
};

using Blocks = testing::Types<Vridley_mold_parse_64, Vridley_mold_parse_32>;
TYPED_TEST_SUITE(MoldParseBench, Blocks);

TYPED_TEST(MoldParseBench, FindsMessagesOfEveryLengthAtEveryPlace) {
  RandomPackets random{1};
  for (std::size_t before = 0; before <= this->kBytes; ++before) {
    for (std::size_t bytes = 0; bytes <= kKeptBytes + 2 * this->kBytes; ++bytes) {
      PacketBytes packet;
      packet.add(random.random_bytes(before)).add(random.random_bytes(bytes));
      for (int i = 0; i < 3; ++i) packet.add(bytes == 0 ? Bytes{} : random.of_type(bytes));
      ASSERT_NO_FATAL_FAILURE(this->give(packet.bytes()));
    }
  }
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->frames_right, this->frames_compared);
}

TYPED_TEST(MoldParseBench, SeesWhereAPacketIsCutAndWhatIsBehindIt) {
  RandomPackets random{2};
  PacketBytes packet;
  for (const std::size_t bytes : {36, 0, 5, 0, 0, 19, 1, 70, 0})
    packet.add(random.random_bytes(bytes));
  const std::size_t whole = packet.bytes().size();
  for (std::size_t bytes = 0; bytes <= whole + 3 * this->kBytes; ++bytes) {
    Bytes payload = packet.bytes();
    payload.resize(bytes);
    ASSERT_NO_FATAL_FAILURE(this->give(payload));
  }
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->frames_right, 1u);
}

TYPED_TEST(MoldParseBench, GoesByTheCount) {
  RandomPackets random{3};
  for (std::size_t messages = 0; messages <= 6; ++messages) {
    PacketBytes packet;
    for (std::size_t i = 0; i < messages; ++i) packet.add(random.of_type(i % 2 == 0 ? 0 : 3));
    for (const int count : {0, 1, 2, 3, 4, 5, 6, 7, 8, 255, 256, 65534, 65535})
      ASSERT_NO_FATAL_FAILURE(this->give(packet.count(static_cast<std::uint16_t>(count)).bytes()));
  }
  ASSERT_NO_FATAL_FAILURE(this->drain());
  // As many as it says, and with none both the heartbeat and the end of the session.
  EXPECT_EQ(this->frames_right, 8u);
}

TYPED_TEST(MoldParseBench, KeepsTheBeginningOfALongMessage) {
  RandomPackets random{4};
  for (const std::size_t bytes : {64, 65, 127, 128, 129, 4096, 65534, 65535}) {
    PacketBytes packet;
    packet.add(random.of_type(0)).add(random.of_type(bytes)).add(random.of_type(0));
    ASSERT_NO_FATAL_FAILURE(this->give(packet.bytes()));
    packet.bytes().resize(packet.bytes().size() - 1);
    ASSERT_NO_FATAL_FAILURE(this->give(packet.bytes()));
  }
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->frames_right, 8u);
}

TYPED_TEST(MoldParseBench, TakesAPacketOfNothingButEmptyMessages) {
  for (std::size_t messages = 1; messages <= 2000; messages += 111) {
    PacketBytes packet;
    for (std::size_t i = 0; i < messages; ++i) packet.add({});
    ASSERT_NO_FATAL_FAILURE(this->give(packet.bytes()));
  }
  ASSERT_NO_FATAL_FAILURE(this->drain());
  EXPECT_EQ(this->frames_right, this->frames_compared);
}

TYPED_TEST(MoldParseBench, IsWhatTheFeedRoomIs) {
  constexpr int kFrames = 200'000;  // for each width
  const std::uint64_t seed = seed_of_the_run();
  SCOPED_TRACE("RIDLEY_SEED=" + std::to_string(seed));
  RandomPackets random{seed};
  for (const Pauses pauses : {Pauses::Never, Pauses::AtRandom}) {
    this->block.reset();
    End source{pauses, random.number()};
    for (int i = 0; i < kFrames / 2; ++i) {
      Frame frame{.payload = random.any(),
                  .verdict = static_cast<std::uint8_t>(random.below(13)),
                  .bad = random.below(10) == 0,
                  .stamp = random.number(),
                  .verdict_after = random.below(4)};
      if (random.below(50) == 0) frame.payload.clear();
      ASSERT_NO_FATAL_FAILURE(this->give(frame, source));
    }
    ASSERT_NO_FATAL_FAILURE(this->drain());
  }
  EXPECT_EQ(this->frames_compared, static_cast<std::uint64_t>(kFrames));
  EXPECT_GT(this->frames_right, this->frames_compared / 2);
  EXPECT_LT(this->frames_right, this->frames_compared * 9 / 10);
  std::printf("%llu packets, %llu of them right, %llu entries; seed %llu\n",
              static_cast<unsigned long long>(this->frames_compared),
              static_cast<unsigned long long>(this->frames_right),
              static_cast<unsigned long long>(this->entries_compared),
              static_cast<unsigned long long>(seed));
}

}  // namespace ridley::card
