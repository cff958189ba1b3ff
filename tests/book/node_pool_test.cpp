// SPDX-License-Identifier: Apache-2.0
#include "book/node_pool.hpp"

#include <gtest/gtest.h>

#include <set>
#include <vector>

namespace ridley::book {
namespace {

constexpr std::size_t kNodes = 100;

// What the books do with a node they take: it names another one.
NodeIndex take(NodePool& nodes) {
  const NodeIndex index = nodes.take();
  nodes[index].ahead = index;
  nodes[index].behind = index;
  return index;
}

}  // namespace

TEST(NodePool, GivesOutEveryNodeOnce) {
  base::Arena arena{NodePool::bytes_for(kNodes)};
  NodePool nodes{arena, kNodes};
  std::set<NodeIndex> taken;
  for (std::size_t i = 0; i < kNodes; ++i) taken.insert(take(nodes));
  EXPECT_EQ(taken.size(), kNodes);
  EXPECT_FALSE(taken.contains(kNoNode));
  EXPECT_EQ(*taken.rbegin(), kNodes * kNodeWords);
}

TEST(NodePool, GivesTheLastOneBackFirst) {
  base::Arena arena{NodePool::bytes_for(kNodes)};
  NodePool nodes{arena, kNodes};
  const NodeIndex first = take(nodes);
  const NodeIndex second = take(nodes);
  const NodeIndex third = take(nodes);
  nodes.give_back(first);
  nodes.give_back(third);
  nodes.give_back(second);
  EXPECT_EQ(take(nodes), second);
  EXPECT_EQ(take(nodes), third);
  EXPECT_EQ(take(nodes), first);
  EXPECT_EQ(take(nodes), third + kNodeWords);
}

TEST(NodePool, IsZeroAndInOrderAgainWhenCleared) {
  base::Arena arena{NodePool::bytes_for(kNodes)};
  NodePool nodes{arena, kNodes};
  std::vector<NodeIndex> taken;
  for (std::size_t i = 0; i < kNodes; ++i) taken.push_back(take(nodes));
  for (std::size_t i = 0; i < kNodes; i += 3) nodes.give_back(taken[i]);
  nodes.clear();
  for (std::size_t i = 0; i < kNodes; ++i) {
    const NodeIndex index = nodes.take();
    EXPECT_EQ(index, (i + 1) * kNodeWords);
    EXPECT_EQ(nodes[index].behind, kNoNode);
    EXPECT_EQ(nodes[index].order.id, 0u);
    nodes[index].behind = index;
  }
}

}  // namespace ridley::book
