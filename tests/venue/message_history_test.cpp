// SPDX-License-Identifier: Apache-2.0
#include "venue/message_history.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "venue/message_buffer.hpp"

namespace ridley::venue {
namespace {

constexpr std::size_t kMuch = 1U << 30;

// Messages that carry their own numbers.
void publish(MessageHistory& history, std::uint64_t count, std::size_t size = 36) {
  MessageBuffer buffer;
  for (std::uint64_t i = 0; i < count; ++i)
    base::store_big_endian(buffer.append(size), history.next_sequence() + i);
  history.append(buffer.bytes());
}

TEST(MessageHistory, GivesAnyMessageAgain) {
  MessageHistory history{kMuch};
  publish(history, 200'000);  // several segments
  EXPECT_EQ(history.next_sequence(), 200'001u);
  for (std::uint64_t wanted = 1; wanted <= 200'000; wanted += 617) {
    const MessageHistory::Found found = history.find(wanted, 1, 100);
    ASSERT_EQ(found.count, 1);
    ASSERT_EQ(base::load_big_endian<std::uint64_t>(first_message(found.framed).data()), wanted);
  }
}

TEST(MessageHistory, GivesNoMoreThanWasAskedForAndNoMoreThanFits) {
  MessageHistory history{kMuch};
  publish(history, 100);
  EXPECT_EQ(history.find(1, 7, kMuch).count, 7);
  EXPECT_EQ(history.find(1, 0, kMuch).count, 0);
  EXPECT_EQ(history.find(1, 100, 5 * 38).count, 5);
  EXPECT_EQ(history.find(1, 100, 5 * 38 - 1).count, 4);
  EXPECT_EQ(history.find(99, 100, kMuch).count, 2);
  EXPECT_EQ(history.find(0, 1, kMuch).count, 0);
  EXPECT_EQ(history.find(101, 1, kMuch).count, 0);
}

TEST(MessageHistory, ForgetsTheOldestWhenItIsFull) {
  MessageHistory history{2 * MessageHistory::kSegmentBytes};
  publish(history, 100'000);
  EXPECT_GT(history.oldest_sequence(), 1u);
  EXPECT_EQ(history.find(history.oldest_sequence() - 1, 1, kMuch).count, 0);
  EXPECT_EQ(history.find(history.oldest_sequence(), 1, kMuch).count, 1);
  EXPECT_GT(history.next_sequence() - history.oldest_sequence(), 27'000u);
}

TEST(MessageHistory, HoldsEmptyMessages) {
  MessageHistory history{kMuch};
  publish(history, 1);
  MessageBuffer empty;
  (void)empty.append(0);
  history.append(empty.bytes());
  EXPECT_EQ(history.find(2, 5, kMuch).framed.size(), 2u);
  EXPECT_TRUE(MessageHistory{kMuch}.find(1, 1, 100).framed.empty());
}

}  // namespace
}  // namespace ridley::venue
