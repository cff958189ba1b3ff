// SPDX-License-Identifier: Apache-2.0
#include "engine/order_wire.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ridley::engine {
namespace {

struct Recorder {
  void turn() noexcept { said += "t"; }
  void depart() noexcept { said += "d"; }
  void leave() noexcept { said += "l"; }
  std::string said;
};

TEST(OrderWire, ToldOfEachStepTheHotEndTakesIt) {
  Recorder recorder;
  const WithWire<Recorder> wire{recorder};
  wire.turn();
  wire.depart();
  wire.depart();
  wire.leave();
  EXPECT_EQ(recorder.said, "tddl");
}

TEST(OrderWire, WithoutOneNothingIsLeftToDo) {
  const NoWire none;
  none.turn();
  none.depart();
  none.leave();
  EXPECT_TRUE(std::is_empty_v<NoWire>);
}

}  // namespace
}  // namespace ridley::engine
