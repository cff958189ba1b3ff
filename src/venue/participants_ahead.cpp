// SPDX-License-Identifier: Apache-2.0
// In: the instruments of the next actions. Out: their books on their way into the cache
// (venue/participants.hpp). What is fetched never changes what is done. Cold.
#include <utility>

#include "venue/participants.hpp"

namespace ridley::venue {

std::uint16_t Participants::next_instrument() noexcept {
  if (instruments_.size() <= kAheadFrom) return choose_instrument(random_);
  const std::uint16_t locate = std::exchange(ahead_[acted_++ % kAhead], choose_instrument(where_));
  look_ahead();
  return locate;
}

// Two actions between the steps are time enough. More than is nearly always used, such as levels
// behind the best ones or what stands beside the quotes, costs more than it brings: the core can
// wait for few lines at a time.
void Participants::look_ahead() noexcept {
  const MatchingEngine& engine = exchange_.engine();
  const auto in = [&](std::size_t actions) { return ahead_[(acted_ + actions - 1) % kAhead]; };
  const auto for_quotes = [&](std::uint16_t locate, auto&& visit) {
    for (const auto& quotes : instruments_[locate].quotes)
      for (const Quote& quote : quotes) visit(quote.reference);
  };
  const std::uint16_t first = in(8);
  __builtin_prefetch(&instruments_[first]);
  __builtin_prefetch(&instruments_[first].quotes.back());
  engine.prefetch_book(first);

  const std::uint16_t second = in(6);
  engine.prefetch_prices(second);
  instruments_[second].crowd.prefetch_end();
  for_quotes(second, [&](std::uint64_t quote) { engine.prefetch_link(quote); });

  const std::uint16_t third = in(4);
  engine.prefetch_youngest(third);
  for_quotes(third, [&](std::uint64_t quote) { engine.prefetch_order(quote); });
}

}  // namespace ridley::venue
