// SPDX-License-Identifier: Apache-2.0
// Gate and order entry against an exchange in maps, with every interleaving that two directions of
// delay, lost connections and impatience can make.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "exchange_model.hpp"

namespace ridley::order {
namespace {

constexpr int kStepsMax = 600;

// An acknowledgement comes behind at most so many other messages.
constexpr std::uint32_t kLateMax = 12;

bool acknowledges(const Message& message) {
  const auto type = static_cast<char>(message[0]);
  return type == ouch::OrderAccepted::kType || type == ouch::OrderReplaced::kType;
}

class Interleaving {
 public:
  explicit Interleaving(bool late) : late_{late} {
    event::Command arm{};
    arm.kind = event::CommandKind::Arm;
    gate.apply(arm);
    entry.set_symbol(3, {'R', 'D', 'L', 'Y', ' ', ' ', ' ', ' '});
    come_back();
  }

  void step(std::uint32_t random) {
    const std::uint32_t rest = random >> 5;
    switch (random % 32) {
      case 0:
      case 1:
      case 2:
      case 3:
      case 4: return send_new(rest);
      case 5:
      case 6:
      case 7:
      case 8: return send_replace(rest);
      case 9:
      case 10: return send_cancel(rest);
      case 11: return lose_connection(rest);
      case 12: exchange.cancel_some(rest); return;
      case 13: exchange.break_some(rest); return;
      case 14:
      case 15:
      case 16:
      case 17: exchange.execute_some(rest); return;
      case 18: entry.cancel_all({}); return;
      case 19:
      case 20:
      case 21:
      case 22:
      case 23:
      case 24: deliver_orders(1); return;
      default: deliver_answers(1, rest); return;
    }
  }

  // Everything arrives; the exchange ends what is left; nothing may be reserved then.
  void finish() {
    settle();
    exchange.cancel_everything();
    settle();
    check();
    RC_ASSERT(entry.open_count() == 0U);
    RC_ASSERT(gate.exposure().open_orders() == 0U);
    RC_ASSERT(gate.exposure().open_buys() == 0U);
    RC_ASSERT(gate.exposure().open_sells() == 0U);
    RC_ASSERT(gate.exposure().open_notional_e4() == 0U);
    RC_ASSERT(gate.position(3) == exchange.position);
    RC_ASSERT(gate.exposure().cash_e4() == exchange.cash_e4);
    RC_ASSERT(ends.size() == entry.counters().orders_sent);
    for (const auto& [user_ref, count] : ends) RC_ASSERT(count == 1);
  }

  // At any time the gate holds at least what the exchange could still trade, and exactly what the
  // order entry thinks is open.
  void check() {
    std::uint64_t open = 0;
    std::uint64_t notional = 0;
    std::uint64_t orders = 0;
    std::set<std::uint32_t> numbers{0};
    std::set<std::uint32_t> replacements;
    entry.for_each_open([&](const Order& order) {
      numbers.insert(order.user_ref);
      replacements.insert(order.replacement);
      open += order.open_quantity;
      notional += static_cast<std::uint64_t>(order.open_quantity) * order.price_e4;
      ++orders;
    });
    RC_ASSERT(gate.exposure().open_buys() + gate.exposure().open_sells() == open);
    RC_ASSERT(gate.exposure().open_notional_e4() == notional);
    RC_ASSERT(gate.exposure().open_orders() == orders);
    RC_ASSERT(gate.broken_invariants() == 0U);
    RC_ASSERT(entry.broken_invariants() == 0U);
    // Where a reject has ended an order, the cancel that follows may come after its number's slot
    // has gone to another, and so may a late acknowledgement.
    RC_ASSERT(entry.counters().unknown_orders <= exchange.quantity_rejects + told_late);
    RC_ASSERT(entry.counters().malformed == 0U);
    RC_ASSERT(std::ranges::includes(numbers, replacements));
    std::uint64_t tradable = 0;
    for (const auto& [user_ref, order] : exchange.live) tradable += order.open;
    RC_ASSERT(open >= tradable);
  }

 private:
  void send(event::OrderIntent intent) {
    const risk::Verdict verdict = gate.check(intent, open_market(), 1);
    if (!verdict.order) return;
    tell(entry.send(*verdict.order).event);
  }

  void tell(const event::OrderEvent& event) {
    gate.apply(event);
    if (event.user_ref == 0) return;
    if (event.terminal != 0) ++ends[event.user_ref];
    if (event.kind == event::OrderEventKind::Replaced) ++ends[event.original_user_ref];
  }

