// SPDX-License-Identifier: Apache-2.0
// What becomes of a street that misses messages (simulation/repaired.hpp).
#include <gtest/gtest.h>

#include "simulation/referee.hpp"
#include "simulation/repaired.hpp"
#include "simulation/street_fixture.hpp"
#include "simulation/violation.hpp"

namespace ridley::simulation {
namespace {

class Recovering : public StreetFixture {
 protected:
  static StreetOptions lossy(const Plan& plan = {}) {
    StreetOptions options = StreetFixture::options(plan);
    options.market.lines = 2;
    options.market.line_latency_ns = 30 * kMicrosecondNs;
    options.held_packets = 512;
    options.hold_ns = ms(60);
    options.asks_again = options.takes_snapshots = true;
    return options;
  }
  void begin(const StreetOptions& options) {
    owned_.emplace(options, strategy_.loaded(), [this](const Turn&) {
      count_.look(street().rooms().sequencer, street().appliance().recovery());
    });
  }
  bool is_stale() { return street().rooms().books.stale(1); }
  std::uint64_t missing() { return street().rooms().sequencer.counters().missing_messages; }

  RepairCount count_;
};

}  // namespace

TEST_F(Recovering, OneDeadLineCostsNothing) {
  begin(lossy({{.at_ns = ms(40), .deed = Deed::LineDead, .first = ms(100), .line = 1}}));
  street().run_until(ms(120));
  EXPECT_FALSE(is_stale());
  EXPECT_EQ(street().rooms().sequencer.counters().gaps, 0u);
  EXPECT_GT(street().rooms().sequencer.line(1).won(), 300u);
}

TEST_F(Recovering, WhatOneLineLosesTheOtherBrings) {
  begin(lossy({{.at_ns = ms(40), .deed = Deed::Loss, .first = ms(60), .second = 300, .line = 1}}));
  street().run_until(ms(120));
  EXPECT_FALSE(is_stale());
  EXPECT_EQ(missing(), 0u);
  EXPECT_GT(count_.repaired().by_line, 0u);
  EXPECT_EQ(count_.repaired().by_snapshot, 0u);
}

TEST_F(Recovering, WhatAllLinesLoseIsAskedForAgain) {
  begin(lossy());
  street().run_until(ms(50));
  street().market().lose_frames(5);
  street().run_until(ms(52));
  EXPECT_TRUE(is_stale());
  street().run_until(ms(70));
  EXPECT_FALSE(is_stale());
  EXPECT_EQ(missing(), 0u);
  EXPECT_EQ(count_.repaired().by_request, 1u);
}

TEST_F(Recovering, WhatNobodyAnswersIsMadeUpForByASnapshot) {
  begin(lossy({{.at_ns = ms(40), .deed = Deed::ServersSilent, .first = ms(400)}}));
  street().run_until(ms(50));
  street().market().lose_frames(5);
  street().run_until(ms(400));
  EXPECT_FALSE(is_stale());
  EXPECT_GT(missing(), 0u);
  EXPECT_EQ(count_.repaired().by_snapshot, 1u);
}

TEST_F(Recovering, WhoStartsInTheMiddleOfTheDayJoins) {
  StreetOptions late = lossy();
  late.start_ns = ms(300);
  begin(late);
  street().run_until(ms(290));
  EXPECT_FALSE(street().is_running());
  street().run_until(ms(900));
  EXPECT_FALSE(is_stale());
  EXPECT_TRUE(street().rooms().books.tradable(1));
}

TEST_F(Recovering, TheRefereeAsksWhetherItHappened) {
  begin(lossy());
  Referee referee{street(), lossy()};
  street().run_until(ms(50));
  referee.watch({.now_ns = street().now_ns()});
  referee.begin_exam();
  street().market().repairs().refuse_until(kNeverNs);
  street().rooms().books.mark_all_stale();
  try {
    referee.finish();
    FAIL() << "the books are stale";
  } catch (const Violation& violation) {
    EXPECT_EQ(violation.rule(), Rule::Recovery);
  }
}

}  // namespace ridley::simulation
