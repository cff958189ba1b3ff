// SPDX-License-Identifier: Apache-2.0
#include "control/log_command.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "../telemetry/log_samples.hpp"
#include "base/error.hpp"

namespace ridley::control {
namespace {

struct Printed {
  int exit_code = 0;
  std::string out;
  std::string messages;
};

class LogCommand : public testing::Test {
 protected:
  Printed cat(const std::string& bytes, LogOptions options = {}) {
    options.file = folder_.path() / "a.rlog";
    std::ofstream{options.file, std::ios::binary} << bytes;
    std::ostringstream out;
    std::ostringstream messages;
    const int exit_code = log_cat(options, out, messages);
    return {exit_code, out.str(), messages.str()};
  }

 private:
  telemetry::LogFolder folder_;
};

TEST_F(LogCommand, PrintsASentenceALine) {
  const Printed printed = cat(telemetry::sample_file());
  EXPECT_EQ(printed.exit_code, EX_OK);
  EXPECT_EQ(printed.messages, "");
  EXPECT_EQ(printed.out,
            "1970-01-01T00:00:00.000001000Z debug   nothing to say\n"
            "1970-01-01T00:00:00.000002000Z notice  18446744073709551615 and -5, 1.5 is true\n"
            "1970-01-01T00:00:00.000003000Z warning B of 'RDLY' at 123.4500\n"
            "1970-01-01T00:00:00.000004000Z alarm   255 65535 7 -128 -1 0.25\n");
}

TEST_F(LogCommand, PrintsWhatStandsBeforeTheDamageAndSaysWhereItIs) {
  const std::string file = telemetry::sample_file();
  const Printed cut = cat(file.substr(0, file.size() - 20));
  EXPECT_EQ(cut.exit_code, EX_DATAERR);
  EXPECT_EQ(std::count(cut.out.begin(), cut.out.end(), '\n'), 3);
  const std::string where = "byte " + std::to_string(file.size() - 20) + ": a record is cut off";
  EXPECT_NE(cut.messages.find(where), std::string::npos) << cut.messages;
  const Printed nothing = cat("not a log");
  EXPECT_EQ(nothing.exit_code, EX_DATAERR);
  EXPECT_NE(nothing.messages.find("byte 0: not a log of Ridley"), std::string::npos);
}

TEST_F(LogCommand, SaysWhenItsOutputCannotBeWritten) {
  const telemetry::LogFolder folder;
  const std::string file = folder.path() / "a.rlog";
  std::ofstream{file, std::ios::binary} << telemetry::sample_file();
  std::ofstream full{"/dev/full"};
  std::ostringstream messages;
  EXPECT_THROW((void)log_cat({.file = file}, full, messages), base::Error);
}

TEST_F(LogCommand, KeepsToTheTimesAndTheSeverity) {
  const std::string file = telemetry::sample_file();
  EXPECT_EQ(cat(file, {.from = "2000", .to = "3000"}).out,
            "1970-01-01T00:00:00.000002000Z notice  18446744073709551615 and -5, 1.5 is true\n"
            "1970-01-01T00:00:00.000003000Z warning B of 'RDLY' at 123.4500\n");
  EXPECT_EQ(cat(file, {.severity = "alarm"}).out,
            "1970-01-01T00:00:00.000004000Z alarm   255 65535 7 -128 -1 0.25\n");
  EXPECT_THROW(cat(file, {.from = "yesterday"}), base::Error);
  EXPECT_THROW(cat(file, {.severity = "loud"}), base::Error);
}

TEST_F(LogCommand, JsonHasEveryArgumentAndThePlaceOfTheFormat) {
  const Printed printed = cat(telemetry::sample_file(), {.json = true});
  std::istringstream lines{printed.out};
  std::vector<nlohmann::json> entries;
  for (std::string line; std::getline(lines, line);) entries.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[1]["ns"], 2'000);
  EXPECT_EQ(entries[1]["severity"], "notice");
  EXPECT_EQ(entries[1]["arguments"], nlohmann::json::parse("[18446744073709551615,-5,1.5,true]"));
  EXPECT_EQ(entries[2]["arguments"], nlohmann::json::parse(R"(["B","RDLY",1234500])"));
  EXPECT_EQ(entries[2]["text"], "B of 'RDLY' at 123.4500");
  EXPECT_TRUE(entries[2]["file"].get<std::string>().ends_with("log_samples.hpp"));
  EXPECT_GT(entries[2]["line"].get<int>(), 0);
}

TEST(LogTime, ReadsTimesOfUtc) {
  constexpr std::uint64_t kNoon = 1'795'262'400'000'000'000;  // 2026-11-21T12:00:00Z
  EXPECT_EQ(log_time_of("2026-11-21T12:00:00Z"), kNoon);
  EXPECT_EQ(log_time_of("2026-11-21 12:00:00"), kNoon);
  EXPECT_EQ(log_time_of("2026-11-21T12:00:00.25"), kNoon + 250'000'000);
  EXPECT_EQ(log_time_of("2026-11-21T12:00:00.000000001"), kNoon + 1);
  EXPECT_EQ(log_time_of("1795262400000000000"), kNoon);
  EXPECT_NE(log_time_of("2028-02-29T12:00:00"), std::nullopt);
  for (const char* wrong : {"", "noon", "2026-11-21", "2026-13-21T12:00:00", "2026-11-21T24:00:00",
                            "2026-11-21T12:00:00.", "2026-11-21T12:00:-1", "2026-02-29T12:00:00",
                            "-5", "2026-11-21T12:00:00.0123456789", "2026-11-21T12:00:00,5"}) {
    EXPECT_EQ(log_time_of(wrong), std::nullopt) << wrong;
  }
}

}  // namespace
}  // namespace ridley::control
