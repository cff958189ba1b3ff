// SPDX-License-Identifier: Apache-2.0
#include "risk/risk_gate.hpp"

#include <algorithm>

namespace ridley::risk {
namespace {

using event::IntentKind;
using event::OrderEventKind;

constexpr Exposure kNoExposure{};

}  // namespace

Verdict RiskGate::check(const event::OrderIntent& intent, const Market& market,
                        std::uint64_t now_ns) noexcept {
  bucket_.refill(now_ns);
  if (intent.kind == IntentKind::Cancel) {
    bucket_.take();  // counted, but never held back
    ++cancels_;
    return {.order = ApprovedOrder{intent}};
  }
  if (intent.locate < instruments_.size()) {
    Instrument& instrument = instruments_[intent.locate];
    if (instrument.firm_limits_seen != firm_limits_) put_in_force(instrument);
    if (passes(intent, market, instrument)) return approve(intent, instrument);
  }
  const Failure failure = evaluate(intent, market);
  expect(static_cast<bool>(failure));  // both say the same, or nothing leaves any more
  return reject(intent, failure ? failure : Failure{Control::KillSwitch, 0, kKilledFirm}, now_ns);
}

// What one order in a thousand needs is left to evaluate().
bool RiskGate::passes(const event::OrderIntent& intent, const Market& market,
                      const Instrument& instrument) const noexcept {
  const OrderLimits& order = instrument.in_force.limits;
  const Exposure& exposure = instrument.exposure;
  const Lot lot{.quantity = intent.quantity, .price_e4 = intent.price_e4};
  const std::uint64_t notional_e4 = lot.notional_e4();
  const std::uint64_t reference = doubled_reference_e4(limits_.reference, intent, market);
  const Step& tick =
      lot.price_e4 < kDollarE4 ? instrument.in_force.sub_dollar_tick : instrument.in_force.tick;
  const bool in_lots = order.round_lots_only == Permit::No ||
                       (order.round_lot != 0 && lot.quantity % order.round_lot == 0);
  const Int128 position_max = static_cast<Int128>(position_limit(order, intent));

  return !is_stopped(intent, instrument) && is_fresh(limits_.age_ns_max, reference, market) &&
         !instrument.restricted && is_within_band(intent, market) &&
         may_sell(order, intent, market) && well_formed(intent) && lot.price_e4 != 0 &&
         tick.divides(lot.price_e4) && in_lots && is_tradable_quantity(lot.quantity) &&
         is_near(order.collar_bps, reference, lot.price_e4) && lot.quantity <= order.quantity_max &&
         notional_e4 <= order.notional_max_e4 && bucket_.tokens() != 0 &&
         worst_position(exposure, intent) <= position_max &&
         firm_.gross_notional_e4() + notional_e4 <= limits_.gross_max_e4 &&
         exposure.gross_notional_e4() + notional_e4 <= order.gross_max_e4 &&
         firm_.open_orders() < limits_.open_orders_max &&
         exposure.open_orders() < order.open_orders_max;
}

// The order of the numbers is the order of the lines.
Failure RiskGate::evaluate(const event::OrderIntent& intent, const Market& market) const noexcept {
  if (const Failure failure = evaluate_kill(intent)) return failure;
  if (const Failure failure = check_stale_market(limits_, intent, market)) return failure;
  if (intent.locate >= instruments_.size()) return {Control::RestrictedList, 0, 1};
  const Instrument& instrument = instruments_[intent.locate];
  if (instrument.restricted) return {Control::RestrictedList, 0, 1};
  if (const Failure failure = check_halt_or_band(intent, market)) return failure;

  const OrderLimits& order = instrument.in_force.limits;
  const Lot lot{.quantity = intent.quantity, .price_e4 = intent.price_e4};
  const std::uint64_t reference = doubled_reference_e4(limits_.reference, intent, market);
  if (const Failure failure = check_short_sale(order, intent, market)) return failure;
  if (const Failure failure = check_tick_and_lot(order, intent)) return failure;
  if (const auto failure = check_price_collar(order.collar_bps, reference, lot.price_e4)) {
    return failure;
  }
  if (const Failure failure = check_quantity(order, lot.quantity)) return failure;
  if (const Failure failure = check_notional(order, lot)) return failure;

  if (bucket_.tokens() == 0) {
    return {Control::MessageRate, bucket_.capacity(), as_recorded(bucket_.capacity() + 1ULL)};
  }
  const Exposure& exposure = instrument.exposure;
  if (const Failure failure = check_position(order, exposure, intent)) return failure;
  if (const Failure failure = check_gross(limits_.gross_max_e4, firm_, lot)) return failure;
  if (const Failure failure = check_gross(order.gross_max_e4, exposure, lot)) return failure;
  if (const Failure failure = check_open_orders(limits_.open_orders_max, firm_)) return failure;
  return check_open_orders(order.open_orders_max, exposure);
}

Failure RiskGate::evaluate_kill(const event::OrderIntent& intent) const noexcept {
  const bool symbol = intent.locate < instruments_.size() && instruments_[intent.locate].killed;
  const bool strategy =
      intent.strategy_id >= kStrategiesMax || ((killed_strategies_ >> intent.strategy_id) & 1) != 0;
  const std::int64_t latches = (armed_ ? 0 : kDisarmed) + (killed_ ? kKilledFirm : 0) +
                               (symbol ? kKilledSymbol : 0) + (strategy ? kKilledStrategy : 0);
  return latches == 0 ? kPasses : Failure{Control::KillSwitch, 0, latches};
}

bool RiskGate::is_stopped(const event::OrderIntent& intent,
                          const Instrument& instrument) const noexcept {
  const bool unknown = intent.strategy_id >= kStrategiesMax;
  const bool strategy = ((killed_strategies_ >> (intent.strategy_id % kStrategiesMax)) & 1) != 0;
  return !armed_ || killed_ || instrument.killed || unknown || strategy;
}

void RiskGate::put_in_force(Instrument& instrument) const noexcept {
  InForce& in_force = instrument.in_force;
  in_force.limits = limits_in_force(in_force.limits, instrument.own, limits_.order);
  in_force.tick = Step{in_force.limits.tick_e4};
  in_force.sub_dollar_tick = Step{in_force.limits.sub_dollar_tick_e4};
  instrument.firm_limits_seen = firm_limits_;
}

Verdict RiskGate::approve(const event::OrderIntent& intent, Instrument& instrument) noexcept {
  const Lot lot{.quantity = intent.quantity, .price_e4 = intent.price_e4};
  bucket_.take();
  instrument.exposure.open_order(intent.side, lot);
  firm_.open_order(intent.side, lot);
  ++approved_;
  return {.order = ApprovedOrder{intent}};
}

Verdict RiskGate::reject(const event::OrderIntent& intent, const Failure& failure,
                         std::uint64_t now_ns) noexcept {
  ++rejected_;
  ++rejects_[static_cast<std::size_t>(failure.control)];
  Verdict verdict;
  event::RejectRecord& record = verdict.reject;
  record.control = static_cast<std::uint8_t>(failure.control);
  record.side = intent.side;
  record.locate = intent.locate;
  record.quantity = intent.quantity;
  record.price_e4 = intent.price_e4;
  record.limit_version = limits_.version;
  record.limit = failure.limit;
  record.observed = failure.observed;
  record.ns = now_ns;
  record.client_tag = intent.client_tag;
  record.strategy_id = intent.strategy_id;
  record.engine = 1;
  return verdict;
}

void RiskGate::apply(const event::OrderEvent& event) noexcept {
  const bool silent = event.kind == OrderEventKind::None || event.kind == OrderEventKind::Sent ||
                      event.kind == OrderEventKind::GateRejected;
  if (silent) return;
  expect(event.locate < instruments_.size() && is_known(event.side));
  if (event.locate >= instruments_.size() || !is_known(event.side)) return;

  Instrument& instrument = instruments_[event.locate];
  const Lot lot{.quantity = event.quantity, .price_e4 = event.price_e4};
  if (event.kind == OrderEventKind::Executed || event.kind == OrderEventKind::Corrected) {
    instrument.exposure.execute(event.side, lot);
    firm_.execute(event.side, lot);
  }
  if (event.kind == OrderEventKind::Broken) {
    expect(instrument.exposure.reverse(event.side, lot));
    expect(firm_.reverse(event.side, lot));
  }
  release(instrument, event.side,
          {.quantity = event.released_quantity, .price_e4 = event.released_price_e4});
  if (event.kind == OrderEventKind::Replaced) {
    // released_* was the original's. The replacement reserved its whole quantity, of which only
    // what is open now can still trade.
    expect(event.quantity >= event.open_quantity);
    const std::uint32_t open = std::min(event.quantity, event.open_quantity);
    release(instrument, event.side,
            {.quantity = event.quantity - open, .price_e4 = event.price_e4});
    close_order(instrument);
  }
  if (event.terminal != 0) close_order(instrument);
}

void RiskGate::release(Instrument& instrument, event::Side side, Lot lot) noexcept {
  if (lot.quantity == 0) return;
  expect(instrument.exposure.release(side, lot));
  expect(firm_.release(side, lot));
}

void RiskGate::close_order(Instrument& instrument) noexcept {
  expect(instrument.exposure.close_order());
  expect(firm_.close_order());
}

void RiskGate::expect(bool holds) noexcept {
  if (holds) return;
  ++broken_invariants_;
  kill();
}

std::int64_t RiskGate::position(std::uint16_t locate) const noexcept {
  return exposure(locate).position();
}

const Exposure& RiskGate::exposure(std::uint16_t locate) const noexcept {
  return locate < instruments_.size() ? instruments_[locate].exposure : kNoExposure;
}

Int128 RiskGate::profit_e4(std::uint16_t locate, std::uint32_t mark_price_e4) const noexcept {
  const Exposure& own = exposure(locate);
  return own.cash_e4() + static_cast<Int128>(own.position()) * mark_price_e4;
}

}  // namespace ridley::risk
