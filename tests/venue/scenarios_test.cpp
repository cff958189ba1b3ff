// SPDX-License-Identifier: Apache-2.0
// Every scenario that is shipped shows what it says. Of venue/stage.cpp, venue/client_session.cpp
// and venue/order_gateway.cpp as well.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/error.hpp"
#include "scripted_day.hpp"
#include "venue/scenario.hpp"

namespace ridley::venue {
namespace {

using test::enter_order;
using test::ScriptedDay;

std::filesystem::path folder() {
  const char* source = std::getenv("RIDLEY_SOURCE_FOLDER");
  return std::filesystem::path{source != nullptr ? source : "."} / "scenarios";
}

Scenario shipped(const std::string& name) {
  return read_scenario((folder() / (name + ".toml")).string());
}

using Gaps = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

std::uint32_t best_bid(ScriptedDay& day, std::uint16_t locate = 1) {
  return day.day.exchange().engine().displayed_best_e4(locate, event::Side::Buy);
}

double share_of(double now, double before) { return now / before; }

TEST(Scenarios, AreNamedAfterTheirFilesAndSayWhatTheyShow) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator{folder()}) {
    const Scenario scenario = read_scenario(entry.path().string());
    EXPECT_EQ(scenario.name, entry.path().stem().string());
    EXPECT_FALSE(scenario.shows.empty()) << scenario.name;
    EXPECT_FALSE(scenario.events.empty()) << scenario.name;
    ++count;
  }
  EXPECT_GE(count, 10u);
}

TEST(Scenarios, AreTheSameTwice) {
  for (const char* name : {"damaged_packets", "late_and_lossy_lines", "flash_crash"}) {
    std::array<std::uint64_t, 3> digests{};
    for (std::size_t i = 0; i < 3; ++i) {
      Scenario scenario = shipped(name);
      scenario.market.seed += i / 2;
      ScriptedDay day{scenario};
      day.run(1.5);
      digests[i] = day.day.exchange().feed().digest();
      for (std::size_t line = 0; line < day.output.line_count(); ++line) {
        if (const FaultyLine* const bad = day.output.faulty_line(line))
          digests[i] = digests[i] * 31 + bad->digest();
      }
    }
    EXPECT_EQ(digests[0], digests[1]) << name;
    EXPECT_NE(digests[0], digests[2]) << name;
  }
}

TEST(Scenarios, FlashCrashPausesOneNameAndComesBack) {
  ScriptedDay day{shipped("flash_crash")};
  day.run(1.9);
  const double before = best_bid(day);
  const double other_before = best_bid(day, 2);
  std::uint32_t lowest = 0xFFFF'FFFF;
  day.run(40, [&](double) { lowest = std::min(lowest, best_bid(day)); });
  const double paused = day.first("H RAAA P LUDP");
  EXPECT_NEAR(paused, 17.0, 1.0);
  const double resumed = day.first("H RAAA T ", paused);
  EXPECT_NEAR(resumed, paused + 8.0, 0.01);
  EXPECT_LT(share_of(lowest, before), 0.96);
  EXPECT_EQ(day.first("H RAAB P LUDP"), -1);
  EXPECT_NEAR(share_of(best_bid(day), before), 1.0, 0.05);
  EXPECT_NEAR(share_of(best_bid(day, 2), other_before), 1.0, 0.05);
}

TEST(Scenarios, MarketWideHaltStopsEverythingAndCrosses) {
  ScriptedDay day{shipped("market_wide_halt")};
  day.run(60);
  const double breached = day.first("W 1");
  ASSERT_GE(breached, 40.0);
  for (const char* symbol : {"RAAA", "RAAB", "RAAF"}) {
    const std::string name = symbol;
    const double halted = day.first("H " + name + " H MWC1", breached);
    EXPECT_GE(halted, breached);
    EXPECT_GE(day.first("H " + name + " T ", halted), halted + 6.0);
  }
  EXPECT_EQ(day.first("W 2"), -1);
}

