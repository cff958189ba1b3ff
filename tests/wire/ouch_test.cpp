// SPDX-License-Identifier: Apache-2.0
#include "wire/ouch.hpp"

#include <gtest/gtest.h>

#include <array>

namespace ridley::wire::ouch {

TEST(Ouch, KeepsPricesAtTheirEdges) {
  std::array<std::byte, EnterOrder::kSize> bytes{};
  for (const std::uint64_t price : {std::uint64_t{0}, std::uint64_t{0x7735'939C},
                                    std::uint64_t{0x7FFF'FFFF}, ~std::uint64_t{0}}) {
    EnterOrderWriter{bytes.data()}.price(price);
    EXPECT_EQ(EnterOrder(bytes.data()).price(), price);
  }
}

TEST(Ouch, AFreshWriterHasAnEmptyAppendage) {
  std::array<std::byte, OrderAccepted::kSize> bytes;
  bytes.fill(std::byte{0xEE});
  OrderAcceptedWriter{bytes.data()}.order_state('D');
  const OrderAccepted accepted{bytes.data()};
  EXPECT_EQ(accepted.appendage_length(), 0u);
  EXPECT_TRUE(accepted.appendages().well_formed());
  EXPECT_TRUE(accepted.appendages().empty());
}

TEST(Ouch, TakesABareCancelAndRefusesAnOrderWithoutItsAppendageLength) {
  const auto ignore = [](const auto&) {};
  std::array<std::byte, 64> bytes{};
  CancelOrderWriter{bytes.data()}.user_ref_num(1);
  EXPECT_TRUE(visit_inbound({bytes.data(), CancelOrder::kFixedSize}, ignore));
  EnterOrderWriter{bytes.data()};
  EXPECT_TRUE(visit_inbound({bytes.data(), EnterOrder::kSize}, ignore));
  EXPECT_FALSE(visit_inbound({bytes.data(), EnterOrder::kFixedSize}, ignore));
}

TEST(Ouch, TheSameLetterMeansAnotherMessageTheOtherWay) {
  std::array<std::byte, 70> bytes{};
  bytes[0] = std::byte{'U'};
  std::string_view name;
  const auto keep = [&name](const auto& view) { name = view.kName; };
  EXPECT_TRUE(visit_inbound(bytes, keep));
  EXPECT_EQ(name, "replace_order");
  EXPECT_TRUE(visit_outbound(bytes, keep));
  EXPECT_EQ(name, "order_replaced");
}

TEST(Ouch, NamesItsReasons) {
  EXPECT_EQ(static_cast<int>(RejectedOrderReason::InvalidQuantity), 0x13);
  EXPECT_EQ(name_of(RejectedOrderReason::FirmNotAuthorized), "firm_not_authorized");
  EXPECT_EQ(value_size(Tag::DisplayPrice), 8u);
  EXPECT_EQ(value_size(static_cast<Tag>(8)), 0u);
  EXPECT_TRUE(is_text(Tag::Firm));
  EXPECT_FALSE(is_text(Tag::MinQty));
}

}  // namespace ridley::wire::ouch
