// SPDX-License-Identifier: Apache-2.0
#include "bench/support/day_prices.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>
#include <utility>

namespace ridley::bench {
namespace {

using venue::Random;

constexpr std::uint32_t kTickE4 = 100;
constexpr std::uint32_t kReferencePriceMinE4 = 200 * kTickE4;
// The highest price of an order that ITCH can carry, in whole ticks.
constexpr std::uint64_t kPriceMaxE4 = 1'999'990'000;
// With one side empty, the other keeps this far from the reference price.
constexpr std::uint32_t kEmptySideE4 = 50 * kTickE4;
constexpr double kImprovesTouch = 0.12;
// A power of two, as a draw is masked.
constexpr std::size_t kPopularityPlaces = 1 << 20;

std::uint32_t draw_ticks_from_touch(Random& random) {
  constexpr std::uint32_t kNearMax = 40;
  constexpr std::uint32_t kBehindMax = 400;
  constexpr std::uint32_t kDeepMax = 20'000;
  const double where = random.unit();
  if (where < 0.70) {
    std::uint32_t ticks = 0;
    while (random.chance(0.55) && ticks < kNearMax) ++ticks;
    return ticks;
  }
  if (where < 0.95) {
    const double ticks = std::pow(random.unit(), -1.0 / 0.9) * 2;
    if (ticks >= kBehindMax + 1) return static_cast<std::uint32_t>(random.next() % kBehindMax);
    return static_cast<std::uint32_t>(ticks);
  }
  const double ticks = std::pow(random.unit(), -1.0 / 0.6) * 20;
  return static_cast<std::uint32_t>(std::min<double>(ticks, kDeepMax));
}

std::uint32_t spread_e4(const DayInstrument& instrument) {
  return static_cast<std::uint32_t>(instrument.spread_ticks * kTickE4);
}

std::uint32_t draw_purchase_price(const DayInstrument& instrument, Random& random) {
  const std::uint64_t behind_e4 = std::uint64_t{draw_ticks_from_touch(random)} * kTickE4;
  const auto& [sales, purchases] = instrument.levels;
  const std::uint32_t limit =
      sales.empty() ? instrument.reference_price_e4 + kEmptySideE4 : sales.begin()->first - kTickE4;
  std::uint32_t touch = purchases.empty()
                            ? std::min(limit, instrument.reference_price_e4 - spread_e4(instrument))
                            : purchases.rbegin()->first;
  if (random.chance(kImprovesTouch) && touch + kTickE4 <= limit) {
    const bool two_ticks = random.next() % 2 != 0 && touch + 2 * kTickE4 <= limit;
    touch += two_ticks ? 2 * kTickE4 : kTickE4;
  }
  touch = std::min(touch, limit);
  if (behind_e4 + kTickE4 >= touch) return kTickE4;
  return touch - static_cast<std::uint32_t>(behind_e4);
}

std::uint32_t draw_sale_price(const DayInstrument& instrument, Random& random) {
  const std::uint64_t behind_e4 = std::uint64_t{draw_ticks_from_touch(random)} * kTickE4;
  const auto& [sales, purchases] = instrument.levels;
  const std::uint32_t reference = instrument.reference_price_e4;
  const std::uint32_t lowest = reference > kEmptySideE4 ? reference - kEmptySideE4 : kTickE4;
  const std::uint32_t limit =
      purchases.empty() ? std::max(kTickE4, lowest) : purchases.rbegin()->first + kTickE4;
  std::uint32_t touch =
      sales.empty() ? std::max(limit, reference + spread_e4(instrument)) : sales.begin()->first;
  if (random.chance(kImprovesTouch) && touch >= limit + kTickE4) touch -= kTickE4;
  touch = std::max(touch, limit);
  return static_cast<std::uint32_t>(std::min(touch + behind_e4, kPriceMaxE4));
}

}  // namespace

void open_instrument(DayInstrument& instrument, Random& random) {
  double sum = random.unit();
  sum += random.unit();
  sum += random.unit();
  const double price = std::exp(3.4 + 1.1 * (sum - 1.5) * 1.4);
  instrument.reference_price_e4 =
      std::max(static_cast<std::uint32_t>(price * 100) * 100, kReferencePriceMinE4);
  instrument.spread_ticks = 1 + 4 * random.unit();
}

std::uint32_t draw_price(const DayInstrument& instrument, bool buys, Random& random) {
  return buys ? draw_purchase_price(instrument, random) : draw_sale_price(instrument, random);
}

std::uint32_t draw_quantity(Random& random) {
  const auto one_to = [&](std::uint64_t most) {
    return 1 + static_cast<std::uint32_t>(random.next() % most);
  };
  const double kind = random.unit();
  if (kind < 0.55) return 100;
  if (kind < 0.72) return 100 * one_to(9);
  if (kind < 0.93) return one_to(99);
  return 100 * one_to(100);
}

std::uint64_t draw_reference_gap(Random& random) {
  const double kind = random.unit();
  if (kind < 0.45) return 4;
  if (kind < 0.75) return 8;
  return 4 * (1 + random.next() % 6);
}

double draw_lifetime(Random& random) {
  constexpr double kLongMin = 1e4;
  constexpr double kLongMax = 2e7;
  const double kind = random.unit();
  if (kind < 0.90) return 30 * std::pow(1 - random.unit(), -1.0 / 0.45);
  if (kind < 0.97) {
    const double least = std::log(kLongMin);
    return std::exp(least + random.unit() * (std::log(kLongMax) - least));
  }
  return std::numeric_limits<double>::infinity();
}

Popularity::Popularity(DayBooks& books, std::uint32_t instruments, Random& random)
    : locates_(kPopularityPlaces) {
  std::vector<std::uint32_t> ranks(instruments);
  std::iota(ranks.begin(), ranks.end(), 0U);
  for (std::size_t i = instruments; i > 1; --i) std::swap(ranks[i - 1], ranks[random.next() % i]);

  std::vector<double> sums(instruments + 1);
  for (std::size_t locate = 1; locate <= instruments; ++locate) {
    sums[locate] = sums[locate - 1] + 1.0 / std::pow(ranks[locate - 1] + 3.0, 0.95);
    open_instrument(books.instrument(static_cast<std::uint16_t>(locate)), random);
  }
  std::size_t locate = 1;
  for (std::size_t place = 0; place < kPopularityPlaces; ++place) {
    const double share = sums.back() * (static_cast<double>(place) + 0.5) / kPopularityPlaces;
    while (sums[locate] < share) ++locate;
    locates_[place] = static_cast<std::uint16_t>(locate);
  }
}

}  // namespace ridley::bench
