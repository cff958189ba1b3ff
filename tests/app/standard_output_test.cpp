// SPDX-License-Identifier: Apache-2.0
#include "app/standard_output.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "base/error.hpp"

namespace ridley::app {
namespace {

// Runs the work in a process whose standard output is `output`; its exit code, or -1 for a signal.
int exit_code_with(int output, const std::function<int()>& work) {
  std::fflush(nullptr);
  const pid_t child = ::fork();
  if (child == 0) {
    ::dup2(output, STDOUT_FILENO);
    ::close(output);
    ::_exit(work());
  }
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int finish() {
  try {
    finish_standard_output();
    return EX_OK;
  } catch (const base::Error& error) {
    return error.exit_code();
  }
}

class BrokenPipe : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(::pipe(ends_), 0);
    ::close(ends_[0]);
  }
  void TearDown() override { ::close(ends_[1]); }

  int ends_[2] = {-1, -1};
};

TEST_F(BrokenPipe, EndsTheProcessQuietlyAtTheNextWrite) {
  EXPECT_EQ(exit_code_with(ends_[1],
                           [] {
                             end_quietly_without_reader();
                             (void)!::write(STDOUT_FILENO, "x", 1);
                             return EX_SOFTWARE;  // not reached
                           }),
            EX_OK);
}

TEST_F(BrokenPipe, IsNoErrorAtTheEnd) {
  EXPECT_EQ(exit_code_with(ends_[1],
                           [] {
                             ::signal(SIGPIPE, SIG_IGN);
                             std::fputs("x", stdout);
                             return finish();
                           }),
            EX_OK);
}

TEST_F(BrokenPipe, IsSeenWithoutAWrite) {
  EXPECT_EQ(exit_code_with(ends_[1], [] { return standard_output_has_no_reader() ? 1 : 2; }), 1);
}

TEST_F(BrokenPipe, OfAnotherDescriptorDoesNotEndTheProcess) {
  const int good = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(good, 0);
  EXPECT_EQ(exit_code_with(good,
                           [this] {
                             end_quietly_without_reader();
                             (void)!::write(ends_[1], "x", 1);
                             return 7;
                           }),
            7);
  ::close(good);
}

TEST(StandardOutput, ThatIsFullIsAnInputOutputError) {
  const int full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(full, 0);
  EXPECT_EQ(exit_code_with(full,
                           [] {
                             std::fputs("x", stdout);
                             return finish();
                           }),
            EX_IOERR);
  ::close(full);
}

TEST(StandardOutput, ThatTakesEverythingIsFine) {
  const int good = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  ASSERT_GE(good, 0);
  EXPECT_EQ(exit_code_with(good,
                           [] {
                             std::fputs("x", stdout);
                             return finish();
                           }),
            EX_OK);
  ::close(good);
}

}  // namespace
}  // namespace ridley::app
