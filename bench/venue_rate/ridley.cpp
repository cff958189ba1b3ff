// SPDX-License-Identifier: Apache-2.0
// In: days of the simulated exchange of 1 to 8,000 instruments. Out: what one published message
// costs: the market that makes it (participants, matching, ITCH), then its publication as frames of
// one line and of two, counted apart; and what an order of an account costs at a port, with the
// port's limits and without. CPU time of the thread.
#include <array>
#include <limits>
#include <string>
#include <vector>

#include "bench/support/report.hpp"
#include "control/own_costs.hpp"
#include "venue/feed_output.hpp"
#include "venue/trading_day.hpp"
#include "wire/ouch.hpp"

namespace ridley::bench {
namespace {

constexpr std::uint64_t kStart_ns = 34'200'000'000'000;
constexpr std::uint64_t kTurn_ns = 100'000;
constexpr std::uint64_t kMessages = 2'000'000;
constexpr std::uint32_t kAllSteps = std::numeric_limits<std::uint32_t>::max();
constexpr std::uint32_t kOrders = 200'000;
constexpr std::array<std::uint16_t, 4> kInstruments{1, 100, 1'000, 8'000};

venue::TradingDaySettings day_of(std::uint16_t instruments, double rate) {
  venue::TradingDaySettings settings;
  settings.exchange.instrument_count = instruments;
  settings.exchange.accounts = {{"ONE", "secret", "FRMA"}};
  settings.participants.messages_per_second = rate;
  return settings;
}

venue::FeedOutputSettings lines(std::size_t count) {
  venue::FeedOutputSettings settings;
  settings.session = "BENCH";
  settings.route.destination_ip = 0xE936'0C6F;
  settings.more_routes.assign(count - 1, settings.route);
  return settings;
}

struct Costs {
  std::uint64_t digest = 0;  // of everything published
  double market_ns = 0;
  std::array<double, 2> publication_ns{};  // of one line, of two
};

// A message, once the opening book stands.
Costs measure(std::uint16_t instruments) {
  venue::TradingDay day{day_of(instruments, 1e6)};
  std::uint64_t sink = 0;
  const venue::FeedOutput::Send send = [&](std::size_t, std::span<const std::byte> frame) {
    sink += frame.size();
    return true;
  };
  std::array<venue::FeedOutput, 2> outputs{venue::FeedOutput{lines(1), send},
                                           venue::FeedOutput{lines(2), send}};
  venue::MarketFeed& feed = day.exchange().feed();
  std::uint64_t ns = kStart_ns;
  while (day.exchange().session() != venue::Exchange::Session::MarketHours) {
    (void)day.advance(ns += kTurn_ns, kAllSteps);
    feed.clear();
  }
  const std::uint64_t before = feed.message_count();
  std::uint64_t market_ns = 0;
  std::array<std::uint64_t, 2> publication_ns{};
  while (feed.message_count() < before + kMessages) {
    const std::uint64_t begin = control::thread_cpu_ns();
    (void)day.advance(ns += kTurn_ns, kAllSteps);
    std::uint64_t at = control::thread_cpu_ns();
    market_ns += at - begin;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      outputs[i].publish(feed.published().bytes(), ns);
      const std::uint64_t then = control::thread_cpu_ns();
      publication_ns[i] += then - at;
      at = then;
    }
    feed.clear();
  }
  const auto count = static_cast<double>(feed.message_count() - before);
  return {feed.digest(),
          static_cast<double>(market_ns) / count,
          {static_cast<double>(publication_ns[0]) / count,
           static_cast<double>(publication_ns[1]) / count}};
}

// Entered and accepted, and cancelled: two messages of the client.
double order_ns(Report& report, const venue::PortLimits& limits) {
  venue::TradingDaySettings settings = day_of(1, 0);
  settings.exchange.accounts[0].limits = limits;
  venue::TradingDay day{settings};
  std::uint64_t ns = kStart_ns + 1'000'000'000;
  (void)day.advance(ns, kAllSteps);
  std::array<std::byte, wire::ouch::kInboundBytesMax> enter{};
  std::array<std::byte, wire::ouch::kInboundBytesMax> cancel{};
  const std::uint64_t begin = control::thread_cpu_ns();
  for (std::uint32_t number = 1; number <= kOrders; ++number) {
    wire::ouch::EnterOrderWriter{enter.data()}
        .user_ref_num(number)
        .side('B')
        .quantity(100)
        .symbol("RAAA")
        .price(10'000 + number % 64 * 100)
        .time_in_force('0')
        .display('Y')
        .capacity('P')
        .inter_market_sweep_eligibility('N')
        .cross_type('N')
        .cl_ord_id("bench");
    wire::ouch::CancelOrderWriter{cancel.data()}.user_ref_num(number).quantity(0);
    const auto sent = std::span<const std::byte>{enter}.first(wire::ouch::EnterOrder::kSize);
    const auto gone = std::span<const std::byte>{cancel}.first(wire::ouch::CancelOrder::kSize);
    day.receive(0, sent, ns += 1'000);
    day.receive(0, gone, ns);
    day.exchange().feed().clear();
    day.exchange().accounts()[0].replies.clear();
  }
  const auto passed_ns = static_cast<double>(control::thread_cpu_ns() - begin);
  const venue::AccountCounts& counts = day.exchange().accounts()[0].counts;
  report.check(counts.accepted == kOrders && counts.canceled == kOrders);
  return passed_ns / kOrders;
}

void measure_all(Report& report, Words) {
  std::uint64_t digest = 0;
  for (const std::uint16_t instruments : kInstruments) {
    const Costs costs = measure(instruments);
    digest = digest * 31 + costs.digest;
    const std::string name = std::to_string(instruments) + " instruments, ";
    report.row(name + "market", "ns a message", costs.market_ns);
    report.row(name + "one line", "ns a message", costs.publication_ns[0]);
    report.row(name + "two lines", "ns a message", costs.publication_ns[1]);
    report.row(name + "published on one line", "million messages a second",
               1e3 / (costs.market_ns + costs.publication_ns[0]));
  }
  report.digest(digest);
  const double plain = order_ns(report, {});
  const double limited = order_ns(report, {.quantity_max = 1'000,
                                           .notional_max_e4 = 10'000'000'000,
                                           .away_bps_max = 500,
                                           .orders_a_second = 2'000'000,
                                           .open_orders_max = 1'000});
  report.row("order and cancel at a port", "ns", plain);
  report.row("the port's five limits", "ns", limited - plain);
}

}  // namespace
}  // namespace ridley::bench

const ridley::bench::Contender ridley::bench::kContender{
    .task = "venue_rate",
    .name = "ridley",
    .timed =
        "a message from the participant's decision to its ITCH bytes; then its part of a frame "
        "with checksums, no wire; CPU time of the thread",
    .measure = measure_all};
