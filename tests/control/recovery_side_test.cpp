// SPDX-License-Identifier: Apache-2.0
// Also what control/config_feed_table.cpp reads for it.
#include "control/recovery_side.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/error.hpp"
#include "control/sample_config.hpp"
#include "engine/recovery_end.hpp"
#include "support/scratch_folder.hpp"
#include "telemetry/counter_reader.hpp"

namespace ridley::control {
namespace {

Config config() {
  Config config;
  config.recovery.rerequest = {"127.0.0.1:26477", "::1:9"};
  config.recovery.glimpse = "localhost:26478";
  config.order.username = "RIDLEY";
  config.order.password = "secret";
  config.strategy.symbols = {"AAPL"};
  config.risk.restricted = {"GME"};
  config.risk.instruments.emplace_back().symbol = "MSFT";
  return config;
}

}  // namespace

TEST(RecoverySettings, NameServersAndWhoLogsIn) {
  const engine::RecoverySettings settings = recovery_settings(config());
  ASSERT_EQ(settings.rerequest.size(), 2u);
  EXPECT_EQ(settings.rerequest[0].host, "127.0.0.1");
  EXPECT_EQ(settings.rerequest[0].port, 26477);
  EXPECT_EQ(settings.asking.timeout_ns, 10'000'000u);
  EXPECT_EQ(settings.asking.tries_max, 6u);
  EXPECT_EQ(settings.glimpse->host, "localhost");
  EXPECT_EQ(settings.login.username, "RIDLEY");
  EXPECT_EQ(settings.login.password, "secret");
  EXPECT_EQ(settings.symbols.size(), 3u);
  Config other = config();
  other.recovery.username = "GLIMPS";
  other.recovery.password = "other";
  EXPECT_EQ(recovery_settings(other).login.username, "GLIMPS");
  EXPECT_EQ(recovery_settings(other).login.password, "other");
}

TEST(RecoverySettings, RefuseWhatIsNoServer) {
  for (const char* text : {"", "host", "host:", ":5", "host:0", "host:70000"}) {
    Config wrong = config();
    wrong.recovery.rerequest = {text};
    EXPECT_THROW((void)recovery_settings(wrong), base::Error) << text;
  }
}

TEST(RecoverySettings, WithoutServersNothingRecovers) {
  EXPECT_FALSE(recovers(Config{}));
  Config one;
  one.recovery.glimpse = "host:1";
  EXPECT_TRUE(recovers(one));
}

TEST(RecoverySettings, AreReadFromTheFile) {
  const std::string text = std::string{test::kSampleConfig} + R"(
[recovery]
rerequest = ["10.0.0.1:1", "host.example:65535"]
glimpse = "10.0.0.2:5"
timeout_ms = 20
tries = 2
)";
  const CheckedConfig checked = check_config(text, "r.toml");
  EXPECT_EQ(problems_text(checked.problems, "r.toml"), "");
  EXPECT_EQ(checked.config.recovery.rerequest.size(), 2u);
  EXPECT_EQ(checked.config.recovery.tries, 2u);
  for (const char* server :
       {"10.0.0.1", "10.0.0.1:", "10.0.0.1:0", "10.0.0.1:65536", ":5", "a b:5"}) {
    const std::string wrong =
        std::string{test::kSampleConfig} + "[recovery]\nglimpse = \"" + server + "\"\n";
    EXPECT_EQ(check_config(wrong, "r.toml").problems.size(), 1u) << server;
  }
}

TEST(RecoverySide, RunsAndShowsWhatItDoes) {
  test::ScratchFolder folder;
  telemetry::CounterPage page{{.path = folder / "counters"}};
  engine::RecoveryLink link{{.orders_max = 1'024, .levels_max = 1'024, .instruments_max = 8}};
  Config own = config();
  own.recovery.glimpse.clear();
  own.recovery.rerequest = {"127.0.0.1:9"};
  RecoverySide side{own, link, page};
  side.start();
  const feed::SessionName session{std::string_view{"SESSION001"}};
  ASSERT_TRUE(link.missing.push({.session = session, .from = 5, .end = 7, .lost = false}));
  telemetry::CounterReader reader{folder / "counters"};
  engine::Packet packet{};
  for (int i = 0; i < 5'000 && !link.repairs.pop(packet); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds{1});
  EXPECT_EQ(packet.from, 5u) << "nobody answered";
  side.stop();
  side.publish();
  EXPECT_EQ(reader.number("recovery.0.requests"), 6);
  EXPECT_EQ(reader.number("recovery.exhausted"), 1);
  EXPECT_EQ(side.look(),
            (std::vector<std::string>{"re-request server 127.0.0.1:9 does not answer"}));
  EXPECT_TRUE(side.look().empty()) << "once";
}

TEST(RecoverySide, RenewsBooksAndSaysWhyItCouldNot) {
  test::ScratchFolder folder;
  telemetry::CounterPage page{{.path = folder / "counters"}};
  engine::RecoveryLink link{{.orders_max = 1'024, .levels_max = 1'024, .instruments_max = 8}};
  Config own = config();
  own.recovery.glimpse = "127.0.0.1:9";  // nobody listens
  own.recovery.rerequest.clear();
  RecoverySide side{own, link, page};
  engine::RecoveryEnd hot{&link};
  side.start();
  side.renew_books();
  const auto until = [](auto&& holds) {
    for (int i = 0; i < 5'000 && !holds(); ++i)
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    return holds();
  };
  ASSERT_TRUE(until([&] { return hot.turn() == engine::SnapshotTurn::Wanted; }));
  hot.begin_tapping(feed::SessionName{std::string_view{"SESSION001"}}, 1);
  ASSERT_TRUE(until([&] { return hot.turn() == engine::SnapshotTurn::Enough; }));
  EXPECT_EQ(side.look(), (std::vector<std::string>{"a snapshot came to nothing: not_connected"}));
}

}  // namespace ridley::control
