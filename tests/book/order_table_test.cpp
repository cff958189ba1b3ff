// SPDX-License-Identifier: Apache-2.0
#include "book/order_table.hpp"

#include <gtest/gtest.h>

#include <unordered_map>
#include <utility>

namespace ridley::book {
namespace {

constexpr std::uint32_t kOrdersMax = 1000;

struct OrderTableTest : testing::Test {
  base::Arena arena{NodePool::bytes_for(kOrdersMax, 1) + OrderTable::bytes_for(kOrdersMax)};
  NodePool nodes{arena, kOrdersMax, 1};
  OrderTable orders{arena, kOrdersMax};

  NodeIndex insert(std::uint64_t id) {
    NodeIndex& link = orders.link_to(nodes, id);
    EXPECT_EQ(link, kNoNode);
    const NodeIndex index = nodes.take_order();
    EXPECT_NE(index, kNoNode);
    nodes[index].order = {
        .id = id, .place = {.level = index, .next_in_bucket = kNoNode}, .quantity = 1, .number = 0};
    return link = index;
  }

  void erase(std::uint64_t id) {
    NodeIndex& link = orders.link_to(nodes, id);
    nodes.give_back_order(std::exchange(link, nodes[link].order.place.next_in_bucket));
  }
};

}  // namespace

TEST_F(OrderTableTest, FindsWhatWasInsertedAndNothingElse) {
  const NodeIndex index = insert(42);
  EXPECT_EQ(orders.find(nodes, 42), index);
  EXPECT_EQ(orders.find(nodes, 43), kNoNode);
  erase(42);
  EXPECT_EQ(orders.find(nodes, 42), kNoNode);
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
      while ((at = nodes[at].order.place.next_in_bucket) != kNoNode) ++length;
      longest = std::max(longest, length);
    }
    EXPECT_LE(longest, 8u) << "step " << step;
  }
}

TEST_F(OrderTableTest, NamesWithTheFirstLinkUnlessItIsTaken) {
  const NodeIndex one = insert(1);
  EXPECT_EQ(orders.first(1), one);
  EXPECT_EQ(&OrderTable::link_behind(nodes, orders.first(1), 1), &orders.first(1));
  NodeIndex& behind = OrderTable::link_behind(nodes, orders.first(1), 2);
  EXPECT_EQ(&behind, &nodes[one].order.place.next_in_bucket);
}

TEST_F(OrderTableTest, GivesIdsInARowBucketsOfTheirOwn) {
  // Every 1,657th moves on by one, so not quite a whole turn of the 1,024.
  for (std::uint64_t begin : {1ULL, 123'456'789'012ULL, ~0ULL - 5'000}) {
    orders.clear();
    nodes.clear();
    for (std::uint64_t i = 0; i < kOrdersMax; ++i) {
      EXPECT_EQ(orders.first(begin + i), kNoNode) << begin << " + " << i;
      insert(begin + i);
    }
  }
}

TEST_F(OrderTableTest, ForgetsEverythingWhenCleared) {
  for (std::uint64_t id = 0; id < kOrdersMax; ++id) insert(id);
  orders.clear();
  nodes.clear();
  EXPECT_EQ(orders.find(nodes, 1), kNoNode);
  for (std::uint64_t id = 0; id < kOrdersMax; ++id) EXPECT_NE(insert(id), kNoNode);
}

}  // namespace ridley::book
