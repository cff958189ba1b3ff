// SPDX-License-Identifier: Apache-2.0
#include "bench/support/generated_day.hpp"

#include <sysexits.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <vector>

#include "base/error.hpp"
#include "bench/support/day_books.hpp"
#include "bench/support/day_prices.hpp"
#include "venue/random.hpp"

namespace ridley::bench {
namespace {

constexpr std::uint64_t kSecond = 1'000'000'000;
constexpr std::uint64_t kFirstReference = 4;

// Which orders end when, counted in messages.
class Calendar {
 public:
  explicit Calendar(std::uint64_t messages) : first_(messages + 1) {}

  void start(std::uint64_t message) { next_ = message; }
  // One that ends after the day is not noted.
  void note(Place place, double message) {
    if (message >= static_cast<double>(first_.size() - 1)) return;
    if (following_.size() <= place) following_.resize(place + 1);
    Place& first = first_[static_cast<std::size_t>(message)];
    following_[place] = first;
    first = place;
  }
  void advance(std::uint64_t message) {
    for (; next_ <= message && next_ < first_.size(); ++next_) {
      for (Place place = first_[next_]; place != 0; place = following_[place]) {
        due_.push_back(place);
      }
    }
  }
  [[nodiscard]] bool any_due() const { return !due_.empty(); }
  [[nodiscard]] Place take_due() {
    const Place place = due_.front();
    due_.pop_front();
    return place;
  }

 private:
  std::vector<Place> first_;      // for each message
  std::vector<Place> following_;  // for each place: another that ends at the same message
  std::deque<Place> due_;
  std::uint64_t next_ = 0;
};

class Day {
 public:
  Day(const DayOptions& options, const Sink& sink)
      : options_{options},
        random_{options.seed},
        books_{options.instruments},
        popularity_{books_, options.instruments, random_},
        calendar_{options.messages},
        messages_{sink} {}

  DayFacts make();

 private:
  void open();
  void step();
  void advance_time(std::uint64_t ns) { messages_.set_time(ns_ += ns); }
  void advance_to(std::uint64_t seconds) { messages_.set_time(ns_ = seconds * kSecond); }
  void note_end(Place place);
  // False where the side drawn is too thin to trade.
  bool execute_best(std::uint16_t locate);
  void print(std::uint16_t locate);
  void add(std::uint16_t locate);
  // The order's time has come: it is replaced, made smaller or taken away.
  void end(Place place);
  void replace(Place place);

