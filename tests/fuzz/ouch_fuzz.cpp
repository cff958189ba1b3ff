// SPDX-License-Identifier: Apache-2.0
// In: a client's actions and an exchange's messages, each behind a byte that says which and how
// long. Whatever the exchange says, the gate has reserved exactly what the order entry thinks is
// open, and the gate itself never finds more given back than was taken.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>

#include "base/assert.hpp"
#include "order/order_entry.hpp"
#include "risk/risk_gate.hpp"

using namespace ridley;

namespace {

constexpr std::size_t kActionBytes = 6;

risk::Limits limits() {
  risk::Limits limits;
  limits.burst_messages_max = 1'000'000'000;
  limits.gross_max_e4 = ~0ULL;
  limits.open_orders_max = 1'000;
  limits.order.quantity_max = 999'999;
  limits.order.collar_bps = 10'000;
  limits.order.notional_max_e4 = ~0ULL - 1;
  limits.order.long_max = limits.order.short_max = 1ULL << 62;
  limits.order.short_sales = risk::Permit::Yes;
  return limits;
}

constexpr risk::Market kMarket{.bid_price_e4 = 1'000'000,
                               .ask_price_e4 = 1'000'000,
                               .stale = false,
                               .halted = false,
                               .short_sale_restricted = false};

class Appliance {
 public:
  Appliance() {
    event::Command arm{};
    arm.kind = event::CommandKind::Arm;
    gate.apply(arm);
    for (std::uint16_t locate = 0; locate < 4; ++locate) entry.set_symbol(locate, {'A'});
    log_in();
  }

  // New, replace and cancel; fields from the bytes.
  void act(std::span<const std::byte, kActionBytes> bytes) {
    const auto at = [&](std::size_t i) { return std::to_integer<std::uint32_t>(bytes[i]); };
    constexpr event::Side kSides[] = {event::Side::Buy, event::Side::Sell, event::Side::SellShort,
                                      event::Side::SellShortExempt};
    event::OrderIntent intent{};
    intent.kind = static_cast<event::IntentKind>(at(0) % 3 + 1);
    intent.side = kSides[at(1) % 4];
    intent.locate = static_cast<std::uint16_t>(at(1) / 4 % 4);
    intent.quantity = at(2) * 16;
    intent.price_e4 = 900'000 + at(3) * 100;
    intent.time_in_force = event::TimeInForce::Day;
    intent.display = 'Y';
    intent.user_ref = at(4);
    const risk::Verdict verdict = gate.check(intent, kMarket, 1);
    if (verdict.order) gate.apply(entry.send(*verdict.order).event);
    if (at(5) == 0) entry.cancel_all({});
    order::Outbound slot;
    while (at(5) % 2 == 0 && ring.pop(slot)) {
    }
  }

  void receive(order::InboundKind kind, std::span<const std::byte> message) {
    order::Inbound inbound;
    inbound.kind = kind;
    inbound.length = static_cast<std::uint16_t>(std::min(message.size(), order::kInboundBytesMax));
    std::memcpy(inbound.bytes.data(), message.data(), inbound.length);
    for (const event::OrderEvent& event : entry.receive(inbound)) gate.apply(event);
  }

  void log_in() {
    receive(order::InboundKind::LoggedIn, {});
    std::byte answer[13] = {std::byte{'Q'}};
    answer[12] = std::byte{1};
    receive(order::InboundKind::Message, answer);
  }

  void check() {
    std::uint64_t open = 0;
    base::UInt128 notional_e4 = 0;
    entry.for_each_open([&](const order::Order& order) {
      RIDLEY_ASSERT(order.open_quantity > 0);
      open += order.open_quantity;
      notional_e4 += static_cast<std::uint64_t>(order.open_quantity) * order.price_e4;
    });
    RIDLEY_ASSERT(gate.exposure().open_buys() + gate.exposure().open_sells() == open);
    RIDLEY_ASSERT(gate.exposure().open_notional_e4() == notional_e4);
    RIDLEY_ASSERT(gate.exposure().open_orders() == entry.open_count());
    RIDLEY_ASSERT(gate.broken_invariants() == 0);
  }

 private:
  base::SpscRing<order::Outbound> ring{16};
  risk::RiskGate gate{limits(), 4};
  order::OrderEntry entry{{.orders_max = 16, .executions_max = 16}, ring};
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  Appliance appliance;
  std::span<const std::byte> rest = std::as_bytes(std::span{bytes, size});
  while (!rest.empty()) {
    const auto what = std::to_integer<std::size_t>(rest[0]);
    rest = rest.subspan(1);
    if (what == 0 && rest.size() >= kActionBytes) {
      appliance.act(rest.first<kActionBytes>());
      rest = rest.subspan(kActionBytes);
    } else if (what == 1) {
      appliance.receive(order::InboundKind::Disconnected, {});
    } else if (what == 2) {
      appliance.log_in();
    } else {
      const std::size_t length = std::min(what, rest.size());
      appliance.receive(order::InboundKind::Message, rest.first(length));
      rest = rest.subspan(length);
    }
    appliance.check();
  }
  return 0;
}
