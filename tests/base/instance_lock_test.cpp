// SPDX-License-Identifier: Apache-2.0
#include "base/instance_lock.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <fstream>
#include <iterator>
#include <string>

#include "base/error.hpp"

namespace ridley::base {
namespace {

class InstanceLockTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/ridley_lock_XXXXXX";
    ASSERT_NE(mkdtemp(name), nullptr);
    folder_ = name;
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  // The exit code of another process that tries to get the lock.
  int another_process() {
    const pid_t child = ::fork();
    if (child == 0) {
      try {
        const InstanceLock lock{folder_ / "lock"};
        ::_exit(0);
      } catch (const Error& error) {
        ::_exit(error.exit_code());
      }
    }
    int status = 0;
    EXPECT_EQ(::waitpid(child, &status, 0), child);
    return WEXITSTATUS(status);
  }

  std::filesystem::path folder_;
};

TEST_F(InstanceLockTest, IsHeldByOneProcessOnly) {
  {
    const InstanceLock lock{folder_ / "lock"};
    EXPECT_EQ(another_process(), EX_TEMPFAIL);
  }
  EXPECT_EQ(another_process(), 0);
}

TEST_F(InstanceLockTest, NamesItsProcess) {
  const InstanceLock lock{folder_ / "lock"};
  std::ifstream file{folder_ / "lock"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  EXPECT_EQ(text, std::to_string(::getpid()) + "\n");
}

TEST_F(InstanceLockTest, IsNotStoppedByWhatALateProcessLeft) {
  std::ofstream{folder_ / "lock"} << "99999999\n";
  EXPECT_NO_THROW(InstanceLock{folder_ / "lock"});
}

TEST_F(InstanceLockTest, NeedsAFolderThatExists) {
  try {
    const InstanceLock lock{folder_ / "nowhere" / "lock"};
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.exit_code(), EX_CANTCREAT);
  }
}

}  // namespace
}  // namespace ridley::base
