// SPDX-License-Identifier: Apache-2.0
#include "order/order_table.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>
#include <vector>

namespace ridley::order {
namespace {

class OrderTableTest : public testing::Test {
 protected:
  Order& insert(std::uint32_t user_ref) {
    return table.insert({.user_ref = user_ref, .open_quantity = 1, .state = OrderState::Live});
  }

  std::vector<std::uint32_t> open() {
    std::vector<std::uint32_t> numbers;
    for (Order* order = table.first_open(); order != nullptr; order = table.after(*order)) {
      numbers.push_back(order->user_ref);
    }
    return numbers;
  }

  std::array<Order, 8> slots;
  OrderTable table{slots};
};

TEST_F(OrderTableTest, FindsWhatWasInsertedAndNothingElse) {
  insert(5);
  ASSERT_NE(table.find(5), nullptr);
  EXPECT_EQ(table.find(13), nullptr) << "the same slot, another number";
  EXPECT_EQ(table.find(0), nullptr);
  EXPECT_EQ(table.find(4), nullptr);
}

TEST_F(OrderTableTest, ADeadOrderIsFoundButNotOpen) {
  table.remove(insert(5));
  EXPECT_NE(table.find(5), nullptr);
  EXPECT_EQ(table.find_open(5), nullptr);
  EXPECT_EQ(table.open_count(), 0U);
}

TEST_F(OrderTableTest, HasRoomOnlyWhereNoOrderIsOpen) {
  Order& order = insert(5);
  EXPECT_FALSE(table.has_room_for(13));
  EXPECT_TRUE(table.has_room_for(14));
  table.remove(order);
  EXPECT_TRUE(table.has_room_for(13));
  insert(13);
  EXPECT_EQ(table.find(5), nullptr);
}

TEST_F(OrderTableTest, ListsTheOpenOrdersFromTheOldestOn) {
  for (std::uint32_t user_ref = 1; user_ref <= 4; ++user_ref) insert(user_ref);
  EXPECT_EQ(open(), (std::vector<std::uint32_t>{1, 2, 3, 4}));
  table.remove(*table.find(1));
  table.remove(*table.find(3));
  EXPECT_EQ(open(), (std::vector<std::uint32_t>{2, 4}));
  table.remove(*table.find(4));
  insert(9);
  EXPECT_EQ(open(), (std::vector<std::uint32_t>{2, 9}));
  table.remove(*table.find(2));
  table.remove(*table.find(9));
  EXPECT_TRUE(open().empty());
  EXPECT_EQ(table.first_open(), nullptr);
}

TEST_F(OrderTableTest, AgreesWithAListOnRandomChanges) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937_64 random{seed};
  std::vector<std::uint32_t> expected;
  for (std::uint32_t user_ref = 1; user_ref < 20'000; ++user_ref) {
    if (table.has_room_for(user_ref)) {
      insert(user_ref);
      expected.push_back(user_ref);
    }
    if (!expected.empty() && (expected.size() > 5 || random() % 2 == 0)) {
      const auto at = static_cast<std::ptrdiff_t>(random() % expected.size());
      table.remove(*table.find_open(expected[static_cast<std::size_t>(at)]));
      expected.erase(expected.begin() + at);
    }
    ASSERT_EQ(open(), expected);
    ASSERT_EQ(table.open_count(), expected.size());
  }
}

}  // namespace
}  // namespace ridley::order