  const DayOptions options_;
  venue::Random random_;
  DayBooks books_;
  Popularity popularity_;
  Calendar calendar_;
  DayMessages messages_;
  std::uint64_t ns_ = 0;
  std::uint64_t last_reference_ = kFirstReference;
  std::uint64_t match_number_ = 1;
  std::uint16_t last_locate_ = 1;
};

DayFacts Day::make() {
  open();
  calendar_.start(messages_.count());
  while (messages_.count() < options_.messages) step();
  for (const char code : {'M', 'E', 'C'}) messages_.system_event(code);
  messages_.finish();
  const DayTotals totals = books_.totals();
  return {.messages = messages_.count(),
          .bytes = messages_.bytes(),
          .live_orders = totals.orders,
          .levels = totals.levels,
          .bbo_digest = totals.bbo_digest};
}

void Day::open() {
  advance_to(3 * 3600);
  messages_.system_event('O');
  const auto instruments = static_cast<std::uint16_t>(options_.instruments);
  for (std::uint32_t locate = 1; locate <= instruments; ++locate) {
    advance_time(2000);
    messages_.directory(static_cast<std::uint16_t>(locate));
  }
  for (std::uint32_t at = 1; at <= instruments; ++at) {
    const auto locate = static_cast<std::uint16_t>(at);
    advance_time(900);
    messages_.trading_action(locate);
    messages_.short_sale_restriction(locate);
    if (locate % 2 == 0) messages_.participant_position(locate);
  }
  messages_.decline_levels();
  messages_.system_event('S');
  advance_to(34'200);
  messages_.system_event('Q');
}

void Day::step() {
  advance_time(random_.chance(0.85) ? random_.next() % 400 : random_.exponential(3000));
  calendar_.advance(messages_.count());
  // The books fill up before anything is taken from them.
  const std::uint64_t filled =
      std::min<std::uint64_t>(options_.messages / 40, 400'000) + 3ULL * options_.instruments;
  const bool filling = messages_.count() < filled;
  const double kind = random_.unit();
  const std::uint16_t locate = random_.chance(0.25) ? last_locate_ : popularity_.draw(random_);
  last_locate_ = locate;
  if (!filling && kind < 0.026) {
    if (execute_best(locate)) return;
  } else if (kind < 0.036) {
    return print(locate);
  } else if (kind < 0.0385) {
    return messages_.imbalance(locate, books_.instrument(locate).reference_price_e4);
  }
  if (!filling && calendar_.any_due()) return end(calendar_.take_due());
  add(locate);
}

void Day::note_end(Place place) {
  calendar_.note(place, static_cast<double>(messages_.count()) + draw_lifetime(random_));
}

bool Day::execute_best(std::uint16_t locate) {
  const bool buys = (random_.next() & 1) == 0;
  if (books_.levels(locate, buys).size() < 2) return false;
  const Place place = books_.best(locate, buys).oldest;
  DayOrder& order = books_.order(place);
  const std::uint32_t quantity =
      random_.chance(0.6) ? order.quantity
                          : 1 + static_cast<std::uint32_t>(random_.next() % order.quantity);
  messages_.execute(order, quantity, match_number_++, random_.chance(0.02));
  if (quantity != order.quantity) {
    books_.reduce(place, quantity);
    return true;
  }
  books_.leave(place);
  order.life = Life::Executed;
  return true;
}

void Day::print(std::uint16_t locate) {
  const std::uint32_t quantity = draw_quantity(random_);
  messages_.trade(locate, {.price_e4 = books_.instrument(locate).reference_price_e4,
                           .quantity = quantity,
                           .match_number = match_number_++});
}

void Day::add(std::uint16_t locate) {
  const Place place = books_.take_place();
  last_reference_ += draw_reference_gap(random_);
  const bool buys = (random_.next() & 1) == 0;
  DayOrder& order = books_.order(place);
  order.reference = last_reference_;
  order.locate = locate;
  order.buys = buys;
  order.price_e4 = draw_price(books_.instrument(locate), buys, random_);
  order.quantity = draw_quantity(random_);
  books_.enter(place);
  messages_.add(order, random_.chance(0.015));
  note_end(place);
}

void Day::end(Place place) {
  DayOrder& order = books_.order(place);
  if (order.life != Life::Live) {
    if (order.life == Life::Executed) books_.give_back(place);
    order.life = Life::Gone;
    return;
  }
  const double how = random_.unit();
  if (how < 0.105) return replace(place);
  if (how < 0.125 && order.quantity > 1) {
    const auto quantity = 1 + static_cast<std::uint32_t>(random_.next() % (order.quantity - 1));
    messages_.cancel(order, quantity);
    books_.reduce(place, quantity);
    return note_end(place);
  }
  messages_.remove(order);
  last_locate_ = order.locate;
  books_.leave(place);
  books_.give_back(place);
}

void Day::replace(Place place) {
  DayOrder& order = books_.order(place);
  const std::uint64_t old_reference = order.reference;
  books_.leave(place);
  if (random_.chance(0.8)) {
    order.price_e4 = draw_price(books_.instrument(order.locate), order.buys, random_);
  }
  order.quantity = draw_quantity(random_);
  last_reference_ += draw_reference_gap(random_);
  order.reference = last_reference_;
  messages_.replace(old_reference, order);
  books_.enter(place);
  note_end(place);
}

void check(const DayOptions& options) {
  constexpr std::uint32_t kInstrumentsMax = std::numeric_limits<std::uint16_t>::max();
  if (options.instruments == 0 || options.instruments > kInstrumentsMax) {
    throw base::Error::with_exit(EX_USAGE, options.instruments, " instruments: 1 to ",
                                 kInstrumentsMax, " can be numbered");
  }
  // A place is 32 bits wide, and so is the calendar.
  constexpr std::uint64_t kMessagesMax = 1'000'000'000;
  if (options.messages > kMessagesMax) {
    throw base::Error::with_exit(EX_USAGE, options.messages, " messages: at most ", kMessagesMax);
  }
}

}  // namespace

DayFacts generate_day(const DayOptions& options, const Sink& sink) {
  check(options);
  return Day{options, sink}.make();
}

}  // namespace ridley::bench
