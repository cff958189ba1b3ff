// SPDX-License-Identifier: Apache-2.0
// In: steps of a stream. Out: the books and the naive books have taken them, and what they do not
// agree on after each, in a sentence; empty when they agree.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "book/books.hpp"
#include "book/event_stream.hpp"
#include "book/naive_books.hpp"

namespace ridley::book {

// Whether the limits are so small that orders may not fit.
enum class Memory : std::uint8_t { Ample, Scarce };

class DifferentialBooks {
 public:
  // The books begin anew. locates: all that will be spoken of.
  DifferentialBooks(Books& books, std::span<const Locate> locates, Memory memory)
      : books_{books},
        naive_{books.instruments_max()},
        locates_{locates},
        memory_{memory},
        counted_before_{books.counters()} {
    books_.restart();
  }

  [[nodiscard]] const NaiveBooks& naive() const { return naive_; }

  [[nodiscard]] std::string take(const Step& step) {
    differences_.str({});
    switch (step.kind) {
      case StepKind::Event: take(step.event); break;
      case StepKind::Restart:
        books_.restart();
        naive_.restart();
        followed_.clear();
        break;
      case StepKind::MarkAllStale:
        books_.mark_all_stale();
        naive_.mark_all_stale();
        break;
      case StepKind::Follow: follow(step.order_id); break;
      case StepKind::Unfollow: unfollow(step.order_id); break;
    }
    for (const Locate locate : locates_) check_instrument(locate);
    check_counters();
    check_positions();
    return differences_.str();
  }

  // Every order of every instrument, and the sums.
  [[nodiscard]] std::string take_stock() {
    differences_.str({});
    for (const Locate locate : locates_) check_depth(locate);
    expect("live levels", books_.live_levels(), naive_.live_levels());
    // Of tens of thousands of empty books it takes too long, and says no more.
    if (books_.highest_listed() <= kDigestLocatesMax)
      expect("bbo digest", books_.bbo_digest(), naive_.bbo_digest());
    return differences_.str();
  }

 private:
  static constexpr Locate kDigestLocatesMax = 64;

  struct SeenOrder {
    std::uint64_t id;
    std::uint32_t quantity;
    std::uint32_t price_e4;
    std::uint64_t level_quantity;
    std::uint32_t level_orders;
    std::uint64_t ahead;
    bool operator==(const SeenOrder&) const = default;
    friend std::ostream& operator<<(std::ostream& out, const SeenOrder& order) {
      return out << order.id << ':' << order.quantity << '@' << order.price_e4 << " of "
                 << order.level_quantity << '/' << order.level_orders << " behind " << order.ahead;
    }
  };

  template <typename Value, typename Other>
  void expect(std::string_view what, const Value& fast, const Other& naive) {
    if (fast == naive) return;
    differences_ << what << ": " << fast << ", must be " << naive << "; ";
  }

  void take(const event::MarketEvent& event) {
    const Change change = books_.apply(event);
    const bool fits = change.outcome != Outcome::OutOfMemory;
    if (!fits && memory_ == Memory::Ample) differences_ << "out of memory though there is some; ";
    const NaiveChange naive = naive_.apply(event, fits);
    expect("change.locate", change.locate, naive.locate);
    expect("change.top", change.top, naive.top);
    expect("change.outcome", int{static_cast<std::uint8_t>(change.outcome)},
           int{static_cast<std::uint8_t>(naive.outcome)});
    check_depth(change.locate);
    if (event.locate != change.locate) check_depth(event.locate);
    forget_dead(event);
  }

  void check_instrument(Locate locate) {
    const Top fast = books_.top(locate);
    const Top naive = naive_.top(locate);
    expect("bid price", fast.bid_price_e4, naive.bid_price_e4);
    expect("bid quantity", fast.bid_quantity, naive.bid_quantity);
    expect("bid orders", fast.bid_orders, naive.bid_orders);
    expect("ask price", fast.ask_price_e4, naive.ask_price_e4);
    expect("ask quantity", fast.ask_quantity, naive.ask_quantity);
    expect("ask orders", fast.ask_orders, naive.ask_orders);
    expect("last price", fast.last_price_e4, naive.last_price_e4);
    expect("exchange ns", fast.exchange_ns, naive.exchange_ns);
    expect("stale", books_.stale(locate), naive_.stale(locate));
    expect("tradable", books_.tradable(locate), naive_.tradable(locate));
  }

