// SPDX-License-Identifier: Apache-2.0
#include "control/message_printer.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "wire/itch.hpp"
#include "wire/ouch.hpp"

namespace ridley::control {
namespace {

struct Shown {
  Printed printed;
  std::string text;
};

Shown show(MessageForm form, MessageProtocol protocol, std::span<const std::byte> message) {
  std::ostringstream out;
  MessagePrinter printer{form, out};
  const Printed printed = printer.print(protocol, 7, message);
  printer.flush();
  return {printed, out.str()};
}

std::vector<std::byte> add_order() {
  std::vector<std::byte> bytes(wire::itch::AddOrder::kSize);
  wire::itch::AddOrderWriter{bytes.data()}
      .stock_locate(3)
      .tracking_number(0)
      .timestamp(86'399'999'999'999)
      .order_reference_number(~0ull)
      .buy_sell_indicator('B')
      .shares(100)
      .stock("A\"\\\x01\xFF")
      .price(0xFFFF'FFFF);
  return bytes;
}

}  // namespace

TEST(MessagePrinter, PrintsAJsonObjectWithTheSchemasNames) {
  const Shown shown = show(MessageForm::Json, MessageProtocol::Itch, add_order());
  EXPECT_EQ(shown.printed, Printed::Whole);
  const auto object = nlohmann::json::parse(shown.text);
  EXPECT_EQ(object["seq"], 7);
  EXPECT_EQ(object["type"], "A");
  EXPECT_EQ(object["message"], "add_order");
  EXPECT_EQ(object["timestamp"], 86'399'999'999'999);
  EXPECT_EQ(object["order_reference_number"], ~0ull);
  EXPECT_EQ(object["price"], 0xFFFF'FFFFu);
  EXPECT_EQ(object["stock"], "A\"\\\x01\u00FF");
  EXPECT_EQ(object.size(), 12u);
}

TEST(MessagePrinter, PrintsTheSameAsText) {
  std::vector<std::byte> bytes = add_order();
  wire::itch::AddOrderWriter{bytes.data()}.stock("ZXZZT").price(10'000).order_reference_number(1);
  EXPECT_EQ(show(MessageForm::Text, MessageProtocol::Itch, bytes).text,
            "7 itch A add_order stock_locate=3 tracking_number=0 timestamp=86399999999999 "
            "order_reference_number=1 buy_sell_indicator=B shares=100 stock=ZXZZT price=10000\n");
}

TEST(MessagePrinter, PrintsAppendagesAsAnObjectOfTheirOwn) {
  std::vector<std::byte> bytes(wire::ouch::kInboundBytesMax, std::byte{' '});
  wire::ouch::EnterOrderWriter{bytes.data()}.user_ref_num(9);
  wire::ouch::Appender appender{bytes, wire::ouch::EnterOrder::kFixedSize};
  ASSERT_TRUE(appender.add_text(wire::ouch::Tag::Firm, "AB  "));
  ASSERT_TRUE(appender.add_number(wire::ouch::Tag::PegOffset, static_cast<std::uint32_t>(-5)));
  ASSERT_TRUE(appender.add_number<std::uint16_t>(wire::ouch::Tag::MinQty, 1));  // a wrong width
  const std::span<const std::byte> message{bytes.data(), appender.size()};
  const auto object =
      nlohmann::json::parse(show(MessageForm::Json, MessageProtocol::OuchInbound, message).text);
  EXPECT_EQ(object["appendage"],
            (nlohmann::json{{"firm", "AB"}, {"peg_offset", -5}, {"tag_3", "0001"}}));
  const std::string text = show(MessageForm::Text, MessageProtocol::OuchInbound, message).text;
  EXPECT_TRUE(text.ends_with(" appendage.firm=AB appendage.peg_offset=-5 appendage.tag_3=0001\n"))
      << text;
}

TEST(MessagePrinter, TellsShortBrokenAndUnknownMessagesApart) {
  std::vector<std::byte> bytes = add_order();
  bytes.pop_back();
  EXPECT_EQ(show(MessageForm::Json, MessageProtocol::Itch, bytes).printed, Printed::Malformed);
  EXPECT_EQ(show(MessageForm::Json, MessageProtocol::Itch, bytes).text, "");
  bytes[0] = std::byte{'z'};
  const Shown unknown = show(MessageForm::Json, MessageProtocol::Itch, bytes);
  EXPECT_EQ(unknown.printed, Printed::Unknown);
  EXPECT_EQ(nlohmann::json::parse(unknown.text)["bytes"].get<std::string>().size(), 70u);
  std::vector<std::byte> order(wire::ouch::EnterOrder::kSize + 1, std::byte{' '});
  wire::ouch::EnterOrderWriter{order.data()};
  EXPECT_EQ(show(MessageForm::Json, MessageProtocol::OuchInbound, order).printed,
            Printed::Malformed);
}

TEST(MessagePrinter, CountsByType) {
  std::ostringstream out;
  MessagePrinter printer{MessageForm::None, out};
  const std::vector<std::byte> bytes = add_order();
  for (std::uint64_t sequence = 1; sequence <= 3; ++sequence) {
    EXPECT_EQ(printer.print(MessageProtocol::Itch, sequence, bytes), Printed::Whole);
  }
  printer.count(MessageProtocol::Mold, 'h', "heartbeat", 20);
  printer.flush();
  EXPECT_EQ(out.str(), "");
  printer.print_counts(true);
  EXPECT_EQ(out.str(),
            "{\"protocol\":\"itch\",\"type\":\"A\",\"message\":\"add_order\",\"messages\":3,"
            "\"bytes\":108}\n{\"protocol\":\"moldudp64\",\"type\":\"h\",\"message\":\"heartbeat\","
            "\"messages\":1,\"bytes\":20}\n");
}

TEST(MessagePrinter, SaysWhenTheOutputTakesNoMore) {
  std::ostringstream out;
  out.setstate(std::ios::badbit);
  MessagePrinter printer{MessageForm::Text, out};
  EXPECT_EQ(printer.print(MessageProtocol::Itch, 1, add_order()), Printed::Whole);
  try {
    printer.flush();
    FAIL();
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_IOERR);
  }
}

}  // namespace ridley::control
