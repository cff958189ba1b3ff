// SPDX-License-Identifier: Apache-2.0
#include "venue/market_watch.hpp"

#include <algorithm>

namespace ridley::venue {

using event::Side;

namespace {

constexpr std::uint32_t kTick_e4 = 100;
constexpr std::uint64_t kWhole_e8 = 100'000'000;
// Imbalances are told every second, for so long before the open and the close.
constexpr std::uint64_t kBetweenImbalances_ns = kSecond_ns;
constexpr std::uint64_t kBeforeOpen_ns = 120 * kSecond_ns;
constexpr std::uint64_t kBeforeClose_ns = 600 * kSecond_ns;
// No break of levels 1 and 2 from here to the close.
constexpr std::uint64_t kNoBreaks_ns = 35 * 60 * kSecond_ns;
// A collar widens so often; then the cross takes place at any price.
constexpr std::uint32_t kExtensionsMax = 5;

constexpr std::array<std::string_view, 3> kBreakReasons{"MWC1", "MWC2", "MWC3"};

std::uint32_t part(std::uint32_t price_e4, std::uint32_t percent) noexcept {
  return static_cast<std::uint32_t>(std::uint64_t{price_e4} * percent / 100);
}

std::uint64_t before(std::uint64_t ns, std::uint64_t length_ns) noexcept {
  return ns > length_ns ? ns - length_ns : 0;
}

}  // namespace

MarketWatch::MarketWatch(Exchange& exchange, const MarketRules& rules)
    : exchange_{exchange},
      rules_{rules},
      instruments_(std::size_t{exchange.instruments().count()} + 1) {
  exchange_.note_changes(rules.price_bands || rules.circuit_breakers || rules.short_sale_test);
  if (rules_.open_ns != 0) add(before(rules_.open_ns, kBeforeOpen_ns), Deed::OpeningImbalance, {});
  if (rules_.close_ns != kNever)
    add(before(rules_.close_ns, kBeforeClose_ns), Deed::ClosingImbalance, {});
}

void MarketWatch::schedule(std::uint64_t ns, const Stop& stop) { add(ns, Deed::Stop, stop); }

void MarketWatch::open(std::uint64_t ns) {
  exchange_.at(ns);
  exchange_.open_market();
  open_ = true;
  for (std::uint32_t i = 1; i < instruments_.size(); ++i) {
    const auto locate = static_cast<std::uint16_t>(i);
    if (exchange_.trading_state(locate) != TradingState::Trading) continue;
    const std::uint32_t reference = reference_e4(locate);
    exchange_.cross(locate, CrossType::Opening,
                    exchange_.crosses().find(locate, CrossType::Opening, reference));
    start(locate, reference_e4(locate));
  }
  look();
}

void MarketWatch::close() {
  if (!open_) return;
  open_ = false;
  for (std::uint32_t i = 1; i < instruments_.size(); ++i) {
    const auto locate = static_cast<std::uint16_t>(i);
    instruments_[i].bands.end();
    tell_bands(locate);
    if (exchange_.trading_state(locate) != TradingState::Trading) continue;
    exchange_.cross(locate, CrossType::Closing,
                    exchange_.crosses().find(locate, CrossType::Closing, reference_e4(locate)));
  }
  pauses_.clear();
  exchange_.close_market();
}

void MarketWatch::look() {
  // Copies: a breaker changes the exchange, which notes it.
  const std::vector<Print> prints = exchange_.prints();
  const std::vector<std::uint16_t> touched = exchange_.touched();
  exchange_.forget_changes();
  for (const Print& print : prints) traded(print);
  for (const std::uint16_t locate : touched) quoted(locate);
}

std::uint64_t MarketWatch::next_ns() const noexcept {
  const std::uint64_t action = actions_.empty() ? kNever : actions_.begin()->first;
  return pauses_.empty() ? action : std::min(action, pauses_.begin()->first);
}

void MarketWatch::act() {
  const std::uint64_t ns = next_ns();
  exchange_.at(ns);
  if (!pauses_.empty() && pauses_.begin()->first == ns) return pause(pauses_.begin()->second);
  const Action action = actions_.begin()->second;
  actions_.erase(actions_.begin());
  const bool superseded = action.stop_number != instruments_[action.stop.locate].stop_number;
  switch (action.deed) {
    case Deed::Stop: return stop(action.stop);
    case Deed::Quote:
      if (!superseded) quote(action);
      return;
    case Deed::Resume:
      if (!superseded) resume(action);
      return;
    case Deed::Imbalance:
      if (superseded || exchange_.trading_state(action.stop.locate) != TradingState::Quoting)
        return;
      exchange_.publish_imbalance(action.stop.locate, CrossType::Halt);
      return add(ns + kBetweenImbalances_ns, Deed::Imbalance, action.stop);
    case Deed::OpeningImbalance:
      if (ns >= rules_.open_ns) return;
      imbalances(CrossType::Opening);
      return add(ns + kBetweenImbalances_ns, Deed::OpeningImbalance, {});
    case Deed::ClosingImbalance:
      if (ns >= rules_.close_ns) return;
      imbalances(CrossType::Closing);
      return add(ns + kBetweenImbalances_ns, Deed::ClosingImbalance, {});
  }
}

void MarketWatch::stop(const Stop& stop) {
  Watched& watched = instruments_[stop.locate];
  ++watched.stop_number;
  watched.bands.end();
  tell_bands(stop.locate);
  quoted(stop.locate);
  exchange_.set_trading_state(stop.locate, stop.state, stop.reason);
  if (stop.quote_ns < stop.resume_ns) add(stop.quote_ns, Deed::Quote, stop);
  if (stop.resume_ns != kNever) add(stop.resume_ns, Deed::Resume, stop);
}

void MarketWatch::quote(const Action& action) {
  const std::uint16_t locate = action.stop.locate;
  exchange_.set_trading_state(locate, TradingState::Quoting, action.stop.quoting_reason);
  publish_collar(locate);
  add(action.stop.quote_ns + kBetweenImbalances_ns, Deed::Imbalance, action.stop);
}

void MarketWatch::resume(const Action& action) {
  const std::uint16_t locate = action.stop.locate;
  const Auction auction = exchange_.crosses().find(locate, CrossType::Halt, reference_e4(locate));
  if (extend(action, auction)) return;
  instruments_[locate].collar = {};
  exchange_.cross(locate, CrossType::Halt, auction);
  exchange_.set_trading_state(locate, TradingState::Trading, "");
  if (open_) start(locate, reference_e4(locate));
}

// A price beyond the collar is waited for once more, with a wider one.
bool MarketWatch::extend(const Action& action, const Auction& auction) {
  Collar& collar = instruments_[action.stop.locate].collar;
  const bool within = auction.price_e4 >= collar.lower_e4 && auction.price_e4 <= collar.upper_e4;
  if (collar.reference_e4 == 0 || auction.paired == 0 || within) return false;
  if (collar.extension == kExtensionsMax) return false;
  const std::uint32_t step = part(collar.reference_e4, 5);
  collar.upper_e4 += step;
  collar.lower_e4 -= std::min(step, collar.lower_e4 - 1);
  ++collar.extension;
  publish_collar(action.stop.locate);
  add(exchange_.now_ns() + rules_.pause_ns, Deed::Resume, action.stop);
  return true;
}

void MarketWatch::publish_collar(std::uint16_t locate) {
  const Collar& collar = instruments_[locate].collar;
  if (collar.reference_e4 == 0) return;
  exchange_.feed().auction_collar(locate, {.reference_e4 = collar.reference_e4,
                                           .upper_e4 = collar.upper_e4,
                                           .lower_e4 = collar.lower_e4,
                                           .extension = collar.extension});
}

void MarketWatch::imbalances(CrossType type) {
  for (std::uint32_t i = 1; i < instruments_.size(); ++i) {
    const auto locate = static_cast<std::uint16_t>(i);
    if (exchange_.crosses().has_interest(locate, type)) exchange_.publish_imbalance(locate, type);
  }
}

// The quote has stood at a band for too long.
void MarketWatch::pause(std::uint16_t locate) {
  Watched& watched = instruments_[locate];
  const std::uint32_t limit = watched.bands.limit_e4();
  const std::uint32_t step = part(limit, 5);
  watched.collar = {.reference_e4 = limit, .lower_e4 = limit - step, .upper_e4 = limit + step};
  const std::uint64_t resume_ns = exchange_.now_ns() + rules_.pause_ns;
  stop({.locate = locate,
        .state = TradingState::Paused,
        .reason = "LUDP",
        .quoting_reason = "T7",
        .quote_ns = resume_ns - std::min(rules_.quoting_ns, rules_.pause_ns),
        .resume_ns = resume_ns});
}

void MarketWatch::traded(const Print& print) {
  Watched& watched = instruments_[print.locate];
  if (!open_) return;
  if (watched.open_e4 == 0) start(print.locate, print.price_e4);
  if (watched.bands.active()) {
    const std::uint32_t before = watched.bands.reference_e4();
    watched.bands.traded(print.price_e4, exchange_.now_ns());
    if (watched.bands.reference_e4() != before) tell_bands(print.locate);
  }
  if (rules_.short_sale_test && !watched.restricted &&
      print.price_e4 <= part(watched.open_e4, 90)) {
    watched.restricted = true;
    exchange_.restrict_short_sales(print.locate);
  }
  if (rules_.circuit_breakers) count_in_index(watched, print.price_e4);
}

void MarketWatch::quoted(std::uint16_t locate) {
  Watched& watched = instruments_[locate];
  watched.bands.quoted(exchange_.engine().displayed_best_e4(locate, Side::Buy),
                       exchange_.engine().displayed_best_e4(locate, Side::Sell),
                       exchange_.now_ns());
  const std::uint64_t pause_ns = watched.bands.active() ? watched.bands.pause_ns() : kNever;
  if (pause_ns == watched.pause_ns) return;
  pauses_.erase({watched.pause_ns, locate});
  if (pause_ns != kNever) pauses_.emplace(pause_ns, locate);
  watched.pause_ns = pause_ns;
}

// Continuous trading of an instrument begins.
void MarketWatch::start(std::uint16_t locate, std::uint32_t reference_e4) {
  if (reference_e4 == 0) return;
  Watched& watched = instruments_[locate];
  if (watched.open_e4 == 0) {
    watched.open_e4 = reference_e4;
    watched.index_e4 = reference_e4;
    index_sum_e8_ += kWhole_e8;
    ++index_count_;
  }
  if (!rules_.price_bands) return;
  watched.bands.begin(reference_e4, exchange_.now_ns(), rules_.close_ns);
  tell_bands(locate);
}

void MarketWatch::count_in_index(Watched& watched, std::uint32_t price_e4) {
  const auto relative = [&](std::uint32_t price) { return price * kWhole_e8 / watched.open_e4; };
  index_sum_e8_ += relative(price_e4);
  index_sum_e8_ -= relative(watched.index_e4);
  watched.index_e4 = price_e4;
  std::size_t level = levels_broken_;
  while (level < kDeclineLevels_e8.size() && index_e8() <= kDeclineLevels_e8[level]) ++level;
  if (level > levels_broken_) break_market(level);
}

std::uint64_t MarketWatch::index_e8() const noexcept {
  if (index_count_ == 0) return kIndexAtOpen_e8;
  return index_sum_e8_ / index_count_ * (kIndexAtOpen_e8 / kWhole_e8);
}

void MarketWatch::break_market(std::size_t level) {
  levels_broken_ = level;
  const bool last = level == kDeclineLevels_e8.size();
  const std::uint64_t now_ns = exchange_.now_ns();
  const bool late = rules_.close_ns != kNever && now_ns + kNoBreaks_ns >= rules_.close_ns;
  exchange_.feed().breaker_status(static_cast<char>('0' + level));
  if (late && !last) return;
  const std::uint64_t resume_ns = last ? kNever : now_ns + rules_.breaker_ns;
  for (std::uint32_t i = 1; i < instruments_.size(); ++i) {
    instruments_[i].collar = {};
    stop({.locate = static_cast<std::uint16_t>(i),
          .state = TradingState::Halted,
          .reason = kBreakReasons[level - 1],
          .quoting_reason = "MWCQ",
          .quote_ns = last ? kNever : resume_ns - std::min(rules_.quoting_ns, rules_.breaker_ns),
          .resume_ns = resume_ns});
  }
}

void MarketWatch::tell_bands(std::uint16_t locate) {
  const PriceBands& bands = instruments_[locate].bands;
  exchange_.set_bands(locate, bands.active() ? Bands{bands.lower_e4(), bands.upper_e4()} : Bands{});
}

// The last trade, or the middle of what is displayed; 0: nobody knows.
std::uint32_t MarketWatch::reference_e4(std::uint16_t locate) const {
  if (exchange_.last_e4(locate) != 0) return exchange_.last_e4(locate);
  const std::uint32_t bid = exchange_.engine().displayed_best_e4(locate, Side::Buy);
  const std::uint32_t ask = exchange_.engine().displayed_best_e4(locate, Side::Sell);
  if (bid == 0 || ask == 0) return std::max(bid, ask);
  return (bid + (ask - bid) / 2) / kTick_e4 * kTick_e4;
}

void MarketWatch::add(std::uint64_t ns, Deed deed, const Stop& stop) {
  actions_.emplace(ns, Action{deed, instruments_[stop.locate].stop_number, stop});
}

}  // namespace ridley::venue
