// SPDX-License-Identifier: Apache-2.0
#include "feed/lobster_file.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <vector>

#include "support/scratch_folder.hpp"

namespace ridley::feed {
namespace {

using event::EventKind;
using event::MarketEvent;
using event::Side;

// "add 7 B100@5000", "cancel 7 40"; ids of what rested before count from "r0".
std::string text_of(const MarketEvent& event) {
  const auto id = [](std::uint64_t order_id) {
    const bool rested = order_id >> 63 != 0;
    return rested ? "r" + std::to_string(order_id << 1 >> 1) : std::to_string(order_id);
  };
  const std::string side = event.side == Side::Buy ? "B" : "S";
  switch (event.kind) {
    case EventKind::AddOrder:
      return "add " + id(event.add.order_id) + " " + side + std::to_string(event.add.quantity) +
             "@" + std::to_string(event.add.price_e4);
    case EventKind::CancelOrder:
      return "cancel " + id(event.cancel.order_id) + " " + std::to_string(event.cancel.quantity);
    case EventKind::ExecuteOrder:
      return "execute " + id(event.execute.order_id) + " " + std::to_string(event.execute.quantity);
    case EventKind::Trade:
      return "trade " + side + std::to_string(event.trade.quantity) + "@" +
             std::to_string(event.trade.price_e4);
    case EventKind::TradingAction: return std::string{"state "} + event.trading.state;
    default: return "?";
  }
}

class LobsterFiles : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& text) {
    std::ofstream{folder / name, std::ios::binary} << text;
  }
  std::vector<std::string> read(const std::string& messages) {
    write("X_message_1.csv", messages);
    LobsterFile file{base::ByteSource{folder / "X_message_1.csv"}};
    std::vector<std::string> lines;
    MarketEvent event;
    while (file.next(event)) {
      EXPECT_EQ(event.sequence, lines.size() + 1);
      EXPECT_EQ(event.locate, 1u);
      lines.push_back(text_of(event));
    }
    counts = file.counts();
    return lines;
  }

  ridley::test::ScratchFolder folder;
  LobsterFile::Counts counts{};
};

TEST(LobsterLine, HasATimeToTheNanosecond) {
  EXPECT_EQ(parse_lobster_line("34200.004241176,1,16,18,5853300,1")->ns, 34'200'004'241'176u);
  EXPECT_EQ(parse_lobster_line("34200.5,1,16,18,5853300,1")->ns, 34'200'500'000'000u);
  EXPECT_EQ(parse_lobster_line("34200,1,16,18,5853300,1")->ns, 34'200'000'000'000u);
  EXPECT_EQ(parse_lobster_line("1.0000000019,1,16,18,5853300,1")->ns, 1'000'000'001u);
}

TEST(LobsterLine, IsRefusedWhereAColumnIsWrong) {
  EXPECT_TRUE(parse_lobster_line("1,1,16,18,5853300,1"));
  EXPECT_TRUE(parse_lobster_line("1,1,16,18,5853300,-1,null"));
  EXPECT_TRUE(parse_lobster_line("1,7,0,0,-1,-1"));
  for (const char* wrong :
       {"", "time,type", "1,1,16,18,5853300", "1,0,16,18,5853300,1", "1,6,16,18,5853300,1",
        "1,8,16,18,5853300,1", "1,1,16,0,5853300,1", "1,1,16,18,0,1", "1,1,16,18,-5,1",
        "1,1,16,18,4294967295,1", "1,1,16,18,5853300,0", "1,1,16,18,5853300,1x", "-1,1,16,18,5,1",
        "1;1;16;18;5853300;1", "1,1,16,4294967296,5,1", "1,1,9223372036854775808,18,5,1",
        "604801,1,16,18,5,1", "1.x,1,16,18,5,1"})
    EXPECT_FALSE(parse_lobster_line(wrong)) << wrong;
}

TEST_F(LobsterFiles, SayWhatBecameOfAnOrder) {
  EXPECT_EQ(
      read("1,1,7,100,5000,1\n2,2,7,40,5000,1\n3,4,7,10,5000,1\n4,3,7,50,5000,1\n"),
      (std::vector<std::string>{"add 7 B100@5000", "cancel 7 40", "execute 7 10", "cancel 7 50"}));
  EXPECT_EQ(counts.lines, 4u);
  EXPECT_EQ(counts.wrong, 0u);
}

TEST_F(LobsterFiles, PrintWhatTradedWithAHiddenOrderAndTellOfHalts) {
  EXPECT_EQ(read("1,5,0,30,5000,-1\r\n2,7,0,0,-1,-1\r\n3,7,0,0,0,-1\r\n4,7,0,0,1,-1\r\n"),
            (std::vector<std::string>{"trade S30@5000", "state H", "state Q", "state T"}));
}

TEST_F(LobsterFiles, LeaveOutWhatIsNoMessageAndCountIt) {
  const std::string endless(100'000, 'x');
  EXPECT_EQ(read("1,1,7,100,5000,1\nnonsense\n\n" + endless + "\n2,3,7,100,5000,1"),
            (std::vector<std::string>{"add 7 B100@5000", "cancel 7 100"}));
  EXPECT_EQ(counts.first_wrong, 2u);
  EXPECT_GE(counts.wrong, 3u);
}

TEST_F(LobsterFiles, CountOrdersThatWereNeverInSight) {
  EXPECT_EQ(read("1,3,7,100,5000,1\n2,4,8,10,5000,1\n"),
            (std::vector<std::string>{"trade B10@5000"}));
  EXPECT_EQ(counts.strangers, 1u);
}

TEST_F(LobsterFiles, BeginWithTheBookThatLiesBesideThem) {
  // Behind the first message, an order of 30 for 4900.
  write("X_orderbook_1.csv", "5100,50,4900,80,9999999999,0,-9999999999,0\n");
  EXPECT_EQ(read("1,1,7,30,4900,1\n2,4,3,20,5100,-1\n3,3,4,50,4900,1\n4,2,5,31,5100,-1\n"),
            (std::vector<std::string>{"add r0 B50@4900", "add r1 S50@5100", "add 7 B30@4900",
                                      "execute r1 20", "cancel r0 50"}));
  EXPECT_EQ(counts.strangers, 1u);  // more than is left there
}

TEST_F(LobsterFiles, TakeTheFirstMessageBackFromTheBook) {
  write("X_orderbook_1.csv", "5100,50,4900,80\n");
  EXPECT_EQ(read("1,4,3,20,5100,-1\n"),
            (std::vector<std::string>{"add r0 B80@4900", "add r1 S70@5100", "execute r1 20"}));
}

TEST(LobsterHead, IsToldFromOtherFiles) {
  const auto is = [](std::string_view text) {
    return LobsterFile::is_lobster(std::as_bytes(std::span{text}));
  };
  EXPECT_TRUE(is("34200.1,1,7,100,5000,1\n34"));
  EXPECT_TRUE(is("34200.1,1,7,100,5000,1\r\n"));
  EXPECT_FALSE(is("34200.1,1,7,100,5000,1"));
  EXPECT_FALSE(is("5859400,200,5853300,18\n"));
  EXPECT_FALSE(is("DBN\n"));
}

}  // namespace
}  // namespace ridley::feed
