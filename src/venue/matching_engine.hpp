// SPDX-License-Identifier: Apache-2.0
// In: orders, replaces, cancels that were already found valid. Out: what traded with whom and what
// rests. Price first, then displayed before hidden, then time. No clock, no randomness: the same
// calls give the same answers. Memory is taken at construction and never after. One owner.
//
// Order references and match numbers are counted from 1 and never used again.
//
// The parts are those of the appliance's own book (docs/decisions/0010): nodes, rings, sorted
// ranks. Displayed and hidden orders have ladders of their own, so a price displays a level or it
// does not, and the order of priority at one price is a comparison.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/arena.hpp"
#include "book/ladder.hpp"
#include "book/node_pool.hpp"
#include "book/order_table.hpp"
#include "venue/order_terms.hpp"

namespace ridley::venue {

struct EngineLimits {
  std::uint16_t instruments = 1;
  std::uint32_t orders_max = 1U << 14;  // 52 bytes each, and 80 untouched ones for their fills
  std::uint32_t levels_max = 1U << 14;  // places of prices, in powers of two a side; 52 bytes each
};

// Enough for the crowd of every instrument, and for the accounts.
[[nodiscard]] constexpr EngineLimits limits_for(std::uint16_t instruments) noexcept {
  constexpr std::uint32_t kEach = 256;
  constexpr std::uint32_t kBeside = 1U << 16;
  const std::uint32_t count = kEach * instruments + kBeside;
  return {.instruments = instruments, .orders_max = count, .levels_max = count};
}

class MatchingEngine {
 public:
  // Cold. Throws base::Error when the memory is not to be had.
  explicit MatchingEngine(const EngineLimits& limits);

  // The locate is 1 .. instruments, quantity and price are not 0.
  Submission submit(const NewOrder& order) noexcept;

  // Takes the original out of the book and submits the order, which gets a new reference.
  // The original must be live.
  Submission replace(std::uint64_t original_reference, const NewOrder& order) noexcept;

  // Takes quantity away and keeps priority; all of it or more removes the order.
  Reduction reduce(std::uint64_t reference, std::uint32_t quantity) noexcept;

  // The order keeps its place under another number. It must be live.
  void rename(std::uint64_t reference, std::uint32_t number) noexcept;

  [[nodiscard]] std::optional<RestingOrder> find(std::uint64_t reference) const noexcept;
  [[nodiscard]] bool is_live(std::uint64_t reference) const noexcept {
    return orders_.find(nodes_, reference) != book::kNoNode;
  }

  // For whoever knows early what comes, each step of what the one before has fetched: of a book its
  // ladders, the prices, the orders at the best; of an order its link and its node.
  void prefetch_book(std::uint16_t locate) const noexcept { __builtin_prefetch(&books_[locate]); }
  void prefetch_prices(std::uint16_t locate) const noexcept;
  void prefetch_youngest(std::uint16_t locate) const noexcept;
  void prefetch_link(std::uint64_t reference) const noexcept { orders_.prefetch(reference); }
  void prefetch_order(std::uint64_t reference) const noexcept;

  // Best displayed price and what is displayed there; all 0 if none.
  struct Best {
    std::uint32_t price_e4;
    std::uint32_t orders;
    std::uint64_t quantity;
  };
  [[nodiscard]] Best displayed_best(std::uint16_t locate, event::Side side) const noexcept;
  [[nodiscard]] std::uint32_t displayed_best_e4(std::uint16_t locate,
                                                event::Side side) const noexcept {
    return displayed_best(locate, side).price_e4;
  }

  // Best price, displayed or not; 0 if none.
  [[nodiscard]] std::uint32_t best_e4(std::uint16_t locate, event::Side side) const noexcept;

  // Orders of one side in the order in which they would trade, until the visitor says false.
  template <typename Visitor>
  void for_each_order(std::uint16_t locate, event::Side side, Visitor&& visit) const noexcept {
    walk(locate, sells(side), [&](book::NodeIndex index) { return visit(resting(index)); });
  }

  [[nodiscard]] std::uint32_t resting_count() const noexcept { return resting_; }
  [[nodiscard]] std::uint16_t instrument_count() const noexcept {
    return static_cast<std::uint16_t>(books_.size() - 1);
  }
  // Orders that found no memory.
  [[nodiscard]] std::uint64_t refused() const noexcept { return refused_; }
  [[nodiscard]] std::uint64_t next_reference() const noexcept { return next_reference_; }
  // For orders that rest elsewhere and trades that are not made here: those of crosses.
  [[nodiscard]] std::uint64_t take_reference() noexcept { return next_reference_++; }
  [[nodiscard]] std::uint64_t take_match_number() noexcept { return next_match_++; }

