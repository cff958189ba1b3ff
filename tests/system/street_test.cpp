// SPDX-License-Identifier: Apache-2.0
// The street as a whole on memory ports: the real rooms against the real venue, seed by seed.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "engine/allocation_watch.hpp"
#include "engine/pipeline.hpp"
#include "engine/rooms.hpp"
#include "simulation/simulated_street.hpp"
#include "strategy/plugin.hpp"

namespace ridley::test {
namespace {

using simulation::Deed;
using simulation::kMillisecondNs;
using simulation::SimulatedStreet;
using simulation::Turn;

constexpr std::uint64_t kForeverNs = 3'600'000 * kMillisecondNs;

std::filesystem::path quoter_path() {
  const char* build = std::getenv("RIDLEY_BUILD_FOLDER");
  return std::filesystem::path{build != nullptr ? build : "build"} /
         "src/strategy/libridley_two_sided_quoter.so";
}

simulation::StreetOptions street_options(std::uint64_t seed, simulation::Plan plan) {
  simulation::StreetOptions options;
  options.market.seed = seed;
  options.market.plan = std::move(plan);
  options.limits = {.version = 1,
                    .age_ns_max = 2'500 * kMillisecondNs,
                    .burst_messages_max = 1'000,
                    .ns_per_message = 100'000,
                    .gross_max_e4 = 1'000'000'000'000,
                    .open_orders_max = 100,
                    .order = {.quantity_max = 1'000,
                              .collar_bps = 500,
                              .notional_max_e4 = 10'000'000'000,
                              .long_max = 2'000,
                              .short_max = 2'000,
                              .short_sales = risk::Permit::Yes}};
  return options;
}

// The strategy that ships on a simulated street, and what came out of it.
class QuotedStreet {
 public:
  explicit QuotedStreet(std::uint64_t seed, simulation::Plan plan = {})
      : options_{street_options(seed, std::move(plan))},
        quoter_{strategy::Plugin::load(quoter_path()),
                {.symbols = simulation::traded_symbols(options_), .parameters = {}}},
        street_{options_, quoter_.loaded(), [this](const Turn& turn) { note(turn); }} {}

  void run_ms(std::uint64_t milliseconds) { street_.run_ms(milliseconds); }
  bool command(event::CommandKind kind) {
    event::Command command{};
    command.kind = kind;
    return street_.command(command);
  }
  bool command(const event::Command& command) { return street_.command(command); }
  void drop_frames(std::uint32_t count) { street_.market().lose_frames(count); }
  void silence_feed(bool silent) { street_.market().silence(silent); }
  void publish_unknown_order(std::uint16_t locate) {
    street_.market().publish_unknown_order(locate);
  }
  // What is under way is lost.
  void break_order_connection() { street_.break_order_connection(kForeverNs); }
  void restore_order_connection() { street_.restore_order_connection(); }

  [[nodiscard]] engine::Rooms& rooms() { return street_.rooms(); }
  [[nodiscard]] const risk::RiskGate& gate() { return rooms().gate; }
  [[nodiscard]] const order::OrderCounters& sent() { return rooms().orders.counters(); }
  [[nodiscard]] const venue::Account& account() { return street_.market().account(); }
  [[nodiscard]] bool stopped() { return street_.appliance().stopped(); }
  [[nodiscard]] const std::vector<std::byte>& order_bytes() const { return order_bytes_; }
  [[nodiscard]] const std::vector<event::RejectRecord>& rejects() const { return rejects_; }

