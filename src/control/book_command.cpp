// SPDX-License-Identifier: Apache-2.0
#include "control/book_command.hpp"

#include <fmt/format.h>
#include <sysexits.h>

#include <algorithm>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "control/progress.hpp"
#include "control/recorded_events.hpp"

namespace ridley::control {
namespace {

using book::Books;
using book::LevelView;
using book::Locate;
using event::Side;

constexpr std::uint32_t kPriceUnits = 10'000;

std::string_view state_name(book::TradingState state) {
  switch (state) {
    case book::TradingState::Trading: return "trading";
    case book::TradingState::Halted: return "halted";
    case book::TradingState::Paused: return "paused";
    case book::TradingState::QuotationOnly: return "quotation_only";
    case book::TradingState::AcceptingOrders: return "accepting_orders";
    case book::TradingState::Suspended: return "suspended";
    case book::TradingState::Unknown: return "unknown";
  }
  return "unknown";
}

// Symbols come from outside: quoted, escaped, and whatever is no UTF-8 replaced.
std::string quoted(std::string_view text) {
  return nlohmann::json(text).dump(-1, ' ', true, nlohmann::json::error_handler_t::replace);
}

std::string price(std::uint32_t price_e4) {
  return fmt::format("{}.{:04}", price_e4 / kPriceUnits, price_e4 % kPriceUnits);
}

// Small files get small books, which are ready sooner. Eight orders for a byte of the file cover
// any compression seen; a stream of unknown size gets all.
book::Limits fitting(const book::Limits& limits, std::uint64_t file_bytes) {
  if (file_bytes == 0) return limits;
  constexpr std::uint64_t kSmallest = 1 << 16;
  const std::uint64_t wanted = std::max(kSmallest, file_bytes * 8);
  book::Limits fitting = limits;
  if (wanted < limits.orders_max) fitting.orders_max = static_cast<std::uint32_t>(wanted);
  if (wanted < limits.levels_max) fitting.levels_max = static_cast<std::uint32_t>(wanted);
  return fitting;
}

class Printer {
 public:
  Printer(const BookOptions& options, const Books& books, std::ostream& out)
      : options_{options}, books_{books}, out_{out} {}

  void top(const event::MarketEvent& event, Locate locate) {
    const book::Top& top = books_.top(locate);
    if (options_.json) {
      print(R"({{"exchange_ns":{},"locate":{},"symbol":{},"bid":[{},{},{}],"ask":[{},{},{}]}})"
            "\n",
            event.exchange_ns, locate, quoted(books_.symbol(locate)), top.bid_price_e4,
            top.bid_quantity, top.bid_orders, top.ask_price_e4, top.ask_quantity, top.ask_orders);
    } else {
      print("{:>18} {:>5} {:<8} {:>10} x {:>12} | {:<12} x {:<10}\n", event.exchange_ns, locate,
            printable(books_.symbol(locate)), top.bid_quantity,
            top.bid_quantity != 0 ? price(top.bid_price_e4) : "-",
            top.ask_quantity != 0 ? price(top.ask_price_e4) : "-", top.ask_quantity);
    }
  }

  void place(std::uint64_t exchange_ns, std::uint64_t order, const book::QueuePosition& place) {
    if (options_.json) {
      print(R"({{"exchange_ns":{},"order":{},"quantity":{},"orders_ahead":{},"quantity_ahead":{}}})"
            "\n",
            exchange_ns, order, place.quantity, place.orders_ahead, place.quantity_ahead);
    } else {
      print("{:>18} order {}: {} shares behind {} in {} orders\n", exchange_ns, order,
            place.quantity, place.quantity_ahead, place.orders_ahead);
    }
  }

  void end_of_order(std::uint64_t exchange_ns, std::uint64_t order) {
    if (options_.json) {
      print("{{\"exchange_ns\":{},\"order\":{},\"quantity\":0}}\n", exchange_ns, order);
    } else {
      print("{:>18} order {}: gone\n", exchange_ns, order);
    }
  }

  void all_books() {
    for (std::uint32_t i = 0; i < books_.instruments_max(); ++i) {
      const auto locate = static_cast<Locate>(i);
      const std::vector<LevelView> bids = levels(locate, Side::Buy);
      const std::vector<LevelView> asks = levels(locate, Side::Sell);
      if (!books_.listed(locate) && bids.empty() && asks.empty()) continue;
      options_.json ? json_book(locate, bids, asks) : text_book(locate, bids, asks);
    }
  }

  void summary(std::uint64_t messages) {
    const book::Counters& counters = books_.counters();
    if (options_.json) {
      print(R"({{"messages":{},"live_orders":{},"levels":{},"unknown_orders":{},"crossed":{},)",
            messages, books_.live_orders(), books_.live_levels(), counters.unknown_orders,
            counters.crossed);
      print("\"bbo_digest\":\"{:016x}\"}}\n", books_.bbo_digest());
    } else {
      print("{} messages, {} live orders, {} levels, {} unknown orders, {} times crossed, ",
            messages, books_.live_orders(), books_.live_levels(), counters.unknown_orders,
            counters.crossed);
      print("bbo digest {:016x}\n", books_.bbo_digest());
    }
    flush();
  }

 private:
  static constexpr std::size_t kFlushBytes = 1 << 16;

  template <typename... Values>
  void print(fmt::format_string<Values...> form, Values&&... values) {
    fmt::format_to(std::back_inserter(text_), form, std::forward<Values>(values)...);
    if (text_.size() >= kFlushBytes) flush();
  }

  void flush() {
    out_.write(text_.data(), static_cast<std::streamsize>(text_.size()));
    text_.clear();
    if (!out_.flush()) throw base::Error::with_exit(EX_IOERR, "book: cannot write the output");
  }