  void check_depth(Locate locate) {
    for (const event::Side side : {event::Side::Buy, event::Side::Sell}) {
      const std::vector<SeenOrder> fast = seen(books_, locate, side);
      const std::vector<SeenOrder> naive = seen(naive_, locate, side);
      expect(side == event::Side::Buy ? "orders to buy" : "orders to sell", fast.size(),
             naive.size());
      for (std::size_t i = 0; i < fast.size() && i < naive.size(); ++i)
        expect("order", fast[i], naive[i]);
    }
  }

  static std::vector<SeenOrder> seen(const Books& books, Locate locate, event::Side side) {
    std::vector<SeenOrder> seen;
    seen.reserve(64);
    books.for_each_level(locate, side, [&](const LevelView& level) {
      const std::size_t before = seen.size();
      books.for_each_order(locate, side, level.price_e4, [&](std::uint64_t id, std::uint32_t left) {
        seen.push_back({id, left, level.price_e4, level.quantity, level.orders,
                        books.quantity_ahead(id).value_or(~0ULL)});
      });
      // A level whose queue is empty must be seen as well.
      if (seen.size() == before) seen.push_back({0, 0, level.price_e4, 0, 0, 0});
    });
    return seen;
  }

  static std::vector<SeenOrder> seen(const NaiveBooks& books, Locate locate, event::Side side) {
    const std::vector<NaiveOrder> orders = books.orders(locate, side);
    std::vector<SeenOrder> seen;
    seen.reserve(orders.size());
    for (auto first = orders.begin(); first != orders.end();) {
      auto last = first;
      std::uint64_t quantity = 0;
      for (; last != orders.end() && last->price_e4 == first->price_e4; ++last)
        quantity += last->quantity;
      std::uint64_t ahead = 0;
      const auto count = static_cast<std::uint32_t>(last - first);
      for (; first != last; ++first) {
        seen.push_back({first->id, first->quantity, first->price_e4, quantity, count, ahead});
        ahead += first->quantity;
      }
    }
    return seen;
  }

  void check_counters() {
    const Counters& now = books_.counters();
    const Counters& before = counted_before_;
    expect("live orders", books_.live_orders(), naive_.live_orders());
    expect("unknown orders", now.unknown_orders - before.unknown_orders, naive_.unknown_orders);
    expect("duplicate orders", now.duplicate_orders - before.duplicate_orders,
           naive_.duplicate_orders);
    expect("inconsistencies", now.inconsistencies - before.inconsistencies, naive_.inconsistencies);
    expect("out of memory", now.out_of_memory - before.out_of_memory, naive_.out_of_memory);
    expect("locates beyond limit", now.locates_beyond_limit - before.locates_beyond_limit,
           naive_.locates_beyond_limit);
    expect("crossed", now.crossed - before.crossed, naive_.crossed);
  }

  void follow(std::uint64_t id) {
    const bool live = naive_.position(id).has_value();
    const bool fits = followed_.size() < kFollowedMax || followed_.contains(id);
    expect("follow", books_.follow(id), live && fits);
    if (live && fits) followed_.insert(id);
  }

  void unfollow(std::uint64_t id) {
    books_.unfollow(id);
    followed_.erase(id);
    expect("position of an order not followed", books_.position(id).has_value(), false);
  }

  // Whoever replaces or ends an order follows it no more.
  void forget_dead(const event::MarketEvent& event) {
    if (event.kind == event::EventKind::ReplaceOrder) followed_.erase(event.replace.order_id);
    std::erase_if(followed_, [&](std::uint64_t id) { return !naive_.position(id); });
  }

  void check_positions() {
    for (const std::uint64_t id : followed_) {
      const std::optional<QueuePosition> fast = books_.position(id);
      const std::optional<NaivePosition> naive = naive_.position(id);
      expect("position is known", fast.has_value(), naive.has_value());
      if (!fast || !naive) continue;
      expect("quantity ahead", fast->quantity_ahead, naive->quantity_ahead);
      expect("orders ahead", fast->orders_ahead, naive->orders_ahead);
      expect("quantity of the followed", fast->quantity, naive->quantity);
    }
  }

  Books& books_;
  NaiveBooks naive_;
  std::span<const Locate> locates_;
  Memory memory_;
  Counters counted_before_;
  std::set<std::uint64_t> followed_;
  std::ostringstream differences_;
};

}  // namespace ridley::book
