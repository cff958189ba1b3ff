// SPDX-License-Identifier: Apache-2.0
#include "venue/participants.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ridley::venue {

using event::Side;

namespace {

constexpr std::uint32_t kTick_e4 = 100;
constexpr std::uint32_t kTicksAway = 200;  // no order of the crowd rests further from the touch

constexpr std::uint32_t kSweepQuantityMax = 900'000;
// Who stays in a shock stays through ten of them.
constexpr std::uint32_t kStayingQuantity = 10 * kSweepQuantityMax;

// The opening book: so many orders an instrument besides the makers', half of them a side.
constexpr std::uint64_t kOpeningOrders = 40;

// The crowd tends to this many live orders an instrument.
constexpr double kCrowdTarget = 160;
// Far above what the target allows. No power of two: every instrument's newest order would share
// the few places of the cache that such a distance leaves.
constexpr std::size_t kCrowdMax = 500;

// Looking for a live order among references that may have died costs so many tries at most.
constexpr int kTriesMax = 8;

constexpr double kMakerShare = 0.30;    // of all actions
constexpr double kSweepShare = 0.03;    // of the crowd's
constexpr double kReplaceShare = 0.10;  // of the crowd's
constexpr double kHiddenShare = 0.02;   // of the crowd's adds
constexpr double kPartialShare = 0.15;  // of the crowd's cancels

// The mix of the crowd without opinions is that of AAPL on 2012-06-21 (the 1,018 messages behind
// the opening book of the LOBSTER sample in orderflow/aapl-20120621.itch): 45.8 % adds, 36.2 %
// deletes, 9.6 % executions, 6.0 % trades with hidden orders. An execution takes the whole order
// that is first, so adds and deletes follow from the size of the book.
constexpr double kHiddenTradeShare = 0.06;
constexpr double kTakeShare = 0.096;

// Of the same messages' times, by maximum likelihood (log-likelihood 5,773; 2,069 without
// followers): each message draws 0.66 others behind it, 50 us later.
constexpr Excitement kOfRecordedDay{.branching = 0.66, .mean_delay_ns = 50'000};

Side other(Side side) noexcept { return side == Side::Buy ? Side::Sell : Side::Buy; }

std::size_t index_of(Side side) noexcept { return side == Side::Buy ? 0 : 1; }

// So many ticks away from a price, into the own side of the book.
std::uint32_t behind(std::uint32_t price_e4, Side side, std::uint32_t ticks) noexcept {
  const std::uint32_t distance = ticks * kTick_e4;
  if (side == Side::Sell) return price_e4 + distance;
  return price_e4 > distance + kTick_e4 ? price_e4 - distance : kTick_e4;
}

std::uint32_t ahead(std::uint32_t price_e4, Side side, std::uint32_t ticks) noexcept {
  return behind(price_e4, other(side), ticks);
}

bool reaches(std::uint32_t price_e4, Side side, std::uint32_t contra_e4) noexcept {
  if (contra_e4 == 0) return false;
  return side == Side::Buy ? price_e4 >= contra_e4 : price_e4 <= contra_e4;
}

}  // namespace

std::vector<std::string> maker_mpids() { return {"RDLA", "RDLB"}; }

std::size_t Participants::bytes_for(std::size_t instruments) {
  return base::Arena::bytes_for<Instrument>(instruments) +
         base::Arena::bytes_for<std::uint64_t>(instruments * kCrowdMax) +
         instruments * alignof(std::uint64_t);
}

Participants::Participants(Exchange& exchange, const ParticipantSettings& settings)
    : exchange_{exchange},
      flow_{settings.flow},
      followers_{settings.flow == Flow::Hawkes ? kOfRecordedDay : Excitement{}},
      random_{settings.seed},
      where_{~settings.seed},
      arena_{bytes_for(std::size_t{exchange.instruments().count()} + 1)},
      instruments_{arena_.array<Instrument>(std::size_t{exchange.instruments().count()} + 1)} {
  if (settings.messages_per_second > 0) ns_per_message_ = 1e9 / settings.messages_per_second;
  for (std::size_t locate = 1; locate < instruments_.size(); ++locate) {
    Instrument& instrument = instruments_[locate];
    instrument.crowd = References{arena_.array<std::uint64_t>(kCrowdMax)};
    // 10 to 500 dollars, as many below 70 as above.
    const double dollars = 10.0 * std::pow(50.0, random_.unit());
    instrument.fair_e4 = static_cast<std::uint32_t>(dollars * 100.0) * kTick_e4;
    instrument.fair_min_e4 = instrument.fair_e4 / 2;
    instrument.fair_max_e4 = instrument.fair_e4 * 2;
    instrument.half_spread_ticks = 1 + random_.below(2);
  }
  for (std::uint16_t& locate : ahead_) locate = choose_instrument(where_);
}

bool Participants::place_opening_order() {
  const std::uint64_t total = (instruments_.size() - 1) * kOpeningOrders;
  if (opening_orders_ >= total) return false;
  const auto locate = static_cast<std::uint16_t>(1 + opening_orders_ / kOpeningOrders);
  const std::uint64_t place = opening_orders_ % kOpeningOrders;
  ++opening_orders_;
  Instrument& instrument = instruments_[locate];
  if (flow_ == Flow::Makers && place < kMakers) requote(locate, static_cast<std::uint32_t>(place));
  const Side side = place % 2 == 0 ? Side::Buy : Side::Sell;
  const auto ticks = instrument.half_spread_ticks + static_cast<std::uint32_t>(place / 3);
  const NewOrder order = order_of_crowd(locate, side, behind(instrument.fair_e4, side, ticks));
  if (const std::uint64_t rests = exchange_.enter(order)) instrument.crowd.add(rests);
  return opening_orders_ < total;
}

void Participants::begin(std::uint64_t ns) { next_ns_ = ns_per_message_ > 0 ? ns : kNever; }

void Participants::act() {
  const std::uint64_t before = exchange_.feed().message_count();
  const std::uint64_t ns = next_ns();
  exchange_.at(ns);
  const std::uint16_t locate = ns < next_ns_ ? followers_.take() : next_instrument();
  if (exchange_.trading_state(locate) == TradingState::Trading) {
    if (flow_ != Flow::Makers) {
      act_at_random(locate);
    } else if (random_.chance(kMakerShare)) {
      requote(locate, random_.below(kMakers));
    } else {
      act_in_crowd(locate);
    }
  }
  // The time until the next action pays for what this one has published, so that the mean rate is
  // the one asked for. An action that published nothing pays for half a message: a market in which
  // everything is halted still moves on.
  const auto published = static_cast<double>(exchange_.feed().message_count() - before);
  next_ns_ += random_.exponential(ns_per_message_ / rate_ * (published > 0 ? published : 0.5));
  followers_.happened(locate, ns, random_);
}

void Participants::rest_until(std::uint64_t ns) noexcept {
  if (next_ns_ != kNever) next_ns_ = std::max(next_ns_, ns);
  followers_.clear();
}

std::uint64_t Participants::shock(std::uint16_t locate, const Shock& shock) {
  std::uint64_t rests = 0;
  Instrument& instrument = instruments_[locate];
  const auto moved = [&](double percent) {
    const double ticks = instrument.fair_e4 / kTick_e4 * (1.0 + percent / 100.0);
    return std::max(1U, static_cast<std::uint32_t>(ticks)) * kTick_e4;
  };
  if (exchange_.trading_state(locate) == TradingState::Trading) {
    NewOrder order =
        order_of_crowd(locate, shock.percent < 0 ? Side::Sell : Side::Buy, moved(shock.percent));
    order.immediate = !shock.stays;
    order.quantity = shock.stays ? kStayingQuantity : kSweepQuantityMax;
    rests = exchange_.enter(order);
  }
  instrument.fair_e4 = moved(shock.believed_percent);
  instrument.fair_min_e4 = std::min(instrument.fair_min_e4, instrument.fair_e4 / 2);
  instrument.fair_max_e4 = std::max(instrument.fair_max_e4, instrument.fair_e4 * 2);
  return rests;
}

void Participants::withdraw(std::uint64_t reference) {
  if (const auto order = exchange_.engine().find(reference))
    exchange_.reduce(reference, order->quantity);
}

// The fair price walks when a maker looks at it, and both of its quotes follow.
void Participants::requote(std::uint16_t locate, std::uint32_t maker) {
  Instrument& instrument = instruments_[locate];
  const double step = random_.unit();
  if (step < 0.10) instrument.fair_e4 += kTick_e4;
  if (step > 0.90) instrument.fair_e4 -= kTick_e4;
  instrument.fair_e4 =
      std::clamp(instrument.fair_e4, instrument.fair_min_e4, instrument.fair_max_e4);
  const bool bid_changed = requote_side(locate, maker, Side::Buy);
  const bool ask_changed = requote_side(locate, maker, Side::Sell);
  if (!bid_changed && !ask_changed) act_in_crowd(locate);
}

bool Participants::requote_side(std::uint16_t locate, std::uint32_t maker, Side side) {
  Instrument& instrument = instruments_[locate];
  Quote& quote = instrument.quotes[maker][index_of(side)];
  // The second maker stands one tick behind the first.
  std::uint32_t price = behind(instrument.fair_e4, side, instrument.half_spread_ticks + maker);
  const std::uint32_t contra = exchange_.engine().displayed_best_e4(locate, other(side));
  if (reaches(price, side, contra)) price = behind(contra, side, 1);

  NewOrder order = order_of_crowd(locate, side, price);
  order.display = Display::Attributed;
  order.post_only = true;
  order.quantity = 100 * (1 + random_.below(5));
  order.owner.number = maker;
  const bool live = quote.reference != 0 && exchange_.engine().is_live(quote.reference);
  if (live && quote.price_e4 == price) return false;
  quote.reference = live ? exchange_.replace(quote.reference, order) : exchange_.enter(order);
  quote.price_e4 = price;
  return true;
}

void Participants::act_in_crowd(std::uint16_t locate) {
  const auto live = static_cast<double>(instruments_[locate].crowd.size());
  const double what = random_.unit();
  if (what < kSweepShare) return sweep(locate);
  if (what < kSweepShare + kReplaceShare) return move(locate);
  // The further below the target, the likelier an add.
  const double add_share = std::clamp(0.5 + 0.5 * (kCrowdTarget - live) / kCrowdTarget, 0.15, 0.85);
  if (random_.chance(add_share)) return add(locate);
  cancel(locate);
}

// Without a fair price, and without a look at anything but the touch.
void Participants::act_at_random(std::uint16_t locate) {
  const double what = random_.unit();
  if (what < kHiddenTradeShare) return trade_hidden(locate);
  if (what < kHiddenTradeShare + kTakeShare) return take_first(locate);
  const auto live = static_cast<double>(instruments_[locate].crowd.size());
  const double add_share = std::clamp(0.5 + 0.5 * (kCrowdTarget - live) / kCrowdTarget, 0.15, 0.85);
  if (random_.chance(add_share)) return add(locate);
  Instrument& instrument = instruments_[locate];
  std::size_t place = 0;
  const std::optional<RestingOrder> order = choose_order(instrument, place);
  if (!order) return add(locate);
  exchange_.reduce(order->reference, order->quantity);
  instrument.crowd.take_out(place);
}

// Takes the whole order that is first on one side.
void Participants::take_first(std::uint16_t locate) {
  const Side side = choose_side();
  std::optional<RestingOrder> first;
  exchange_.engine().for_each_order(locate, other(side), [&](const RestingOrder& order) {
    first = order;
    return false;
  });
  if (!first) return add(locate);
  NewOrder order = order_of_crowd(locate, side, first->price_e4);
  order.immediate = true;
  order.quantity = first->quantity;
  (void)exchange_.enter(order);
}

// Somebody who is not displayed stands in the middle of the market and is met at once.
void Participants::trade_hidden(std::uint16_t locate) {
  const std::uint32_t bid = exchange_.engine().best_e4(locate, Side::Buy);
  const std::uint32_t ask = exchange_.engine().best_e4(locate, Side::Sell);
  if (bid == 0 || ask <= bid + 1) return add(locate);
  NewOrder hidden = order_of_crowd(locate, choose_side(), bid + (ask - bid) / 2);
  hidden.display = Display::Hidden;
  (void)exchange_.enter(hidden);
  NewOrder taker = hidden;
  taker.display = Display::Visible;
  taker.side = other(hidden.side);
  taker.immediate = true;
  (void)exchange_.enter(taker);
}

void Participants::add(std::uint16_t locate) {
  const Side side = choose_side();
  NewOrder order = order_of_crowd(locate, side, choose_price(locate, side));
  if (flow_ == Flow::Makers && random_.chance(kHiddenShare)) order.display = Display::Hidden;
  if (const std::uint64_t rests = exchange_.enter(order)) {
    instruments_[locate].crowd.add(rests);
  }
}

void Participants::cancel(std::uint16_t locate) {
  Instrument& instrument = instruments_[locate];
  std::size_t place = 0;
  const std::optional<RestingOrder> order = choose_order(instrument, place);
  if (!order) return;
  const std::uint64_t reference = order->reference;
  if (order->quantity > 1 && random_.chance(kPartialShare)) {
    exchange_.reduce(reference, 1 + random_.below(order->quantity - 1));
    return;
  }
  exchange_.reduce(reference, order->quantity);
  instrument.crowd.take_out(place);
}

void Participants::move(std::uint16_t locate) {
  Instrument& instrument = instruments_[locate];
  std::size_t place = 0;
  const std::optional<RestingOrder> resting = choose_order(instrument, place);
  if (!resting) return;
  const std::uint64_t reference = resting->reference;
  NewOrder order = order_of_crowd(locate, resting->side, choose_price(locate, resting->side));
  order.display = resting->display;
  const std::uint64_t rests = exchange_.replace(reference, order);
  if (rests != 0) {
    instrument.crowd[place] = rests;
    return;
  }
  instrument.crowd.take_out(place);
}

// Takes from the side that the fair price says is wrong, which keeps the touch near it.
void Participants::sweep(std::uint16_t locate) {
  const Instrument& instrument = instruments_[locate];
  const std::uint32_t bid = exchange_.engine().displayed_best_e4(locate, Side::Buy);
  const std::uint32_t ask = exchange_.engine().displayed_best_e4(locate, Side::Sell);
  if (bid == 0 || ask == 0) return add(locate);
  const std::uint32_t middle = bid + (ask - bid) / 2;
  const bool informed = random_.chance(0.7) && middle != instrument.fair_e4;
  Side side = choose_side();
  if (informed) side = middle < instrument.fair_e4 ? Side::Buy : Side::Sell;
  const std::uint32_t contra = side == Side::Buy ? ask : bid;
  NewOrder order = order_of_crowd(locate, side, ahead(contra, side, random_.below(4)));
  order.immediate = true;
  order.quantity = sweep_quantity(locate, other(side));
  (void)exchange_.enter(order);
}

// Mostly small; one in eight takes all that is displayed at the touch, which moves the price.
std::uint32_t Participants::sweep_quantity(std::uint16_t locate, Side contra) {
  if (random_.below(8) > 0) return 100 * (1 + random_.below(20));
  const std::uint64_t displayed = exchange_.engine().displayed_best(locate, contra).quantity;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(displayed, kSweepQuantityMax)) + 100;
}

