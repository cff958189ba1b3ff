// SPDX-License-Identifier: Apache-2.0
#include "venue/scenario.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace ridley::venue {
namespace {

std::string problems_of(const std::string& text) {
  std::string all;
  for (const control::Problem& problem : check_scenario(text, "day.toml").problems) {
    all += std::to_string(problem.place.line) + ": " + problem.text + "\n";
  }
  return all;
}

TEST(Scenario, IsReadWhole) {
  const CheckedScenario checked = check_scenario(R"(
name = "bad_day"
shows = "what a day can be"
[market]
seed = 9
instruments = 3
rate = 1_000.5
seconds = 2
lines = 3
market_rules = true
pause_seconds = 4
start = "09:00:00"
close = "16:00:00"
[[event]]
at = 0.5
for = 1
what = "burst_loss"
line = "C"
share = 0.25
packets = 7
[[event]]
at = 1
what = "slow_stream"
account = "RIDLEY"
direction = "up"
delay_us = 10
jitter_us = 2.5
[[event]]
at = 1
what = "shock"
percent = -5
)",
                                                 "day.toml");
  EXPECT_TRUE(checked.problems.empty());
  const Scenario& scenario = checked.scenario;
  EXPECT_EQ(scenario.name, "bad_day");
  EXPECT_EQ(scenario.market.seed, 9u);
  EXPECT_EQ(scenario.market.instruments, 3u);
  EXPECT_DOUBLE_EQ(scenario.market.messages_per_second, 1'000.5);
  EXPECT_EQ(scenario.market.lines, 3u);
  EXPECT_TRUE(scenario.market.market_rules);
  EXPECT_DOUBLE_EQ(scenario.market.pause_s, 4);
  EXPECT_EQ(scenario.market.start, "09:00:00");
  EXPECT_EQ(scenario.market.close, "16:00:00");
  ASSERT_EQ(scenario.events.size(), 3u);
  const ScenarioEvent& loss = scenario.events[0];
  EXPECT_EQ(loss.trouble, Trouble::BurstLoss);
  EXPECT_EQ(loss.at_ns, 500'000'000u);
  EXPECT_EQ(loss.for_ns, 1'000'000'000u);
  EXPECT_EQ(loss.target, "C");
  EXPECT_DOUBLE_EQ(loss.share, 0.25);
  EXPECT_EQ(loss.packets, 7u);
  EXPECT_EQ(scenario.events[1].direction, Direction::Up);
  EXPECT_EQ(scenario.events[1].jitter_ns, 2'500u);
  EXPECT_TRUE(scenario.events[2].target.empty());
  EXPECT_DOUBLE_EQ(scenario.events[2].percent, -5);
}

TEST(Scenario, NamesEveryMistakeWithItsLine) {
  const std::string named = "name = \"x\"\n";
  EXPECT_EQ(problems_of(""), "0: name is missing, for example name = \"b_line_dead\"\n");
  EXPECT_EQ(problems_of(named + "[markte]\n"),
            "2: unknown or no table: 'markte' (did you mean 'market'?)\n");
  EXPECT_EQ(problems_of(named + "[market]\nseeds = 1\n"),
            "3: unknown key 'seeds' in [market] (did you mean 'seed'?)\n");
  EXPECT_EQ(problems_of(named + "[market]\nlines = 4\n"), "3: lines is 4, must be 1 to 3\n");
  EXPECT_EQ(problems_of(named + "[market]\nrate = \"much\"\n"),
            "3: rate must be a number, not a text\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"deed\"\n"),
            "4: unknown event 'deed' (did you mean 'dead'?)\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\n"), "2: an event needs what = \"...\"\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nwhat = \"dead\"\n"), "2: dead needs at = SECONDS\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"dead\"\nshare = 0.5\n"),
            "5: 'share' means nothing to dead\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"half_open\"\nfor = 1\n"),
            "5: 'for' means nothing to half_open\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"pieces\"\nport = \"feed\"\n"),
            "5: port must be 'orders', 'snapshots' or 'drop_copies'\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"slow_reads\"\nport = \"orders\"\n"),
            "5: 'port' means nothing to slow_reads\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"pieces\"\nport = \"snapshots\"\n"),
            "");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"loss\"\nshare = 1.5\n"),
            "5: share is 1.5, must be 0 to 1\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"loss\"\nline = \"D\"\n"),
            "5: line is 'D', must be A, B, C, requests or answers\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"corrupt\"\nline = \"answers\"\n"),
            "5: a wrong bit in answers would be found by nobody\n");
  EXPECT_EQ(problems_of(named + "[[event]]\nat = 1\nwhat = \"crash\"\n"),
            "2: a crash needs for = SECONDS\n");
  EXPECT_EQ(problems_of(named + "event = 3\n"), "2: event must be [[event]], not an integer\n");
  EXPECT_FALSE(problems_of("name = \n").empty());
}

TEST(Scenario, IsRefusedWithAllOfItsProblemsWhenItIsRead) {
  EXPECT_THROW((void)read_scenario("/nonexistent/day.toml"), base::Error);
}

}  // namespace
}  // namespace ridley::venue
