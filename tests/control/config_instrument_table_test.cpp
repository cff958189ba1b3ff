// SPDX-License-Identifier: Apache-2.0
// src/control/config_instrument_table.cpp
#include <gtest/gtest.h>

#include <set>

#include "control/config_table.hpp"

namespace ridley::control {
namespace {

TEST(ConfigInstrumentTable, NamesEveryLimitOnceAndGivesItAPlaceOfItsOwn) {
  InstrumentLimits limits;
  std::set<std::string> names;
  std::set<const void*> places;
  for (const InstrumentSetting& row : instrument_settings()) {
    EXPECT_EQ(row.setting.table, "risk.instrument");
    EXPECT_TRUE(names.insert(row.setting.path()).second) << row.setting.path();
    const void* place =
        std::visit([](auto* slot) -> const void* { return slot; }, row.slot(limits));
    EXPECT_TRUE(places.insert(place).second) << row.setting.path();
  }
  EXPECT_EQ(names.size(), 8U);
}

}  // namespace
}  // namespace ridley::control
