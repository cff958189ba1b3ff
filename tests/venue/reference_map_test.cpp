// SPDX-License-Identifier: Apache-2.0
#include "venue/reference_map.hpp"

#include <gtest/gtest.h>

#include <unordered_map>

#include "venue/random.hpp"

namespace ridley::venue {

TEST(ReferenceMap, DoesNotFindWhatWasNeverThere) {
  ReferenceMap map{16};
  EXPECT_EQ(map.find(1), ReferenceMap::kNoSlot);
  map.insert(1, 10);
  EXPECT_EQ(map.find(1), 10u);
  EXPECT_EQ(map.find(2), ReferenceMap::kNoSlot);
  map.erase(2);
  EXPECT_EQ(map.size(), 1u);
}

TEST(ReferenceMap, AgreesWithTheStandardMapThroughAddsAndDeletes) {
  constexpr std::uint64_t kSeed = 11;
  SCOPED_TRACE(kSeed);
  Random random{kSeed};
  ReferenceMap map{16};
  std::unordered_map<std::uint64_t, std::uint32_t> expected;
  for (int i = 0; i < 200'000; ++i) {
    const std::uint64_t reference = 1 + random.below(3000);
    if (!expected.contains(reference)) {
      const std::uint32_t slot = random.below(1'000'000);
      map.insert(reference, slot);
      expected.emplace(reference, slot);
    } else {
      map.erase(reference);
      expected.erase(reference);
    }
    ASSERT_EQ(map.size(), expected.size());
  }
  for (std::uint64_t reference = 1; reference <= 3000; ++reference) {
    const auto found = expected.find(reference);
    ASSERT_EQ(map.find(reference), found == expected.end() ? ReferenceMap::kNoSlot : found->second);
  }
}

}  // namespace ridley::venue
