// SPDX-License-Identifier: Apache-2.0
// What becomes of a street whose appliance dies (simulation/firm_process.hpp), and of one that
// reads its drop copy.
#include <gtest/gtest.h>

#include "simulation/referee.hpp"
#include "simulation/street_fixture.hpp"

namespace ridley::simulation {
namespace {

class Processes : public StreetFixture {
 protected:
  static StreetOptions options() {
    StreetOptions options = StreetFixture::options();
    options.held_packets = 512;
    options.hold_ns = ms(60);
    options.asks_again = options.takes_snapshots = true;
    options.market.cancel_on_disconnect = true;
    options.reads_drop_copy = true;
    options.matching = {.match_within_ns = ms(10), .kill_after_ns = ms(10)};
    return options;
  }
  void begin(const StreetOptions& options) {
    owned_.emplace(options, strategy_.loaded(), [this](const Turn& turn) {
      process_ = turn.process;
      killed_by_copy_ |= turn.killed_by_copy;
      if (referee_) referee_->watch(turn);
    });
    referee_.emplace(street(), options);
    street().take_strategies_from([this]() -> const strategy::Loaded& {
      return next_.emplace(2, traded_symbols(Processes::options())).loaded();
    });
  }

  std::optional<Referee> referee_;
  std::optional<Restless> next_;
  std::uint32_t process_ = 0;
  bool killed_by_copy_ = false;
};

}  // namespace

TEST_F(Processes, AnotherOneJoinsFeedAndOrdersAndKnowsNothing) {
  begin(options());
  trade_until_ms(200);
  street().end_process(ms(20));
  EXPECT_FALSE(street().is_running());
  EXPECT_FALSE(command(event::CommandKind::Arm)) << "nobody hears it";
  street().run_until(ms(500));
  ASSERT_TRUE(street().is_running());
  EXPECT_EQ(process_, 2u);
  EXPECT_TRUE(street().rooms().orders.ready());
  EXPECT_FALSE(street().rooms().gate.armed());
  EXPECT_EQ(street().rooms().gate.exposure().gross_notional_e4(), 0u);
  EXPECT_FALSE(street().rooms().books.stale(1)) << "the day's messages, again or as a snapshot";
}

TEST_F(Processes, ItsOrdersHaveNumbersOfTheirOwn) {
  begin(options());
  trade_until_ms(200);
  const std::uint64_t before = referee_->orders();
  street().end_process(ms(20));
  street().run_until(ms(500));
  (void)command(event::CommandKind::Rearm);
  ASSERT_TRUE(command(event::CommandKind::Arm));
  street().run_until(ms(700));
  EXPECT_GT(referee_->orders(), before) << "and the referee has nothing against it";
}

TEST_F(Processes, AnExecutionThatOnlyTheCopyKnowsStopsThem) {
  begin(options());
  trade_until_ms(200);
  // The order connection is deaf, and does not know it for a while.
  street().market().connection(Port::Orders)->go_silent();
  street().run_until(ms(1'300));
  EXPECT_TRUE(killed_by_copy_);
  EXPECT_TRUE(street().rooms().gate.killed());
}

TEST_F(Processes, ACopyThatIsLateOrLostStopsNobody) {
  begin(options());
  trade_until_ms(100);
  do_deed(Deed::CopySlow, ms(30), ms(100));
  street().run_until(ms(250));
  do_deed(Deed::CopyLost, ms(60));
  street().run_until(ms(400));
  EXPECT_FALSE(killed_by_copy_);
  EXPECT_FALSE(street().rooms().gate.killed());
  EXPECT_GT(street().drop_copy().match().counters().matched, 0u);
}

}  // namespace ridley::simulation
