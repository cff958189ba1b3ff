// SPDX-License-Identifier: Apache-2.0
#include "control/book_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "control/itch_samples.hpp"
#include "support/scratch_folder.hpp"
#include "support/shared_data.hpp"

namespace ridley::control {
namespace {

using nlohmann::json;

struct Said {
  int exit_code = 0;
  std::string out;
  std::string messages;

  [[nodiscard]] std::vector<json> objects() const {
    std::vector<json> objects;
    std::istringstream lines{out};
    for (std::string line; std::getline(lines, line);) objects.push_back(json::parse(line));
    return objects;
  }
};

Said run(BookOptions options) {
  options.limits = {.orders_max = 1 << 16, .levels_max = 1 << 16, .instruments_max = 1 << 16};
  std::ostringstream out;
  std::ostringstream messages;
  const int exit_code = book_command(options, out, messages);
  return {exit_code, out.str(), messages.str()};
}

}  // namespace

TEST(BookCommand, PrintsAnObjectABookAndASummary) {
  const test::ScratchFolder folder;
  const Said said =
      run({.file = write_file(folder / "day", itch_bytes(small_day())), .json = true});
  EXPECT_EQ(said.exit_code, EX_OK);
  EXPECT_EQ(said.messages, "");
  const auto objects = said.objects();
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_EQ(objects[0], json::parse(R"({"locate":1,"symbol":"AAPL","state":"trading","orders":5,
      "bids":[[1000000,150,2],[999900,200,1]],"asks":[[1000100,300,1],[1000200,400,1]]})"));
  EXPECT_EQ(objects[1]["messages"], 7);
  EXPECT_EQ(objects[1]["live_orders"], 5);
  EXPECT_EQ(objects[1]["levels"], 4);
  EXPECT_EQ(objects[1]["unknown_orders"], 0);
  EXPECT_EQ(objects[1]["crossed"], 0);
  EXPECT_EQ(objects[1]["bbo_digest"].get<std::string>().size(), 16u);
}

TEST(BookCommand, PrintsNoMoreLevelsThanAskedFor) {
  const test::ScratchFolder folder;
  const Said said =
      run({.file = write_file(folder / "day", itch_bytes(small_day())), .json = true, .depth = 1});
  EXPECT_EQ(said.objects()[0]["bids"], json::parse("[[1000000,150,2]]"));
  EXPECT_EQ(said.objects()[0]["orders"], 5);
}

TEST(BookCommand, PrintsTablesForPeople) {
  const test::ScratchFolder folder;
  const Said said = run({.file = write_file(folder / "day", itch_bytes(small_day()))});
  EXPECT_THAT(said.out, testing::HasSubstr("AAPL (locate 1): trading, 5 orders"));
  EXPECT_THAT(said.out, testing::HasSubstr("100.0000 | 100.0100"));
  EXPECT_THAT(said.out, testing::HasSubstr("7 messages, 5 live orders, 4 levels"));
}

TEST(BookCommand, PrintsEveryChangeOfATop) {
  const test::ScratchFolder folder;
  const Said said = run({.file = write_file(folder / "day", itch_bytes(small_day())),
                         .json = true,
                         .top_changes = true});
  const auto objects = said.objects();
  ASSERT_EQ(objects.size(), 4u) << "orders 1, 3 and 5, and the summary";
  EXPECT_EQ(objects[0], json::parse(R"({"exchange_ns":34200000000001,"locate":1,"symbol":"AAPL",
      "bid":[1000000,100,1],"ask":[0,0,0]})"));
  EXPECT_EQ(objects[2]["bid"], json::parse("[1000000,150,2]"));
}

TEST(BookCommand, PrintsWhereAnOrderStandsUntilItIsGone) {
  const test::ScratchFolder folder;
  auto day = small_day();
  day.push_back(removal(1, 2));
  day.push_back(removal(1, 1));
  day.push_back(removal(1, 5));
  const std::string file = write_file(folder / "day", itch_bytes(day));
  const auto objects = run({.file = file, .json = true, .follow = 5}).objects();
  ASSERT_EQ(objects.size(), 4u) << "its first place, one better, gone, and the summary";
  EXPECT_EQ(objects[0]["order"], 5);
  EXPECT_EQ(objects[0]["quantity"], 50);
  EXPECT_EQ(objects[0]["orders_ahead"], 1);
  EXPECT_EQ(objects[0]["quantity_ahead"], 100);
  EXPECT_EQ(objects[1]["quantity_ahead"], 0);
  EXPECT_EQ(objects[2]["quantity"], 0);
  EXPECT_THAT(run({.file = file, .follow = 5}).out,
              testing::AllOf(testing::HasSubstr("order 5: 50 shares behind 100 in 1 orders"),
                             testing::HasSubstr("order 5: gone")));
}

TEST(BookCommand, PrintsInstrumentsThatOnlyHaveOrdersOrOnlyAName) {
  const test::ScratchFolder folder;
  const auto messages = {listing(3, "BOB"), add({7, 1, 'S', 10, 5})};
  const auto objects =
      run({.file = write_file(folder / "day", itch_bytes(messages)), .json = true}).objects();
  ASSERT_EQ(objects.size(), 3u);
  EXPECT_EQ(objects[0]["symbol"], "BOB");
  EXPECT_EQ(objects[0]["state"], "unknown");
  EXPECT_EQ(objects[1]["locate"], 7);
  EXPECT_EQ(objects[1]["symbol"], "");
}

TEST(BookCommand, EscapesSymbolsThatAreNoText) {
  const test::ScratchFolder folder;
  const std::string file =
      write_file(folder / "day", itch_bytes({listing(1, "A\"\\\x01\xFF"), removal(1, 9)}));
  const auto objects = run({.file = file, .json = true}).objects();
  ASSERT_EQ(objects.size(), 2u);
  EXPECT_EQ(objects[1]["unknown_orders"], 1);
  EXPECT_THAT(run({.file = file}).out, testing::HasSubstr("A\"\\??"));
}

TEST(BookCommand, SaysThatAFileIsCutOffAfterPrintingWhatIsWhole) {
  const test::ScratchFolder folder;
  const std::string bytes = itch_bytes(small_day());
  const Said said =
      run({.file = write_file(folder / "day", bytes.substr(0, bytes.size() - 1)), .json = true});
  EXPECT_EQ(said.exit_code, EX_DATAERR);
  EXPECT_EQ(said.objects().back()["live_orders"], 4);
  EXPECT_NE(said.messages, "");
}

TEST(BookCommand, DoubtsTheBooksBehindAGap) {
  const test::ScratchFolder folder;
  const auto day = small_day();
  const std::string file = write_capture(
      folder / "a.pcap",
      {feed::MoldPacket{1, {day[0], day[1]}}.bytes(), feed::MoldPacket{4, {day[3]}}.bytes()});
  const Said said = run({.file = file});
  EXPECT_EQ(said.exit_code, EX_OK);
  EXPECT_THAT(said.out, testing::HasSubstr("trading, stale"));
  EXPECT_THAT(said.messages, testing::HasSubstr("missing"));
}

TEST(BookCommand, FailsWithoutInputAndWithoutRoomForOutput) {
  EXPECT_THROW((void)run({.file = "/nowhere/day.itch"}), base::Error);
  const test::ScratchFolder folder;
  BookOptions options{.file = write_file(folder / "day", itch_bytes(small_day()))};
  options.limits = {.orders_max = 100, .levels_max = 100, .instruments_max = 10};
  std::ostringstream out;
  std::ostringstream messages;
  out.setstate(std::ios::badbit);
  EXPECT_THROW((void)book_command(options, out, messages), base::Error);
}

TEST(BookCommand, ReadsAnArtificialDayWithZeroPrefixes) {
  RIDLEY_NEEDS_SHARED_DATA("itch/ex20101224.TEST_ITCH_50.gz");
  const Said said =
      run({.file = test::shared_data("itch/ex20101224.TEST_ITCH_50.gz").string(), .json = true});
  EXPECT_EQ(said.exit_code, EX_OK);
  const auto objects = said.objects();
  ASSERT_EQ(objects.size(), 4u);
  EXPECT_EQ(objects[3]["messages"], 12'012);
  EXPECT_EQ(objects[3]["unknown_orders"], 117);
}

}  // namespace ridley::control
