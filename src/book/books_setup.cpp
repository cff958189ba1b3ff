// SPDX-License-Identifier: Apache-2.0
// Limits in, books ready for the first event out. Cold, before start.
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

}  // namespace ridley::book
