// SPDX-License-Identifier: Apache-2.0
#include "control/hot_thread.hpp"

#include <gtest/gtest.h>
#include <sched.h>

#include <stdexcept>

namespace ridley::control {
namespace {

std::uint32_t some_core() { return static_cast<std::uint32_t>(::sched_getcpu()); }

}  // namespace

TEST(HotThread, BuildsAndRunsOnOneThreadOfTheCore) {
  const std::uint32_t core = some_core();
  std::thread::id builder;
  std::thread::id runner;
  int core_of_loop = -1;
  {
    HotThread hot{core, [&] { builder = std::this_thread::get_id(); }};
    hot.wait_until_built();
    EXPECT_NE(builder, std::this_thread::get_id());
    hot.run([&] {
      runner = std::this_thread::get_id();
      core_of_loop = ::sched_getcpu();
    });
  }
  EXPECT_EQ(runner, builder);
  EXPECT_EQ(core_of_loop, static_cast<int>(core));
}

TEST(HotThread, HandsOnWhatWentWrongWhileBuilding) {
  HotThread hot{some_core(), [] { throw std::runtime_error{"no memory"}; }};
  EXPECT_THROW(hot.wait_until_built(), std::runtime_error);
}

TEST(HotThread, EndsWithoutALoop) {
  bool built = false;
  {
    const HotThread hot{some_core(), [&built] { built = true; }};
  }
  EXPECT_TRUE(built);
}

TEST(HotThread, JoinsOnceAndAgain) {
  int turns = 0;
  HotThread hot{some_core(), [] {}};
  hot.run([&turns] { ++turns; });
  hot.join();
  hot.join();
  EXPECT_EQ(turns, 1);
}

}  // namespace ridley::control
