// SPDX-License-Identifier: Apache-2.0
// What is said before XRT is asked anything; tests/system/card_session_test.py is about the rest.
#include "card/xrt.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "base/error.hpp"
#include "support/scratch_folder.hpp"

namespace ridley::card {
namespace {

std::string refusal(const std::filesystem::path& xclbin, int exit_code) {
  try {
    (void)open_xrt({.device = "0", .xclbin = xclbin, .uuid = {}});
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), exit_code) << error.what();
    return error.what();
  }
  return "";
}

}  // namespace

TEST(Xrt, IsNotAskedForAFileThatIsNotThere) {
  const test::ScratchFolder folder;
  EXPECT_NE(refusal(folder / "no.xclbin", EX_NOINPUT).find("no.xclbin"), std::string::npos);
}

TEST(Xrt, IsNotGivenWhatIsNoXclbin) {
  const test::ScratchFolder folder;
  std::ofstream{folder / "cut.xclbin"} << "xclbin2 and nothing more";
  EXPECT_NE(refusal(folder / "cut.xclbin", EX_DATAERR).find("card: "), std::string::npos);
}

}  // namespace ridley::card
