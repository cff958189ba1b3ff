// SPDX-License-Identifier: Apache-2.0
#include "app/command_line.hpp"

#include <gtest/gtest.h>
#include <sysexits.h>

#include <stdexcept>

#include "base/error.hpp"

namespace ridley::app {
namespace {

// A program with an option of each kind.
class CommandLine : public ::testing::Test {
 protected:
  struct Ended {
    int exit_code;
    std::string out;
    std::string err;
  };

  Ended run(std::vector<const char*> words) {
    words.insert(words.begin(), "boat");
    ::testing::internal::CaptureStdout();
    ::testing::internal::CaptureStderr();
    const int exit_code = run_program(program(), static_cast<int>(words.size()), words.data());
    std::string out = ::testing::internal::GetCapturedStdout();
    return {exit_code, std::move(out), ::testing::internal::GetCapturedStderr()};
  }

  Program program() {
    const std::vector<Option> options{{"port", &port_, "Where to", true},
                                      {"--json", &json_, "Print JSON"},
                                      {"-k,--knots", &knots_, "How fast", false, {}, 1, 40},
                                      {"--sail", &sail_, "Which sail", false, {"main", "jib"}},
                                      {"--crew", &crew_, "Who comes; may be repeated"},
                                      {"--depth", &depth_, "How deep", false, {}, 0, 100},
                                      {"--draught", &draught_, "In metres"}};
    Command sail{"sail",
                 "Sail somewhere.",
                 "boat sail Lisbon --knots 5",
                 options,
                 [this] { return sailed_ = true, result_(); },
                 {}};
    Command moor{"moor", "Make fast.", "boat moor", {}, [] { return EX_OK; }, {}};
    Command flag{"flag", "Flags.", "boat flag hoist", {}, {}, {std::move(moor)}};
    flag.commands.front().name = "hoist";
    return {{"boat", "A boat.", "boat sail Lisbon", {}, {}, {std::move(sail), std::move(flag)}},
            "1.2.3"};
  }

