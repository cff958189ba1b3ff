// SPDX-License-Identifier: Apache-2.0
#include "venue/exchange.hpp"

namespace ridley::venue {

namespace {

// Market-wide circuit breakers of the simulated day: an index of 5,000 and 7, 13 and 20 % below.
constexpr std::uint64_t kDeclineLevelOne_e8 = 4'650'00000000ULL;
constexpr std::uint64_t kDeclineLevelTwo_e8 = 4'350'00000000ULL;
constexpr std::uint64_t kDeclineLevelThree_e8 = 4'000'00000000ULL;

}  // namespace

Exchange::Exchange(const ExchangeSettings& settings)
    : mpids_{settings.mpids},
      instruments_{settings.instrument_count},
      engine_{limits_for(settings.instrument_count)},
      feed_{instruments_},
      states_(std::size_t{settings.instrument_count} + 1, TradingState::Halted) {
  for (const AccountSettings& account : settings.accounts) {
    accounts_.emplace_back(account, instruments_);
  }
}

void Exchange::at(std::uint64_t ns) {
  feed_.at(ns);
  for (Account& account : accounts_) account.at(feed_.now_ns());
}

void Exchange::open_system() {
  feed_.system_event(SystemEvent::StartOfMessages);
  const std::uint16_t count = instruments_.count();
  for (std::uint32_t i = 1; i <= count; ++i) feed_.directory(static_cast<std::uint16_t>(i));
  for (std::uint32_t i = 1; i <= count; ++i) {
    const auto locate = static_cast<std::uint16_t>(i);
    set_trading_state(locate, TradingState::Trading, "");
    feed_.short_sale_restriction(locate, '0');
  }
  for (std::uint32_t i = 1; i <= count; ++i) {
    const auto locate = static_cast<std::uint16_t>(i);
    for (const std::string& mpid : mpids_) feed_.participant_position(locate, mpid);
  }
  feed_.decline_levels(kDeclineLevelOne_e8, kDeclineLevelTwo_e8, kDeclineLevelThree_e8);
  feed_.system_event(SystemEvent::StartOfSystemHours);
  for (Account& account : accounts_) account.system_event('S');
  session_ = Session::SystemHours;
}

void Exchange::open_market() {
  feed_.system_event(SystemEvent::StartOfMarketHours);
  session_ = Session::MarketHours;
}

void Exchange::close() {
  feed_.system_event(SystemEvent::EndOfMarketHours);
  feed_.system_event(SystemEvent::EndOfSystemHours);
  feed_.system_event(SystemEvent::EndOfMessages);
  for (Account& account : accounts_) account.system_event('E');
  session_ = Session::Ended;
}

void Exchange::set_trading_state(std::uint16_t locate, TradingState state,
                                 std::string_view reason) {
  states_[locate] = state;
  feed_.trading_action(locate, state, reason);
}

std::uint64_t Exchange::enter(const NewOrder& order) {
  const Submission submission = engine_.submit(order);
  publish(order, submission);
  return submission.ending == Ending::Rests ? submission.reference : 0;
}

std::uint64_t Exchange::replace(std::uint64_t original_reference, const NewOrder& order) {
  const RestingOrder original = *engine_.find(original_reference);
  const Submission submission = engine_.replace(original_reference, order);
  publish_replace(original, order, submission);
  return submission.ending == Ending::Rests ? submission.reference : 0;
}

void Exchange::reduce(std::uint64_t reference, std::uint32_t quantity) {
  const Reduction taken = engine_.reduce(reference, quantity);
  if (taken.quantity > 0 && taken.displayed) show_reduction(reference, taken);
}

void Exchange::show_reduction(std::uint64_t reference, const Reduction& taken) {
  if (taken.open_quantity == 0) {
    feed_.deleted(reference, taken.locate);
  } else {
    feed_.canceled(reference, taken.locate, taken.quantity);
  }
}

void Exchange::publish(const NewOrder& order, const Submission& submission) {
  publish_fills(order, submission);
  publish_preventions(order, submission);
  publish_rest(order, submission);
}

// The feed knows a replace only where a displayed order becomes another displayed order that rests
// whole, under the same attribution. All else is a delete and whatever follows.
void Exchange::publish_replace(const RestingOrder& original, const NewOrder& order,
                               const Submission& submission) {
  const bool stays = submission.ending == Ending::Rests && submission.executed_quantity == 0;
  if (original.displayed() && stays && original.display == order.display) {
    feed_.replaced(original.reference, displayed(order, submission));
    return;
  }
  if (original.displayed()) feed_.deleted(original.reference, original.locate);
  publish(order, submission);
}

void Exchange::publish_fills(const NewOrder& order, const Submission& submission) {
  for (const Fill& fill : submission.fills) {
    if (fill.displayed) {
      // Continuous trading executes at the resting price, which is the displayed one.
      feed_.executed(fill, order.locate, fill.price_e4);
    } else {
      feed_.hidden_trade(fill, order.locate);
    }
    if (fill.owner.account != kParticipants) {
      accounts_[fill.owner.account].executed(
          fill.owner.number, fill, fill.displayed ? Liquidity::Added : Liquidity::AddedHidden);
    }
    if (order.owner.account != kParticipants) {
      accounts_[order.owner.account].executed(order.owner.number, fill, Liquidity::Removed);
    }
  }
}

// The feed sees a resting order shrink or go, and does not learn why.
void Exchange::publish_preventions(const NewOrder& order, const Submission& submission) {
  for (const Prevention& prevention : submission.preventions) {
    if (prevention.displayed) {
      show_reduction(prevention.reference, {.quantity = prevention.decrement,
                                            .open_quantity = prevention.open_quantity,
                                            .locate = order.locate,
                                            .displayed = true});
    }
    if (prevention.owner.account != kParticipants) {
      accounts_[prevention.owner.account].prevented(
          prevention.owner.number,
          {.decrement = prevention.decrement,
           .quantity = prevention.quantity,
           .price_e4 = prevention.price_e4,
           .liquidity = prevention.displayed ? Liquidity::Added : Liquidity::AddedHidden});
    }
    const bool both = submission.prevented_quantity > 0;
    if (both && order.owner.account != kParticipants) {
      accounts_[order.owner.account].prevented(order.owner.number,
                                               {.decrement = prevention.quantity,
                                                .quantity = prevention.quantity,
                                                .price_e4 = prevention.price_e4,
                                                .liquidity = Liquidity::Removed});
    }
  }
}

void Exchange::publish_rest(const NewOrder& order, const Submission& submission) {
  if (submission.ending != Ending::Rests || order.display == Display::Hidden) return;
  feed_.added(displayed(order, submission));
}

DisplayedOrder Exchange::displayed(const NewOrder& order, const Submission& submission) const {
  DisplayedOrder result;
  result.reference = submission.reference;
  result.locate = order.locate;
  result.side = order.side;
  result.quantity = submission.open_quantity;
  result.price_e4 = order.price_e4;
  result.attribution = attribution(order);
  return result;
}

std::string_view Exchange::attribution(const NewOrder& order) const noexcept {
  if (order.display != Display::Attributed) return {};
  if (order.owner.account != kParticipants) return accounts_[order.owner.account].settings().firm;
  return mpids_[order.owner.number];
}

}  // namespace ridley::venue
