// SPDX-License-Identifier: Apache-2.0
// Limits in, books ready for the first event out: cold, before start. And books that are ready in
// place of others, which any core may do whose they both are.
#include <algorithm>
#include <utility>

#include "base/assert.hpp"
#include "base/error.hpp"
#include "book/books.hpp"

namespace ridley::book {
namespace {

Limits checked(const Limits& limits) {
  const auto check = [](const char* name, std::uint32_t value, std::uint32_t max) {
    if (value == 0 || value > max)
      throw base::Error::with_exit(EX_CONFIG, "book: ", name, " is ", value, ", must be 1 to ",
                                   max);
  };
  check("orders_max", limits.orders_max, OrderTable::kOrdersMax);
  check("levels_max", limits.levels_max, Ladders::kLevelsMax);
  check("instruments_max", limits.instruments_max, 1U << 16);
  return limits;
}

std::size_t bytes_for(const Limits& limits) {
  const std::size_t places = std::size_t{limits.instruments_max} + 1;
  return NodePool::bytes_for(limits.orders_max, limits.levels_max) +
         OrderTable::bytes_for(limits.orders_max) + Ladders::bytes_for(limits.levels_max) +
         base::Arena::bytes_for<Instrument>(places) + base::Arena::bytes_for<Reference>(places);
}

}  // namespace

Books::Books(const Limits& limits)
    : instruments_max_{checked(limits).instruments_max},
      arena_{bytes_for(limits)},
      nodes_{arena_, limits.orders_max, limits.levels_max},
      orders_{arena_, limits.orders_max},
      ladders_{arena_, limits.levels_max},
      instruments_{arena_.array<Instrument>(std::size_t{limits.instruments_max} + 1)},
      references_{arena_.array<Reference>(std::size_t{limits.instruments_max} + 1)} {}

void Books::swap(Books& other) noexcept {
  RIDLEY_ASSERT(instruments_max_ == other.instruments_max_);
  arena_.swap(other.arena_);
  std::swap(nodes_, other.nodes_);
  std::swap(orders_, other.orders_);
  std::swap(ladders_, other.ladders_);
  std::swap(instruments_, other.instruments_);
  std::swap(references_, other.references_);
  std::swap(breaker_levels_, other.breaker_levels_);
  std::swap(breakers_seen_, other.breakers_seen_);
  std::swap(highest_listed_, other.highest_listed_);
  std::swap(session_, other.session_);
  std::swap(breached_level_, other.breached_level_);
  std::swap(stale_, other.stale_);
  std::swap(followers_, other.followers_);
}

void Books::keep_from(const Books& believed) noexcept {
  RIDLEY_ASSERT(instruments_max_ == believed.instruments_max_);
  for (std::size_t i = 0; i <= believed.highest_listed_; ++i) {
    instruments_[i].last_price_e4 = believed.instruments_[i].last_price_e4;
    instruments_[i].exchange_ns =
        std::max(instruments_[i].exchange_ns, believed.instruments_[i].exchange_ns);
    references_[i].collar = believed.references_[i].collar;
    references_[i].breakers_seen = believed.references_[i].breakers_seen;
  }
  breaker_levels_ = believed.breaker_levels_;
  breakers_seen_ = believed.breakers_seen_;
  breached_level_ = believed.breached_level_;
}

}  // namespace ridley::book
