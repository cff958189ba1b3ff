// SPDX-License-Identifier: Apache-2.0
#include "nic/dpdk_fast_start.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <ctime>
#include <thread>

namespace ridley::nic {
namespace {

std::chrono::nanoseconds time_of_a_nap() {
  const timespec nap{0, 20'000'000};
  const auto start = std::chrono::steady_clock::now();
  ::nanosleep(&nap, nullptr);
  return std::chrono::steady_clock::now() - start;
}

}  // namespace

TEST(FastStart, CutsNapsOfItsOwnThreadOnly) {
  using namespace std::chrono_literals;
  const FastStart fast{false};
  EXPECT_LT(time_of_a_nap(), 20ms);
  std::chrono::nanoseconds of_another{};
  std::thread{[&of_another] { of_another = time_of_a_nap(); }}.join();
  EXPECT_GE(of_another, 20ms);
}

TEST(FastStart, LeavesEverythingAsItWasAfterwards) {
  using namespace std::chrono_literals;
  {
    const FastStart fast{true};
  }
  EXPECT_GE(time_of_a_nap(), 20ms);
  EXPECT_EQ(::access("/proc/self", R_OK), 0);
  errno = 0;
  EXPECT_EQ(::access("/nonexistent", F_OK), -1);
  EXPECT_EQ(errno, ENOENT);
  struct stat64 found{};
  EXPECT_EQ(::stat64("/proc/self", &found), 0);
  EXPECT_TRUE(S_ISDIR(found.st_mode));
  EXPECT_EQ(::stat64("/nonexistent", &found), -1);
}

TEST(FastStart, KnowsThatThereIsNoProcessorNinetyThousand) {
  const FastStart fast{false};
  EXPECT_EQ(::access("/sys/devices/system/cpu/cpu90000/online", F_OK), -1);
  EXPECT_EQ(::access("/sys/devices/system/node/node0/cpu90000", F_OK), -1);
  EXPECT_EQ(::access("/sys/devices/system/node/node90000/cpu0", F_OK), -1);
  EXPECT_EQ(::access("/sys/devices/system/cpu/online", F_OK), 0);
  EXPECT_EQ(::access("/proc/self", F_OK), 0);
}

TEST(FastStart, HidesTheFolderOfDriversOnce) {
  struct stat64 found{};
  const FastStart fast{true};
  EXPECT_EQ(::stat64("/nonexistent/dpdk/pmds-23.0", &found), -1);
  EXPECT_EQ(errno, ENOENT);
  // The next question goes to the kernel, which gives another reason.
  EXPECT_EQ(::stat64("/proc/self/cmdline/dpdk/pmds-23.0", &found), -1);
  EXPECT_EQ(errno, ENOTDIR);
}

}  // namespace ridley::nic
