// SPDX-License-Identifier: Apache-2.0
#include "wire/itch.hpp"

#include <gtest/gtest.h>

#include <array>
#include <limits>

namespace ridley::wire::itch {

TEST(Itch, KeepsPricesAtTheirEdges) {
  std::array<std::byte, AddOrder::kSize> bytes{};
  AddOrderWriter writer{bytes.data()};
  for (const std::uint32_t price : {0u, 1u, 2'000'000'000u, 0x7FFF'FFFFu, 0xFFFF'FFFFu}) {
    writer.price(price).shares(~price);
    EXPECT_EQ(AddOrder{bytes.data()}.price(), price);
    EXPECT_EQ(AddOrder{bytes.data()}.shares(), ~price);
  }
  std::array<std::byte, MwcbDeclineLevel::kSize> levels{};
  MwcbDeclineLevelWriter{levels.data()}.level_3(std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(MwcbDeclineLevel{levels.data()}.level_3(), std::numeric_limits<std::uint64_t>::max());
  EXPECT_EQ(MwcbDeclineLevel{levels.data()}.level_2(), 0u);
}

TEST(Itch, KeepsTimesAndLocatesAtTheirEdges) {
  std::array<std::byte, OrderDelete::kSize> bytes{};
  OrderDeleteWriter writer{bytes.data()};
  for (const std::uint64_t time :
       {std::uint64_t{0}, std::uint64_t{86'399'999'999'999}, std::uint64_t{0xFFFF'FFFF'FFFF}}) {
    writer.stock_locate(65'535).tracking_number(0).timestamp(time).order_reference_number(0);
    const OrderDelete view{bytes.data()};
    EXPECT_EQ(view.timestamp(), time);
    EXPECT_EQ(view.stock_locate(), 65'535);
    EXPECT_EQ(view.tracking_number(), 0);
    EXPECT_EQ(view.order_reference_number(), 0u);
  }
}

TEST(Itch, TellsTypesApartThatDifferInCaseOnly) {
  EXPECT_EQ(size_of('h'), OperationalHalt::kSize);
  EXPECT_EQ(size_of('H'), StockTradingAction::kSize);
}

TEST(Itch, RefusesWhatItDoesNotKnow) {
  const auto never = [](const auto&) { FAIL(); };
  EXPECT_FALSE(visit({}, never));
  std::array<std::byte, 64> bytes{};
  EXPECT_FALSE(visit(bytes, never));
  bytes[0] = std::byte{'a'};
  EXPECT_FALSE(visit(bytes, never));
  EXPECT_EQ(size_of('a'), 0u);
}

TEST(Itch, PadsAndTrimsText) {
  std::array<std::byte, StockDirectory::kSize> bytes{};
  StockDirectoryWriter{bytes.data()}.stock("ZXZZT").issue_sub_type("Z").market_category('Q');
  const StockDirectory view{bytes.data()};
  EXPECT_EQ(view.stock().text(), "ZXZZT");
  EXPECT_EQ(view.stock().raw()[7], ' ');
  EXPECT_EQ(view.issue_sub_type().text(), "Z");
  EXPECT_EQ(name_of(static_cast<MarketCategory>(view.market_category())),
            "nasdaq_global_select_market");
}

}  // namespace ridley::wire::itch