  // What a terminal can show.
  static std::string printable(std::string_view text) {
    std::string shown{text};
    for (char& c : shown)
      if (c < ' ' || c > '~') c = '?';
    return shown;
  }

  [[nodiscard]] std::vector<LevelView> levels(Locate locate, Side side) const {
    std::vector<LevelView> levels;
    books_.for_each_level(locate, side, [&](const LevelView& level) { levels.push_back(level); });
    return levels;
  }

  [[nodiscard]] std::size_t shown(const std::vector<LevelView>& levels) const {
    return options_.depth == 0 ? levels.size() : std::min(levels.size(), options_.depth);
  }

  static std::uint64_t orders(const std::vector<LevelView>& bids,
                              const std::vector<LevelView>& asks) {
    std::uint64_t orders = 0;
    for (const LevelView& level : bids) orders += level.orders;
    for (const LevelView& level : asks) orders += level.orders;
    return orders;
  }

  void json_side(const std::vector<LevelView>& levels) {
    for (std::size_t i = 0; i < shown(levels); ++i)
      print("{}[{},{},{}]", i == 0 ? "" : ",", levels[i].price_e4, levels[i].quantity,
            levels[i].orders);
  }

  void json_book(Locate locate, const std::vector<LevelView>& bids,
                 const std::vector<LevelView>& asks) {
    print(R"({{"locate":{},"symbol":{},"state":"{}","orders":{},"bids":[)", locate,
          quoted(books_.symbol(locate)), state_name(books_.state(locate)), orders(bids, asks));
    json_side(bids);
    print(R"(],"asks":[)");
    json_side(asks);
    print("]}}\n");
  }

  void text_book(Locate locate, const std::vector<LevelView>& bids,
                 const std::vector<LevelView>& asks) {
    print("{} (locate {}): {}{}, {} orders\n", printable(books_.symbol(locate)), locate,
          state_name(books_.state(locate)), books_.stale(locate) ? ", stale" : "",
          orders(bids, asks));
    const std::size_t rows = std::max(shown(bids), shown(asks));
    for (std::size_t i = 0; i < rows; ++i) {
      print("{:>44} | {}\n", i < shown(bids) ? text_level(bids[i], true) : "",
            i < shown(asks) ? text_level(asks[i], false) : "");
    }
  }

  // The prices meet in the middle.
  static std::string text_level(const LevelView& level, bool bid) {
    const std::string cost = price(level.price_e4);
    return bid ? fmt::format("{:>8} {:>14} {:>14}", level.orders, level.quantity, cost)
               : fmt::format("{:<14} {:<14} {}", cost, level.quantity, level.orders);
  }

  const BookOptions& options_;
  const Books& books_;
  std::ostream& out_;
  std::string text_;
};

// One order from its first message to its last, whatever ids its replacements give it.
class OrderStory {
 public:
  OrderStory(std::uint64_t order, Books& books, Printer& printer)
      : order_{order}, books_{books}, printer_{printer} {}

  void after(const event::MarketEvent& event) {
    if (order_ == 0) return;
    const std::uint64_t named = event.add.order_id;  // where every order's event has it
    const bool adds = event.kind == event::EventKind::AddOrder;
    const bool replaces = event.kind == event::EventKind::ReplaceOrder;
    // A modified order that lost its place is not followed any more.
    const bool modified =
        event.kind == event::EventKind::ModifyOrder && !books_.position(order_).has_value();
    if ((adds || replaces || modified) && named == order_) {
      if (replaces) order_ = event.replace.new_order_id;
      (void)books_.follow(order_);
    }
    const std::optional<book::QueuePosition> place = books_.position(order_);
    if (place && !(there_ && *place == place_)) printer_.place(event.exchange_ns, order_, *place);
    if (!place && there_) printer_.end_of_order(event.exchange_ns, order_);
    there_ = place.has_value();
    place_ = place.value_or(book::QueuePosition{});
  }

 private:
  std::uint64_t order_;
  Books& books_;
  Printer& printer_;
  book::QueuePosition place_{};
  bool there_ = false;
};

}  // namespace

int book_command(const BookOptions& options, std::ostream& out, std::ostream& messages) {
  RecordedEvents input{options.file, parse_protocol(options.protocol)};
  Books books{fitting(options.limits, input.file_size())};
  Printer printer{options, books, out};
  OrderStory story{options.follow, books, printer};
  Progress progress{"book", input.file_size()};
  event::MarketEvent event;
  while (input.next(event)) {
    progress.at(input.file_offset());
    const book::Change change = books.apply_in_event(event);
    if (options.top_changes && change.top) printer.top(event, change.locate);
    story.after(event);
  }
  progress.wipe();

  const feed::DecodeCounters decoded = input.decoded();
  if (!options.top_changes && options.follow == 0) printer.all_books();
  printer.summary(decoded.events + decoded.unknown_types + decoded.truncated);
  for (const std::string& complaint : input.complaints()) messages << "book: " << complaint << '\n';
  if (decoded.unknown_types != 0)
    messages << "book: " << decoded.unknown_types << " messages of unknown types were skipped\n";
  if (decoded.truncated != 0)
    messages << "book: " << decoded.truncated << " messages are too short for their type\n";
  const book::Counters& counters = books.counters();
  if (counters.out_of_memory != 0)
    messages << "book: " << counters.out_of_memory << " orders did not fit into the limits\n";
  return input.malformed() || decoded.truncated != 0 ? EX_DATAERR : EX_OK;
}

int book_command(const BookOptions& options) { return book_command(options, std::cout, std::cerr); }

}  // namespace ridley::control
