// SPDX-License-Identifier: Apache-2.0
// src/book/queue_position.cpp and src/book/followers.cpp: where an order stands, asked and
// followed.
#include <gtest/gtest.h>

#include <random>
#include <vector>

#include "book/books.hpp"
#include "book/events.hpp"
#include "book/followers.hpp"

namespace ridley::book {
namespace {

constexpr auto kBuy = event::Side::Buy;
constexpr Limits kSmall{.orders_max = 2000, .levels_max = 1000, .instruments_max = 10};

}  // namespace

TEST(QueuePosition, IsNothingForWhatIsUnknownOrNotFollowed) {
  Books books{kSmall};
  EXPECT_FALSE(books.follow(1));
  books.apply(Add{1, kBuy, 100, 9900});
  EXPECT_EQ(books.position(1), std::nullopt);
  EXPECT_TRUE(books.follow(1));
  EXPECT_TRUE(books.follow(1)) << "twice is once";
  ASSERT_TRUE(books.position(1).has_value());
  EXPECT_EQ(books.position(1)->quantity, 100u);
  books.unfollow(1);
  EXPECT_EQ(books.position(1), std::nullopt);
  books.unfollow(7);
}

TEST(QueuePosition, FollowsWhatLeavesBeforeTheOrder) {
  Books books{kSmall};
  for (std::uint64_t id = 1; id <= 4; ++id) books.apply(Add{id, kBuy, 100, 9900});
  ASSERT_TRUE(books.follow(3));
  EXPECT_EQ(books.position(3)->quantity_ahead, 200u);
  EXPECT_EQ(books.position(3)->orders_ahead, 2u);
  books.apply(Add{5, kBuy, 700, 9900});
  books.apply(Delete{4});
  EXPECT_EQ(books.position(3)->quantity_ahead, 200u) << "what is behind does not count";
  books.apply(Cancel{2, 40});
  EXPECT_EQ(books.position(3)->quantity_ahead, 160u);
  EXPECT_EQ(books.position(3)->orders_ahead, 2u);
  books.apply(Execute{1, 100});
  EXPECT_EQ(books.position(3)->quantity_ahead, 60u);
  EXPECT_EQ(books.position(3)->orders_ahead, 1u);
  books.apply(Delete{2});
  books.apply(Execute{3, 30});
  EXPECT_EQ(books.position(3)->quantity_ahead, 0u);
  EXPECT_EQ(books.position(3)->orders_ahead, 0u);
  EXPECT_EQ(books.position(3)->quantity, 70u);
  books.apply(Execute{3, 70});
  EXPECT_EQ(books.position(3), std::nullopt);
}

TEST(QueuePosition, EndsWhenTheOrderIsReplaced) {
  Books books{kSmall};
  books.apply(Add{1, kBuy, 100, 9900});
  books.apply(Add{2, kBuy, 50, 9900});
  ASSERT_TRUE(books.follow(1));
  books.apply(Replace{1, 3, 80, 9900});
  EXPECT_EQ(books.position(1), std::nullopt);
  EXPECT_EQ(books.position(3), std::nullopt);
  ASSERT_TRUE(books.follow(3));
  EXPECT_EQ(books.position(3)->quantity_ahead, 50u) << "behind all others now";
  books.apply(Replace{3, 3, 80, 9900});
  EXPECT_EQ(books.position(3), std::nullopt) << "the id is the same, the order is not";
}

TEST(QueuePosition, IsRightForSeveralOrdersOfOneLevel) {
  Books books{kSmall};
  for (std::uint64_t id = 1; id <= 6; ++id) books.apply(Add{id, kBuy, 10, 9900});
  ASSERT_TRUE(books.follow(5));
  books.apply(Add{7, kBuy, 10, 9900});
  ASSERT_TRUE(books.follow(7));
  ASSERT_TRUE(books.follow(2));
  books.apply(Delete{1});
  books.apply(Delete{5});
  books.apply(Delete{6});
  EXPECT_EQ(books.position(2)->orders_ahead, 0u);
  EXPECT_EQ(books.position(5), std::nullopt);
  EXPECT_EQ(books.position(7)->orders_ahead, 3u);
  EXPECT_EQ(books.position(7)->quantity_ahead, 30u);
}

TEST(QueuePosition, IsKeptForAsManyAsThereIsRoomForAndForgottenByARestart) {
  Books books{kSmall};
  for (std::uint64_t id = 0; id <= kFollowedMax; ++id) books.apply(Add{id, kBuy, 1, 9900});
  for (std::uint64_t id = 0; id < kFollowedMax; ++id) EXPECT_TRUE(books.follow(id));
  EXPECT_FALSE(books.follow(kFollowedMax));
  books.apply(Delete{0});
  EXPECT_TRUE(books.follow(kFollowedMax));
  EXPECT_EQ(books.position(kFollowedMax)->orders_ahead, kFollowedMax - 1);
  books.restart();
  EXPECT_EQ(books.position(1), std::nullopt);
  for (std::uint64_t id = 0; id < kFollowedMax; ++id) books.apply(Add{id, kBuy, 1, 9900});
  for (std::uint64_t id = 0; id < kFollowedMax; ++id) EXPECT_TRUE(books.follow(id));
}

TEST(QueuePosition, IsWhatWalkingTheQueueFinds) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random{seed};
  Books books{kSmall};
  std::vector<std::uint64_t> followed;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint64_t id = random() % 60;
    switch (random() % 6) {
      case 0:
      case 1:
        books.apply(Add{id, kBuy, 1 + static_cast<std::uint32_t>(random() % 9),
                        static_cast<std::uint32_t>(random() % 3)});
        break;
      case 2: books.apply(Delete{id}); break;
      case 3: books.apply(Execute{id, 1 + static_cast<std::uint32_t>(random() % 3)}); break;
      case 4:
        books.apply(Replace{id, random() % 60, 5, static_cast<std::uint32_t>(random() % 3)});
        break;
      default: random() % 3 == 0 ? books.unfollow(id) : (void)books.follow(id); break;
    }
    for (std::uint64_t one = 0; one < 60; ++one) {
      const auto position = books.position(one);
      if (!position) continue;
      ASSERT_EQ(position->quantity_ahead, books.quantity_ahead(one)) << step;
    }
  }
}

}  // namespace ridley::book
