// SPDX-License-Identifier: Apache-2.0
// In: market events in sequence. Out: for every instrument the full book order by order, its top,
// its trading state, and whether the book can be believed. Memory is taken at construction and
// never after; one hot core owns it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <type_traits>

#include "base/arena.hpp"
#include "book/followers.hpp"
#include "book/instrument.hpp"
#include "book/ladder.hpp"
#include "book/node_pool.hpp"
#include "book/order_table.hpp"
#include "event/records.hpp"

namespace ridley::book {

struct Limits {
  // A generated day of 40 million messages in 8,000 instruments holds 0.8 million at once; this is
  // five times that. 36 bytes each.
  std::uint32_t orders_max = 1U << 22;
  // Places of levels, given out in powers of two a side: the same day needs 0.3 million. 52 bytes
  // each.
  std::uint32_t levels_max = 1U << 21;
  // Locates 0 to instruments_max - 1 have a book. 128 bytes each.
  std::uint32_t instruments_max = 1U << 16;
};

enum class Outcome : std::uint8_t {
  Applied,
  NoEffect,           // an event that no book depends on
  UnknownOrder,       // names an order that is not live: instrument stale
  DuplicateOrder,     // adds an order that is live: the older one stays, instrument stale
  Inconsistent,       // applied as far as possible (see Counters), instrument stale
  OutOfMemory,        // the order was not kept, instrument stale
  LocateBeyondLimit,  // no book for this locate
  Doubted,            // the feed itself says that the book may be wrong: instrument stale
};

struct Change {
  Locate locate;
  bool top;    // price, quantity or number of orders at the best of a side
  bool state;  // trading state, restriction, collar or reference data; locate 0 may mean everybody
  Outcome outcome;
};

struct Counters {
  std::uint64_t unknown_orders;
  std::uint64_t duplicate_orders;
  // Executed or cancelled more than was left, quantity 0, no side, another instrument's order.
  std::uint64_t inconsistencies;
  std::uint64_t out_of_memory;
  std::uint64_t locates_beyond_limit;
  std::uint64_t crossed;  // times a trading instrument's best bid came to reach its best ask
  std::uint64_t doubts;   // Doubted
};

struct LevelView {
  std::uint32_t price_e4;
  std::uint64_t quantity;
  std::uint32_t orders;
};

class Books {
 public:
  // Cold. Throws base::Error when the limits make no sense or the memory is not to be had.
  explicit Books(const Limits& limits);

  // The two kinds that make up nine tenths of a day are asked for first.
  [[gnu::always_inline]] Change apply(const event::MarketEvent& event) noexcept {
    if (event.kind == event::EventKind::AddOrder) return add(event);
    if (event.kind == event::EventKind::DeleteOrder) return remove(event);
    return unpacked(apply_other(event));
  }

  // The same for feeds that tell what they did in several messages: while an event says that more
  // follows (incomplete), no change of its top is told, the instrument is not tradable, and a best
  // bid that reaches the best ask is no crossing. What waited is told with the last one.
  Change apply_in_event(const event::MarketEvent& event) noexcept;

  // Asks the memory for what apply() of an event of that order will look at first. Worth it some
  // time ahead; any locate and any id will do.
  void prefetch(Locate locate, std::uint64_t order_id) const noexcept {
    orders_.prefetch(order_id);
    __builtin_prefetch(&instruments_[place_of(locate)]);
  }

  // A new session: no orders, no instruments, nothing stale. Counters go on.
  void restart() noexcept;
  // The books of the other in place of these, in a moment however large they are. Both have the
  // same limits. Who is followed goes along; counters stay.
  void swap(Books& other) noexcept;
  // What only the day's messages say and no snapshot of a book: last trades, collars of auctions,
  // market-wide breakers. From books of the same session that have heard all of them.
  void keep_from(const Books& believed) noexcept;
  // Messages are missing and nobody knows whose. Lasts until restart(), or until books that miss
  // nothing are swapped in.
  void mark_all_stale() noexcept { stale_ |= kLost; }
  // Messages are missing and may still come: every book is stale as long as that.
  void set_behind(bool behind) noexcept {
    stale_ = static_cast<std::uint8_t>(behind ? stale_ | kBehind : stale_ & ~kBehind);
  }
  [[nodiscard]] bool all_stale() const noexcept { return stale_ != 0; }
  // For that of the two reasons which does not pass by itself.
  [[nodiscard]] bool lost() const noexcept { return (stale_ & kLost) != 0; }