// Some names trade much more than others.
std::uint16_t Participants::choose_instrument(Random& random) const noexcept {
  const auto count = static_cast<double>(instruments_.size() - 1);
  return static_cast<std::uint16_t>(1.0 + std::pow(random.unit(), 1.5) * count);
}

// Half of the time a young order, else any: lifetimes get a heavy tail.
std::optional<RestingOrder> Participants::choose_order(Instrument& instrument, std::size_t& place) {
  References& crowd = instrument.crowd;
  for (int tries = 0; tries < kTriesMax && !crowd.empty(); ++tries) {
    const double unit = random_.unit();
    const double age = random_.chance(0.5) ? unit * unit * unit : unit;
    const auto back = static_cast<std::size_t>(age * static_cast<double>(crowd.size()));
    place = crowd.size() - 1 - std::min(back, crowd.size() - 1);
    if (const auto order = exchange_.engine().find(crowd[place])) return order;
    crowd.take_out(place);
  }
  return std::nullopt;
}

Side Participants::choose_side() noexcept { return random_.below(2) == 0 ? Side::Buy : Side::Sell; }

std::uint32_t Participants::choose_quantity() noexcept {
  const double kind = random_.unit();
  if (kind < 0.55) return 100;
  if (kind < 0.72) return 100 * (1 + random_.below(9));
  if (kind < 0.93) return 1 + random_.below(99);
  return 100 * (1 + random_.below(50));
}