  [[nodiscard]] std::size_t instruments_in_doubt() {
    std::size_t count = 0;
    for (const engine::RollEntry& entry : rooms().roll.entries())
      count += rooms().orders.doubts_of(entry.locate) != 0 ? 1 : 0;
    return count;
  }
  [[nodiscard]] std::size_t orders_open_at_venue() { return account().orders().size(); }
  [[nodiscard]] std::size_t orders_open_at_venue(std::uint16_t locate) {
    std::size_t count = 0;
    for (const auto& [number, order] : account().orders()) count += order.locate == locate ? 1 : 0;
    return count;
  }
  // Positions of gate and exchange, instrument by instrument; empty when they are the same.
  [[nodiscard]] std::string position_differences() {
    std::string differences;
    for (const engine::RollEntry& entry : rooms().roll.entries()) {
      const auto& positions = account().positions();
      const auto found = positions.find(entry.locate);
      const std::int64_t theirs = found == positions.end() ? 0 : found->second;
      const std::int64_t ours = gate().position(entry.locate);
      if (ours != theirs)
        differences += "locate " + std::to_string(entry.locate) + ": ours " + std::to_string(ours) +
                       ", theirs " + std::to_string(theirs) + "; ";
    }
    return differences;
  }
  [[nodiscard]] std::string reservations_left() {
    const risk::Exposure& firm = gate().exposure();
    if (firm.open_buys() == 0 && firm.open_sells() == 0 && firm.open_orders() == 0) return {};
    return "buys " + std::to_string(firm.open_buys()) + ", sells " +
           std::to_string(firm.open_sells()) + ", orders " + std::to_string(firm.open_orders());
  }

 private:
  void note(const Turn& turn) {
    for (const order::Outbound& packet : turn.packets)
      order_bytes_.insert(order_bytes_.end(), packet.packet().begin(), packet.packet().end());
    rejects_.insert(rejects_.end(), turn.rejects.begin(), turn.rejects.end());
  }

  simulation::StreetOptions options_;
  strategy::Instance quoter_;
  SimulatedStreet street_;
  std::vector<std::byte> order_bytes_;
  std::vector<event::RejectRecord> rejects_;
};

// RIDLEY_SEED plays one seed again; without it a fixed handful.
std::vector<std::uint64_t> seeds() {
  if (const char* seed = std::getenv("RIDLEY_SEED")) return {std::strtoull(seed, nullptr, 10)};
  return {1, 2, 3, 4, 5};
}

class Street : public testing::TestWithParam<std::uint64_t> {
 protected:
  Street() : street_{GetParam()} { RecordProperty("seed", std::to_string(GetParam())); }

  // Logged in, the market open, armed and trading.
  void trade_ms(std::uint64_t milliseconds) {
    street_.run_ms(200);
    ASSERT_TRUE(street_.rooms().orders.ready());
    ASSERT_TRUE(street_.command(event::CommandKind::Arm));
    street_.run_ms(milliseconds);
    ASSERT_GT(street_.sent().orders_sent, 0u);
    ASSERT_GT(street_.sent().acknowledged, 0u);
  }

