// SPDX-License-Identifier: Apache-2.0
#include "venue/message_buffer.hpp"

#include <gtest/gtest.h>

namespace ridley::venue {

TEST(MessageBuffer, PutsEachMessageBehindItsLength) {
  MessageBuffer buffer;
  buffer.append(1)[0] = std::byte{7};
  buffer.append(300)[299] = std::byte{9};
  ASSERT_EQ(buffer.bytes().size(), 2u + 1 + 2 + 300);
  EXPECT_EQ(buffer.bytes()[1], std::byte{1});
  EXPECT_EQ(buffer.bytes()[3], std::byte{1});
  EXPECT_EQ(buffer.bytes()[4], std::byte{44});
  std::vector<std::size_t> sizes;
  for_each_message(buffer.bytes(), [&](std::span<const std::byte> message) {
    sizes.push_back(message.size());
    EXPECT_NE(message.back(), std::byte{0});
  });
  EXPECT_EQ(sizes, (std::vector<std::size_t>{1, 300}));
  buffer.clear();
  EXPECT_TRUE(buffer.empty());
}

}  // namespace ridley::venue
