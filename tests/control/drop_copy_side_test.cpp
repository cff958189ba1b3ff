// SPDX-License-Identifier: Apache-2.0
// A drop copy over the kernel's loopback: our own connection to a server that says what we want.
#include "control/drop_copy_side.hpp"

#include <gtest/gtest.h>

#include "order/loopback_exchange.hpp"
#include "support/scratch_folder.hpp"
#include "telemetry/counter_reader.hpp"
#include "wire/ouch.hpp"

namespace ridley::control {
namespace {

constexpr std::uint64_t kMillisecond = 1'000'000;

class DropCopySideTest : public testing::Test {
 protected:
  DropCopySideTest() {
    config.appliance.run_folder = (folder / "").string();
    config.order.username = "RIDLEY";
    config.drop_copy.host = "127.0.0.1";
    config.drop_copy.port = exchange.port();
    config.drop_copy.username = "ridley";
    config.drop_copy.password = "secret";
    config.drop_copy.match_within_ms = 100;
    config.drop_copy.kill_after_ms = 50;
    page.emplace(telemetry::CounterPage::Options{.path = folder / "page"});
    reader.emplace(folder / "page");
    start();
  }

  void start() {
    side.emplace(config, std::nullopt, *page);
    side->start();
  }

  // Time is ours: only the bytes are the kernel's.
  bool wait_until(const std::function<bool()>& holds) {
    return exchange.serve_until([&] {
      look();
      return holds();
    });
  }

  void look() {
    const DropCopySide::Look seen = side->look(now_ns);
    for (const std::string& alert : seen.alerts) alerts.push_back(alert);
    for (const std::uint32_t user_ref : seen.doubted) doubted.push_back(user_ref);
    for (const std::uint32_t user_ref : seen.settled) settled.push_back(user_ref);
    kills += seen.kill ? 1 : 0;
  }

  std::int64_t number(const std::string& name) const {
    return reader->number("drop_copy." + name).value_or(-1);
  }

  void say(std::string account, std::uint32_t user_ref, std::uint64_t match_number) {
    account.resize(order::kUsernameBytes, ' ');
    std::vector<std::byte> copy(account.size() + wire::ouch::OrderExecuted::kSize);
    std::memcpy(copy.data(), account.data(), account.size());
    wire::ouch::OrderExecutedWriter{copy.data() + account.size()}
        .timestamp(1)
        .user_ref_num(user_ref)
        .quantity(100)
        .price(10'000)
        .liquidity_flag('A')
        .match_number(match_number);
    exchange.stream.append(copy);
  }

  void own(std::uint32_t user_ref, std::uint64_t match_number) {
    event::OrderEvent event{};
    event.kind = event::OrderEventKind::Executed;
    event.user_ref = user_ref;
    event.match_number = match_number;
    event.quantity = 100;
    event.price_e4 = 10'000;
    side->own(event, now_ns);
  }

  test::ScratchFolder folder;
  order::LoopbackExchange exchange;
  Config config;
  std::optional<telemetry::CounterPage> page;
  std::optional<telemetry::CounterReader> reader;
  std::optional<DropCopySide> side;
  std::uint64_t now_ns = 1'000'000'000;
  std::vector<std::string> alerts;
  std::vector<std::uint32_t> doubted;
  std::vector<std::uint32_t> settled;
  int kills = 0;
};

TEST_F(DropCopySideTest, MatchesWhatBothSay) {
  ASSERT_TRUE(wait_until([&] { return number("connected") == 1; }));
  own(7, 1);
  say("RIDLEY", 7, 1);
  say("ridley", 8, 2);
  ASSERT_TRUE(wait_until([&] { return number("matched") == 1 && number("unmatched") == 1; }));
  own(8, 2);
  look();
  EXPECT_EQ(number("matched"), 2);
  EXPECT_EQ(number("unmatched"), 0);
  EXPECT_TRUE(alerts.empty());
}

TEST_F(DropCopySideTest, AnExecutionThatNobodyHereKnowsIsToldAndThenKillsOnce) {
  ASSERT_TRUE(wait_until([&] { return number("connected") == 1; }));
  say("RIDLEY", 7, 1);
  ASSERT_TRUE(wait_until([&] { return number("unmatched") == 1; }));
  now_ns += 100 * kMillisecond + 1;
  look();
  ASSERT_EQ(alerts.size(), 1U);
  EXPECT_NE(alerts[0].find("match 1, order 7, 100 shares at 1.0000"), std::string::npos)
      << alerts[0];
  EXPECT_EQ(kills, 0);
  now_ns += 50 * kMillisecond;
  look();
  look();
  EXPECT_EQ(kills, 1);
}

TEST_F(DropCopySideTest, AnOrderIsInDoubtFromTheAlertUntilItsExecutionIsKnown) {
  ASSERT_TRUE(wait_until([&] { return number("connected") == 1; }));
  say("RIDLEY", 7, 1);
  ASSERT_TRUE(wait_until([&] { return number("unmatched") == 1; }));
  EXPECT_TRUE(doubted.empty());
  now_ns += 100 * kMillisecond + 1;
  look();
  EXPECT_EQ(doubted, std::vector<std::uint32_t>{7});
  own(9, 3);  // lacks its copy, which is no doubt
  now_ns += 10 * kMillisecond;
  look();
  EXPECT_TRUE(settled.empty());
  own(7, 1);
  look();
  EXPECT_EQ(settled, std::vector<std::uint32_t>{7});
  now_ns += 200 * kMillisecond;
  look();
  EXPECT_EQ(doubted.size(), 1U);
  EXPECT_EQ(settled.size(), 1U);
  EXPECT_EQ(kills, 0);
}

TEST_F(DropCopySideTest, ExecutionsOfOtherAccountsAreNotOurs) {
  ASSERT_TRUE(wait_until([&] { return number("connected") == 1; }));
  say("OTHER", 7, 1);
  ASSERT_TRUE(wait_until([&] { return number("of_others") == 1; }));
  EXPECT_EQ(number("unmatched"), 0);
}

TEST_F(DropCopySideTest, ALostConnectionIsToldAndWhatItMissedComesAfterwards) {
  ASSERT_TRUE(wait_until([&] { return number("connected") == 1; }));
  exchange.drop();
  own(7, 1);
  ASSERT_TRUE(wait_until([&] { return !alerts.empty(); }));
  EXPECT_EQ(alerts[0], "the drop copy's connection is lost");
  say("RIDLEY", 7, 1);
  ASSERT_TRUE(wait_until([&] { return number("matched") == 1; }));
  EXPECT_EQ(alerts.size(), 1U);
}

TEST_F(DropCopySideTest, TheNextProcessGoesOnWhereThisOneEnded) {
  ASSERT_TRUE(wait_until([&] { return number("connected") == 1; }));
  say("RIDLEY", 7, 1);
  ASSERT_TRUE(wait_until([&] { return number("unmatched") == 1; }));
  // The place is kept with the next look at the ring.
  ASSERT_TRUE(exchange.serve_until([&] {
    look();
    return order::SequenceFile{config.drop_copy_path()}.found()->next_sequence == 2;
  }));
  side.reset();
  exchange.drop();
  say("RIDLEY", 8, 2);
  page.emplace(telemetry::CounterPage::Options{.path = folder / "page2"});
  reader.emplace(folder / "page2");
  start();
  ASSERT_TRUE(wait_until([&] { return number("unmatched") == 1; }));
  own(8, 2);
  look();
  EXPECT_EQ(number("matched"), 1);
}

}  // namespace
}  // namespace ridley::control
