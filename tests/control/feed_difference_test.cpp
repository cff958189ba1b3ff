// SPDX-License-Identifier: Apache-2.0
#include "control/feed_difference.hpp"

#include <gtest/gtest.h>

#include <cstring>

namespace ridley::control {
namespace {

event::MarketEvent added() {
  event::MarketEvent event{};
  event.kind = event::EventKind::AddOrder;
  event.side = event::Side::Buy;
  event.locate = 17;
  event.sequence = 1'234;
  event.add.order_id = 5;
  event.add.quantity = 100;
  event.add.price_e4 = 1'000;
  event.add.symbol = {'A', 'A', 'P', 'L', ' ', ' ', ' ', ' '};
  return event;
}

std::string text(const event::MarketEvent& card) {
  return difference_text({added(), card}, "AAPL");
}

}  // namespace

TEST(FeedDifference, NamesMessageInstrumentFieldAndBothValues) {
  event::MarketEvent card = added();
  card.add.price_e4 = __builtin_bswap32(card.add.price_e4);
  EXPECT_EQ(text(card),
            "message 1234, add_order of AAPL: price_e4 is 1000 in the software, 3892510720 on the "
            "card");
  card.side = event::Side::Sell;  // it comes before
  EXPECT_EQ(text(card),
            "message 1234, add_order of AAPL: side is buy in the software, sell on the card");
}

TEST(FeedDifference, OfTwoKindsIsTheKind) {
  event::MarketEvent card = added();
  card.kind = event::EventKind::Trade;
  EXPECT_EQ(text(card),
            "message 1234, add_order of AAPL: kind is add_order in the software, trade on the "
            "card");
  card.kind = static_cast<event::EventKind>(99);
  EXPECT_EQ(text(card),
            "message 1234, add_order of AAPL: kind is add_order in the software, 99 on the card");
}

TEST(FeedDifference, OfATextThatIsNotThereSaysSo) {
  event::MarketEvent card = added();
  card.add.symbol.fill(' ');
  EXPECT_EQ(text(card),
            "message 1234, add_order of AAPL: symbol is AAPL in the software, nothing on the card");
}

TEST(FeedDifference, OfNoFieldIsAByte) {
  event::MarketEvent card = added();
  const std::byte wrong{0x7F};
  std::memcpy(reinterpret_cast<std::byte*>(&card) + 55, &wrong, 1);
  EXPECT_EQ(text(card),
            "message 1234, add_order of AAPL: byte 55 is 0x00 in the software, 0x7f on the card");
}

}  // namespace ridley::control
