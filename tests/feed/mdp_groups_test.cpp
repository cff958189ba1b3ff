// SPDX-License-Identifier: Apache-2.0
#include "feed/mdp_groups.hpp"

#include <gtest/gtest.h>

#include <string>

namespace ridley::feed {
namespace {

constexpr MdpState kTrading{'T', true, true};
constexpr MdpState kPaused{'P', true, false};

MdpGroups::Group group(std::string_view name) { return MdpGroups::Group{name}; }

}  // namespace

TEST(MdpGroups, TradeWhereAllDo) {
  MdpGroups groups;
  EXPECT_FALSE(groups.common().has_value());
  groups.tell(group("ES"), kTrading);
  EXPECT_EQ(groups.common()->letter, 'T');
  groups.tell(group("NQ"), kPaused);
  EXPECT_EQ(groups.common()->letter, 'P');
  groups.tell(group("ES"), kTrading);
  EXPECT_EQ(groups.common()->letter, 'P');
  groups.tell(group("NQ"), kTrading);
  EXPECT_EQ(groups.common()->letter, 'T');
  groups.clear();
  EXPECT_FALSE(groups.common().has_value());
}

TEST(MdpGroups, TooManyAreHaltedForGood) {
  MdpGroups groups;
  for (std::size_t i = 0; i < MdpGroups::kGroupsMax; ++i)
    groups.tell(group(std::to_string(i)), kTrading);
  EXPECT_EQ(groups.common()->letter, 'T');
  groups.tell(group("ES"), kTrading);
  EXPECT_EQ(groups.common()->letter, 'H');
}

}  // namespace ridley::feed
