// SPDX-License-Identifier: Apache-2.0
// The street on lines that lose, delay, double and cut differently, with the recovery core and
// servers on the kernel's loopback beside it: rooms, strategy and protocols are the product's
// (engine/intake.hpp, engine/listing.hpp, engine/lookahead.hpp). Whatever happens, the books are
// those of whoever has heard everything, or nobody trades on them.
#include <gtest/gtest.h>

#include <deque>
#include <random>

#include "bench/support/armed_street.hpp"
#include "bench/support/day_frames.hpp"
#include "engine/recovery.hpp"
#include "engine/recovery_sockets.hpp"
#include "nic/ethernet.hpp"
#include "nic/udp_frame.hpp"
#include "order/loopback_exchange.hpp"
#include "support/rerequest_server.hpp"
#include "support/small_exchange.hpp"

namespace ridley::test {
namespace {

constexpr std::uint64_t kStepNs = 100'000;

struct FixedClock {
  [[nodiscard]] std::uint64_t ticks() const noexcept { return 0; }
  [[nodiscard]] std::uint64_t ns_of(std::uint64_t ticks) const noexcept { return ticks; }
};

// In a hundred packets of a line.
struct Fate {
  unsigned lost = 0;
  unsigned late = 0;
  unsigned twice = 0;
};

class LossyStreet {
 public:
  struct Options {
    std::uint64_t seed;
    std::uint32_t lines;
    bool servers;
    bool glimpse;
  };

  explicit LossyStreet(const Options& options)
      : random_{options.seed}, exchange_{options.seed}, lines_(options.lines) {
    engine::RecoverySettings settings;
    if (options.servers)
      settings.rerequest = {{"127.0.0.1", first_.port()}, {"127.0.0.1", second_.port()}};
    settings.asking = {.patience_ns = 2 * kStepNs, .timeout_ns = 20 * kStepNs, .tries_max = 4};
    if (options.glimpse) settings.glimpse = engine::Server{"127.0.0.1", glimpse_.port()};
    settings.login.username = "ridley";
    settings.login.password = "secret";
    settings.backoff_first_ns = 10 * kStepNs;
    for (std::uint16_t locate = 1; locate <= SmallExchange::kInstruments; ++locate) {
      event::Symbol symbol;
      symbol.fill(' ');
      const std::string text = SmallExchange::symbol(locate);
      std::copy(text.begin(), text.end(), symbol.begin());
      settings.symbols.push_back(symbol);
    }
    sockets_.emplace(settings);
    recovery_.emplace(*street_.street().recovery(), *sockets_, settings);
  }

  // The exchange acts, packets travel, everybody has a turn.
  void step(const Fate& fate, std::size_t messages_max = 12) {
    now_ns_ += kStepNs;
    exchange_.act(below(messages_max + 1));
    for (std::size_t line = 0; line < lines_.size(); ++line) send(line, fate);
    for (std::size_t line = 0; line < lines_.size(); ++line) deliver(line);
    serve();
    poll();
  }
  // Nothing is published or lost any more; lines say how far they are.
  void rest() {
    for (std::size_t line = 0; line < lines_.size(); ++line)
      on_wire(line, feed::MoldPacket{.sequence = exchange_.published().end()}.heartbeat());
    step({}, 0);
  }
  [[nodiscard]] bool is_level() {
    return !rooms().books.all_stale() &&
           rooms().sequencer.next_sequence() == exchange_.published().end();
  }
  void be_dead(std::size_t line, bool dead) { lines_[line].dead = dead; }
  void renew_books() { recovery_->ask_for_snapshot(); }
  void miss_the_morning(std::size_t messages) {
    exchange_.act(messages);
    for (Line& line : lines_) line.next = exchange_.published().end();
  }

  [[nodiscard]] engine::Rooms rooms() { return street_.rooms(); }
  [[nodiscard]] const engine::RecoveryCounters& recovery() { return recovery_->counters(); }
  RerequestServer& first() { return first_; }
  RerequestServer& second() { return second_; }
  [[nodiscard]] std::uint64_t orders() { return rooms().orders.counters().orders_sent; }
  [[nodiscard]] std::uint64_t stale_turns() const { return stale_turns_; }

 private:
  struct UnderWay {
    std::uint64_t due_ns;
    feed::Bytes packet;
  };
  struct Line {
    std::uint64_t next = 1;
    bool dead = false;
    std::deque<UnderWay> under_way;
  };

  std::uint64_t below(std::uint64_t bound) { return random_() % bound; }
  bool percent(unsigned percent) { return below(100) < percent; }

  void on_wire(std::size_t line, feed::Bytes packet, std::uint64_t delay_ns = 0) {
    if (!lines_[line].dead)
      lines_[line].under_way.push_back({now_ns_ + delay_ns, std::move(packet)});
  }