TEST(Scenarios, BLineDeadCostsNothing) {
  ScriptedDay day{shipped("b_line_dead")};
  day.run(4);
  day.finish();
  EXPECT_EQ(day.gaps({0}), Gaps{});
  const Gaps lost = day.gaps({1});
  ASSERT_EQ(lost.size(), 1u);
  EXPECT_GT(lost[0].second - lost[0].first, 20'000u);
  EXPECT_TRUE(day.says_the_truth(0) && day.says_the_truth(1));
}

TEST(Scenarios, DoubleGapAtOpenIsOnBothLines) {
  ScriptedDay day{shipped("double_gap_at_open")};
  day.run(4);
  day.finish();
  const Gaps lost = day.gaps({0, 1});
  ASSERT_EQ(lost.size(), 2u);
  EXPECT_GT(lost[0].second - lost[0].first, 500u);
  EXPECT_GT(lost[1].second - lost[1].first, 200u);
  EXPECT_EQ(day.lines[0].messages.size(), day.lines[1].messages.size());
}

// Asks for what is missing every five milliseconds until it is there.
TEST(Scenarios, RepairsThatGetLostAreAskedForAgain) {
  ScriptedDay day{shipped("repairs_that_get_lost")};
  std::uint64_t asked = 0;
  std::uint64_t whole = 1;  // everything before this one is there
  day.run(4, [&](double seconds) {
    day.rerequests.answer(day.history, day.now_ns, [&](auto, std::span<const std::byte> answer) {
      std::uint64_t number = wire::mold::Header{answer.data()}.sequence_number();
      for_each_message(answer.subspan(wire::mold::Header::kSize), [&](auto message) {
        day.lines[2].messages.emplace(number++, test::Bytes{message.begin(), message.end()});
      });
    });
    if (seconds < 1 || static_cast<std::uint64_t>(seconds * 1e4) % 50 != 0) return;
    const Gaps missing = day.gaps({0, 1, 2}, whole);
    whole = missing.empty() ? day.count() : missing.front().first;
    for (const auto& [first, last] : missing) {
      if (last == day.count()) continue;  // perhaps only late
      std::array<std::byte, wire::mold::RequestPacket::kSize> request{};
      wire::mold::RequestPacketWriter{request.data()}
          .session("SESSION")
          .sequence_number(first)
          .requested_message_count(static_cast<std::uint16_t>(last - first + 1));
      day.rerequests.ask(1, request, day.now_ns);
      ++asked;
    }
  });
  day.finish();
  EXPECT_EQ(day.gaps({0, 1}).size(), 2u);
  EXPECT_EQ(day.gaps({0, 1, 2}), Gaps{});
  EXPECT_TRUE(day.says_the_truth(2));
  EXPECT_GT(asked, day.rerequests.counts().requests);  // some were lost
}

TEST(Scenarios, LateAndLossyLinesAreWholeTogether) {
  ScriptedDay day{shipped("late_and_lossy_lines")};
  day.run(4);
  day.finish();
  EXPECT_EQ(day.gaps({0}), Gaps{});
  EXPECT_GT(day.gaps({1}).size(), 100u);
  std::uint64_t later = 0;
  for (const auto& [number, ns] : day.lines[1].arrived_ns) {
    const std::uint64_t other_ns = day.lines[0].arrived_ns.at(number);
    later += other_ns > ns ? 1 : 0;
    EXPECT_LE(other_ns, ns + 1'100'000);
  }
  EXPECT_GT(later, day.count() / 2);
}

TEST(Scenarios, DamagedPacketsAreWholeTogether) {
  ScriptedDay day{shipped("damaged_packets")};
  day.run(4);
  day.finish();
  EXPECT_GT(day.lines[0].unreadable, 100u);
  EXPECT_GT(day.gaps({0}).size(), 50u);
  EXPECT_TRUE(day.says_the_truth(0));
  EXPECT_EQ(day.gaps({1}), Gaps{});
  EXPECT_GT(day.lines[1].repeated, 100u);
  EXPECT_GT(day.lines[1].out_of_order, 100u);
  EXPECT_TRUE(day.says_the_truth(1));
}

TEST(Scenarios, StrangersOnTheLineAreNotTheSession) {
  ScriptedDay day{shipped("strangers_on_the_line")};
  day.run(4);
  day.finish();
  EXPECT_GT(day.lines[0].strangers, 50u);
  EXPECT_GT(day.lines[0].conflicting, 10'000u);
  EXPECT_EQ(day.gaps({0}).size(), 1u);  // while numbers began again
  EXPECT_EQ(day.gaps({1}), Gaps{});
  EXPECT_GT(day.lines[1].repeated, 100u);
  EXPECT_TRUE(day.says_the_truth(1));
}

// One order that rests, every ten milliseconds.
class OrdersEveryTurn {
 public:
  explicit OrdersEveryTurn(ScriptedDay& day) : day_{day} {}
  void operator()(double seconds) {
    if (seconds < 0.2) return;
    if (!day_.client.connected() && !day_.stage.down()) day_.client.connect(day_.now_ns);
    if (!day_.client.logged_in() || day_.now_ns < next_ns_) return;
    next_ns_ = day_.now_ns + 10'000'000;
    day_.client.send(enter_order({.number = ++number, .price_e4 = 10'000}), day_.now_ns);
  }
  std::uint32_t number = 0;

 private:
  ScriptedDay& day_;
  std::uint64_t next_ns_ = 0;
};

std::size_t count(const ScriptedDay& day, char kind, double from, double until) {
  std::size_t found = 0;
  for (std::size_t i = 0; i < day.client.heard.size(); ++i) {
    const double seconds = static_cast<double>(day.client.heard_ns[i] - day.start_ns) / 1e9;
    if (seconds >= from && seconds < until && day.client.heard[i][0] == kind) ++found;
  }
  return found;
}

TEST(Scenarios, RejectStormRefusesEverythingAndCancelsUnasked) {
  ScriptedDay day{shipped("reject_storm")};
  day.run(6, OrdersEveryTurn{day});
  EXPECT_GT(count(day, 'A', 0, 1), 50u);
  EXPECT_EQ(count(day, 'J', 0, 1), 0u);
  EXPECT_EQ(count(day, 'A', 1.01, 3), 0u);
  EXPECT_GT(count(day, 'J', 1, 3.1), 150u);
  EXPECT_EQ(count(day, 'C', 1, 1.01), count(day, 'A', 0, 1.01));
  EXPECT_GT(count(day, 'A', 3.01, 6), 250u);
  const auto reject = std::ranges::find_if(day.client.heard,
                                           [](const std::string& line) { return line[0] == 'J'; });
  EXPECT_TRUE(reject->ends_with("0x0f")) << *reject;
}

TEST(Scenarios, FillsComeBeforeTheirAcknowledgements) {
  ScriptedDay day{shipped("fills_before_acknowledgements")};
  std::uint64_t next_ns = 0;
  std::uint32_t number = 0;
  day.run(6, [&](double seconds) {
    if (seconds < 0.2) return;
    if (!day.client.connected()) day.client.connect(day.now_ns);
    if (!day.client.logged_in() || day.now_ns < next_ns) return;
    next_ns = day.now_ns + 10'000'000;
    day.client.send(enter_order({.number = ++number, .quantity = 1, .price_e4 = 1'999'999'900}),
                    day.now_ns);
  });
  std::set<std::string> acknowledged;
  std::set<std::string> early;
  for (const std::string& line : day.client.heard) {
    const std::string order = line.substr(1, line.find(' ') - 1);
    if (line[0] == 'A') acknowledged.insert(order);
    if (line[0] == 'E' && !acknowledged.contains(order)) early.insert(order);
  }
  EXPECT_GT(early.size(), 100u);
  EXPECT_LT(early.size(), acknowledged.size() * 2 / 3);
  for (const std::string& order : early) EXPECT_TRUE(acknowledged.contains(order)) << order;
}

TEST(Scenarios, HalfOpenConnectionIsFoundByHeartbeats) {
  ScriptedDay day{shipped("half_open_connection")};
  OrdersEveryTurn orders{day};
  double silent = 0;
  double back = 0;
  day.run(40, [&](double seconds) {
    const std::uint64_t losses = day.client.losses;
    orders(seconds);
    if (losses == 1 && silent == 0) silent = seconds;
    if (losses == 1 && day.client.logged_in() && back == 0) back = seconds;
  });
  EXPECT_EQ(day.client.losses, 1u);
  EXPECT_NEAR(silent, 17.0, 1.1);  // fifteen seconds without a heartbeat
  EXPECT_NEAR(back, silent, 0.1);
  EXPECT_GT(count(day, 'A', back, 40), 1'000u);
  EXPECT_EQ(count(day, 'A', 2.01, silent), 0u);
}

TEST(Scenarios, SlowReaderMakesTheClientWaitAndLosesNothing) {
  ScriptedDay day{shipped("slow_reader")};
  OrdersEveryTurn orders{day};
  day.run(6, [&](double seconds) { orders(seconds); });
  const std::size_t before = count(day, 'A', 0, 1);
  EXPECT_GT(before, 70u);
  // An order has 50 bytes with its header, so 2,000 bytes are 40 a second.
  EXPECT_LT(count(day, 'A', 1, 4), 130u);
  EXPECT_GT(count(day, 'A', 1, 4), 100u);
  EXPECT_GT(day.client.pieces, day.client.heard.size());
  std::uint32_t expected = 0;
  for (const std::string& line : day.client.heard) {
    if (line[0] != 'A') continue;
    EXPECT_TRUE(line.starts_with("A#" + std::to_string(++expected) + " ")) << line;
  }
  EXPECT_GT(expected, orders.number - 5);
}

TEST(Scenarios, ExchangeRestartKeepsTheSessionAndNoOrders) {
  ScriptedDay day{shipped("exchange_restart")};
  OrdersEveryTurn orders{day};
  std::uint64_t published_while_down = 0;
  day.run(8, [&](double seconds) {
    orders(seconds);
    if (day.stage.down())
      published_while_down += day.day.exchange().feed().published().bytes().size();
  });
  day.finish();
  EXPECT_EQ(day.client.losses, 1u);
  EXPECT_EQ(published_while_down, 0u);
  EXPECT_EQ(day.gaps({0}), Gaps{});  // numbers go on
  EXPECT_GT(count(day, 'A', 0, 3), 200u);
  EXPECT_EQ(count(day, 'A', 3.01, 5), 0u);
  EXPECT_EQ(count(day, 'C', 4.9, 5.1), count(day, 'A', 0, 3.01));  // all, and told to who came back
  EXPECT_GT(count(day, 'A', 5, 8), 200u);
  std::uint64_t silence_ns = 0;
  std::uint64_t before_ns = day.start_ns;
  for (const auto& [number, ns] : day.lines[0].arrived_ns) {
    silence_ns = std::max(silence_ns, ns - before_ns);
    before_ns = ns;
  }
  EXPECT_NEAR(static_cast<double>(silence_ns), 2e9, 0.1e9);
}

TEST(Scenarios, EightfoldBurstIsABurst) {
  ScriptedDay day{shipped("eightfold_burst")};
  std::array<std::uint64_t, 4> messages{};
  day.run(4, [&](double seconds) {
    messages[std::min<std::size_t>(3, static_cast<std::size_t>(seconds))] = day.count();
  });
  day.finish();
  const auto usual = static_cast<double>(messages[3] - messages[2]);
  EXPECT_NEAR(static_cast<double>(messages[1] - messages[0]) / usual, 8.0, 1.5);
  EXPECT_GT(day.gaps({0}).size(), 10u);
  EXPECT_EQ(day.gaps({1}), Gaps{});
}

TEST(Stage, RefusesWhatThereIsNot) {
  const auto with = [](Trouble trouble, const std::string& target) {
    Scenario scenario;
    scenario.name = "wrong";
    ScenarioEvent event;
    event.trouble = trouble;
    event.target = target;
    scenario.events = {event};
    return scenario;
  };
  EXPECT_THROW(ScriptedDay{with(Trouble::Dead, "C")}, base::Error);
  EXPECT_THROW(ScriptedDay{with(Trouble::HalfOpen, "WHO")}, base::Error);
  EXPECT_THROW(ScriptedDay{with(Trouble::Shock, "NONE")}, base::Error);
  EXPECT_NO_THROW(ScriptedDay{with(Trouble::Dead, "B")});
}

// Several events of one line at once, and the end of one leaves the other.
TEST(Stage, AddsEventsUp) {
  Scenario scenario;
  scenario.name = "two";
  ScenarioEvent dead;
  dead.trouble = Trouble::Dead;
  dead.target = "A";
  dead.at_ns = 100'000'000;
  dead.for_ns = 100'000'000;
  ScenarioEvent twice;
  twice.trouble = Trouble::Duplicate;
  twice.at_ns = 150'000'000;
  scenario.events = {dead, twice};
  ScriptedDay day{scenario};
  day.run(0.149);
  EXPECT_EQ(day.lines[0].repeated, 0u);
  const std::uint64_t packets = day.lines[0].packets;
  day.run(0.199);
  EXPECT_EQ(day.lines[0].packets, packets);
  EXPECT_GT(day.lines[1].repeated, 0u);
  day.run(0.3);
  EXPECT_GT(day.lines[0].repeated, 0u);
}

TEST(ClientSession, IsCutInTheMiddleOfAPacket) {
  Scenario scenario;
  scenario.name = "cut";
  ScenarioEvent cut;
  cut.trouble = Trouble::Disconnect;
  cut.at_ns = 500'000'000;
  scenario.events = {cut};
  ScriptedDay day{scenario};
  OrdersEveryTurn orders{day};
  day.run(1, [&](double seconds) { orders(seconds); });
  EXPECT_EQ(day.client.losses, 1u);
  std::uint32_t expected = 0;
  for (const std::string& line : day.client.heard) {
    if (line[0] != 'A') continue;
    EXPECT_TRUE(line.starts_with("A#" + std::to_string(++expected) + " "));
  }
  EXPECT_GE(expected + 1, orders.number);
}

}  // namespace
}  // namespace ridley::venue
