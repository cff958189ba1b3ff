// SPDX-License-Identifier: Apache-2.0
#include "engine/allocation_watch.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdlib>
#include <memory>
#include <string>
#include <thread>

namespace ridley::engine {
namespace {

// Not optimised away together with its free.
void take_and_give_back() {
  void* volatile place = std::malloc(100);
  std::free(place);
}

class AllocationWatch : public testing::Test {
 protected:
  void SetUp() override {
    if (!allocations_are_watched()) GTEST_SKIP() << "a sanitizer has the allocator";
    prepare_allocation_watch(OnHotAllocation::Count);
    reset_allocation_watch();
  }
};

}  // namespace

TEST_F(AllocationWatch, CountsNothingOutsideAHotSection) {
  take_and_give_back();
  EXPECT_EQ(hot_allocation_count(), 0U);
  EXPECT_EQ(first_hot_allocation(), "");
}

TEST_F(AllocationWatch, CountsTakingAndGivingBackInAHotSection) {
  {
    const HotSection hot;
    take_and_give_back();
  }
  take_and_give_back();
  EXPECT_EQ(hot_allocation_count(), 2U);
  EXPECT_NE(first_hot_allocation(), "");
}

TEST_F(AllocationWatch, StaysHotUntilTheOuterSectionEnds) {
  const HotSection outer;
  {
    const HotSection inner;
  }
  take_and_give_back();
  EXPECT_EQ(hot_allocation_count(), 2U);
}

TEST_F(AllocationWatch, SeesOnlyTheThreadThatIsHot) {
  std::atomic<bool> go{false};
  std::atomic<bool> done{false};
  std::thread cold{[&] {
    while (!go.load(std::memory_order_acquire)) std::this_thread::yield();
    take_and_give_back();
    done.store(true, std::memory_order_release);
  }};
  {
    const HotSection hot;
    go.store(true, std::memory_order_release);
    while (!done.load(std::memory_order_acquire)) std::this_thread::yield();
  }
  EXPECT_EQ(hot_allocation_count(), 0U);
  cold.join();
}

TEST_F(AllocationWatch, KeepsTheFirstCaller) {
  {
    const HotSection hot;
    take_and_give_back();
  }
  const std::string first = first_hot_allocation();
  {
    const HotSection hot;
    std::string* volatile text = new std::string(1000, 'x');
    delete text;
  }
  EXPECT_EQ(first_hot_allocation(), first);
  EXPECT_EQ(hot_allocation_count(), 6U);
}

TEST_F(AllocationWatch, StopsTheProcessAtTheFirstWhenToldTo) {
  EXPECT_DEATH(
      {
        prepare_allocation_watch(OnHotAllocation::Stop);
        const HotSection hot;
        take_and_give_back();
      },
      "no heap call in a hot section");
}

}  // namespace ridley::engine