  // Each line in packets of its own.
  void send(std::size_t line, const Fate& fate) {
    const feed::Published& all = exchange_.published();
    std::uint64_t& next = lines_[line].next;
    while (next < all.end()) {
      const std::uint64_t until = std::min(all.end(), next + 1 + below(6));
      const feed::Bytes packet = all.packet(next, until);
      next = until;
      if (percent(fate.lost)) continue;
      on_wire(line, packet, percent(fate.late) ? kStepNs * (1 + below(8)) : 0);
      if (percent(fate.twice)) on_wire(line, packet, kStepNs);
    }
  }

  void deliver(std::size_t line) {
    std::deque<UnderWay>& under_way = lines_[line].under_way;
    for (std::size_t i = 0; i < under_way.size();) {
      if (under_way[i].due_ns > now_ns_) {
        ++i;
        continue;
      }
      const feed::Bytes packet = std::move(under_way[i].packet);
      under_way.erase(under_way.begin() + static_cast<long>(i));
      offer(line, packet);
      poll();
    }
  }

  void offer(std::size_t line, const feed::Bytes& packet) {
    nic::UdpRoute route;
    route.destination_ip = bench::kFeedGroup + static_cast<std::uint32_t>(line);
    route.destination_mac = nic::multicast_mac(route.destination_ip);
    route.source_ip = 0x0A14'1E01;
    route.source_port = 26400;
    route.destination_port = bench::kFeedPort;
    std::array<std::byte, nic::kFrameBytesMax> frame;
    const std::size_t bytes = nic::build_udp_frame(frame, route, packet);
    ASSERT_NE(bytes, 0u);
    street_.offer(std::span{frame}.first(bytes), now_ns_);
  }

  void poll() {
    const bool was_stale = rooms().books.all_stale();
    const std::uint64_t sent = orders();
    (void)street_.poll(now_ns_);
    const bool is_stale = rooms().books.all_stale();
    if (was_stale && is_stale) {
      ++stale_turns_;
      ASSERT_EQ(orders(), sent) << "an order was decided on a stale book";
    }
    if (!is_stale) {
      ASSERT_EQ(rooms().books.bbo_digest(),
                exchange_.digest_before(rooms().sequencer.next_sequence()))
          << "the books are wrong before message " << rooms().sequencer.next_sequence();
    }
    if (street_.answer_orders() > 0) (void)street_.poll(now_ns_);
  }

  // A snapshot is as old as the connection, or a little older.
  void serve() {
    using engine::SnapshotState;
    const SnapshotState before = recovery_->state();
    (void)recovery_->step(now_ns_);
    first_.serve();
    second_.serve();
    if (before != SnapshotState::Tapping && recovery_->state() == SnapshotState::Tapping) {
      glimpse_.drop();
      glimpse_.stream = order::SoupStream{"SNAP"};
      for (const std::string& message : exchange_.snapshot()) glimpse_.append(message);
    }
    if (recovery_->state() == SnapshotState::Reading)
      (void)glimpse_.serve_until([steps = 0]() mutable { return steps++ > 0; });
  }