  [[nodiscard]] Top top(Locate locate) const noexcept {
    const Instrument& instrument = instruments_[place_of(locate)];
    const Level& bid = nodes_[instrument.ladders[0].best].level;
    const Level& ask = nodes_[instrument.ladders[1].best].level;
    return {.bid_quantity = bid.quantity,
            .bid_price_e4 = bid.rank,
            .bid_orders = bid.orders,
            .ask_quantity = ask.quantity,
            .ask_price_e4 = ask.orders == 0 ? 0 : rank_of(ask.rank, false),
            .ask_orders = ask.orders,
            .exchange_ns = instrument.exchange_ns,
            .last_price_e4 = instrument.last_price_e4};
  }
  [[nodiscard]] bool stale(Locate locate) const noexcept {
    return stale_ != 0 || references_[place_of(locate)].stale;
  }
  // Halted as well from a market-wide breach until the instrument's next Trading Action.
  [[nodiscard]] TradingState state(Locate locate) const noexcept;
  // On Nasdaq itself; the other markets of the same owner do not count.
  [[nodiscard]] bool operationally_halted(Locate locate) const noexcept {
    return (references_[place_of(locate)].markets_halted & kNasdaqBit) != 0;
  }
  // In trading, not halted by anything above, book not stale, and the day not over. Asked twice an
  // order, and nearly always true, so nothing is jumped over.
  [[nodiscard]] bool tradable(Locate locate) const noexcept {
    const Reference& reference = references_[place_of(locate)];
    const bool in_trading = (reference.state == TradingState::Trading) &
                            (reference.breakers_seen == breakers_seen_) &
                            ((reference.markets_halted & kNasdaqBit) == 0);
    const bool day_over =
        (session_ == Session::EndOfSystemHours) | (session_ == Session::EndOfMessages);
    const bool whole = !reference.stale & !reference.in_event & (stale_ == 0);
    return in_trading & whole & !day_over;
  }
  [[nodiscard]] bool short_sale_restricted(Locate locate) const noexcept {
    return references_[place_of(locate)].short_sale_restricted;
  }
  [[nodiscard]] const Collar& collar(Locate locate) const noexcept {
    return references_[place_of(locate)].collar;
  }
  [[nodiscard]] std::uint32_t round_lot_size(Locate locate) const noexcept {
    return references_[place_of(locate)].round_lot_size;
  }
  [[nodiscard]] bool listed(Locate locate) const noexcept {
    return references_[place_of(locate)].listed;
  }
  // Without the padding; empty when no Stock Directory named it. Valid as long as the books.
  [[nodiscard]] std::string_view symbol(Locate locate) const noexcept;
  // Cold: looks at every instrument.
  [[nodiscard]] std::optional<Locate> locate_of(std::string_view symbol) const noexcept;

  [[nodiscard]] Session session() const noexcept { return session_; }
  [[nodiscard]] std::uint8_t breached_level() const noexcept { return breached_level_; }
  [[nodiscard]] const BreakerLevels& breaker_levels() const noexcept { return breaker_levels_; }

  // Best level first. A level of a feed without orders has as many orders as it says, else one. The
  // visitor takes a LevelView; one that returns a bool stops with false.
  template <typename Visitor>
  void for_each_level(Locate locate, event::Side side, Visitor&& visit) const noexcept {
    const bool buys = side == event::Side::Buy;
    const std::span<const NodeIndex> levels = ladders_.levels(ladder(locate, buys));
    for (std::size_t i = levels.size(); i-- > 0;) {
      const Level& level = nodes_[levels[i]].level;
      if (level.orders == 0) continue;
      if (!proceed(visit, LevelView{rank_of(level.rank, buys), level.quantity, level.orders}))
        return;
    }
  }

  // Oldest first. The visitor takes (order id, quantity).
  template <typename Visitor>
  void for_each_order(Locate locate, event::Side side, std::uint32_t price_e4,
                      Visitor&& visit) const noexcept {
    const bool buys = side == event::Side::Buy;
    const NodeIndex level = ladders_.find(ladder(locate, buys), rank_of(price_e4, buys));
    if (level == kNoNode) return;
    for (NodeIndex at = nodes_[level].behind; at != level; at = nodes_[at].behind)
      visit(nodes_[at].order.id, nodes_[at].order.quantity);
  }

  // What trades before that order at its price: walks the queue. Nothing for an unknown order.
  [[nodiscard]] std::optional<std::uint64_t> quantity_ahead(std::uint64_t order_id) const noexcept;

