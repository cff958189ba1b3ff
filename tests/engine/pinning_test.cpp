// SPDX-License-Identifier: Apache-2.0
#include "engine/pinning.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <pthread.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <thread>

#include "engine/topology.hpp"

namespace ridley::engine {
namespace {

using testing::HasSubstr;

}  // namespace

TEST(Pinning, KeepsAThreadOnItsCore) {
  const std::uint32_t core = read_machine().cores.back().number;
  int ran_on = -1;
  Refusal refusal;
  std::thread{[&] {
    refusal = bind_this_thread(std::array{core});
    ran_on = ::sched_getcpu();
  }}.join();
  EXPECT_FALSE(refusal) << *refusal;
  EXPECT_EQ(ran_on, static_cast<int>(core));
}

TEST(Pinning, SaysWhichCoreWasRefused) {
  const Refusal refusal = bind_this_thread(std::array{1000U});
  ASSERT_TRUE(refusal);
  EXPECT_THAT(*refusal, HasSubstr("core 1000: Invalid argument"));
  EXPECT_TRUE(bind_this_thread({}));
}

TEST(Pinning, SaysWhichNodeWasRefused) {
  const Refusal refusal = prefer_memory_of_node(1024);
  ASSERT_TRUE(refusal);
  EXPECT_THAT(*refusal, HasSubstr("NUMA node 1024"));
  EXPECT_TRUE(prefer_memory_of_node(-1));
}

TEST(Pinning, SaysWhatTheLimitIsWhenMemoryCannotBeLocked) {
  // In a process of its own, without privileges and with a limit of one page.
  const pid_t child = ::fork();
  if (child == 0) {
    const rlimit limit{4096, 4096};
    if (::setrlimit(RLIMIT_MEMLOCK, &limit) != 0) ::_exit(1);
    if (::geteuid() == 0 && ::setuid(65'534) != 0) ::_exit(2);
    const Refusal refusal = lock_memory();
    ::_exit(refusal && refusal->find("4 KiB") != std::string::npos ? 0 : 3);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST(Pinning, TouchesTheStackBeforehand) {
  // A stack of the test's own, to see afterwards which of its pages are there.
  constexpr std::size_t kStackBytes = 4 * kHotStackBytes;
  constexpr std::size_t kPageBytes = 4096;
  void* const stack = ::mmap(nullptr, kStackBytes, PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  ASSERT_NE(stack, MAP_FAILED);
  ::madvise(stack, kStackBytes, MADV_NOHUGEPAGE);
  pthread_attr_t attributes;
  ::pthread_attr_init(&attributes);
  ASSERT_EQ(::pthread_attr_setstack(&attributes, stack, kStackBytes), 0);
  pthread_t thread{};
  const auto run = [](void*) -> void* {
    prefault_stack();
    return nullptr;
  };
  ASSERT_EQ(::pthread_create(&thread, &attributes, run, nullptr), 0);
  ::pthread_join(thread, nullptr);
  std::array<unsigned char, kStackBytes / kPageBytes> present{};
  ASSERT_EQ(::mincore(stack, kStackBytes, present.data()), 0);
  const auto pages = std::count_if(present.begin(), present.end(), [](auto p) { return p & 1; });
  EXPECT_GE(pages, static_cast<std::ptrdiff_t>(kHotStackBytes / kPageBytes));
  EXPECT_LT(pages, static_cast<std::ptrdiff_t>(present.size()));
  ::munmap(stack, kStackBytes);
}

}  // namespace ridley::engine
