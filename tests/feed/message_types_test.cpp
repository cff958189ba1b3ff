// SPDX-License-Identifier: Apache-2.0
#include "feed/message_types.hpp"

#include <gtest/gtest.h>

#include <string>

#include "wire/itch.hpp"

namespace ridley::feed {

TEST(MessageTypes, AreThoseOfTheSpecificationWithTheirLengths) {
  std::string letters;
  for (const MessageType& type : message_types()) {
    const char letter = static_cast<char>(type.letter);
    letters += letter;
    EXPECT_LE(type.bytes, kItchMessageBytesMax);
    if (letter == 'A') {
      EXPECT_EQ(type.bytes, wire::itch::AddOrder::kSize);
    }
    if (letter == 'I') {
      EXPECT_EQ(type.bytes, wire::itch::Noii::kSize);
    }
  }
  EXPECT_EQ(letters, "ABCDEFHIJKLNOPQRSUVWXYh");
}

}  // namespace ridley::feed
