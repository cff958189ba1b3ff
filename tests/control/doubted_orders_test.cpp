// SPDX-License-Identifier: Apache-2.0
#include "control/doubted_orders.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ridley::control {
namespace {

class DoubtedOrdersTest : public testing::Test {
 protected:
  // The hot core: orders below 100 are of instrument 1, those below 200 of 2, others unknown.
  event::Command answer(event::Command command) {
    if (command.kind == event::CommandKind::DoubtOrder) {
      command.locate = command.value < 100 ? 1 : command.value < 200 ? 2 : 0;
      given += "doubt " + std::to_string(command.value) + "; ";
    } else {
      EXPECT_EQ(command.kind, event::CommandKind::SettleDoubt);
      given += "settle " + std::to_string(command.locate) + "; ";
    }
    return command;
  }

  std::string given;
  DoubtedOrders orders{[this](const event::Command& command) { return answer(command); }};
};

TEST_F(DoubtedOrdersTest, AnInstrumentIsTrustedWithItsLastOrder) {
  orders.doubt(7);
  orders.doubt(7);
  orders.doubt(8);
  orders.doubt(107);
  given.clear();
  orders.settle(7);
  orders.settle(8);
  EXPECT_EQ(given, "");
  orders.settle(107);
  orders.settle(7);
  orders.settle(7);
  EXPECT_EQ(given, "settle 2; settle 1; ");
}

TEST_F(DoubtedOrdersTest, AnOrderThatNobodyKnowsIsOneOfEveryInstrument) {
  orders.doubt(900);
  orders.settle(900);
  EXPECT_EQ(given, "doubt 900; settle 0; ");
}

TEST_F(DoubtedOrdersTest, AllCanBeSettledAtOnce) {
  for (const std::uint32_t order : {7U, 8U, 107U, 900U}) orders.doubt(order);
  given.clear();
  orders.settle_all();
  EXPECT_EQ(given, "settle 1; settle 2; settle 0; ");
  orders.settle_all();
  EXPECT_EQ(given, "settle 1; settle 2; settle 0; ");
}

}  // namespace
}  // namespace ridley::control
