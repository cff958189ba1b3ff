// SPDX-License-Identifier: Apache-2.0
#include "card/files.hpp"

#include <gtest/gtest.h>

#include "../support/scratch_folder.hpp"
#include "base/error.hpp"
#include "sample_bitstream.hpp"

namespace ridley::card {
namespace {

template <typename Call>
int exit_code(const Call& call) {
  try {
    call();
  } catch (const base::Error& error) {
    return error.exit_code();
  }
  return EX_OK;
}

class Files : public testing::Test {
 protected:
  test::ScratchFolder folder_;
  std::vector<std::string> steps_;
  DiskWriter disk_{[this](std::string_view what) { steps_.emplace_back(what); }};
};

TEST_F(Files, AreReadWholeUpToALimit) {
  write_file(folder_ / "a", "12345");
  EXPECT_EQ(read_text(folder_ / "a", 5), "12345");
  EXPECT_EQ(read_bytes(folder_ / "a", 5).size(), 5u);
  EXPECT_EQ(exit_code([&] { (void)read_text(folder_ / "a", 4); }), EX_DATAERR);
  EXPECT_EQ(exit_code([&] { (void)read_text(folder_ / "none", 4); }), EX_NOINPUT);
  EXPECT_EQ(exit_code([&] { (void)read_text(folder_ / "", 4); }), EX_NOINPUT);
  EXPECT_EQ(exit_code([&] { (void)read_text("/dev/zero", 4); }), EX_NOINPUT);
}

TEST_F(Files, AreReplacedInOneStepThatIsOnTheDisk) {
  write_file(folder_ / "a", "old");
  write_file(folder_ / "a.new", "left by a process that died");
  disk_.replace(folder_ / "a", "new");
  EXPECT_EQ(file_text(folder_ / "a"), "new");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "a.new"));
  const std::vector<std::string> wanted{"create a.new", "write a.new", "sync a.new", "replace a"};
  ASSERT_EQ(steps_.size(), 5u);
  EXPECT_EQ(std::vector<std::string>(steps_.begin(), steps_.begin() + 4), wanted);
  EXPECT_TRUE(steps_[4].starts_with("sync folder"));
}

TEST_F(Files, AreNeverOverwrittenWhereANewOneIsMeant) {
  const std::span<const std::byte> nothing;
  disk_.create(folder_ / "a", nothing);
  EXPECT_EQ(exit_code([&] { disk_.create(folder_ / "a", nothing); }), EX_CANTCREAT);
  EXPECT_EQ(exit_code([&] { disk_.create(folder_ / "none" / "a", nothing); }), EX_CANTCREAT);
  disk_.make_folder(folder_ / "one");
  disk_.make_folder(folder_ / "two");
  EXPECT_EQ(exit_code([&] { disk_.rename(folder_ / "one", folder_ / "two"); }), EX_CANTCREAT);
}

TEST_F(Files, FoldersAreMadeExchangedAndRemoved) {
  disk_.make_folder(folder_ / "a" / "b" / "c");
  disk_.make_folder(folder_ / "a" / "b" / "c");
  disk_.append(folder_ / "a" / "b" / "c" / "file", "one");
  disk_.append(folder_ / "a" / "b" / "c" / "file", "two");
  EXPECT_EQ(file_text(folder_ / "a" / "b" / "c" / "file"), "onetwo");
  disk_.cut(folder_ / "a" / "b" / "c" / "file", 3);
  EXPECT_EQ(file_text(folder_ / "a" / "b" / "c" / "file"), "one");
  disk_.make_folder(folder_ / "d");
  disk_.exchange(folder_ / "a" / "b" / "c", folder_ / "d");
  EXPECT_EQ(file_text(folder_ / "d" / "file"), "one");
  disk_.remove_folder(folder_ / "d");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "d"));
  EXPECT_EQ(exit_code([&] { disk_.make_folder("/proc/none/a"); }), EX_CANTCREAT);
}

}  // namespace
}  // namespace ridley::card
