// SPDX-License-Identifier: Apache-2.0
#include "control/software_events.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <cstring>
#include <random>
#include <span>
#include <string>
#include <vector>

#include "control/itch_samples.hpp"
#include "feed/mold_packet.hpp"
#include "support/reference_card.hpp"
#include "support/scratch_folder.hpp"
#include "support/shared_data.hpp"

namespace ridley::control {
namespace {

using feed::MoldPacket;

std::vector<FeedRecord> events_of(const std::string& name) {
  FeedFrames frames{name};
  SoftwareEvents events{frames, FeedLine{}};
  std::vector<FeedRecord> records;
  for (FeedRecord record; events.next(record);) records.push_back(record);
  return records;
}

// The same, as the card in software says it.
std::vector<test::ExpectedRecord> reference_of(const std::string& name) {
  std::vector<test::ExpectedRecord> records;
  std::optional<test::ReferenceCard> card;
  FeedLine line;
  FeedFrames frames{name};
  while (const auto frame = frames.next()) {
    nic::Datagram datagram;
    (void)line.take(*frame, datagram);
    if (line.address().port == 0) continue;
    if (!card) {
      card::CardSettings settings;
      settings.lines[0] = {line.address().ip, line.address().port};
      settings.first_sequence = feed::SequencerOptions::kAdopt;
      card.emplace(settings);
    }
    card->take(0, frame->span(), frame->stamp.ns, records);
  }
  return records;
}

void expect_the_reference(const std::string& name) {
  const std::vector<FeedRecord> found = events_of(name);
  const std::vector<test::ExpectedRecord> expected = reference_of(name);
  ASSERT_EQ(found.size(), expected.size()) << name;
  for (std::size_t i = 0; i < found.size(); ++i) {
    ASSERT_EQ(found[i].form, expected[i].form) << name << ", record " << i;
    const void* const bytes = found[i].form == card::CardForm::Event
                                  ? static_cast<const void*>(&found[i].event)
                                  : static_cast<const void*>(&found[i].packet);
    ASSERT_EQ(std::memcmp(bytes, expected[i].bytes.data(), card::kMarkAt), 0)
        << name << ", record " << i;
  }
}

FeedTotals totals_of(const std::string& name) {
  FeedFrames frames{name};
  SoftwareEvents events{frames, FeedLine{}};
  for (FeedRecord record; events.next(record);) {
  }
  return events.totals();
}

// Messages long and short, of types that there are and are not.
feed::Bytes random_packet(std::mt19937_64& random, std::uint64_t sequence) {
  static constexpr std::string_view kLetters = "SRHYLVWKJhAFECXDUPQBINO?";
  std::vector<std::string> messages(random() % 6);
  for (std::string& message : messages) {
    message.resize(random() % 60);
    for (char& letter : message) letter = static_cast<char>(random());
    if (!message.empty()) message[0] = kLetters[random() % kLetters.size()];
  }
  const MoldPacket packet{.sequence = sequence,
                          .messages = {messages.begin(), messages.end()},
                          .session = random() % 20 == 0 ? "SESSION002" : "SESSION001"};
  switch (random() % 12) {
    case 0: return packet.heartbeat();
    case 1: return packet.with_count(static_cast<std::uint16_t>(random() % 9));
    case 2: return random() % 4 == 0 ? packet.end_of_session() : feed::Bytes(random() % 30);
    default: return packet.bytes();
  }
}

}  // namespace

TEST(SoftwareEvents, SaysPacketsAndTheirEventsInOrder) {
  const test::ScratchFolder folder;
  const std::vector<std::string> day = small_day();
  const std::vector<FeedRecord> records = events_of(write_capture(
      folder / "day.pcap", {MoldPacket{.sequence = 9, .messages = {day[0], day[1]}}.bytes(),
                            MoldPacket{.sequence = 9, .messages = {day[0]}}.bytes(),
                            MoldPacket{.sequence = 12, .messages = {day[2]}}.bytes()}));
  ASSERT_EQ(records.size(), 5u);
  EXPECT_EQ(records[0].form, card::CardForm::Packet);
  EXPECT_EQ(records[0].packet.count, 2);
  EXPECT_EQ(records[0].packet.stamp_ns, 1'000'000'000u);
  EXPECT_EQ(records[1].event.kind, event::EventKind::Directory);
  EXPECT_EQ(records[2].event.sequence, 10u);
  EXPECT_EQ(records[3].packet.arrival, static_cast<std::uint8_t>(feed::Arrival::Gap));
  EXPECT_EQ(records[3].packet.missing_from, 11u);
  EXPECT_EQ(records[3].packet.stamp_ns, 1'000'000'002u);
  EXPECT_EQ(records[4].event.kind, event::EventKind::AddOrder);
}

TEST(SoftwareEvents, SaysWhichMessagesAreTooShort) {
  const test::ScratchFolder folder;
  const std::string name =
      write_capture(folder / "short.pcap",
                    {MoldPacket{.sequence = 1, .messages = {"", "A", "?", removal(1, 1)}}.bytes()});
  const std::vector<FeedRecord> records = events_of(name);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_EQ(records[1].form, card::CardForm::ShortMessage);
  EXPECT_EQ(records[1].packet.first_sequence, 2u);
  EXPECT_EQ(records[2].event.sequence, 4u);
  const FeedTotals totals = totals_of(name);
  EXPECT_EQ(totals.truncated, 2u);
  EXPECT_EQ(totals.unknown_types, 1u);
  EXPECT_EQ(totals.packets, 1u);
  EXPECT_EQ(totals.causes[0], 1u);
}

TEST(SoftwareEvents, SaysWhatTheCardInSoftwareSays) {
  const char* given = std::getenv("RIDLEY_SEED");
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
  SCOPED_TRACE("RIDLEY_SEED=" + std::to_string(seed));
  std::mt19937_64 random{seed};
  const test::ScratchFolder folder;
  std::vector<feed::Bytes> packets;
  std::uint64_t sequence = 1;
  for (int i = 0; i < 2'000; ++i) {
    packets.push_back(random_packet(random, sequence + random() % 4));
    sequence += random() % 5;
  }
  expect_the_reference(write_capture(folder / "any.pcap", packets));
}

TEST(SoftwareEvents, SaysTheSameOfRecordings) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap/Nasdaq");
  std::size_t records = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator{test::shared_data("exchange-pcap/Nasdaq")}) {
    const std::string folder = entry.path().parent_path().filename().string();
    if (!entry.is_regular_file() || folder.find("TotalView") == std::string::npos) continue;
    expect_the_reference(entry.path().string());
    records += events_of(entry.path().string()).size();
  }
  EXPECT_GE(records, 2 * 29u);
}

TEST(SoftwareEvents, SaysTheSameOfARecordedDay) {
  RIDLEY_NEEDS_SHARED_DATA("itch/ex20101224.TEST_ITCH_50.gz");
  expect_the_reference(test::shared_data("itch/ex20101224.TEST_ITCH_50.gz").string());
}

}  // namespace ridley::control
