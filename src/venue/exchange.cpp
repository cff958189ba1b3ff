// SPDX-License-Identifier: Apache-2.0
#include "venue/exchange.hpp"

#include <algorithm>

#include "venue/market_rules.hpp"

namespace ridley::venue {

namespace {

std::uint32_t tick_above(std::uint32_t price_e4) noexcept { return price_e4 < 10'000 ? 1 : 100; }

Liquidity liquidity_of(CrossType type) noexcept {
  switch (type) {
    case CrossType::Opening: return Liquidity::OpeningCross;
    case CrossType::Closing: return Liquidity::ClosingCross;
    case CrossType::Halt: return Liquidity::HaltCross;
  }
  return Liquidity::OpeningCross;
}

}  // namespace

Exchange::Exchange(const ExchangeSettings& settings)
    : mpids_{settings.mpids},
      instruments_{settings.instrument_count},
      engine_{limits_for(settings.instrument_count)},
      feed_{instruments_},
      markets_(std::size_t{settings.instrument_count} + 1) {
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
  feed_.decline_levels(kDeclineLevels_e8[0], kDeclineLevels_e8[1], kDeclineLevels_e8[2]);
  feed_.system_event(SystemEvent::StartOfSystemHours);
  for (Account& account : accounts_) account.system_event('S');
  session_ = Session::SystemHours;
}

void Exchange::open_market() {
  feed_.system_event(SystemEvent::StartOfMarketHours);
  session_ = Session::MarketHours;
}

void Exchange::close_market() {
  feed_.system_event(SystemEvent::EndOfMarketHours);
  session_ = Session::AfterHours;
}

void Exchange::close() {
  if (session_ == Session::MarketHours) close_market();
  feed_.system_event(SystemEvent::EndOfSystemHours);
  feed_.system_event(SystemEvent::EndOfMessages);
  for (Account& account : accounts_) account.system_event('E');
  session_ = Session::Ended;
}

void Exchange::set_trading_state(std::uint16_t locate, TradingState state,
                                 std::string_view reason) {
  markets_[locate].state = state;
  markets_[locate].reason.fill(' ');
  reason.copy(markets_[locate].reason.data(), markets_[locate].reason.size());
  feed_.trading_action(locate, state, reason);
}

void Exchange::restrict_short_sales(std::uint16_t locate) {
  markets_[locate].short_sales_restricted = true;
  feed_.short_sale_restriction(locate, '1');
}

void Exchange::admit(NewOrder& order, bool short_sale) const noexcept {
  const Market& market = markets_[order.locate];
  order.quoting = market.state == TradingState::Quoting;
  const Bands& bands = market.bands;
  const bool buys = order.side == event::Side::Buy;
  if (bands.upper_e4 != 0 && buys) order.price_e4 = std::min(order.price_e4, bands.upper_e4);
  if (bands.lower_e4 != 0 && !buys) order.price_e4 = std::max(order.price_e4, bands.lower_e4);
  if (!short_sale || !market.short_sales_restricted) return;
  const std::uint32_t bid = engine_.displayed_best_e4(order.locate, event::Side::Buy);
  if (bid != 0 && order.price_e4 <= bid) order.price_e4 = bid + tick_above(bid);
}

std::uint64_t Exchange::enter(NewOrder order) {
  admit(order, false);
  const Submission submission = engine_.submit(order);
  publish(order, submission);
  return submission.ending == Ending::Rests ? submission.reference : 0;
}

std::uint64_t Exchange::replace(std::uint64_t original_reference, NewOrder order) {
  admit(order, false);
  const RestingOrder original = *engine_.find(original_reference);
  const Submission submission = engine_.replace(original_reference, order);
  publish_replace(original, order, submission);
  return submission.ending == Ending::Rests ? submission.reference : 0;
}

void Exchange::reduce(std::uint64_t reference, std::uint32_t quantity) {
  const Reduction taken = engine_.reduce(reference, quantity);
  if (taken.quantity == 0) {
    (void)crosses_.reduce(reference, quantity);
  } else if (taken.displayed) {
    show_reduction(reference, taken);
    note_touch(taken.locate);
  }
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
  note_touch(order.locate);
}

// The feed knows a replace only where a displayed order becomes another displayed order that rests
// whole, under the same attribution. All else is a delete and whatever follows.
void Exchange::publish_replace(const RestingOrder& original, const NewOrder& order,
                               const Submission& submission) {
  const bool stays = submission.ending == Ending::Rests && submission.executed_quantity == 0;
  if (original.displayed() && stays && original.display == order.display) {
    feed_.replaced(original.reference, displayed(order, submission));
    return note_touch(order.locate);
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
    tell(fill.owner, fill, fill.displayed ? Liquidity::Added : Liquidity::AddedHidden);
    tell(order.owner, fill, Liquidity::Removed);
    note_print(order.locate, fill.price_e4);
  }
}

void Exchange::tell(const Owner& owner, const Fill& fill, Liquidity liquidity) {
  if (owner.account != kParticipants)
    accounts_[owner.account].executed(owner.number, fill, liquidity);
}

void Exchange::note_print(std::uint16_t locate, std::uint32_t price_e4) {
  markets_[locate].last_e4 = price_e4;
  if (notes_changes_) prints_.push_back({locate, price_e4});
}

void Exchange::note_touch(std::uint16_t locate) {
  if (notes_changes_) touched_.push_back(locate);
}

void Exchange::publish_imbalance(std::uint16_t locate, CrossType type) {
  feed_.imbalance(locate, type, crosses_.imbalance(locate, type, last_e4(locate)));
}

// All parts of a cross have its match number.
void Exchange::cross(std::uint16_t locate, CrossType type, const Auction& auction) {
  const Crosses::Outcome outcome = crosses_.run(locate, type, auction);
  const std::uint64_t match_number = engine_.take_match_number();
  for (const CrossFill& part : outcome.fills) {
    const Fill fill{.reference = part.reference,
                    .match_number = match_number,
                    .quantity = part.quantity,
                    .price_e4 = auction.price_e4,
                    .open_quantity = 0,
                    .owner = part.owner,
                    .displayed = part.displayed};
    if (part.displayed) feed_.crossed(fill, locate);
    tell(part.owner, fill, liquidity_of(type));
  }
  feed_.cross_trade(locate, type, auction, match_number);
  if (auction.paired > 0) note_print(locate, auction.price_e4);
  for (const CrossFill& order : outcome.left_over) {
    accounts_[order.owner.account].canceled(order.owner.number, order.quantity,
                                            CancelReason::CrossCanceled);
  }
  note_touch(locate);
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
  return {.reference = submission.reference,
          .locate = order.locate,
          .side = order.side,
          .quantity = submission.open_quantity,
          .price_e4 = order.price_e4,
          .attribution = attribution(order.display, order.owner)};
}

DisplayedOrder Exchange::displayed(const RestingOrder& order) const {
  return {.reference = order.reference,
          .locate = order.locate,
          .side = order.side,
          .quantity = order.quantity,
          .price_e4 = order.price_e4,
          .attribution = attribution(order.display, order.owner)};
}

std::string_view Exchange::attribution(Display display, const Owner& owner) const noexcept {
  if (display != Display::Attributed) return {};
  if (owner.account != kParticipants) return accounts_[owner.account].settings().firm;
  return mpids_[owner.number];
}

}  // namespace ridley::venue
