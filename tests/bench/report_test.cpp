// SPDX-License-Identifier: Apache-2.0
#include "bench/support/report.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <array>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "bench/support/day_facts.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::bench {
namespace {

struct Ended {
  int exit_code;
  std::string out;
  std::string errors;
};

Ended run(std::vector<std::string> words, const Contender& contender) {
  std::vector<char*> raw;
  for (std::string& word : words) raw.push_back(word.data());
  ::testing::internal::CaptureStdout();
  ::testing::internal::CaptureStderr();
  const int exit_code = run_contender(static_cast<int>(raw.size()), raw.data(), contender);
  return {exit_code, ::testing::internal::GetCapturedStdout(),
          ::testing::internal::GetCapturedStderr()};
}

constexpr Contender kRight{.task = "ring",
                           .name = "ours",
                           .timed = "one slot in and out",
                           .measure = [](Report& report, Words) {
                             report.row("slot", "ns", 1.5);
                             std::array<double, 4> values{4, 1, 3, 2};
                             report.row("way", "ns", percentiles_of(values));
                           }};

TEST(Report, IsOneJsonObject) {
  const Ended ended = run({"program", "--json"}, kRight);
  EXPECT_EQ(ended.exit_code, EX_OK);
  const nlohmann::json json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(json["task"], "ring");
  EXPECT_EQ(json["contender"], "ours");
  EXPECT_EQ(json["timed"], "one slot in and out");
  EXPECT_FALSE(json.contains("digest_ok"));
  EXPECT_FALSE(json.contains("digest"));
  EXPECT_EQ(json["rows"][0], (nlohmann::json{{"name", "slot"}, {"unit", "ns"}, {"value", 1.5}}));
  EXPECT_EQ(json["rows"][1]["value"], 2);
  EXPECT_EQ(json["rows"][1]["p99"], 4);
  EXPECT_EQ(json["rows"][1]["max"], 4);
}

TEST(Report, IsATableWithoutTheOption) {
  const Ended ended = run({"program"}, kRight);
  EXPECT_EQ(ended.exit_code, EX_OK);
  EXPECT_NE(ended.out.find("1.500 ns"), std::string::npos) << ended.out;
}

TEST(Report, OfWorkDoneWrongIsPrintedAndFails) {
  Contender wrong = kRight;
  wrong.measure = [](Report& report, Words) {
    report.row("slot", "ns", 1);
    report.check(true);
    report.check(false);
    report.check(true);
    report.digest(0xABC);
  };
  const Ended ended = run({"program", "--json"}, wrong);
  EXPECT_EQ(ended.exit_code, EX_DATAERR);
  const nlohmann::json json = nlohmann::json::parse(ended.out);
  EXPECT_EQ(json["digest_ok"], false);
  EXPECT_EQ(json["digest"], "0000000000000abc");
}

TEST(Report, TakesAsManyWordsAsTheContenderNames) {
  Contender with_day = kRight;
  with_day.words = "DAY";
  with_day.measure = [](Report& report, Words words) { report.row(std::string{words[0]}, "", 1); };
  EXPECT_EQ(run({"program"}, with_day).exit_code, EX_USAGE);
  EXPECT_EQ(run({"program", "a", "b"}, with_day).exit_code, EX_USAGE);
  const Ended ended = run({"program", "a.itch", "--json"}, with_day);
  EXPECT_EQ(ended.exit_code, EX_OK);
  EXPECT_EQ(nlohmann::json::parse(ended.out)["rows"][0]["name"], "a.itch");
}

TEST(Report, RefusesOptionsThatAreNotThere) {
  const Ended ended = run({"program", "--jason"}, kRight);
  EXPECT_EQ(ended.exit_code, EX_USAGE);
  EXPECT_NE(ended.errors.find("usage: ring_ours [--json]"), std::string::npos) << ended.errors;
}

TEST(Report, EndsWithTheExitCodeOfTheError) {
  Contender broken = kRight;
  broken.measure = [](Report&, Words) { throw base::Error::with_exit(EX_NOINPUT, "no such day"); };
  const Ended ended = run({"program", "--json"}, broken);
  EXPECT_EQ(ended.exit_code, EX_NOINPUT);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.errors, "ring_ours: no such day\n");
}

TEST(Percentiles, AreTheSmallestValueThatSoManyAreNotAbove) {
  std::vector<double> values;
  for (int i = 1000; i > 0; --i) values.push_back(i);
  const Percentiles of_1000 = percentiles_of(values);
  EXPECT_EQ(of_1000.p50, 500);
  EXPECT_EQ(of_1000.p99, 990);
  EXPECT_EQ(of_1000.p999, 999);
  EXPECT_EQ(of_1000.max, 1000);
  std::array<double, 1> one{7};
  EXPECT_EQ(percentiles_of(one).p50, 7);
  EXPECT_EQ(percentiles_of(one).p999, 7);
}

TEST(Percentiles, OfNothingAreRefused) {
  EXPECT_THROW(static_cast<void>(percentiles_of({})), base::Error);
}

TEST(DayFacts, AreReadFromBesideTheDay) {
  const test::ScratchFolder folder;
  const std::string day = (folder / "day.itch").string();
  EXPECT_FALSE(facts_beside(day));
  std::ofstream{day + ".json"} << R"({"messages":5,"bytes":6,"live_orders":7,"levels":8,)"
                               << R"("bbo_digest":"f877c8e87ae69ec6"})";
  const auto facts = facts_beside(day);
  ASSERT_TRUE(facts);
  EXPECT_EQ(facts->live_orders, 7U);
  EXPECT_EQ(facts->levels, 8U);
  EXPECT_EQ(facts->bbo_digest, 0xf877'c8e8'7ae6'9ec6U);
}

TEST(DayFacts, ThatMakeNoSenseAreRefused) {
  const test::ScratchFolder folder;
  const std::string day = (folder / "day.itch").string();
  std::ofstream{day + ".json"} << R"({"messages":5})";
  EXPECT_THROW(static_cast<void>(facts_beside(day)), base::Error);
}

}  // namespace
}  // namespace ridley::bench
