// SPDX-License-Identifier: Apache-2.0
#include "order/sequence_file.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "base/error.hpp"

namespace ridley::order {
namespace {

namespace fs = std::filesystem;

class SequenceFileTest : public testing::Test {
 protected:
  void TearDown() override { fs::remove(path); }

  // Changes one byte.
  void damage(std::streamoff at) {
    std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
    file.seekg(at);
    const int byte = file.get();
    file.seekp(at);
    file.put(static_cast<char>(byte ^ 1));
  }

  fs::path path = fs::temp_directory_path() / ("ridley_sequence" + std::to_string(::getpid()));
};

TEST_F(SequenceFileTest, ANewFileHasNothing) {
  EXPECT_FALSE(SequenceFile{path}.found());
  EXPECT_FALSE(SequenceFile{path}.found());
}

TEST_F(SequenceFileTest, TheNextProcessFindsTheNewestPlace) {
  for (std::uint64_t next = 1; next <= 5; ++next) {
    SequenceFile file{path};
    if (next > 1) {
      EXPECT_EQ(file.found().value().next_sequence, next - 1);
      EXPECT_EQ(file.found().value().session, "DAY1");
    }
    EXPECT_TRUE(file.keep("OLD", 99));
    EXPECT_TRUE(file.keep("DAY1", next));
  }
}

TEST_F(SequenceFileTest, ASessionMayHaveTenLetters) {
  EXPECT_TRUE(SequenceFile{path}.keep("ABCDEFGHIJ", 7));
  EXPECT_EQ(SequenceFile{path}.found().value().session, "ABCDEFGHIJ");
}

TEST_F(SequenceFileTest, OneDamagedRecordLeavesTheOther) {
  {
    SequenceFile file{path};
    EXPECT_TRUE(file.keep("DAY1", 1));  // the second record
    EXPECT_TRUE(file.keep("DAY1", 2));  // the first
  }
  damage(16);
  EXPECT_EQ(SequenceFile{path}.found().value().next_sequence, 1U);
  damage(512 + 16);
  EXPECT_FALSE(SequenceFile{path}.found());
}

TEST_F(SequenceFileTest, AFileThatWasCutIsNotBelieved) {
  EXPECT_TRUE(SequenceFile{path}.keep("DAY1", 1));
  fs::resize_file(path, 512 + 55);
  EXPECT_FALSE(SequenceFile{path}.found());
}

TEST_F(SequenceFileTest, AFolderThatIsNotThereIsNamed) {
  try {
    const SequenceFile file{"/nowhere/at/all"};
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_NE(std::string{error.what()}.find("/nowhere/at/all"), std::string::npos);
  }
}

}  // namespace
}  // namespace ridley::order
