// SPDX-License-Identifier: Apache-2.0
// In: a book and random numbers. Out: where, how large and how popular the orders of a generated
// day are: most stand near the touch, some far behind it, and no book is ever crossed. Cold.
#pragma once

#include <cstdint>
#include <vector>

#include "bench/support/day_books.hpp"
#include "venue/random.hpp"

namespace ridley::bench {

// Price and spread of an instrument at the start.
void open_instrument(DayInstrument& instrument, venue::Random& random);

[[nodiscard]] std::uint32_t draw_price(const DayInstrument& instrument, bool buys,
                                       venue::Random& random);
[[nodiscard]] std::uint32_t draw_quantity(venue::Random& random);
// From one order's reference to the next.
[[nodiscard]] std::uint64_t draw_reference_gap(venue::Random& random);
// For how many messages an order rests; infinite for those that rest to the end.
[[nodiscard]] double draw_lifetime(venue::Random& random);

// Locates as often as they trade: a few do nearly all the time.
class Popularity {
 public:
  // Draws the ranks, then opens each instrument, as both decide what the day looks like.
  Popularity(DayBooks& books, std::uint32_t instruments, venue::Random& random);

  [[nodiscard]] std::uint16_t draw(venue::Random& random) const {
    return locates_[random.next() & (locates_.size() - 1)];
  }

 private:
  std::vector<std::uint16_t> locates_;
};

}  // namespace ridley::bench
