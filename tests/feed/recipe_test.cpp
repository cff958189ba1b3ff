// SPDX-License-Identifier: Apache-2.0
// src/feed/recipe.cpp against decoding type by type.
#include "feed/recipe.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <random>
#include <string_view>
#include <vector>

#include "feed/decode.hpp"
#include "wire/itch.hpp"

namespace ridley::feed {
namespace {

constexpr std::string_view kWithRecipe = "AEXDU";

// A message in memory of exactly its size, so that a look beyond it is seen by a sanitizer.
std::vector<std::byte> random_message(std::mt19937& random, char type, std::size_t size) {
  std::vector<std::byte> message(size);
  for (std::byte& byte : message) byte = static_cast<std::byte>(random());
  if (size > 0) message[0] = static_cast<std::byte>(type);
  return message;
}

}  // namespace

TEST(Recipes, AreThereForTheTypesThatMakeUpADay) {
  for (int type = 0; type < 256; ++type) {
    const Recipe& recipe = kRecipes[static_cast<std::size_t>(type)];
    if (kWithRecipe.find(static_cast<char>(type)) == std::string_view::npos) {
      EXPECT_EQ(recipe.size, kNoRecipe) << type;
    } else {
      EXPECT_EQ(recipe.size, wire::itch::size_of(static_cast<char>(type))) << type;
    }
  }
}

TEST(Recipes, GiveWhatDecodingByTypeGives) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE(testing::Message() << "seed " << seed);
  std::mt19937 random{seed};
  for (int round = 0; round < 50'000; ++round) {
    const char type = kWithRecipe[random() % kWithRecipe.size()];
    // One byte short up to three more, as a later version of the protocol may have.
    const std::size_t size = wire::itch::size_of(type) - 1 + random() % 5;
    const std::vector<std::byte> message = random_message(random, type, size);
    event::MarketEvent event;
    event::MarketEvent expected;
    std::memset(&event, 0xA5, sizeof event);
    std::memset(&expected, 0xA5, sizeof expected);
    const auto sequence = static_cast<std::uint64_t>(random());
    const Decoded decoded = decode(message, sequence, event);
    ASSERT_EQ(decoded, decode_by_type(message, sequence, expected));
    ASSERT_EQ(std::memcmp(&event, &expected, sizeof event), 0) << type << " of " << size;
  }
}

TEST(Recipes, AreNotFollowedForAnUnknownTypeHoweverLong) {
  std::vector<std::byte> message(65'535);
  event::MarketEvent event;
  EXPECT_EQ(decode(message, 1, event), Decoded::UnknownType);
  EXPECT_EQ(decode({}, 1, event), Decoded::Truncated);
}

}  // namespace ridley::feed
