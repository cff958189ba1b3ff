// SPDX-License-Identifier: Apache-2.0
#include "control/event_printer.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

#include "base/error.hpp"

namespace ridley::control {
namespace {

using event::Arrival;
using event::EventKind;

FeedRecord record_of(EventKind kind) {
  FeedRecord record{.form = card::CardForm::Event, .event = {}, .packet = {}};
  event::MarketEvent& event = record.event;
  event.kind = kind;
  event.side = event::Side::Buy;
  event.locate = 1;
  event.tracking_number = 2;
  event.exchange_ns = 3;
  event.sequence = 4;
  // Every byte another letter, so that a field in the wrong place shows.
  for (std::size_t i = 0; i < event.body_bytes.size(); ++i) {
    event.body_bytes[i] = static_cast<std::byte>('A' + i % 26);
  }
  return record;
}

FeedRecord record_of(card::CardForm form, Arrival arrival) {
  FeedRecord record{.form = form, .event = {}, .packet = {}};
  record.packet.arrival = static_cast<std::uint8_t>(arrival);
  record.packet.count = 5;
  record.packet.stamp_ns = 6;
  record.packet.first_sequence = 7;
  record.packet.missing_from = 8;
  record.packet.missing_count = 9;
  record.packet.session = {'D', 'A', 'Y', ' ', ' ', ' ', ' ', ' ', ' ', ' '};
  record.packet.mark = 10;
  return record;
}

std::string show(MessageForm form, const FeedRecord& record) {
  std::ostringstream out;
  EventPrinter printer{form, out};
  printer.print(record);
  printer.flush();
  return out.str();
}

constexpr char kHeader[] = " side=buy locate=1 tracking_number=2 exchange_ns=3 sequence=4";

// What follows the header, by kind. 5208208757389214273 is ABCDEFGH, 1145258561 is ABCD.
constexpr std::array<const char*, 35> kBodies{
    "",
    " order_id=5208208757389214273 quantity=1280002633 price_e4=1347374669 symbol=QRSTUVWX"
    " attribution=YZAB",
    " order_id=5208208757389214273 quantity=1280002633 price_e4=1347374669"
    " match_number=6365651522798441041 printable=89",
    " order_id=5208208757389214273 quantity=1280002633 price_e4=1347374669"
    " match_number=6365651522798441041 printable=89",
    " order_id=5208208757389214273 quantity=1280002633",
    " order_id=5208208757389214273",
    " order_id=5208208757389214273 quantity=1280002633 price_e4=1347374669"
    " new_order_id=6365651522798441041",
    " order_id=5208208757389214273 quantity=1280002633 price_e4=1347374669"
    " match_number=6365651522798441041 symbol=YZABCDEF",
    " quantity=5208208757389214273 match_number=5786930140093827657 price_e4=1414746705"
    " cross_type=U symbol=YZABCDEF",
    " match_number=5208208757389214273",
    " event_code=A",
    " symbol=ABCDEFGH round_lot_size=1280002633 etp_leverage_factor=1347374669 market_category=Q"
    " financial_status=R round_lots_only=S issue_classification=T issue_sub_type=UV authenticity=W"
    " short_sale_threshold=X ipo_flag=Y luld_tier=Z etp_flag=A inverse=B",
    " symbol=ABCDEFGH state=I reason=MNOP",
    " symbol=ABCDEFGH action=I",
    " symbol=ABCDEFGH mpid=IJKL primary=M mode=N state=O",
    " level_1_e8=5208208757389214273 level_2_e8=5786930140093827657"
    " level_3_e8=6365651522798441041",
    " level=A",
    " symbol=ABCDEFGH release_time_s=1280002633 price_e4=1347374669 qualifier=Q",
    " symbol=ABCDEFGH reference_price_e4=1280002633 upper_price_e4=1347374669"
    " lower_price_e4=1414746705 extension=1482118741",
    " symbol=ABCDEFGH market_code=I action=J",
    " paired_quantity=5208208757389214273 imbalance_quantity=5786930140093827657"
    " far_price_e4=1414746705 near_price_e4=1482118741 reference_price_e4=1111579225 direction=C"
    " cross_type=D variation=E",
    " symbol=ABCDEFGH interest=I",
    " near_execution_ns=5208208757389214273 minimum_price_e4=1280002633"
    " maximum_price_e4=1347374669 near_price_e4=1414746705 lower_collar_e4=1482118741"
    " upper_collar_e4=1111579225 eligibility=C",
    " order_id=5208208757389214273 quantity=1280002633 price_e4=1347374669"
    " priority=6365651522798441041 keeps_priority=89",
    " order_id=5208208757389214273 quantity=1280002633 price_e4=1347374669"
    " match_number=6365651522798441041 remaining=1111579225",
    " quantity=5208208757389214273 orders=1280002633 price_e4=1347374669"
    " instrument_sequence=1414746705 position=85 action=86",
    " quantity=5208208757389214273 price_e4=1347374669 statistic=81 code=R",
    " symbol=ABCDEFGH event_code=I",
    "",
    " missing_from=5208208757389214273 missing_count=5786930140093827657 reason=81",
    " last_sequence=5208208757389214273 instrument_sequence=1280002633 instruments=1347374669",
    " last_sequence=5208208757389214273 instrument_sequence=1280002633 instruments=1347374669",
    " price_unit_e9=5208208757389214273 price_zero_e9=5786930140093827657"
    " price_tick=1414746705 security_id=1482118741 group=YZABCDEF depth=71 implied_depth=72",
    " lower_price_e4=1145258561 upper_price_e4=1212630597 variation_e4=1280002633",
    ""};

}  // namespace

TEST(EventPrinter, PrintsEveryKindWithItsFields) {
  for (std::size_t kind = 0; kind < kBodies.size(); ++kind) {
    const auto value = static_cast<EventKind>(kind);
    const std::string expected =
        "event kind=" + std::string{name_of(value)} + kHeader + kBodies[kind] + "\n";
    EXPECT_EQ(show(MessageForm::Text, record_of(value)), expected);
  }
}

TEST(EventPrinter, KnowsEveryKindThatThereIs) {
  EXPECT_NE(name_of(static_cast<EventKind>(kBodies.size() - 1)), "unknown");
  EXPECT_EQ(name_of(static_cast<EventKind>(kBodies.size())), "unknown");
}

TEST(EventPrinter, ShowsFlagsWhereThereAreSome) {
  FeedRecord record = record_of(EventKind::DeleteOrder);
  record.event.flags = 3;
  EXPECT_EQ(show(MessageForm::Text, record),
            "event kind=delete_order side=buy locate=1 tracking_number=2 flags=3 exchange_ns=3 "
            "sequence=4 order_id=5208208757389214273\n");
}

TEST(EventPrinter, PrintsTheSameAsJson) {
  FeedRecord record = record_of(EventKind::DeleteOrder);
  record.event.remove.order_id = ~0ull;
  EXPECT_EQ(show(MessageForm::Json, record),
            "{\"record\":\"event\",\"kind\":\"delete_order\",\"side\":\"buy\",\"locate\":1,"
            "\"tracking_number\":2,\"exchange_ns\":3,\"sequence\":4,"
            "\"order_id\":18446744073709551615}\n");
  for (std::size_t kind = 0; kind < kBodies.size(); ++kind) {
    const auto object =
        nlohmann::json::parse(show(MessageForm::Json, record_of(static_cast<EventKind>(kind))));
    EXPECT_EQ(object["sequence"], 4) << kind;
  }
}

TEST(EventPrinter, PrintsWhatHasNoNameAsANumber) {
  FeedRecord record = record_of(static_cast<EventKind>(200));
  record.event.side = static_cast<event::Side>('x');
  EXPECT_EQ(show(MessageForm::Text, record),
            "event kind=200 side=120 locate=1 tracking_number=2 exchange_ns=3 sequence=4\n");
}

TEST(EventPrinter, EscapesLettersThatAreNone) {
  FeedRecord record = record_of(EventKind::TradingAction);
  record.event.trading.symbol = {'A', '"', '\\', '\x01', '\xFF', ' ', ' ', ' '};
  record.event.trading.state = '\0';
  record.event.trading.reason = {' ', ' ', ' ', ' '};
  EXPECT_EQ(nlohmann::json::parse(show(MessageForm::Json, record))["symbol"], "A\"\\\x01\u00FF");
  EXPECT_TRUE(show(MessageForm::Text, record)
                  .ends_with(" symbol=A\\\"\\\\\\u0001\\u00ff state=\\u0000 reason=\n"));
}

TEST(EventPrinter, PrintsNewsOfPacketsAndNothingElseOfThem) {
  for (const Arrival arrival : {Arrival::Gap, Arrival::HeartbeatGap, Arrival::EndOfSession,
                                Arrival::EndOfSessionGap, Arrival::SessionChange}) {
    EXPECT_EQ(show(MessageForm::Text, record_of(card::CardForm::Packet, arrival)),
              "packet arrival=" + std::string{name_of(arrival)} +
                  " count=5 stamp_ns=6 first_sequence=7 missing_from=8 missing_count=9"
                  " session=DAY\n");
  }
  for (const Arrival arrival : {Arrival::InOrder, Arrival::Overlap, Arrival::Heartbeat}) {
    EXPECT_EQ(show(MessageForm::Text, record_of(card::CardForm::Packet, arrival)), "");
  }
  EXPECT_EQ(show(MessageForm::Json, record_of(card::CardForm::ShortMessage, Arrival::InOrder)),
            "{\"record\":\"short_message\",\"arrival\":\"in_order\",\"count\":5,\"stamp_ns\":6,"
            "\"first_sequence\":7,\"missing_from\":8,\"missing_count\":9,\"session\":\"DAY\"}\n");
}

TEST(EventPrinter, CountsByKind) {
  for (const bool json : {false, true}) {
    std::ostringstream out;
    EventPrinter printer{MessageForm::None, out};
    printer.print(record_of(EventKind::Trade));
    printer.print(record_of(EventKind::Trade));
    printer.print(record_of(card::CardForm::Packet, Arrival::InOrder));
    printer.print(record_of(card::CardForm::ShortMessage, Arrival::Gap));
    printer.print_counts(json);
    EXPECT_EQ(out.str(), json ? "{\"record\":\"event\",\"kind\":\"trade\",\"count\":2}\n"
                                "{\"record\":\"packet\",\"kind\":\"in_order\",\"count\":1}\n"
                                "{\"record\":\"short_message\",\"kind\":\"gap\",\"count\":1}\n"
                              : "event         trade                               2\n"
                                "packet        in_order                            1\n"
                                "short_message gap                                 1\n"
                                "total                                             4\n");
  }
}

TEST(EventPrinter, SaysWhenTheOutputTakesNoMore) {
  std::ostringstream out;
  EventPrinter printer{MessageForm::Text, out};
  printer.print(record_of(EventKind::Trade));
  out.setstate(std::ios::badbit);
  EXPECT_THROW(printer.flush(), base::Error);
}

}  // namespace ridley::control
