// SPDX-License-Identifier: Apache-2.0
#include "book/order_table.hpp"

#include <gtest/gtest.h>

#include <unordered_map>

namespace ridley::book {
namespace {

constexpr std::uint32_t kOrdersMax = 1000;

struct OrderTableTest : testing::Test {
  base::Arena arena{NodePool::bytes_for(kOrdersMax) + OrderTable::bytes_for(kOrdersMax)};
  NodePool nodes{arena, kOrdersMax};
  OrderTable orders{arena, kOrdersMax};

  NodeIndex insert(std::uint64_t id) {
    NodeIndex& link = orders.link_to(nodes, id);
    EXPECT_EQ(link, kNoNode);
    const NodeIndex index = nodes.take();
    nodes[index].behind = index;
    nodes[index].order = {
        .id = id, .quantity = 1, .level = index, .next_in_bucket = kNoNode, .number = kUnnumbered};
    orders.insert(link, index);
    return index;
  }

  void erase(std::uint64_t id) {
    NodeIndex& link = orders.link_to(nodes, id);
    const NodeIndex index = link;
    orders.erase(link, nodes[index].order.next_in_bucket);
    nodes.give_back(index);
  }
};

}  // namespace

TEST_F(OrderTableTest, FindsWhatWasInsertedAndNothingElse) {
  const NodeIndex index = insert(42);
  EXPECT_EQ(orders.find(nodes, 42), index);
  EXPECT_EQ(orders.find(nodes, 43), kNoNode);
  EXPECT_EQ(orders.live(), 1u);
  erase(42);
  EXPECT_EQ(orders.find(nodes, 42), kNoNode);
  EXPECT_EQ(orders.live(), 0u);
}

TEST_F(OrderTableTest, IsFullAtItsLimitAndNotBefore) {
  for (std::uint64_t id = 0; id < kOrdersMax; ++id) {
    EXPECT_FALSE(orders.full());
    insert(id);
  }
  EXPECT_TRUE(orders.full());
  EXPECT_EQ(orders.live(), kOrdersMax);
  erase(500);
  EXPECT_FALSE(orders.full());
}

TEST_F(OrderTableTest, KeepsIdsApartThatShareABucket) {
  // Whole turns of the table, steps, and the two ends of the range.
  std::unordered_map<std::uint64_t, NodeIndex> expected;
  for (std::uint64_t step : {1ULL << 40, 4ULL, 1024ULL, 4096ULL, 1ULL << 20, 1ULL << 63}) {
    for (std::uint64_t i = 0; i < 100; ++i) {
      const std::uint64_t id = ~0ULL - i * step;
      if (!expected.contains(id)) expected[id] = insert(id);
    }
  }
  for (const auto& [id, index] : expected) EXPECT_EQ(orders.find(nodes, id), index);
  bool erased = false;
  for (const auto& [id, index] : expected) {
    if ((erased = !erased)) erase(id);
  }
  erased = false;
  for (const auto& [id, index] : expected) {
    erased = !erased;
    EXPECT_EQ(orders.find(nodes, id), erased ? kNoNode : index);
  }
}

// How long the longest chain is that all these ids make.
TEST_F(OrderTableTest, SpreadsTheIdsOfEveryKindOfExchange) {
  for (std::uint64_t step : {1ULL, 4ULL, 8ULL, 1ULL << 16, 1ULL << 20, 1ULL << 32, 1ULL << 40}) {
    orders.clear();
    nodes.clear();
    for (std::uint64_t i = 1; i <= kOrdersMax; ++i) insert(i * step);
    std::size_t longest = 0;
    for (std::uint64_t i = 1; i <= kOrdersMax; ++i) {
      std::size_t length = 1;
      NodeIndex at = orders.find(nodes, i * step);
      while ((at = nodes[at].order.next_in_bucket) != kNoNode) ++length;
      longest = std::max(longest, length);
    }
    EXPECT_LE(longest, 8u) << "step " << step;
  }
}

TEST_F(OrderTableTest, ForgetsEverythingWhenCleared) {
  for (std::uint64_t id = 0; id < kOrdersMax; ++id) insert(id);
  orders.clear();
  nodes.clear();
  EXPECT_EQ(orders.live(), 0u);
  EXPECT_EQ(orders.find(nodes, 1), kNoNode);
  for (std::uint64_t id = 0; id < kOrdersMax; ++id) EXPECT_NE(insert(id), kNoNode);
}

}  // namespace ridley::book
