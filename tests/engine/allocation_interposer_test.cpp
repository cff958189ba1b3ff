// SPDX-License-Identifier: Apache-2.0
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <malloc.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <limits>

#include "engine/allocation_watch.hpp"

namespace ridley::engine {
namespace {

std::uint64_t heap_calls_of(const std::function<void()>& work) {
  reset_allocation_watch();
  {
    const HotSection hot;
    work();
  }
  return hot_allocation_count();
}

class AllocationInterposer : public testing::Test {
 protected:
  void SetUp() override {
    if (!allocations_are_watched()) GTEST_SKIP() << "a sanitizer has the allocator";
    prepare_allocation_watch(OnHotAllocation::Count);
  }

  void* volatile place_ = nullptr;
};

}  // namespace

TEST_F(AllocationInterposer, SeesEveryWayToTakeMemory) {
  EXPECT_EQ(heap_calls_of([&] { place_ = std::malloc(10); }), 1U);
  EXPECT_EQ(heap_calls_of([&] { place_ = std::realloc(place_, 5'000); }), 1U);
  EXPECT_EQ(heap_calls_of([&] { place_ = ::reallocarray(place_, 10, 1'000); }), 1U);
  EXPECT_EQ(heap_calls_of([&] { std::free(place_); }), 1U);
  EXPECT_EQ(heap_calls_of([&] { place_ = std::calloc(10, 10); }), 1U);
  EXPECT_EQ(static_cast<char*>(place_)[99], 0);
  std::free(place_);
  EXPECT_EQ(heap_calls_of([&] { place_ = std::aligned_alloc(256, 512); }), 1U);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(place_) % 256, 0U);
  std::free(place_);
  EXPECT_EQ(heap_calls_of([&] { place_ = ::memalign(64, 100); }), 1U);
  std::free(place_);
}

TEST_F(AllocationInterposer, SeesOperatorNewAndLibrariesOfOthers) {
  EXPECT_EQ(heap_calls_of([&] { place_ = ::operator new(10); }), 1U);
  ::operator delete(place_);
  EXPECT_EQ(heap_calls_of([&] { place_ = ::operator new(64, std::align_val_t{64}); }), 1U);
  ::operator delete(place_, std::align_val_t{64});
  EXPECT_EQ(heap_calls_of([&] { place_ = ::strdup("taken inside the C library"); }), 1U);
  std::free(place_);
}

TEST_F(AllocationInterposer, DoesNotCountFreeingNothing) {
  EXPECT_EQ(heap_calls_of([] { std::free(nullptr); }), 0U);
}

TEST_F(AllocationInterposer, KeepsThePromisesOfPosixMemalign) {
  void* got = nullptr;
  EXPECT_EQ(::posix_memalign(&got, 3, 10), EINVAL);
  EXPECT_EQ(::posix_memalign(&got, 4, 10), EINVAL);
  EXPECT_EQ(got, nullptr);
  ASSERT_EQ(::posix_memalign(&got, 4096, 10), 0);
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(got) % 4096, 0U);
  std::free(got);
}

TEST_F(AllocationInterposer, RefusesAnArrayThatOverflows) {
  const std::size_t volatile huge = std::numeric_limits<std::size_t>::max();
  errno = 0;
  EXPECT_EQ(::reallocarray(nullptr, huge, 2), nullptr);
  EXPECT_EQ(errno, ENOMEM);
}

}  // namespace ridley::engine
