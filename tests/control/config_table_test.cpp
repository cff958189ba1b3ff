// SPDX-License-Identifier: Apache-2.0
// Also tests control/config_order_table.cpp.
#include "control/config_table.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>

namespace ridley::control {
namespace {

TEST(ConfigTable, NamesEverySettingOnceAndInATableThatExists) {
  std::set<std::string> seen;
  const auto tables = config_tables();
  for (const ConfigSetting& row : config_settings()) {
    EXPECT_TRUE(seen.insert(row.setting.path()).second) << row.setting.path();
    EXPECT_NE(std::find(tables.begin(), tables.end(), row.setting.table), tables.end());
  }
}

TEST(ConfigTable, GivesEverySettingAPlaceOfItsOwn) {
  Config config;
  std::set<const void*> seen;
  for (const ConfigSetting& row : config_settings()) {
    const void* place =
        std::visit([](auto* slot) -> const void* { return slot; }, row.slot(config));
    EXPECT_TRUE(seen.insert(place).second) << row.setting.path();
  }
}

TEST(ConfigTable, HasDefaultsWithinTheirRanges) {
  Config config;
  for (const ConfigSetting& row : config_settings()) {
    if (row.setting.need == Need::Required) continue;
    const Slot slot = row.slot(config);
    const auto [min, max] = row.setting.range;
    if (const auto* number = std::get_if<std::uint32_t*>(&slot)) {
      EXPECT_GE(**number, min) << row.setting.path();
      EXPECT_LE(**number, max) << row.setting.path();
    }
    if (const auto* text = std::get_if<std::string*>(&slot)) {
      EXPECT_GE((*text)->size(), min) << row.setting.path();
      EXPECT_LE((*text)->size(), max) << row.setting.path();
      EXPECT_EQ(form_fault(row.setting.form, **text), "") << row.setting.path();
    }
    if (const auto* choice = std::get_if<std::uint8_t*>(&slot)) {
      EXPECT_LT(**choice, row.setting.choices.size()) << row.setting.path();
    }
  }
}

}  // namespace
}  // namespace ridley::control