  std::string port_;
  bool json_ = false;
  std::uint32_t knots_ = 6;
  std::string sail_ = "main";
  std::vector<std::string> crew_;
  std::optional<std::uint32_t> depth_;
  double draught_ = 1.5;
  bool sailed_ = false;
  std::function<int()> result_ = [] { return EX_OK; };
};

TEST_F(CommandLine, SetsOptionsOfEveryKindAndRunsTheCommand) {
  const Ended ended = run({"sail", "Lisbon", "--json", "-k", "7", "--sail=jib", "--crew", "ann",
                           "--crew", "bob", "--depth", "0", "--draught", "0.5"});
  EXPECT_EQ(ended.exit_code, EX_OK) << ended.err;
  EXPECT_TRUE(sailed_);
  EXPECT_EQ(port_, "Lisbon");
  EXPECT_TRUE(json_);
  EXPECT_EQ(knots_, 7U);
  EXPECT_EQ(sail_, "jib");
  EXPECT_EQ(crew_, (std::vector<std::string>{"ann", "bob"}));
  EXPECT_EQ(depth_, 0U);
  EXPECT_EQ(draught_, 0.5);
}

TEST_F(CommandLine, KeepsTheDefaultsOfWhatIsNotGiven) {
  EXPECT_EQ(run({"sail", "Lisbon"}).exit_code, EX_OK);
  EXPECT_EQ(knots_, 6U);
  EXPECT_EQ(depth_, std::nullopt);
}

TEST_F(CommandLine, LeavesThePlaceBehindARepeatedOptionAlone) {
  EXPECT_EQ(run({"sail", "--crew", "ann", "Lisbon"}).exit_code, EX_OK);
  EXPECT_EQ(port_, "Lisbon");
}

TEST_F(CommandLine, TakesADashForAValue) {
  EXPECT_EQ(run({"sail", "-"}).exit_code, EX_OK);
  EXPECT_EQ(port_, "-");
}

struct Wrong {
  const char* name;
  std::vector<const char*> words;
  const char* message;
};

class WrongCommandLine : public CommandLine, public ::testing::WithParamInterface<Wrong> {};

TEST_P(WrongCommandLine, IsAUsageErrorWithAReason) {
  const Ended ended = run(GetParam().words);
  EXPECT_EQ(ended.exit_code, EX_USAGE);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, GetParam().message);
  EXPECT_FALSE(sailed_);
}

INSTANTIATE_TEST_SUITE_P(
    Each, WrongCommandLine,
    ::testing::Values(
        Wrong{"NoCommand", {}, "boat: a command is missing\nTry 'boat --help'.\n"},
        Wrong{"UnknownCommand",
              {"sial"},
              "boat: unknown command 'sial' (did you mean 'sail'?)\nTry 'boat --help'.\n"},
        Wrong{"UnknownCommandWithOptions",
              {"sial", "--json"},
              "boat: unknown command 'sial' (did you mean 'sail'?)\nTry 'boat --help'.\n"},
        Wrong{"GroupWithoutCommand",
              {"flag"},
              "boat: a command is missing\nTry 'boat flag --help'.\n"},
        Wrong{"UnknownCommandOfAGroup",
              {"flag", "host"},
              "boat: unknown command 'host' (did you mean 'hoist'?)\nTry 'boat flag --help'.\n"},
        Wrong{"UnknownOption",
              {"sail", "Lisbon", "--jsno"},
              "boat: unknown option '--jsno' (did you mean '--json'?)\nTry 'boat sail --help'.\n"},
        Wrong{"UnknownOptionWithValue",
              {"sail", "Lisbon", "--nots=3"},
              "boat: unknown option '--nots' (did you mean '--knots'?)\nTry 'boat sail --help'.\n"},
        Wrong{"UnknownOptionAndMissingArgument",
              {"sail", "--jsno"},
              "boat: unknown option '--jsno' (did you mean '--json'?)\nTry 'boat sail --help'.\n"},
        Wrong{"MissingArgument", {"sail"}, "boat: port is required\nTry 'boat sail --help'.\n"},
        Wrong{"ArgumentTooMany",
              {"sail", "Lisbon", "Porto"},
              "boat: unknown argument 'Porto'\nTry 'boat sail --help'.\n"},
        Wrong{"MissingValue",
              {"sail", "Lisbon", "--knots"},
              "boat: --knots: 1 required UINT:UINT in [1 - 40] missing\nTry 'boat sail --help'.\n"},
        Wrong{"OneBelowTheRange",
              {"sail", "Lisbon", "--knots", "0"},
              "boat: --knots: Value 0 not in range 1 to 40\nTry 'boat sail --help'.\n"},
        Wrong{"OneAboveTheRange",
              {"sail", "Lisbon", "--knots", "41"},
              "boat: --knots: Value 41 not in range 1 to 40\nTry 'boat sail --help'.\n"},
        Wrong{"TextForANumber",
              {"sail", "Lisbon", "--draught", "deep"},
              "boat: Could not convert: --draught = deep\nTry 'boat sail --help'.\n"},
        Wrong{"UnknownChoice",
              {"sail", "Lisbon", "--sail", "spinnaker"},
              "boat: --sail: spinnaker not in {main,jib}\nTry 'boat sail --help'.\n"}),
    [](const auto& instance) { return std::string{instance.param.name}; });

TEST_F(CommandLine, BeginsEveryHelpWithItsExample) {
  for (const auto& [words, example] : std::vector<std::pair<std::vector<const char*>, std::string>>{
           {{"--help"}, "boat sail Lisbon"},
           {{"sail", "--help"}, "boat sail Lisbon --knots 5"},
           {{"sail", "-h"}, "boat sail Lisbon --knots 5"},
           {{"flag", "--help"}, "boat flag hoist"},
           {{"flag", "hoist", "--help"}, "boat moor"}}) {
    const Ended ended = run(words);
    EXPECT_EQ(ended.exit_code, EX_OK);
    EXPECT_EQ(ended.out.substr(0, ended.out.find('\n')), "Example: " + example);
    EXPECT_EQ(ended.err, "");
  }
}

TEST_F(CommandLine, ShowsUsageMeaningAndDefaultInTheHelp) {
  const std::string help = run({"sail", "--help"}).out;
  EXPECT_NE(help.find("Usage: boat sail [OPTIONS] port\n"), std::string::npos) << help;
  EXPECT_NE(help.find("How fast"), std::string::npos);
  EXPECT_NE(help.find("=6"), std::string::npos) << help;
}

TEST_F(CommandLine, ShowsItsVersion) {
  const Ended ended = run({"--version"});
  EXPECT_EQ(ended.exit_code, EX_OK);
  EXPECT_EQ(ended.out, "boat 1.2.3\n");
}

TEST_F(CommandLine, GivesBackWhatTheCommandGives) {
  result_ = [] { return EX_DATAERR; };
  EXPECT_EQ(run({"sail", "Lisbon"}).exit_code, EX_DATAERR);
}

TEST_F(CommandLine, TurnsAnErrorIntoItsExitCodeAndOneMessage) {
  result_ = []() -> int { throw base::Error::with_exit(EX_NOINPUT, "no such port"); };
  const Ended ended = run({"sail", "Atlantis"});
  EXPECT_EQ(ended.exit_code, EX_NOINPUT);
  EXPECT_EQ(ended.out, "");
  EXPECT_EQ(ended.err, "boat: no such port\n");
}

TEST_F(CommandLine, TurnsAnyOtherExceptionIntoASoftwareError) {
  result_ = []() -> int { throw std::logic_error{"sank"}; };
  const Ended ended = run({"sail", "Lisbon"});
  EXPECT_EQ(ended.exit_code, EX_SOFTWARE);
  EXPECT_EQ(ended.err, "boat: sank\n");
}

}  // namespace
}  // namespace ridley::app
