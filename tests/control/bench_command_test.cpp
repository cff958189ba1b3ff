// SPDX-License-Identifier: Apache-2.0
#include "control/bench_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sysexits.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/error.hpp"
#include "control/book_command.hpp"
#include "control/itch_samples.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::control {
namespace {

using nlohmann::json;

constexpr book::Limits kLimits{.orders_max = 256, .levels_max = 256, .instruments_max = 16};

struct Said {
  int exit_code = 0;
  std::string out;
  std::string messages;
};

Said run(const std::string& file, bool as_json = true) {
  std::ostringstream out;
  std::ostringstream messages;
  const BenchOptions options{.file = file, .json = as_json, .limits = kLimits};
  const int exit_code = bench_itch_command(options, out, messages);
  return {exit_code, out.str(), messages.str()};
}

// What `ridley book` says about the same file.
json summary_of_books(const std::string& file) {
  std::ostringstream out;
  std::ostringstream messages;
  EXPECT_EQ(book_command({.file = file, .json = true, .limits = kLimits}, out, messages), EX_OK);
  const std::string text = out.str();
  return json::parse(text.substr(text.rfind('\n', text.size() - 2) + 1));
}

}  // namespace

TEST(BenchCommand, PrintsOneObjectWithTimesAndTheirRatios) {
  const test::ScratchFolder folder;
  const Said said = run(write_file(folder / "day", itch_bytes(small_day())));
  EXPECT_EQ(said.exit_code, EX_OK);
  EXPECT_EQ(said.messages, "");
  const json object = json::parse(said.out);
  const double walk_ns = object["walk_ns"];
  EXPECT_GT(walk_ns, 0);
  EXPECT_GT(object["decode_ns"], 0);
  EXPECT_GT(object["book_ns"], 0);
  EXPECT_NEAR(object["decode_ratio"], object["decode_ns"].get<double>() / walk_ns, 0.01);
  EXPECT_NEAR(object["book_ratio"], object["book_ns"].get<double>() / walk_ns, 0.01);
  EXPECT_GT(object["rss_mb"], 0);
  EXPECT_EQ(object["messages"], 7);
  EXPECT_EQ(object["top_changes"], 3);
}

TEST(BenchCommand, KeepsTheBooksThatTheBookCommandKeeps) {
  const test::ScratchFolder folder;
  auto messages = small_day();
  messages.push_back(listing(2, "MSFT"));
  messages.push_back(add({2, 6, 'S', 10, 77}));
  messages.push_back(removal(1, 3));
  const std::string file = write_file(folder / "day", itch_bytes(messages));
  const json object = json::parse(run(file).out);
  const json books = summary_of_books(file);
  for (const char* name : {"messages", "live_orders", "levels", "bbo_digest"})
    EXPECT_EQ(object[name], books[name]) << name;
  EXPECT_EQ(object["live_orders"], 5);
}

TEST(BenchCommand, PrintsATableForPeople) {
  const test::ScratchFolder folder;
  const Said said = run(write_file(folder / "day", itch_bytes(small_day())), false);
  EXPECT_THAT(said.out, testing::HasSubstr("7 messages"));
  EXPECT_THAT(said.out, testing::ContainsRegex("decode and books +[0-9.]+ ns a message"));
  EXPECT_THAT(said.out, testing::HasSubstr("5 live orders, 4 levels"));
}

TEST(BenchCommand, PrintsNoFigureOfAFileThatIsCutOff) {
  const test::ScratchFolder folder;
  const std::string bytes = itch_bytes(small_day());
  const std::string file = write_file(folder / "day", bytes.substr(0, bytes.size() - 1));
  std::ostringstream out;
  std::ostringstream messages;
  try {
    (void)bench_itch_command({.file = file, .json = true, .limits = kLimits}, out, messages);
    FAIL() << "the file is cut off";
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    EXPECT_THAT(error.what(), testing::HasSubstr("is cut off"));
  }
  EXPECT_EQ(out.str(), "");
}

TEST(BenchCommand, ComplainsOfMessagesThatItCouldNotUse) {
  const test::ScratchFolder folder;
  auto messages = small_day();
  messages.emplace_back("z of no known type");
  const Said unknown = run(write_file(folder / "unknown", itch_bytes(messages)));
  EXPECT_EQ(unknown.exit_code, EX_OK);
  EXPECT_THAT(unknown.messages, testing::HasSubstr("1 messages of unknown types were skipped"));
  messages.push_back(removal(1, 1).substr(0, itch::OrderDelete::kSize - 1));
  const Said truncated = run(write_file(folder / "truncated", itch_bytes(messages)));
  EXPECT_EQ(truncated.exit_code, EX_DATAERR);
  EXPECT_THAT(truncated.messages, testing::HasSubstr("1 messages are too short for their type"));
}

TEST(BenchCommand, SaysHowManyOrdersDidNotFit) {
  const test::ScratchFolder folder;
  std::vector<std::string> messages;
  for (std::uint64_t id = 1; id <= kLimits.orders_max + 2; ++id)
    messages.push_back(add({1, id, 'B', 100, 5}));
  const Said said = run(write_file(folder / "day", itch_bytes(messages)));
  EXPECT_THAT(said.messages, testing::HasSubstr("2 orders did not fit into the limits"));
}

TEST(BenchCommand, FailsWithoutRoomForOutput) {
  const test::ScratchFolder folder;
  std::ostringstream out;
  std::ostringstream messages;
  out.setstate(std::ios::badbit);
  const BenchOptions options{.file = write_file(folder / "day", itch_bytes(small_day())),
                             .limits = kLimits};
  EXPECT_THROW((void)bench_itch_command(options, out, messages), base::Error);
}

}  // namespace ridley::control