std::uint32_t Participants::choose_price(std::uint16_t locate, Side side) {
  const std::uint32_t contra = exchange_.engine().displayed_best_e4(locate, other(side));
  const std::uint32_t best = touch(locate, side);
  std::uint32_t price = best;
  const double where = random_.unit();
  if (where < 0.05) {
    price = ahead(best, side, 1);
  } else if (where < 0.75) {
    std::uint32_t ticks = 0;
    while (ticks < kTicksAway && random_.chance(0.75)) ++ticks;
    price = behind(best, side, ticks);
  } else {
    const double tail = std::pow(1.0 - random_.unit(), -0.9);
    price = behind(best, side, std::min(kTicksAway, static_cast<std::uint32_t>(tail * 2)));
  }
  return reaches(price, side, contra) ? behind(contra, side, 1) : price;
}

std::uint32_t Participants::touch(std::uint16_t locate, Side side) {
  const std::uint32_t best = exchange_.engine().displayed_best_e4(locate, side);
  if (best != 0) return best;
  const Instrument& instrument = instruments_[locate];
  return behind(instrument.fair_e4, side, instrument.half_spread_ticks);
}

NewOrder Participants::order_of_crowd(std::uint16_t locate, Side side, std::uint32_t price_e4) {
  NewOrder order;
  order.locate = locate;
  order.side = side;
  order.quantity = choose_quantity();
  order.price_e4 = price_e4;
  order.owner = {kParticipants, 0};
  return order;
}

}  // namespace ridley::venue