  void send_new(std::uint32_t random) {
    event::OrderIntent intent =
        intent_of(event::IntentKind::New, random % 500 + 1, 1'000'000 + (random >> 9) % 12 * 100);
    intent.side = (random >> 20) % 2 == 0 ? event::Side::Buy : event::Side::Sell;
    send(intent);
  }

  std::optional<Order> pick(std::uint32_t random) {
    std::optional<Order> picked;
    std::size_t at = entry.open_count() == 0 ? 0 : random % entry.open_count();
    entry.for_each_open([&](const Order& order) {
      if (at-- == 0) picked = order;
    });
    return picked;
  }

  void send_replace(std::uint32_t random) {
    const std::optional<Order> target = pick(random);
    if (!target) return;
    event::OrderIntent intent = intent_of(event::IntentKind::Replace, (random >> 6) % 500 + 1,
                                          1'000'000 + (random >> 15) % 12 * 100);
    intent.side = target->side;
    intent.user_ref = target->user_ref;
    send(intent);
  }

  void send_cancel(std::uint32_t random) {
    const std::optional<Order> target = pick(random);
    if (!target) return;
    event::OrderIntent intent = intent_of(event::IntentKind::Cancel, (random >> 6) % 3 * 50);
    intent.user_ref = target->user_ref;
    send(intent);
  }

  // The session thread and the wire: packets of an old connection go nowhere.
  void deliver_orders(std::size_t count) {
    Outbound slot;
    while (count-- > 0 && ring.pop(slot)) {
      if (slot.connection == connection) exchange.take(slot.packet().subspan(3));
    }
  }

  void deliver_answers(std::size_t count, std::uint32_t random) {
    for (; count > 0 && !exchange.stream.empty(); --count) {
      const Message message = exchange.stream.front();
      exchange.stream.pop_front();
      const std::uint32_t late = late_ && acknowledges(message) ? random % kLateMax : 0;
      if (late == 0)
        deliver(message);
      else
        kept.emplace_back(late, message);
    }
  }

  void deliver(const Message& message) {
    for (const event::OrderEvent& event : entry.receive(inbound_of(message))) tell(event);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      if (--kept[i].first > 0) continue;
      const Message next = kept[i].second;
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(i));
      ++told_late;
      return deliver(next);
    }
  }

  // What is in the ring never arrives; what the exchange has said comes in the replay.
  void lose_connection(std::uint32_t random) {
    if (random % 4 != 0) return;
    static_cast<void>(entry.receive(session_event(InboundKind::Disconnected)));
    if (random % 8 == 0) {
      Outbound slot;
      while (ring.pop(slot)) {
      }
    }
    come_back();
  }

  void come_back() {
    static_cast<void>(entry.receive(session_event(InboundKind::LoggedIn, ++connection)));
  }

  void settle() {
    do {
      entry.poll();
      deliver_orders(ring.size());
      deliver_answers(exchange.stream.size(), 0);
      while (!kept.empty()) {
        const Message message = kept.front().second;
        kept.erase(kept.begin());
        deliver(message);
      }
    } while (ring.size() > 0 || !entry.reconciled());
  }

  base::SpscRing<Outbound> ring{32};
  risk::RiskGate gate{wide_limits(), 16};
  OrderEntry entry{{.orders_max = 64, .executions_max = 1'024}, ring};
  ExchangeModel exchange;
  std::uint16_t connection = 0;
  bool late_;
  std::vector<std::pair<std::uint32_t, Message>> kept;  // told after so many others
  std::uint64_t told_late = 0;
  std::map<std::uint32_t, std::uint32_t> ends;  // of each order
};

void check_conservation(bool late) {
  const bool holds = rc::check("reservations are conserved", [late] {
    const auto steps =
        *rc::gen::resize(kStepsMax, rc::gen::container<std::vector<std::uint32_t>>(rc::gen::resize(
                                        rc::kNominalSize, rc::gen::arbitrary<std::uint32_t>())));
    Interleaving run{late};
    for (const std::uint32_t random : steps) {
      run.step(random);
      run.check();
    }
    run.finish();
  });
  EXPECT_TRUE(holds);
}

TEST(OrderConservation, NothingIsReservedWhenEveryOrderIsDeadHoweverTheMessagesCrossed) {
  check_conservation(false);
}

TEST(OrderConservation, NothingIsReservedWhenEveryOrderIsDeadHoweverLateItsAcknowledgement) {
  check_conservation(true);
}

}  // namespace
}  // namespace ridley::order
