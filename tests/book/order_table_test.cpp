// SPDX-License-Identifier: Apache-2.0
#include "book/order_table.hpp"

#include <gtest/gtest.h>

#include <unordered_map>

namespace ridley::book {
namespace {

constexpr std::uint32_t kOrdersMax = 1000;

struct OrderTableTest : testing::Test {
  base::Arena arena{OrderTable::bytes_for(kOrdersMax)};
  OrderTable orders{arena, kOrdersMax};
};

}  // namespace

TEST_F(OrderTableTest, FindsWhatWasInsertedAndNothingElse) {
  const OrderIndex index = orders.insert(42);
  ASSERT_NE(index, kNoOrder);
  EXPECT_EQ(orders.find(42), index);
  EXPECT_EQ(orders.find(43), kNoOrder);
  EXPECT_EQ(orders[index].id, 42u);
  EXPECT_EQ(orders[index].quantity, 0u);
  orders.erase(index);
  EXPECT_EQ(orders.find(42), kNoOrder);
  EXPECT_EQ(orders.live(), 0u);
}

TEST_F(OrderTableTest, GivesOutEveryRecordAndNotOneMore) {
  for (std::uint64_t id = 0; id < kOrdersMax; ++id) EXPECT_NE(orders.insert(id), kNoOrder);
  EXPECT_EQ(orders.insert(kOrdersMax), kNoOrder);
  EXPECT_EQ(orders.live(), kOrdersMax);
  orders.erase(orders.find(500));
  EXPECT_NE(orders.insert(kOrdersMax), kNoOrder);
}

TEST_F(OrderTableTest, KeepsIdsApartThatShareABucket) {
  // Whole turns of the table, steps of four, and the two ends of the range.
  std::unordered_map<std::uint64_t, OrderIndex> expected;
  for (std::uint64_t step : {1ULL << 40, 4ULL, 1024ULL, 4096ULL, 1ULL << 63}) {
    for (std::uint64_t i = 0; i < 100; ++i) {
      const std::uint64_t id = ~0ULL - i * step;
      if (!expected.contains(id)) expected[id] = orders.insert(id);
    }
  }
  for (const auto& [id, index] : expected) EXPECT_EQ(orders.find(id), index);
  bool erase = false;
  for (const auto& [id, index] : expected) {
    if ((erase = !erase)) orders.erase(index);
  }
  erase = false;
  for (const auto& [id, index] : expected) {
    erase = !erase;
    EXPECT_EQ(orders.find(id), erase ? kNoOrder : index);
  }
}

TEST_F(OrderTableTest, ForgetsEverythingWhenCleared) {
  for (std::uint64_t id = 0; id < kOrdersMax; ++id) (void)orders.insert(id);
  orders.clear();
  EXPECT_EQ(orders.live(), 0u);
  EXPECT_EQ(orders.find(1), kNoOrder);
  for (std::uint64_t id = 0; id < kOrdersMax; ++id) EXPECT_NE(orders.insert(id), kNoOrder);
}

}  // namespace ridley::book
