// SPDX-License-Identifier: Apache-2.0
#include "control/recorded_events.hpp"

#include <gtest/gtest.h>

#include <sysexits.h>

#include <cstdlib>
#include <fstream>

#include "base/error.hpp"
#include "control/itch_samples.hpp"
#include "support/scratch_folder.hpp"
#include "support/shared_data.hpp"

namespace ridley::control {
namespace {

struct Read {
  std::string numbers;  // "1 2 +3 6": three are missing before 6
  bool malformed = false;
  std::vector<std::string> complaints;
};

Read read(const std::string& file) {
  RecordedEvents messages{file};
  Read read;
  event::MarketEvent event{};
  while (messages.next(event)) {
    if (event.kind == event::EventKind::Doubt) {
      read.numbers += "+" + std::to_string(event.doubt.missing_count) + " ";
    } else {
      read.numbers += std::to_string(event.sequence) + " ";
    }
  }
  EXPECT_FALSE(messages.next(event));
  read.malformed = messages.malformed();
  read.complaints = messages.complaints();
  return read;
}

feed::Bytes packet(std::uint64_t sequence, const std::vector<std::string>& messages,
                   std::string_view session = "SESSION001") {
  return feed::MoldPacket{sequence, {messages.begin(), messages.end()}, session}.bytes();
}

}  // namespace

TEST(RecordedEvents, ReadsAFileOfMessages) {
  const test::ScratchFolder folder;
  const Read got = read(write_file(folder / "day.itch", itch_bytes(small_day())));
  EXPECT_EQ(got.numbers, "1 2 3 4 5 6 7 ");
  EXPECT_FALSE(got.malformed);
  EXPECT_TRUE(got.complaints.empty());
}

TEST(RecordedEvents, ReadsCompressedFiles) {
  const test::ScratchFolder folder;
  const std::string file = write_file(folder / "day.itch", itch_bytes(small_day()));
  ASSERT_EQ(std::system(("gzip -k " + file + " && xz " + file).c_str()), 0);
  EXPECT_EQ(read(file + ".gz").numbers, "1 2 3 4 5 6 7 ");
  EXPECT_EQ(read(file + ".xz").numbers, "1 2 3 4 5 6 7 ");
}

TEST(RecordedEvents, GivesWhatIsWholeOfAFileThatIsCutOff) {
  const test::ScratchFolder folder;
  const std::string bytes = itch_bytes(small_day());
  const Read got = read(write_file(folder / "day.itch", bytes.substr(0, bytes.size() - 1)));
  EXPECT_EQ(got.numbers, "1 2 3 4 5 6 ");
  EXPECT_TRUE(got.malformed);
  EXPECT_EQ(got.complaints.size(), 1u);
}

TEST(RecordedEvents, ReadsACaptureFromWhereItBegins) {
  const test::ScratchFolder folder;
  const auto day = small_day();
  const Read got = read(write_capture(
      folder / "a.pcap", {packet(100, {day[0], day[1]}),
                          feed::MoldPacket{.sequence = 102}.heartbeat(), packet(102, {day[2]})}));
  EXPECT_EQ(got.numbers, "100 101 102 ");
  EXPECT_FALSE(got.malformed);
  EXPECT_TRUE(got.complaints.empty());
}

TEST(RecordedEvents, TakesTwoLinesOfOneFeedAsOne) {
  const test::ScratchFolder folder;
  const auto day = small_day();
  const feed::Bytes first = packet(1, {day[0], day[1]});
  const feed::Bytes second = packet(3, {day[2]});
  EXPECT_EQ(read(write_capture(folder / "a.pcap", {first, first, second, second})).numbers,
            "1 2 3 ");
}

TEST(RecordedEvents, TellsWhatIsMissingBeforeAMessage) {
  const test::ScratchFolder folder;
  const auto day = small_day();
  const Read got =
      read(write_capture(folder / "a.pcap", {packet(1, {day[0]}), packet(5, {day[1], day[2]})}));
  EXPECT_EQ(got.numbers, "1 +3 5 6 ");
  EXPECT_FALSE(got.malformed) << "a gap is no damage";
  ASSERT_EQ(got.complaints.size(), 1u);
  EXPECT_EQ(got.complaints[0], "3 messages are missing in 1 gaps");
}

TEST(RecordedEvents, LeavesOutMalformedPacketsAndOtherSessions) {
  const test::ScratchFolder folder;
  const auto day = small_day();
  feed::Bytes cut = packet(2, {day[1]});
  cut.pop_back();
  const Read got = read(write_capture(
      folder / "a.pcap",
      {packet(1, {day[0]}), cut, packet(2, {day[3]}, "SESSION002"), packet(2, {day[2]})}));
  EXPECT_EQ(got.numbers, "1 2 ");
  EXPECT_TRUE(got.malformed);
  EXPECT_EQ(got.complaints.size(), 2u);
}

TEST(RecordedEvents, ReadsRecordingsOfOrders) {
  const test::ScratchFolder folder;
  std::ofstream{folder / "m.csv"} << "34200.1,1,7,100,50000,1\n?\n34200.2,3,7,100,50000,1\n";
  const Read lobster = read(folder / "m.csv");
  EXPECT_EQ(lobster.numbers, "1 2 ");
  EXPECT_TRUE(lobster.malformed);
  EXPECT_EQ(lobster.complaints.size(), 1u);

  std::ofstream{folder / "m.dbn", std::ios::binary} << std::string("DBN\1\0\0\0\0", 8);
  const Read mbo = read(folder / "m.dbn");
  EXPECT_EQ(mbo.numbers, "");
  EXPECT_FALSE(mbo.malformed);
}

TEST(RecordedEvents, SaysWhatToDoWithZstd) {
  const test::ScratchFolder folder;
  std::ofstream{folder / "m.zst", std::ios::binary} << "\x28\xB5\x2F\xFD and more";
  try {
    RecordedEvents events{folder / "m.zst"};
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    EXPECT_NE(std::string{error.what()}.find("zstd -dc"), std::string::npos);
  }
}

TEST(RecordedEvents, RefusesAFileThatIsNotThere) {
  EXPECT_THROW(RecordedEvents{"/nowhere/day.itch"}, base::Error);
}

TEST(RecordedEvents, ReadsEveryCaptureOfTheRealFeed) {
  RIDLEY_NEEDS_SHARED_DATA("exchange-pcap/Nasdaq");
  std::size_t files = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(test::shared_data("exchange-pcap/Nasdaq"))) {
    if (entry.path().string().find("TotalView") == std::string::npos) continue;
    if (entry.path().extension() != ".pcap") continue;
    const Read got = read(entry.path().string());
    EXPECT_FALSE(got.numbers.empty()) << entry.path();
    EXPECT_FALSE(got.malformed) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 20u);
}

}  // namespace ridley::control
