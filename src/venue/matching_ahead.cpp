// SPDX-License-Identifier: Apache-2.0
// In: instruments and orders that somebody will ask for soon. Out: their memory on its way into the
// cache (venue/matching_engine.hpp). Nothing is waited for as long as the steps are taken in their
// order and some time apart. Hidden ladders are mostly empty, so only their best is fetched.
#include "venue/matching_engine.hpp"

namespace ridley::venue {

void MatchingEngine::prefetch_prices(std::uint16_t locate) const noexcept {
  const Book& book = books_[locate];
  for (const book::Ladder& ladder : book.ladders) __builtin_prefetch(&nodes_[ladder.best]);
  for (unsigned side = 0; side < kHidden; ++side) ladders_.prefetch(book.ladders[side]);
}

void MatchingEngine::prefetch_youngest(std::uint16_t locate) const noexcept {
  for (unsigned side = 0; side < kHidden; ++side)
    __builtin_prefetch(&nodes_[nodes_[books_[locate].ladders[side].best].ahead], 1);
}

void MatchingEngine::prefetch_order(std::uint64_t reference) const noexcept {
  __builtin_prefetch(&nodes_[orders_.first(reference)]);
}

}  // namespace ridley::venue
