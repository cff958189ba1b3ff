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
      desk_{exchange_, settings.participants.seed},
      participants_{exchange_, settings.participants},
      rules_{settings.rules},
      watch_{exchange_, settings.rules},
      start_ns_{settings.start_ns},
      opening_ns_{settings.start_ns} {
  for (const Halt& halt : settings.halts) schedule(halt);
  if (settings.recorded) recorded_.emplace(exchange_, *settings.recorded);
}

void TradingDay::schedule(const Halt& halt) {
  const std::uint16_t locate = exchange_.instruments().locate(halt.symbol);
  if (locate == 0) {
    throw base::Error::with_exit(EX_USAGE, "halt of ", halt.symbol, ": no such instrument");
  }
  const std::uint64_t from_ns = start_ns_ + halt.after_ns;
  const std::uint64_t resume_ns = from_ns + halt.for_ns;
  watch_.schedule(from_ns, {.locate = locate,
                            .quote_ns = resume_ns - std::min(halt.quoting_ns, halt.for_ns),
                            .resume_ns = resume_ns});
}

bool TradingDay::advance(std::uint64_t until_ns, std::uint32_t steps_max) {
  for (std::uint32_t steps = 0; next_ns() <= until_ns; ++steps) {
    if (steps == steps_max) return false;
    step();
  }
  if (phase_ == Phase::Early || phase_ == Phase::Trading || phase_ == Phase::Late) {
    exchange_.at(until_ns);
    desk_.expire();
    watch_.look();
  }
  return true;
}

void TradingDay::receive(std::uint32_t account, std::span<const std::byte> message,
                         std::uint64_t ns) {
  exchange_.at(ns);
  desk_.receive(account, message);
  watch_.look();
}

void TradingDay::cancel_all(std::uint32_t account, std::uint64_t ns, std::size_t orders_max) {
  exchange_.at(ns);
  desk_.cancel_all(account, CancelReason::Supervisory, orders_max);
  watch_.look();
}

std::uint64_t TradingDay::shock(std::uint16_t locate, const Participants::Shock& shock,
                                std::uint64_t ns) {
  exchange_.at(ns);
  const std::uint64_t rests = participants_.shock(locate, shock);
  watch_.look();
  return rests;
}

void TradingDay::withdraw(std::uint64_t reference, std::uint64_t ns) {
  exchange_.at(ns);
  participants_.withdraw(reference);
  watch_.look();
}

void TradingDay::resume(std::uint64_t ns) {
  exchange_.at(ns);
  if (phase_ == Phase::Before || phase_ == Phase::Opening) {
    opening_ns_ = std::max(opening_ns_, ns);
  } else {
    participants_.rest_until(ns);
  }
}

void TradingDay::close(std::uint64_t ns) {
  const Phase before = phase_;
  phase_ = Phase::Over;
  // A day that never began has nothing to end.
  if (before == Phase::Before || before == Phase::Over) return;
  exchange_.at(ns);
  watch_.close();
  exchange_.close();
}

std::uint64_t TradingDay::next_ns() const noexcept {
  switch (phase_) {
    case Phase::Before:
    case Phase::Opening: return opening_ns_;
    case Phase::Early: return std::min(rules_.open_ns, watch_.next_ns());
    case Phase::Trading: return std::min({crowd_ns(), watch_.next_ns(), rules_.close_ns});
    case Phase::Late: return watch_.next_ns();
    case Phase::Over: return kNever;
  }
  return kNever;
}

std::uint64_t TradingDay::crowd_ns() const noexcept {
  return recorded_ ? recorded_->next_ns() : participants_.next_ns();
}

// Whoever wants to act first: the close, whoever watches the market, the crowd.
void TradingDay::step() {
  if (phase_ == Phase::Before || phase_ == Phase::Opening) return step_before_trading();
  const std::uint64_t ns = next_ns();
  if (phase_ == Phase::Early && ns == rules_.open_ns) {
    watch_.open(ns);
    if (recorded_) {
      recorded_->begin(ns);
    } else {
      participants_.begin(ns);
    }
    phase_ = Phase::Trading;
  } else if (phase_ == Phase::Trading && ns == rules_.close_ns) {
    exchange_.at(ns);
    watch_.close();
    phase_ = Phase::Late;
  } else if (ns == watch_.next_ns()) {
    watch_.act();
  } else if (recorded_) {
    recorded_->act();
  } else {
    participants_.act();
  }
  watch_.look();
}

void TradingDay::step_before_trading() {
  exchange_.at(opening_ns_);
  if (phase_ == Phase::Before) {
    exchange_.open_system();
    phase_ = Phase::Opening;
  } else if (recorded_ || !participants_.place_opening_order()) {
    phase_ = Phase::Early;
    rules_.open_ns = std::max(rules_.open_ns, opening_ns_);
  }
  opening_ns_ += kOpeningStep_ns;
}

}  // namespace ridley::venue
