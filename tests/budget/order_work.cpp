// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdint>
#include <memory>
#include <random>
#include <vector>

#include "base/error.hpp"
#include "order/order_packets.hpp"
#include "risk/risk_gate.hpp"
#include "telemetry/hdr_histogram.hpp"
#include "work.hpp"

namespace ridley::budget {
namespace {

// So many that no branch predictor learns them by heart.
constexpr std::size_t kDistinct = 8'192;
constexpr std::uint32_t kSeed = 1;
constexpr std::uint64_t kNsPerMessage = 1'000;

// The same on every machine: std::mt19937 is written down in the standard, distributions are not.
class Random {
 public:
  std::uint32_t below(std::uint32_t end) { return static_cast<std::uint32_t>(engine_()) % end; }

 private:
  std::mt19937 engine_{kSeed};
};

struct Wish {
  event::OrderIntent intent;
  risk::Market market;
};

// Orders that pass, of 500 instruments at all prices, for both sides.
std::vector<Wish> wishes() {
  Random random;
  std::vector<Wish> wishes(kDistinct);
  for (Wish& wish : wishes) {
    const std::uint32_t bid = 20'000 + random.below(50'000) * 100;
    wish.market.bid_price_e4 = bid;
    wish.market.ask_price_e4 = bid + 100 * (1 + random.below(5));
    wish.market.last_price_e4 = bid;
    wish.market.stale = false;
    wish.market.halted = false;
    wish.market.short_sale_restricted = false;
    wish.market.age_ns = random.below(1'000);
    event::OrderIntent& intent = wish.intent;
    intent.kind = event::IntentKind::New;
    intent.side = random.below(2) == 0 ? event::Side::Buy : event::Side::Sell;
    intent.locate = static_cast<std::uint16_t>(1 + random.below(500));
    intent.quantity = 100 * (1 + random.below(9));
    intent.price_e4 = random.below(2) == 0 ? bid : wish.market.ask_price_e4;
    intent.time_in_force =
        random.below(2) == 0 ? event::TimeInForce::Day : event::TimeInForce::ImmediateOrCancel;
    intent.display = 'Y';
    intent.client_tag = random.below(1U << 31);
    intent.strategy_id = static_cast<std::uint16_t>(random.below(8));
  }
  return wishes;
}

risk::Limits wide_limits() {
  constexpr std::uint64_t kMany = 1ULL << 60;
  risk::Limits limits;
  limits.age_ns_max = 1'000'000;
  limits.burst_messages_max = 1'000;
  limits.ns_per_message = kNsPerMessage;
  limits.gross_max_e4 = kMany;
  limits.open_orders_max = 1U << 30;
  limits.order = {.quantity_max = 10'000,
                  .collar_bps = 1'000,
                  .notional_max_e4 = kMany,
                  .long_max = kMany,
                  .short_max = kMany,
                  .short_sales = risk::Permit::Yes};
  return limits;
}

}  // namespace

void check_orders(std::uint64_t orders, const std::string&) {
  const std::vector<Wish> wanted = wishes();
  risk::RiskGate gate{wide_limits(), 1'024};
  event::Command arm{};
  arm.kind = event::CommandKind::Arm;
  gate.apply(arm);
  std::uint64_t now_ns = 0;
  for (std::uint64_t i = 0; i < orders; ++i) {
    const Wish& wish = wanted[i % kDistinct];
    now_ns += kNsPerMessage;
    keep(gate.check(wish.intent, wish.market, now_ns));
  }
  if (gate.approved() != orders) throw base::Error{"budget: not every order passed the gate"};
}

void encode_orders(std::uint64_t orders, const std::string&) {
  const std::vector<Wish> wanted = wishes();
  const order::OrderPackets packets{{'R', 'D', 'L', 'Y'}, 'P'};
  const event::Symbol symbol{'T', 'U', 'R', 'T', 'L', 'E', ' ', ' '};
  order::Outbound out;
  for (std::uint64_t i = 0; i < orders; ++i) {
    packets.enter(wanted[i % kDistinct].intent, static_cast<std::uint32_t>(i + 1), symbol, out);
    keep(out);
  }
}

void record_hops(std::uint64_t hops, const std::string&) {
  Random random;
  std::vector<std::uint64_t> latencies(kDistinct);
  // From a nanosecond to some milliseconds, each power of two as often as the next.
  for (std::uint64_t& ns : latencies) ns = (1ULL << random.below(23)) + random.below(1'000);
  const auto histogram = std::make_unique<telemetry::HopHistogram>();
  for (std::uint64_t i = 0; i < hops; ++i) histogram->record(latencies[i % kDistinct]);
  keep(*histogram);
}

}  // namespace ridley::budget