  QuotedStreet street_;
};

INSTANTIATE_TEST_SUITE_P(Seeds, Street, testing::ValuesIn(seeds()),
                         [](const auto& chosen) { return "Seed" + std::to_string(chosen.param); });

}  // namespace

TEST_P(Street, SendsNothingBeforeItIsArmed) {
  street_.run_ms(1'000);
  EXPECT_GT(street_.rooms().counters.messages, 1'000u);
  EXPECT_EQ(street_.sent().orders_sent, 0u);
  EXPECT_EQ(street_.account().counts.orders_received, 0u);
  ASSERT_FALSE(street_.rejects().empty());
  for (const event::RejectRecord& reject : street_.rejects()) ASSERT_EQ(reject.control, 1);
}

TEST_P(Street, TradesAndAgreesWithTheVenueToTheShare) {
  trade_ms(3'000);
  ASSERT_TRUE(street_.command(event::CommandKind::Stop));
  street_.run_ms(100);
  EXPECT_TRUE(street_.stopped());
  EXPECT_GT(street_.sent().executions, 0u);
  EXPECT_EQ(street_.sent().orders_sent, street_.account().counts.orders_received);
  EXPECT_EQ(street_.gate().approved(), street_.account().counts.orders_received);
  EXPECT_EQ(street_.sent().executed_quantity, street_.account().counts.executed_quantity);
  EXPECT_EQ(street_.orders_open_at_venue(), 0u);
  EXPECT_EQ(street_.position_differences(), "");
  EXPECT_EQ(street_.reservations_left(), "");
  EXPECT_EQ(street_.gate().broken_invariants(), 0u);
  EXPECT_EQ(street_.rooms().books.counters().unknown_orders, 0u);
  EXPECT_EQ(street_.rooms().books.counters().crossed, 0u);
}

TEST_P(Street, SendsNoOrderOnAStaleBook) {
  trade_ms(1'000);
  street_.drop_frames(1);
  street_.run_ms(50);
  ASSERT_EQ(street_.rooms().sequencer.counters().gaps, 1u);
  EXPECT_TRUE(street_.rooms().books.all_stale());
  const std::uint64_t sent = street_.sent().orders_sent;
  const std::size_t rejects = street_.rejects().size();
  street_.run_ms(1'000);
  EXPECT_EQ(street_.sent().orders_sent, sent);
  EXPECT_EQ(street_.orders_open_at_venue(), 0u) << "a strategy takes its quotes back";
  for (std::size_t i = rejects; i < street_.rejects().size(); ++i)
    ASSERT_EQ(street_.rejects()[i].control, 2);
}

TEST_P(Street, WritesAGapDownOnceWithWhatIsMissing) {
  trade_ms(200);
  street_.drop_frames(1);
  street_.run_ms(200);
  const std::uint64_t missing = street_.rooms().sequencer.counters().missing_messages;
  std::uint64_t gaps = 0;
  for (telemetry::LogRecord record; street_.rooms().log.pop(record);) {
    if (record.format != static_cast<std::uint16_t>(engine::Note::FeedGap)) continue;
    EXPECT_EQ(record.arguments[0], missing);
    ++gaps;
  }
  EXPECT_EQ(gaps, 1u);
}

TEST_P(Street, LeavesOnlyTheInstrumentWhoseBookIsInDoubt) {
  trade_ms(1'000);
  const std::uint16_t doubted = 2;
  street_.publish_unknown_order(doubted);
  street_.run_ms(20);
  EXPECT_TRUE(street_.rooms().books.stale(doubted));
  EXPECT_FALSE(street_.rooms().books.all_stale());
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(1'000);
  EXPECT_EQ(street_.orders_open_at_venue(doubted), 0u);
  EXPECT_GT(street_.sent().orders_sent, sent) << "the others go on";
  for (const event::RejectRecord& reject : street_.rejects()) {
    if (reject.control != 2) continue;
    ASSERT_EQ(reject.locate, doubted);
  }
}

TEST_P(Street, TakesItsQuotesBackWhenTheLineIsSilentForTooLong) {
  trade_ms(500);
  ASSERT_GT(street_.orders_open_at_venue(), 0u);
  street_.silence_feed(true);
  street_.run_ms(2'400);
  EXPECT_GT(street_.orders_open_at_venue(), 0u) << "not yet: the limit is 2,500 ms";
  street_.run_ms(200);
  EXPECT_EQ(street_.orders_open_at_venue(), 0u);
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(5'000);
  EXPECT_EQ(street_.sent().orders_sent, sent);
  EXPECT_FALSE(street_.rooms().books.all_stale()) << "nothing is missing, only silence";
}

TEST_P(Street, TakesNoMemoryOnTheHotPath) {
  if (!engine::allocations_are_watched()) GTEST_SKIP() << "a sanitizer has the heap";
  trade_ms(2'000);
  EXPECT_EQ(engine::hot_allocation_count(), 0u) << engine::first_hot_allocation();
}

TEST_P(Street, CancelsEveryOpenOrderOnAKill) {
  trade_ms(1'000);
  ASSERT_GT(street_.orders_open_at_venue(), 0u);
  ASSERT_TRUE(street_.command(event::CommandKind::Kill));
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(100);
  EXPECT_EQ(street_.orders_open_at_venue(), 0u);
  EXPECT_EQ(street_.rooms().orders.open_count(), 0u);
  EXPECT_EQ(street_.sent().orders_sent, sent);
  EXPECT_EQ(street_.reservations_left(), "");
  // Arming does not take a kill back.
  (void)street_.command(event::CommandKind::Arm);
  street_.run_ms(500);
  EXPECT_EQ(street_.sent().orders_sent, sent);
}

TEST_P(Street, DisarmsReconnectsAndReconcilesWhenTheVenueIsGone) {
  trade_ms(1'000);
  // Orders and answers under way are lost with the connection.
  street_.break_order_connection();
  street_.run_ms(300);
  EXPECT_FALSE(street_.gate().armed());
  EXPECT_FALSE(street_.rooms().orders.ready());
  street_.restore_order_connection();
  street_.run_ms(100);
  ASSERT_TRUE(street_.rooms().orders.ready());
  EXPECT_FALSE(street_.gate().armed()) << "coming back does not arm";
  EXPECT_EQ(street_.rooms().orders.open_count(), street_.orders_open_at_venue());
  EXPECT_EQ(street_.position_differences(), "");
  ASSERT_TRUE(street_.command(event::CommandKind::Arm));
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(1'000);
  EXPECT_GT(street_.sent().orders_sent, sent);
  ASSERT_TRUE(street_.command(event::CommandKind::Stop));
  street_.run_ms(100);
  EXPECT_EQ(street_.position_differences(), "");
  EXPECT_EQ(street_.reservations_left(), "");
  EXPECT_EQ(street_.gate().broken_invariants(), 0u);
}

TEST_P(Street, SendsNothingNewForAnInstrumentWhoseOrdersHaveNoAnswer) {
  QuotedStreet street{GetParam(),
                      {{.at_ns = 700 * kMillisecondNs,
                        .deed = Deed::LateAcknowledgements,
                        .first = 200 * kMillisecondNs,
                        .second = 80 * kMillisecondNs}}};
  street.run_ms(200);
  ASSERT_TRUE(street.command(event::CommandKind::Arm));
  street.run_ms(499);
  EXPECT_EQ(street.instruments_in_doubt(), 0u);
  const auto all_in_doubt = [&street] {
    return street.instruments_in_doubt() == street.rooms().roll.entries().size();
  };
  std::size_t doubted = 0;
  for (int i = 0; i < 200; ++i) {
    const bool all = all_in_doubt();
    const std::uint64_t sent = street.sent().orders_sent;
    street.run_ms(1);
    doubted += street.instruments_in_doubt();
    EXPECT_TRUE(!all || !all_in_doubt() || street.sent().orders_sent == sent) << i;
  }
  EXPECT_GT(doubted, 0u);
  EXPECT_GT(street.sent().refused, 0u);
  street.run_ms(300);
  EXPECT_EQ(street.instruments_in_doubt(), 0u);
  EXPECT_EQ(street.gate().broken_invariants(), 0u);
  ASSERT_TRUE(street.command(event::CommandKind::Stop));
  street.run_ms(100);
  EXPECT_EQ(street.position_differences(), "");
  EXPECT_EQ(street.reservations_left(), "");
}

// What an operator sees of an execution that only the drop copy has.
TEST_P(Street, ADoubtedOrderStopsItsInstrumentUntilItIsSettled) {
  trade_ms(500);
  event::Command doubt{};
  doubt.kind = event::CommandKind::DoubtOrder;
  doubt.value = street_.rooms().orders.next_user_ref() - 1;
  ASSERT_TRUE(street_.command(doubt));
  ASSERT_EQ(street_.instruments_in_doubt(), 1u);
  const std::uint64_t sent = street_.sent().orders_sent;
  street_.run_ms(500);
  EXPECT_GT(street_.sent().orders_sent, sent) << "the other instruments trade on";
  event::Command settle{};
  settle.kind = event::CommandKind::SettleDoubt;
  for (const engine::RollEntry& entry : street_.rooms().roll.entries())
    if (street_.rooms().orders.doubts_of(entry.locate) != 0) settle.locate = entry.locate;
  ASSERT_TRUE(street_.command(settle));
  EXPECT_EQ(street_.instruments_in_doubt(), 0u);
  doubt.value = 0xFFFF'0000;
  ASSERT_TRUE(street_.command(doubt));
  EXPECT_EQ(street_.instruments_in_doubt(), street_.rooms().roll.entries().size());
  const std::uint64_t before = street_.sent().orders_sent;
  street_.run_ms(200);
  EXPECT_EQ(street_.sent().orders_sent, before);
}

TEST_P(Street, GivesTheSameBytesForTheSameInput) {
  QuotedStreet other{GetParam()};
  for (QuotedStreet* street : {&street_, &other}) {
    street->run_ms(200);
    ASSERT_TRUE(street->command(event::CommandKind::Arm));
    street->run_ms(700);
    street->drop_frames(2);
    street->run_ms(300);
    (void)street->command(event::CommandKind::Stop);
    street->run_ms(50);
  }
  ASSERT_GT(street_.order_bytes().size(), 100u);
  EXPECT_EQ(street_.order_bytes(), other.order_bytes());
  EXPECT_EQ(street_.rejects().size(), other.rejects().size());
}

}  // namespace ridley::test