  // From here on position() knows what trades before that order, at no cost but a few nanoseconds
  // for what leaves its level, until the order has left the book or was replaced. False for an
  // unknown order, and when kFollowedMax are followed. Walks the queue once.
  bool follow(std::uint64_t order_id) noexcept;
  void unfollow(std::uint64_t order_id) noexcept;
  // Nothing for an order that is not followed, or not live any more.
  [[nodiscard]] std::optional<QueuePosition> position(std::uint64_t order_id) const noexcept;

  [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
  // Cold: look at every level.
  [[nodiscard]] std::uint32_t live_orders() const noexcept;
  [[nodiscard]] std::uint32_t live_levels() const noexcept;
  [[nodiscard]] std::uint32_t instruments_max() const noexcept { return instruments_max_; }
  // The highest locate that a Stock Directory named; 0 when there was none.
  [[nodiscard]] Locate highest_listed() const noexcept { return highest_listed_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return arena_.size(); }

  // One number for the tops of locates 1 to highest_listed(), to compare books by.
  [[nodiscard]] std::uint64_t bbo_digest() const noexcept;

 private:
  using Event = event::MarketEvent;

  static constexpr std::uint8_t kLost = 1;
  static constexpr std::uint8_t kBehind = 2;

  template <typename Visitor>
  static bool proceed(Visitor& visit, const LevelView& level) noexcept {
    if constexpr (std::is_same_v<std::invoke_result_t<Visitor&, LevelView>, bool>)
      return visit(level);
    visit(level);
    return true;
  }

  // A locate without a book reads the place behind the last, which stays empty.
  [[nodiscard]] std::size_t place_of(Locate locate) const noexcept {
    return locate < instruments_max_ ? locate : instruments_max_;
  }
  [[nodiscard]] const Ladder& ladder(Locate locate, bool buys) const noexcept {
    const Instrument& instrument = instruments_[place_of(locate)];
    return instrument.ladders[buys ? 0 : 1];
  }

  // Empty ones as well.
  template <typename Visitor>
  void for_each_level(Visitor&& visit) const noexcept;

  // A Change in one register, which is what functions answer that do not become part of the loop.
  // As a struct it would be written in pieces and read as a whole, for which the processor waits.
  struct Packed {
    std::uint64_t bits;
  };
  [[nodiscard]] static Packed packed(Locate locate, bool top, Outcome outcome) noexcept {
    return {std::uint64_t{locate} | std::uint64_t{top} << 16 |
            std::uint64_t{static_cast<std::uint8_t>(outcome)} << 32};
  }
  [[nodiscard]] static Packed packed_state(Locate locate) noexcept {
    return {std::uint64_t{locate} | std::uint64_t{1} << 24};
  }
  [[nodiscard]] static Change unpacked(Packed change) noexcept {
    return {.locate = static_cast<Locate>(change.bits),
            .top = (change.bits >> 16 & 1) != 0,
            .state = (change.bits >> 24 & 1) != 0,
            .outcome = static_cast<Outcome>(change.bits >> 32)};
  }

  Packed apply_other(const Event& event) noexcept;
  Change add(const Event& event) noexcept;
  Packed execute(const Event& event) noexcept;
  Packed cancel(const Event& event) noexcept;
  Change remove(const Event& event) noexcept;
  Packed replace(const Event& event) noexcept;
  Packed print(Locate locate, std::uint64_t exchange_ns, std::uint32_t price_e4,
               std::uint64_t quantity) noexcept;
  Packed apply_reference(const Event& event) noexcept;
  [[gnu::noinline]] Packed apply_beyond_itch(const Event& event) noexcept;
  Packed modify(const Event& event) noexcept;
  Packed execute_leaving(const Event& event) noexcept;
  Packed set_level(const Event& event) noexcept;
  Packed set_price(const Event& event) noexcept;
  Packed reset_level(const Event& event, NodeIndex level) noexcept;
  Packed set_position(const Event& event) noexcept;
  Outcome change_position(const Event& event, Ladder& ladder) noexcept;
  bool remove_positions(Ladder& ladder, std::uint32_t first, std::uint32_t last) noexcept;
  [[nodiscard]] NodeIndex at_position(const Ladder& ladder, std::uint32_t position) const noexcept;
  [[nodiscard]] std::uint32_t position_of(const Ladder& ladder, std::uint32_t rank) const noexcept;
  Packed define(const Event& event) noexcept;
  Packed open_priced_level(const Event& event, std::uint32_t side, std::uint32_t rank) noexcept;
  Packed clear_book(Locate locate) noexcept;
  bool empty_side(Ladder& ladder) noexcept;
  Packed begin_snapshot(const Event& event) noexcept;
  Packed end_snapshot(const Event& event) noexcept;
  Packed believe_doubt(const Event& event) noexcept;
  Packed succeed(NodeIndex& link, const Event& event, std::uint64_t new_id) noexcept;
  void resize_order(NodeIndex order, std::uint32_t quantity) noexcept;
  [[nodiscard]] bool crossed(Locate locate) const noexcept;
  void apply_to(Reference& reference, const Event& event) noexcept;

  struct Inserted {
    NodeIndex level;
    Outcome outcome;
  };
  [[nodiscard]] Ladder& ladder_of(std::uint32_t side) noexcept {
    return instruments_[side / 2].ladders[side % 2];
  }
  // One side's best reaches the other's, if there is one.
  [[nodiscard]] static bool meet(std::uint32_t rank, const Level& opposite) noexcept {
    return (opposite.orders != 0) & (rank >= ~opposite.rank);
  }
  // 0 without orders, else one more than the rank.
  [[nodiscard]] static std::uint64_t reach(const Level& best) noexcept {
    return best.orders == 0 ? 0 : std::uint64_t{best.rank} + 1;
  }
  [[gnu::cold]] void note_crossing(Locate locate, std::uint64_t reach_before,
                                   const Level& opposite) noexcept;

  [[gnu::noinline]] Packed add_at_new_level(const Event& event, NodeIndex order, Ladder& ladder,
                                            Ladders::Place place, std::uint32_t rank) noexcept;
  [[gnu::noinline]] Packed add_deep(const Event& event, NodeIndex order, Ladder& ladder,
                                    std::uint32_t rank) noexcept;
  [[gnu::noinline]] Packed add_elsewhere(const Event& event, NodeIndex order) noexcept;
  [[gnu::noinline]] Packed remove_with_care(const Event& event) noexcept;
  Packed reduce(NodeIndex& link, const Event& event, std::uint32_t quantity) noexcept;
  [[gnu::always_inline]] Inserted insert(std::uint64_t id, std::uint32_t quantity,
                                         std::uint32_t side, std::uint32_t rank) noexcept;
  void enqueue(std::uint64_t id, std::uint32_t quantity, NodeIndex level, NodeIndex order) noexcept;
  void make_order(NodeIndex order, std::uint64_t id, std::uint32_t quantity, NodeIndex level,
                  NodeIndex ahead) noexcept;
  [[gnu::always_inline]] void take_out(NodeIndex& link) noexcept;
  void drop_order(NodeIndex& link) noexcept;
  std::uint32_t unlink(NodeIndex order) noexcept;
  [[gnu::cold]] void forget(std::uint64_t id, NodeIndex order) noexcept;
  [[nodiscard]] [[gnu::always_inline]] NodeIndex join_level(std::uint32_t side, std::uint32_t rank,
                                                            std::uint64_t id,
                                                            std::uint32_t quantity,
                                                            NodeIndex order) noexcept;
  [[nodiscard]] [[gnu::noinline]] NodeIndex join_deep_or_new_level(std::uint32_t side,
                                                                   std::uint32_t rank,
                                                                   std::uint64_t id,
                                                                   std::uint32_t quantity,
                                                                   NodeIndex order) noexcept;
  void open_level(NodeIndex level, std::uint32_t side, std::uint32_t rank, std::uint64_t id,
                  std::uint32_t quantity, NodeIndex order) noexcept;
  [[gnu::cold]] Packed refuse(const Event& event) noexcept;
  [[gnu::cold]] Packed unknown(const Event& event) noexcept;
  [[gnu::cold]] Outcome duplicate(NodeIndex older, Locate locate) noexcept;
  [[gnu::cold]] Outcome mismatch(Locate locate, const Event& event) noexcept;
  [[gnu::cold]] Outcome doubt(Locate locate, Outcome outcome) noexcept;

  std::uint32_t instruments_max_;
  base::Arena arena_;
  NodePool nodes_;
  OrderTable orders_;
  Ladders ladders_;
  std::span<Instrument> instruments_;
  std::span<Reference> references_;
  Counters counters_{};
  BreakerLevels breaker_levels_{};
  std::uint16_t breakers_seen_ = 0;
  Locate highest_listed_ = 0;
  Session session_ = Session::Unknown;
  std::uint8_t breached_level_ = 0;
  std::uint8_t stale_ = 0;  // why every book is
  Followers followers_;
};

}  // namespace ridley::book

#include "book/order_flow.hpp"  // IWYU pragma: export
