// SPDX-License-Identifier: Apache-2.0
// In: orders that want to trade in a cross only, and the continuous books. Out: net order
// imbalances while a cross is prepared, and the cross: executions, cross trades, cancels of what it
// left over. Part of the exchange, which publishes. No clock. One owner.
//
// Cross orders are in no book and nobody sees them. Minimum quantities and self-match prevention
// are for continuous trading and have no say here.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "venue/auction.hpp"
#include "venue/matching_engine.hpp"

namespace ridley::venue {

enum class CrossType : char { Opening = 'O', Closing = 'C', Halt = 'H' };

struct CrossOrder {
  std::uint16_t locate = 0;
  CrossType type = CrossType::Opening;
  event::Side side = event::Side::Buy;
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;  // or kMarketPrice
  Owner owner;
};

// One order's part in a cross.
struct CrossFill {
  std::uint64_t reference;
  event::Side side;
  std::uint32_t price_e4;  // its limit
  std::uint32_t quantity;
  Owner owner;
  bool displayed;
  bool in_book;
};

// What NOII says.
struct Imbalance {
  Auction at_reference;
  std::uint32_t far_e4 = 0;   // of cross orders alone
  std::uint32_t near_e4 = 0;  // with the continuous book
};

class Crosses {
 public:
  explicit Crosses(MatchingEngine& engine) noexcept : engine_{engine} {}

  // Its reference; 0 when there are as many as there may be.
  std::uint64_t enter(const CrossOrder& order);
  // Returns what was taken; 0 for an unknown reference.
  std::uint32_t reduce(std::uint64_t reference, std::uint32_t quantity);

  // Anybody who waits for a cross of that type, or a book that is crossed already.
  [[nodiscard]] bool has_interest(std::uint16_t locate, CrossType type) const;
  // The last price stands in where the book has no two sides.
  [[nodiscard]] Imbalance imbalance(std::uint16_t locate, CrossType type,
                                    std::uint32_t last_e4) const;

  // The price and who trades at it; both are gone from the books afterwards. What is left of the
  // cross orders of that type follows as left_over.
  struct Outcome {
    Auction auction;
    std::vector<CrossFill> fills;
    std::vector<CrossFill> left_over;
  };
  [[nodiscard]] Auction find(std::uint16_t locate, CrossType type, std::uint32_t last_e4) const;
  [[nodiscard]] Outcome run(std::uint16_t locate, CrossType type, const Auction& auction);

  [[nodiscard]] std::size_t size() const noexcept { return orders_.size(); }

 private:
  [[nodiscard]] std::vector<CrossFill> candidates(std::uint16_t locate, CrossType type) const;
  [[nodiscard]] std::vector<CrossFill> waiting(std::uint16_t locate, CrossType type) const;

  MatchingEngine& engine_;
  std::map<std::uint64_t, CrossOrder> orders_;                  // by reference
  std::map<std::uint16_t, std::vector<std::uint64_t>> places_;  // references by instrument
};

}  // namespace ridley::venue
