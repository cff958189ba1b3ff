// SPDX-License-Identifier: Apache-2.0
#include "venue/trading_day.hpp"

#include <algorithm>
#include <utility>

#include "base/error.hpp"

namespace ridley::venue {

namespace {

// One order of the opening book every so often: 100,000 a second.
constexpr std::uint64_t kOpeningStep_ns = 10'000;

ExchangeSettings with_makers(ExchangeSettings settings) {
  if (settings.mpids.empty()) settings.mpids = maker_mpids();
  return settings;
}

}  // namespace

TradingDay::TradingDay(TradingDaySettings settings)
    : exchange_{with_makers(std::move(settings.exchange))},
      desk_{exchange_},
      participants_{exchange_, settings.participants},
      opening_ns_{settings.start_ns} {
  schedule(settings);
}

void TradingDay::schedule(const TradingDaySettings& settings) {
  for (const Halt& halt : settings.halts) {
    const std::uint16_t locate = exchange_.instruments().locate(halt.symbol);
    if (locate == 0) {
      throw base::Error::with_exit(EX_USAGE, "halt of ", halt.symbol, ": no such instrument");
    }
    const std::uint64_t from_ns = settings.start_ns + halt.after_ns;
    turns_.emplace(from_ns, Turn{locate, TradingState::Halted});
    turns_.emplace(from_ns + halt.for_ns, Turn{locate, TradingState::Trading});
  }
}

bool TradingDay::advance(std::uint64_t until_ns, std::uint32_t steps_max) {
  for (std::uint32_t steps = 0; next_ns() <= until_ns; ++steps) {
    if (steps == steps_max) return false;
    step();
  }
  if (phase_ == Phase::Trading) {
    exchange_.at(until_ns);
    desk_.expire();
  }
  return true;
}

void TradingDay::receive(std::uint32_t account, std::span<const std::byte> message,
                         std::uint64_t ns) {
  exchange_.at(ns);
  desk_.receive(account, message);
}

void TradingDay::cancel_all(std::uint32_t account, std::uint64_t ns) {
  exchange_.at(ns);
  desk_.cancel_all(account, CancelReason::Supervisory);
}

void TradingDay::close(std::uint64_t ns) {
  const Phase before = phase_;
  phase_ = Phase::Over;
  // A day that never began has nothing to end.
  if (before == Phase::Before || before == Phase::Over) return;
  exchange_.at(ns);
  exchange_.close();
}

std::uint64_t TradingDay::next_ns() const noexcept {
  switch (phase_) {
    case Phase::Before:
    case Phase::Opening: return opening_ns_;
    case Phase::Trading:
      return turns_.empty() ? participants_.next_ns()
                            : std::min(participants_.next_ns(), turns_.begin()->first);
    case Phase::Over: return Participants::kNever;
  }
  return Participants::kNever;
}

void TradingDay::step() {
  if (phase_ == Phase::Trading) {
    if (turns_.empty() || turns_.begin()->first > participants_.next_ns()) {
      return participants_.act();
    }
    const auto [ns, turn] = *turns_.begin();
    turns_.erase(turns_.begin());
    exchange_.at(ns);
    const bool halted = turn.state == TradingState::Halted;
    return exchange_.set_trading_state(turn.locate, turn.state, halted ? "T1" : "");
  }
  exchange_.at(opening_ns_);
  if (phase_ == Phase::Before) {
    exchange_.open_system();
    phase_ = Phase::Opening;
  } else if (!participants_.place_opening_order()) {
    exchange_.open_market();
    participants_.begin(opening_ns_);
    phase_ = Phase::Trading;
  }
  opening_ns_ += kOpeningStep_ns;
}

}  // namespace ridley::venue