 private:
  // Displayed bids and asks, hidden bids and asks: the places of their ladders in a book.
  static constexpr unsigned kHidden = 2;
  struct alignas(64) Book {
    std::array<book::Ladder, 4> ladders;
  };
  static_assert(sizeof(Book) == 64, "one cache line an order");

  // What matching does not look at, beside the node of the order.
  struct Terms {
    Owner owner;
    std::uint32_t minimum_quantity;
    std::uint16_t group;
    Display display;
  };
  static_assert(sizeof(Terms) == 16, "four to a cache line, none across two");

  [[nodiscard]] static constexpr unsigned sells(event::Side side) noexcept {
    return side == event::Side::Buy ? 0 : 1;
  }
  [[nodiscard]] Terms& terms(book::NodeIndex index) noexcept {
    return terms_[index / book::kNodeWords];
  }
  [[nodiscard]] const Terms& terms(book::NodeIndex index) const noexcept {
    return terms_[index / book::kNodeWords];
  }
  [[nodiscard]] RestingOrder resting(book::NodeIndex index) const noexcept;
  // 0 where nobody is.
  [[nodiscard]] std::uint32_t best_rank(const Book& book, unsigned side) const noexcept {
    const std::uint32_t shown = nodes_[book.ladders[side].best].level.rank;
    const std::uint32_t hidden = nodes_[book.ladders[side + kHidden].best].level.rank;
    return shown > hidden ? shown : hidden;
  }

  std::uint32_t match(Book& book, unsigned contra, std::uint32_t reach,
                      std::uint32_t wanted) noexcept;
  std::uint32_t trade(book::Ladder& ladder, book::NodeIndex level, std::uint32_t wanted) noexcept;
  void record(book::NodeIndex order, std::uint32_t price_e4, std::uint32_t quantity,
              bool displayed) noexcept;

  // Where a minimum or self-match prevention has a say: first what would happen, then it happens.
  struct Plan {
    std::uint32_t left;
    std::uint32_t executed = 0;
    std::uint32_t prevented = 0;
    bool stopped = false;  // by its own group
  };
  void match_with_care(const NewOrder& order, std::uint32_t reach, Submission& result) noexcept;
  [[nodiscard]] Plan plan(const NewOrder& order, std::uint32_t reach) noexcept;
  [[nodiscard]] bool meet(const NewOrder& order, book::NodeIndex resting, Plan& plan) noexcept;
  void prevent(const NewOrder& order, const RestingOrder& resting, Plan& plan) noexcept;

  [[nodiscard]] bool rest(const NewOrder& order, std::uint64_t reference,
                          std::uint32_t quantity) noexcept;
  [[nodiscard]] book::NodeIndex level_for(Book& book, std::uint32_t side,
                                          std::uint32_t rank) noexcept;
  void take_out(book::NodeIndex& link) noexcept;
  void forget_minimum(book::NodeIndex order) noexcept;

  template <typename Visitor>
  void walk(std::uint16_t locate, unsigned side, Visitor&& visit) const noexcept;

  base::Arena arena_;
  book::NodePool nodes_;
  book::OrderTable orders_;
  book::Ladders ladders_;
  std::span<Book> books_;
  std::span<Terms> terms_;
  // As many as orders can rest. Untouched until a sweep comes so far, hence not of the arena.
  std::unique_ptr<Fill[]> fills_;
  std::unique_ptr<Prevention[]> preventions_;
  std::uint32_t fill_count_ = 0;
  std::uint32_t prevention_count_ = 0;
  std::uint32_t resting_ = 0;
  std::uint32_t minimums_ = 0;  // resting orders that have one
  std::uint64_t next_reference_ = 1;
  std::uint64_t next_match_ = 1;
  std::uint64_t refused_ = 0;
};

template <typename Visitor>
void MatchingEngine::walk(std::uint16_t locate, unsigned side, Visitor&& visit) const noexcept {
  const Book& book = books_[locate];
  std::span<const book::NodeIndex> shown = ladders_.levels(book.ladders[side]);
  std::span<const book::NodeIndex> hidden = ladders_.levels(book.ladders[side + kHidden]);
  while (!shown.empty() || !hidden.empty()) {
    // A level without orders keeps its place in the ladder; its rank is as good as any.
    const bool is_shown =
        hidden.empty() ||
        (!shown.empty() && nodes_[shown.back()].level.rank >= nodes_[hidden.back()].level.rank);
    std::span<const book::NodeIndex>& from = is_shown ? shown : hidden;
    const book::NodeIndex level = from.back();
    from = from.first(from.size() - 1);
    for (book::NodeIndex at = nodes_[level].behind; at != level; at = nodes_[at].behind) {
      if (!visit(at)) return;
    }
  }
}

}  // namespace ridley::venue
