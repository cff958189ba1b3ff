// SPDX-License-Identifier: Apache-2.0
// What a scenario does to connections that are not an order's, over sockets of this machine.
#include "venue/connections.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <optional>

#include "scripted_day.hpp"
#include "soup_peer.hpp"
#include "venue/drop_copy_port.hpp"
#include "venue/glimpse_port.hpp"
#include "venue/scenario.hpp"

namespace ridley::venue {
namespace {

using test::ScriptedDay;

const std::vector<AccountSettings> kAccounts{{"ONE", "secret", "FRMA"}};

Scenario scenario_of(const std::string& events) {
  const CheckedScenario checked = check_scenario(
      "name = \"test\"\nshows = \"nothing\"\n[market]\ninstruments = 3\nrate = 2_000\n" + events,
      "test.toml");
  EXPECT_EQ(control::problems_text(checked.problems, "test.toml"), "");
  return checked.scenario;
}

// One snapshot; nobody waits longer than the day.
struct Snapshot {
  explicit Snapshot(const GlimpsePort& port) : peer{port.port(), test::login("ONE")} {}
  [[nodiscard]] bool over() const { return peer.ended || peer.closed || peer.refused; }
  test::SoupPeer peer;
};

}  // namespace

TEST(Scenarios, SnapshotCutShortIsWholeTheNextTime) {
  const char* source = std::getenv("RIDLEY_SOURCE_FOLDER");
  const std::filesystem::path folder{source != nullptr ? source : "."};
  ScriptedDay day{read_scenario((folder / "scenarios/snapshot_cut_short.toml").string())};
  GlimpsePort port{"127.0.0.1", 0, "SESSION", kAccounts, day.snapshots};
  std::optional<Snapshot> snapshot;
  std::vector<std::size_t> cut;  // messages of each that did not end
  std::size_t whole = 0;
  double whole_at = 0;
  day.run(6, [&](double seconds) {
    if (seconds > 1.1 && !snapshot && whole == 0) snapshot.emplace(port);
    if (!snapshot) return;
    (void)port.poll(day.day.exchange(), day.now_ns);
    snapshot->peer.turn();
    if (!snapshot->over()) return;
    ASSERT_FALSE(snapshot->peer.refused);
    const std::size_t messages = snapshot->peer.messages.size();
    if (snapshot->peer.ended) {
      whole = messages;
      whole_at = seconds;
    } else {
      cut.push_back(messages);
    }
    snapshot.reset();
  });
  ASSERT_FALSE(cut.empty());
  EXPECT_GT(cut.front(), 10u) << "in its middle, not before it";
  EXPECT_LT(cut.front(), whole);
  EXPECT_GE(whole_at, 3.0);
  EXPECT_EQ(day.gaps({0, 1}).size(), 1u);
}

TEST(Connections, OfADropCopyBreakOffAndTheNextOneGoesOn) {
  ScriptedDay day{scenario_of(
      "[[event]]\nat = 0.2\nwhat = \"disconnect\"\nport = \"drop_copies\"\naccount = \"COPY\"\n")};
  DropCopyPort port{"127.0.0.1", 0, day.streams, day.drop_copies};
  std::optional<test::SoupPeer> reader;
  reader.emplace(port.port(), test::login("COPY"));
  double closed_at = 0;
  bool back = false;
  day.run(1, [&](double seconds) {
    (void)port.poll(day.now_ns);
    reader->turn();
    if (reader->closed && closed_at == 0) {
      closed_at = seconds;
      reader.emplace(port.port(), test::login("COPY"));
    }
    back = closed_at != 0 && !reader->closed && !reader->refused;
  });
  EXPECT_GE(closed_at, 0.2);
  EXPECT_TRUE(back) << "it was the connection of that moment";
}

TEST(Connections, OfASnapshotMayBeLate) {
  ScriptedDay day{
      scenario_of("[[event]]\nat = 0\nwhat = \"slow_stream\"\nport = \"snapshots\"\n"
                  "delay_us = 300_000\ndirection = \"down\"\n")};
  GlimpsePort port{"127.0.0.1", 0, "SESSION", kAccounts, day.snapshots};
  std::optional<Snapshot> snapshot;
  double ended_at = 0;
  day.run(1, [&](double seconds) {
    if (seconds > 0.1 && !snapshot) snapshot.emplace(port);
    if (!snapshot) return;
    (void)port.poll(day.day.exchange(), day.now_ns);
    snapshot->peer.turn();
    if (snapshot->peer.ended && ended_at == 0) ended_at = seconds;
  });
  EXPECT_GE(ended_at, 0.4);
}

TEST(Connections, OfOrdersAreNotThoseOfSnapshots) {
  ScriptedDay day{
      scenario_of("[[event]]\nat = 0.1\nfor = 0.5\nwhat = \"disconnect\"\nport = \"snapshots\"\n")};
  day.client.connect(day.now_ns);
  day.run(1);
  EXPECT_EQ(day.client.losses, 0u);
  EXPECT_TRUE(day.client.logged_in());
}

TEST(Connections, OfOrdersBreakOffAsLongAsItLasts) {
  ScriptedDay day{scenario_of("[[event]]\nat = 0.1\nfor = 0.5\nwhat = \"disconnect\"\n")};
  bool was_in = false;
  std::uint64_t losses = 0;
  day.run(1, [&](double seconds) {
    if (!day.client.connected()) day.client.connect(day.now_ns);
    if (seconds > 0.11 && seconds < 0.59) losses = day.client.losses;
    was_in = day.client.logged_in();
  });
  EXPECT_GT(losses, 1u) << "whoever came back was cut off again";
  EXPECT_TRUE(was_in);
}

}  // namespace ridley::venue
