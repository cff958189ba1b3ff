// SPDX-License-Identifier: Apache-2.0
#include "book/node_pool.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace ridley::book {
namespace {

constexpr std::size_t kOrders = 300;
constexpr std::size_t kLevels = 100;

struct NodePoolTest : testing::Test {
  base::Arena arena{NodePool::bytes_for(kOrders, kLevels)};
  NodePool nodes{arena, kOrders, kLevels};

  std::vector<NodeIndex> take_all_orders() {
    std::vector<NodeIndex> taken;
    while (const NodeIndex index = nodes.take_order()) {
      // What the books do with one: it names another one.
      nodes[index].ahead = index;
      taken.push_back(index);
    }
    return taken;
  }
};

}  // namespace

TEST_F(NodePoolTest, GivesOutEveryNodeOnceAndNoMore) {
  const std::vector<NodeIndex> orders = take_all_orders();
  std::set<NodeIndex> taken{orders.begin(), orders.end()};
  EXPECT_EQ(orders.size(), kOrders);
  for (std::size_t i = 0; i < kLevels; ++i) taken.insert(nodes.take_level());
  EXPECT_EQ(taken.size(), kOrders + kLevels);
  EXPECT_FALSE(taken.contains(kNoNode));
  EXPECT_EQ(*taken.rbegin(), (kOrders + kLevels) * kNodeWords);
  EXPECT_EQ(nodes.take_order(), kNoNode);
  EXPECT_EQ(nodes.take_level(), kNoNode);
}

TEST_F(NodePoolTest, GivesTheLastOneBackFirst) {
  const NodeIndex first = nodes.take_order();
  const NodeIndex second = nodes.take_order();
  const NodeIndex third = nodes.take_order();
  nodes.give_back_order(first);
  nodes.give_back_order(third);
  nodes.give_back_order(second);
  EXPECT_EQ(nodes.take_order(), second);
  EXPECT_EQ(nodes.take_order(), third);
  EXPECT_EQ(nodes.take_order(), first);
  EXPECT_EQ(nodes.take_order(), third + kNodeWords);
}

TEST_F(NodePoolTest, TakesOneBackWhenAllAreTaken) {
  const std::vector<NodeIndex> orders = take_all_orders();
  nodes.give_back_order(orders[7]);
  EXPECT_EQ(nodes.take_order(), orders[7]);
  EXPECT_EQ(nodes.take_order(), kNoNode);
}

TEST_F(NodePoolTest, KnowsWhetherALevelIsAtHand) {
  EXPECT_FALSE(nodes.has_level()) << "no list was made yet";
  const NodeIndex first = nodes.take_level();
  EXPECT_TRUE(nodes.has_level());
  EXPECT_EQ(nodes.take_level_at_once(), first + kNodeWords);
}

TEST_F(NodePoolTest, BeginsAgainWhenCleared) {
  const std::vector<NodeIndex> orders = take_all_orders();
  for (std::size_t i = 0; i < kOrders; i += 3) nodes.give_back_order(orders[i]);
  nodes.clear();
  EXPECT_EQ(take_all_orders(), orders);
}

TEST_F(NodePoolTest, HasALevelOfNobodyAtTheNodeThatIsNone) {
  const Level& none = nodes[kNoNode].level;
  EXPECT_EQ(none.orders, 0u);
  EXPECT_EQ(none.quantity, 0u);
  EXPECT_EQ(none.rank, 0u);
  EXPECT_EQ(nodes[kNoNode].order.place.level, kNoNode) << "an order of that level";
  for (std::uint32_t locate : {0u, 1u, 65'535u}) {
    EXPECT_NE(none.owner.side / 2, locate);
  }
}

}  // namespace ridley::book
