// SPDX-License-Identifier: Apache-2.0
#include "app/stop_signals.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

namespace ridley::app {
namespace {

int exit_code_of(const std::function<int()>& work) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(work());
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

TEST(StopSignals, TheFirstOneAsksForAStop) {
  for (const int number : {SIGTERM, SIGINT}) {
    EXPECT_EQ(exit_code_of([number] {
                const std::atomic<bool>& stop = stop_on_signals();
                if (stop) return 1;
                ::raise(number);
                return stop ? 0 : 2;
              }),
              0);
  }
}

TEST(StopSignals, TheSecondOneEndsTheProcessAtOnce) {
  EXPECT_EQ(exit_code_of([] {
              (void)stop_on_signals();
              ::raise(SIGINT);
              ::raise(SIGTERM);
              return 0;
            }),
            128 + SIGTERM);
}

}  // namespace
}  // namespace ridley::app
