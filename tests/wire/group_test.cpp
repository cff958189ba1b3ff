// SPDX-License-Identifier: Apache-2.0
#include "wire/group.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace ridley::wire {
namespace {

struct Pair {
  static constexpr std::size_t kSize = 2;
  explicit Pair(const std::byte* from) : at{from} {}
  const std::byte* at;
  [[nodiscard]] int sum() const { return static_cast<int>(at[0]) + static_cast<int>(at[1]); }
};

std::vector<std::byte> bytes(std::initializer_list<int> values) {
  std::vector<std::byte> all;
  for (const int value : values) all.push_back(static_cast<std::byte>(value));
  return all;
}

template <typename GroupType>
std::vector<int> sums(const GroupType& group) {
  std::vector<int> all;
  for (const Pair pair : group) all.push_back(pair.sum());
  return all;
}

}  // namespace

TEST(Group, IsSteppedOverByTheLengthOnTheWire) {
  // One byte, then two entries of three bytes, of which the last one is a later version's.
  const auto message = bytes({9, 3, 0, 2, 1, 2, 99, 3, 4, 99, 7});
  const auto group = Group<Pair, 3>::behind(message, 1);
  EXPECT_EQ(sums(group), (std::vector{3, 7}));
  EXPECT_EQ(group.size(), 2u);
  EXPECT_EQ(group[1].sum(), 7);
  EXPECT_EQ(group.end_at(), 10u);
}

TEST(Group, HasItsNumberInTheLastByteOfALongHeader) {
  const auto message = bytes({2, 0, 0, 0, 0, 0, 0, 1, 5, 6});
  const auto group = Group<Pair, 8>::behind(message, 0);
  EXPECT_EQ(sums(group), (std::vector{11}));
  EXPECT_EQ(group.end_at(), 10u);
}

TEST(Group, WithoutEntriesEndsBehindItsHeader) {
  const auto message = bytes({0, 0, 0});
  const auto group = Group<Pair, 3>::behind(message, 0);
  EXPECT_TRUE(sums(group).empty());
  EXPECT_EQ(group.end_at(), 3u);
}

TEST(Group, ThatDoesNotFitHasNoEntriesAndEndsBeyondTheMessage) {
  for (const auto& message :
       {bytes({2, 0}), bytes({2, 0, 2, 1, 2, 3}), bytes({1, 0, 2, 1, 2}), bytes({})}) {
    const auto group = Group<Pair, 3>::behind(message, 0);
    EXPECT_TRUE(sums(group).empty());
    EXPECT_GT(group.end_at(), message.size());
    // What follows it does not fit either.
    EXPECT_GT((Group<Pair, 3>::behind(message, group.end_at()).end_at()), message.size());
  }
}

}  // namespace ridley::wire
