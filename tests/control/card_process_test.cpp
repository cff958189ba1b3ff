// SPDX-License-Identifier: Apache-2.0
// What it does with a card that runs is in tests/xrt_sim/decode_test.py.
#include "control/card_process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <sysexits.h>

#include <fstream>
#include <iterator>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::control {
namespace {

using ::testing::HasSubstr;

class CardProcessTest : public ::testing::Test {
 protected:
  CardProcessTest() { ::setenv("TMPDIR", (folder_ / "").c_str(), 1); }
  ~CardProcessTest() override { ::unsetenv("TMPDIR"); }

  // Starts what ends at once, and gives what is said of it.
  std::string start(const std::string& script) {
    const std::filesystem::path program = folder_ / "program";
    std::ofstream{program} << "#!/bin/sh\n" << script;
    std::filesystem::permissions(program, std::filesystem::perms::owner_all);
    try {
      const CardProcess process{{.program = program, .folder = {}, .bitstream = {}},
                                {"--clock", "frames"}};
      return "started";
    } catch (const base::Error& error) {
      EXPECT_EQ(error.exit_code(), EX_UNAVAILABLE);
      return error.what();
    }
  }

  test::ScratchFolder folder_;
};

}  // namespace

TEST_F(CardProcessTest, ThatEndsSaysItsLastWords) {
  EXPECT_EQ(start("echo first; echo \"there is no $2\" >&2; exit 3"),
            "the simulated card does not start: there is no frames");
  EXPECT_EQ(start("exit 0"), "the simulated card does not start: it said nothing");
}

TEST_F(CardProcessTest, IsGivenASocketAndNoInput) {
  EXPECT_THAT(start("read word; echo \"$3 $4 $word.\""), HasSubstr("--socket "));
  EXPECT_THAT(start("read word; echo \"$3 $4 $word.\""), HasSubstr("/socket ."));
}

TEST_F(CardProcessTest, LeavesNoFileBehind) {
  start("exit 1");
  const auto left = std::filesystem::directory_iterator{folder_ / ""};
  EXPECT_EQ(std::distance(begin(left), end(left)), 1);  // the program
}

}  // namespace ridley::control