  std::mt19937_64 random_;
  std::uint64_t now_ns_ = 1'700'000'000'000'000'000;
  SmallExchange exchange_;
  RerequestServer first_{exchange_.published()};
  RerequestServer second_{exchange_.published()};
  order::LoopbackExchange glimpse_;
  std::vector<Line> lines_;
  bench::ArmedStreet<FixedClock> street_{
      {.parameters = {{"cooldown_us", std::int64_t{0}},
                      {"threshold_permille", std::int64_t{550}},
                      {"spread_ticks_max", std::int64_t{10}},
                      {"position_max", std::int64_t{1'000'000'000}}},
       .symbols = {"SYMA", "SYMB", "SYMC", "SYMD"},
       .books = kSmallBooks,
       .lines = static_cast<std::uint32_t>(lines_.size()),
       .held_packets = 2'048,
       .hold_ns = 1'000 * kStepNs,
       .recovers = true},
      FixedClock{},
      now_ns_};
  std::optional<engine::RecoverySockets> sockets_;
  std::optional<engine::Recovery> recovery_;
  std::uint64_t stale_turns_ = 0;
};

}  // namespace

class LossyLines : public testing::TestWithParam<std::uint64_t> {
 protected:
  template <typename Condition>
  static bool rest_until(LossyStreet& street, Condition&& holds) {
    for (int i = 0; i < 20'000 && !HasFatalFailure(); ++i) {
      if (holds()) return true;
      street.rest();
    }
    return false;
  }
};

TEST_P(LossyLines, ThatLoseDifferentPacketsLoseNothingTogether) {
  LossyStreet street{{.seed = GetParam(), .lines = 3, .servers = true, .glimpse = false}};
  for (int i = 0; i < 200 && !HasFatalFailure(); ++i)
    street.step({.lost = 20, .late = 20, .twice = 10});
  ASSERT_TRUE(rest_until(street, [&] { return street.is_level(); }));
  const feed::SequencerCounters counters = street.rooms().sequencer.counters();
  EXPECT_GT(counters.gaps, 0u);
  EXPECT_EQ(counters.missing_messages, 0u);
  EXPECT_GT(street.orders(), 0u) << "somebody trades";
  EXPECT_GT(street.stale_turns(), 0u);
}

TEST_P(LossyLines, OneLineAloneIsMadeWholeByTheServers) {
  LossyStreet street{{.seed = GetParam(), .lines = 1, .servers = true, .glimpse = false}};
  street.first().messages_max = 3;
  for (int i = 0; i < 200 && !HasFatalFailure(); ++i) {
    street.first().silent = i % 40 > 30;  // the other one has it
    street.second().cuts_short = i % 40 < 10;
    street.step({.lost = 10, .late = 10});
  }
  street.second().cuts_short = false;
  ASSERT_TRUE(rest_until(street, [&] { return street.is_level(); }));
  EXPECT_EQ(street.rooms().sequencer.counters().missing_messages, 0u);
  EXPECT_GT(street.recovery().servers[0].answers, 0u);
}

TEST_P(LossyLines, WhatNobodyHasIsMadeUpForByASnapshot) {
  LossyStreet street{{.seed = GetParam(), .lines = 2, .servers = true, .glimpse = true}};
  street.first().silent = street.second().silent = true;
  for (int i = 0; i < 200 && !HasFatalFailure(); ++i)
    street.step({.lost = i < 100 ? 30U : 2U, .late = 20, .twice = 5});
  street.first().silent = false;
  ASSERT_TRUE(rest_until(street, [&] { return street.is_level(); }));
  street.rest();  // for the recovery core to see it
  EXPECT_GT(street.rooms().sequencer.counters().missing_messages, 0u);
  EXPECT_GT(street.recovery().snapshots, 0u);
}

TEST_P(LossyLines, ThatBeganBeforeWeCameAreJoinedByASnapshot) {
  LossyStreet street{{.seed = GetParam(), .lines = 2, .servers = false, .glimpse = true}};
  street.miss_the_morning(100'000);
  for (int i = 0; i < 50 && !HasFatalFailure(); ++i) street.step({.late = 10});
  ASSERT_TRUE(rest_until(street, [&] { return street.is_level(); }));
  EXPECT_EQ(street.recovery().snapshots, 1u);
  for (int i = 0; i < 10; ++i) street.rest();  // for what is under way
  EXPECT_EQ(street.rooms().sequencer.line(0).lost(), 0u);
  const std::uint64_t orders = street.orders();
  for (int i = 0; i < 100 && !HasFatalFailure(); ++i) street.step({});
  EXPECT_GT(street.orders(), orders) << "limits and symbols are those of the instruments";
}

TEST_P(LossyLines, OneThatDiesCostsNothing) {
  LossyStreet street{{.seed = GetParam(), .lines = 2, .servers = true, .glimpse = false}};
  for (int i = 0; i < 20; ++i) street.step({});
  street.be_dead(1, true);
  const std::uint64_t stale = street.stale_turns();
  for (int i = 0; i < 200 && !HasFatalFailure(); ++i) street.step({});
  EXPECT_EQ(street.stale_turns(), stale);
  EXPECT_EQ(street.rooms().sequencer.counters().gaps, 0u);
  EXPECT_TRUE(street.is_level());
}

TEST_P(LossyLines, BooksThatAreRenewedAreBelievedUntilThen) {
  LossyStreet street{{.seed = GetParam(), .lines = 2, .servers = true, .glimpse = true}};
  for (int i = 0; i < 100 && !HasFatalFailure(); ++i) street.step({});
  const auto last_prices = [&] {
    std::vector<std::uint32_t> prices;
    for (std::uint16_t locate = 1; locate <= SmallExchange::kInstruments; ++locate)
      prices.push_back(street.rooms().books.top(locate).last_price_e4);
    return prices;
  };
  for (std::uint64_t time = 1; time <= 3; ++time) {
    street.renew_books();
    const std::uint64_t orders = street.orders();
    for (int i = 0; i < 100 && !HasFatalFailure(); ++i) street.step({});
    const std::vector<std::uint32_t> before = last_prices();
    ASSERT_TRUE(rest_until(street, [&] { return street.recovery().snapshots == time; }));
    EXPECT_EQ(last_prices(), before);
    EXPECT_GT(street.orders(), orders);
  }
  EXPECT_EQ(street.stale_turns(), 0u);
  EXPECT_EQ(street.recovery().snapshots_failed, 0u);
}

TEST_P(LossyLines, BooksThatAreRenewedOnLinesThatLoseAreRight) {
  LossyStreet street{{.seed = GetParam(), .lines = 2, .servers = true, .glimpse = true}};
  for (int i = 0; i < 400 && !HasFatalFailure(); ++i) {
    if (i % 20 == 0) street.renew_books();
    street.step({.lost = 10, .late = 20, .twice = 5});
  }
  ASSERT_TRUE(rest_until(street, [&] { return street.is_level(); }));
  EXPECT_GT(street.recovery().snapshots, 0u);
}

INSTANTIATE_TEST_SUITE_P(Seeds, LossyLines, testing::Range<std::uint64_t>(1, 9));

}  // namespace ridley::test
