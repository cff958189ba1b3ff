// SPDX-License-Identifier: Apache-2.0
#include "simulation/day.hpp"

#include <exception>
#include <memory>
#include <utility>

#include "simulation/clock.hpp"
#include "simulation/referee.hpp"
#include "simulation/restless.hpp"
#include "simulation/simulated_street.hpp"
#include "strategy/plugin.hpp"
#include "strategy/strategy_abi.h"
#include "venue/random.hpp"

namespace ridley::simulation {
namespace {

constexpr std::uint16_t kInstruments = 6;
constexpr std::uint16_t kTraded = 4;
// Directory and opening book take some milliseconds.
constexpr std::uint64_t kOpenNs = 20 * kMillisecondNs;
constexpr std::uint64_t kCloseNs = 3'000 * kMillisecondNs;
// After the last deed: silence is noticed, connections come back, orders are taken back. The
// operator asks for it more than once, as one who sees open orders does.
constexpr std::uint64_t kHealNs = 1'500 * kMillisecondNs;
// Longer than the second between two heartbeats of the exchange.
constexpr std::uint64_t kDeadPeerNs = 1'200 * kMillisecondNs;
constexpr std::uint64_t kStopNs = 100 * kMillisecondNs;
constexpr int kStopsMax = 4;
constexpr double kQuoterShare = 0.25;  // of days

// Behind the heal's first part everything has to be whole, and one more gap is repaired as well.
constexpr std::uint64_t kExamNs = kCloseNs + 700 * kMillisecondNs;
// Of every line: more than are under way on one of them when the first is lost on another.
constexpr std::uint32_t kExamFrames = 12;

std::uint32_t lines_of(std::uint64_t seed) { return 2 + static_cast<std::uint32_t>(seed % 2); }

// What differs from day to day beside the plan.
StreetOptions options_of(std::uint64_t seed, const Plan& plan) {
  venue::Random random{seed ^ 0x0DD5'0000'0000'0000ULL};
  constexpr std::uint64_t kPolls[] = {0, 0, 60 * kMicrosecondNs, 300 * kMicrosecondNs};
  constexpr std::uint64_t kActs[] = {0, 0, 100 * kMicrosecondNs, kMillisecondNs};
  constexpr std::uint32_t kHeld[] = {16, 128, 512, 1'024};
  StreetOptions options;
  options.market.seed = seed;
  options.market.instruments = kInstruments;
  options.market.messages_per_second = 2'000 + random.below(6'000);
  options.market.plan = plan;
  options.dead_peer_ns = kDeadPeerNs;
  options.traded = kTraded;
  options.session_policy =
      random.chance(0.9) ? feed::SessionPolicy::Follow : feed::SessionPolicy::Refuse;
  options.market.order_latency_ns = (5 + random.below(400)) * kMicrosecondNs;
  options.poll_every_ns = kPolls[random.below(4)];
  options.market.lines = lines_of(seed);
  options.market.cancel_on_disconnect = random.chance(0.5);
  options.reads_drop_copy = random.chance(0.7);
  options.matching = {.match_within_ns = (5 + random.below(30)) * kMillisecondNs,
                      .kill_after_ns = (5 + random.below(30)) * kMillisecondNs};
  options.market.line_latency_ns = random.below(200) * kMicrosecondNs;
  options.market.act_every_ns = kActs[random.below(4)];
  options.held_packets = kHeld[random.below(4)];
  options.hold_ns = (20 + random.below(100)) * kMillisecondNs;
  options.asks_again = random.chance(0.9);
  options.takes_snapshots = random.chance(0.9);
  if (random.chance(0.25)) options.start_ns = (30 + random.below(400)) * kMillisecondNs;
  return options;
}

event::Command stop_command() {
  event::Command command{};
  command.kind = event::CommandKind::Stop;
  return command;
}

// A strategy for each process of the firm: on most days the one that wants everything, on some the
// quoter that ships.
class Strategies {
 public:
  Strategies(std::uint64_t seed, std::vector<std::string> symbols)
      : seed_{seed}, symbols_{std::move(symbols)} {
    venue::Random random{seed ^ 0x57A7'0000'0000'0000ULL};
    if (random.chance(kQuoterShare)) quoter_ = strategy::Plugin::linked(ridley_strategy());
  }

  // The one before it is gone.
  const strategy::Loaded& next() {
    ++processes_;
    if (quoter_) {
      quoting_.emplace(quoter_, strategy::InstanceOptions{.symbols = symbols_, .parameters = {}});
      return quoting_->loaded();
    }
    return restless_.emplace(seed_ + processes_ * 1'000'003, symbols_).loaded();
  }

 private:
  std::uint64_t seed_;
  std::vector<std::string> symbols_;
  std::uint64_t processes_ = 0;
  std::shared_ptr<const strategy::Plugin> quoter_;
  std::optional<strategy::Instance> quoting_;
  std::optional<Restless> restless_;
};

class Day {
 public:
  Day(std::uint64_t seed, const Plan& plan)
      : options_{options_of(seed, plan)},
        strategies_{seed, traded_symbols(options_)},
        street_{options_, strategies_.next(), [this](const Turn& turn) { watch(turn); }},
        referee_{street_, options_} {
    street_.take_strategies_from(
        [this]() -> const strategy::Loaded& { return strategies_.next(); });
  }

  void run() {
    street_.run_until(kExamNs);
    referee_.begin_exam();
    street_.market().lose_frames(kExamFrames);
    street_.run_until(kCloseNs + kHealNs);
    for (int i = 0; i < kStopsMax && !is_at_rest(); ++i) {
      (void)street_.command(stop_command());
      street_.run_until(street_.elapsed_ns() + kStopNs);
    }
    referee_.finish();
  }

  [[nodiscard]] std::uint64_t elapsed_ns() const noexcept { return street_.elapsed_ns(); }
  void report(DayResult& result) {
    result.orders = referee_.orders();
    result.executions = executions_;
    result.repaired = referee_.repaired();
    result.messages = messages_;
    result.digest = digest_;
    result.frames_harmed = street_.market().frames_harmed();
    for (const PlannedDeed& deed : options_.market.plan)
      if (deed.at_ns <= elapsed_ns()) ++result.faults[static_cast<std::size_t>(deed.deed)];
  }

 private:
  // FNV-1a, 64 bits.
  void watch(const Turn& turn) {
    for (const order::Outbound& packet : turn.packets)
      for (const std::byte byte : packet.packet())
        digest_ = (digest_ ^ static_cast<std::uint64_t>(byte)) * 0x100'0000'01B3ULL;
    for (const event::OrderEvent& event : turn.order_events)
      executions_ += event.kind == event::OrderEventKind::Executed ? 1 : 0;
    const std::uint64_t read = street_.rooms().counters.messages;
    messages_ += read - (turn.process == process_ ? read_ : 0);
    read_ = read;
    process_ = turn.process;
    referee_.watch(turn);
  }
  bool is_at_rest() { return street_.appliance().stopped() && street_.orders_are_quiet(); }

  StreetOptions options_;
  Strategies strategies_;
  SimulatedStreet street_;
  Referee referee_;
  std::uint64_t executions_ = 0;
  std::uint64_t messages_ = 0;
  std::uint64_t read_ = 0;  // by this process
  std::uint32_t process_ = 0;
  std::uint64_t digest_ = 0xCBF2'9CE4'8422'2325ULL;
};

}  // namespace

Plan plan_of(std::uint64_t seed) {
  return draw_plan(
      seed,
      {.from_ns = kOpenNs, .until_ns = kCloseNs, .instruments = kTraded, .lines = lines_of(seed)});
}

DayResult run_day(const DaySettings& settings) {
  const Plan whole = plan_of(settings.seed);
  const Plan plan = settings.places ? only(whole, *settings.places) : whole;
  DayResult result;
  Day day{settings.seed, plan};
  try {
    day.run();
  } catch (const Violation& violation) {
    result.finding = {std::string{name_of(violation.rule())}, violation.what(), day.elapsed_ns()};
  } catch (const std::exception& error) {
    result.finding = {"simulation", error.what(), day.elapsed_ns()};
  }
  day.report(result);
  return result;
}

}  // namespace ridley::simulation
