// SPDX-License-Identifier: Apache-2.0
// Limits in, an engine without orders out (venue/matching_engine.hpp). Cold.
#include "venue/matching_engine.hpp"

namespace ridley::venue {
namespace {

std::size_t bytes_for(const EngineLimits& limits, std::size_t book_bytes, std::size_t terms_bytes) {
  return book::NodePool::bytes_for(limits.orders_max, limits.levels_max) +
         book::OrderTable::bytes_for(limits.orders_max) +
         book::Ladders::bytes_for(limits.levels_max) + book_bytes + terms_bytes;
}

}  // namespace

MatchingEngine::MatchingEngine(const EngineLimits& limits)
    : arena_{bytes_for(limits, base::Arena::bytes_for<Book>(std::size_t{limits.instruments} + 1),
                       base::Arena::bytes_for<Terms>(std::size_t{limits.orders_max} + 1))},
      nodes_{arena_, limits.orders_max, limits.levels_max},
      orders_{arena_, limits.orders_max},
      ladders_{arena_, limits.levels_max},
      books_{arena_.array<Book>(std::size_t{limits.instruments} + 1)},
      terms_{arena_.array<Terms>(std::size_t{limits.orders_max} + 1)},
      fills_{std::make_unique_for_overwrite<Fill[]>(limits.orders_max)},
      preventions_{std::make_unique_for_overwrite<Prevention[]>(limits.orders_max)} {}

}  // namespace ridley::venue
