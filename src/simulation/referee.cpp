// SPDX-License-Identifier: Apache-2.0
#include "simulation/referee.hpp"

#include <algorithm>
#include <utility>

#include "simulation/violation.hpp"

namespace ridley::simulation {
namespace {

// Books that nothing was said about are compared as well, that often.
constexpr std::uint64_t kTurnsBetweenFullChecks = 128;

std::string named(std::uint16_t locate) { return "instrument " + std::to_string(locate); }

}  // namespace

std::string_view name_of(Rule rule) noexcept {
  switch (rule) {
    case Rule::BooksEqual: return "books_equal";
    case Rule::FreshBooks: return "fresh_books";
    case Rule::Limits: return "limits";
    case Rule::NothingKilled: return "nothing_killed";
    case Rule::Exposures: return "exposures";
    case Rule::Reconciliation: return "reconciliation";
    case Rule::OneEnd: return "one_end";
    case Rule::Sequence: return "sequence";
    case Rule::Invariants: return "invariants";
  }
  return "unknown";
}

Referee::Referee(SimulatedStreet& street, const StreetOptions& options)
    : street_{street},
      instruments_{options.market.instruments},
      market_(instruments_ + std::size_t{1}),
      touched_(instruments_ + std::size_t{1}),
      was_stale_(instruments_ + std::size_t{1}),
      rules_{options.limits} {}

void Referee::watch(const Turn& turn) {
  ++turns_;
  if (turn.command != nullptr && turn.command_done) rules_.obey(*turn.command);
  for (const order::Inbound& message : turn.messages) hear(message);
  if (turn.frames > 0) rules_.hear_feed(turn.now_ns);
  follow_feed();
  check_books();
  check_orders(turn);
  check_exposures();
  check_invariants();
  if (street_.orders_are_quiet()) check_reconciled();
}

void Referee::hear(const order::Inbound& message) {
  if (message.kind == order::InboundKind::Disconnected ||
      message.kind == order::InboundKind::EndOfSession)
    rules_.disarm();
  if (message.kind != order::InboundKind::Message) return;
  if (message.sequence != next_message_)
    throw Violation{Rule::Sequence, "message " + std::to_string(next_message_) + " was due and " +
                                        std::to_string(message.sequence) + " came"};
  if (!std::ranges::equal(message.message(), street_.market().stream().message(next_message_)))
    throw Violation{Rule::Sequence,
                    "message " + std::to_string(next_message_) + " is not what was sent"};
  ++next_message_;
  own_.hear(message.message());
}

// As far as the appliance says that it has come.
void Referee::follow_feed() {
  const feed::Sequencer& sequencer = street_.rooms().sequencer;
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate)
    market_[locate].assign(1, market_of(locate));
  if (!sequencer.has_session()) return;
  if (sequencer.session().trimmed() != session_)
    enter_session(std::string{sequencer.session().trimmed()});
  const PublishedSession* session = street_.market().published().find(session_);
  known_session_ = session != nullptr;
  if (!known_session_) return;
  if (sequencer.next_sequence() > session->next_sequence())
    throw Violation{Rule::BooksEqual, "messages were read that were never published"};
  for (; next_sequence_ < sequencer.next_sequence(); ++next_sequence_)
    note_market(books_.apply(session->message(next_sequence_)));
}

void Referee::enter_session(std::string name) {
  if (!session_.empty()) {
    rules_.disarm();
    rules_.forget_instruments();
  }
  session_ = std::move(name);
  books_.restart();
  next_sequence_ = 1;
  touched_.assign(touched_.size(), true);
}

void Referee::note_market(std::uint16_t locate) {
  if (locate == 0 || locate > instruments_) return;
  touched_[locate] = true;
  const MarketState state = market_of(locate);
  if (market_[locate].back() != state) market_[locate].push_back(state);
}

MarketState Referee::market_of(std::uint16_t locate) const {
  const NaiveBook& book = books_.book(locate);
  return {.bid_e4 = book.best_bid_e4(),
          .ask_e4 = book.best_ask_e4(),
          .state = book.state,
          .short_sales_restricted = book.short_sales_restricted};
}

void Referee::check_books() {
  if (!known_session_) return;  // nobody can say what its books should be, and no order may leave
  const book::Books& books = street_.rooms().books;
  const bool full = turns_ % kTurnsBetweenFullChecks == 0;
  bool doubt = false;
  if (full && !street_.market().is_down()) {
    for (std::uint16_t locate = 1; locate <= instruments_; ++locate) check_published(locate);
  }
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate) {
    if (books.stale(locate)) {
      doubt = true;
      touched_[locate] = true;
      continue;
    }
    if (!full && !touched_[locate]) continue;
    check_book(locate);
    touched_[locate] = false;
  }
  if (std::exchange(in_doubt_, doubt) && !doubt) ++gaps_repaired_;
}

// The visitors of books must not throw.
void Referee::check_book(std::uint16_t locate) const {
  const book::Books& books = street_.rooms().books;
  const NaiveBook& naive = books_.book(locate);
  std::string problem;
  for (const bool buys : {true, false}) {
    const auto& levels = naive.levels[buys ? 0 : 1];
    std::size_t count = 0;
    books.for_each_level(
        locate, buys ? event::Side::Buy : event::Side::Sell, [&](const book::LevelView& view) {
          ++count;
          const auto level = levels.find(view.price_e4);
          const bool same = level != levels.end() && is_level(locate, buys, view, level->second);
          if (!same) problem = "the level at " + std::to_string(view.price_e4);
        });
    if (count != levels.size()) problem = "the number of levels";
  }
  if (static_cast<char>(books.state(locate)) != naive.state)
    problem = std::string{"the trading state, published as "} + naive.state;
  if (books.short_sale_restricted(locate) != naive.short_sales_restricted)
    problem = "the price test of short sales";
  if (!problem.empty()) throw Violation{Rule::BooksEqual, named(locate) + " differs: " + problem};
}

// Order by order, the oldest first.
bool Referee::is_level(std::uint16_t locate, bool buys, const book::LevelView& view,
                       const NaiveBook::Level& level) const noexcept {
  bool same = true;
  std::size_t place = 0;
  std::uint64_t quantity = 0;
  street_.rooms().books.for_each_order(locate, buys ? event::Side::Buy : event::Side::Sell,
                                       view.price_e4, [&](std::uint64_t id, std::uint32_t open) {
                                         same = same && place < level.size() &&
                                                level[place] == id &&
                                                books_.order(id).quantity == open;
                                         ++place;
                                         quantity += open;
                                       });
  return same && place == level.size() && place == view.orders && quantity == view.quantity;
}

// What was published adds up to the orders that the exchange itself displays.
void Referee::check_published(std::uint16_t locate) const {
  const NaiveBooks& published = street_.market().books();
  bool same = true;
  for (const bool buys : {true, false}) {
    std::vector<std::uint64_t> shown;  // as they would trade
    const auto add = [&shown](const auto& level) {
      shown.insert(shown.end(), level.second.begin(), level.second.end());
    };
    const auto& levels = published.book(locate).levels[buys ? 0 : 1];
    if (buys) std::for_each(levels.rbegin(), levels.rend(), add);
    if (!buys) std::for_each(levels.begin(), levels.end(), add);
    std::size_t place = 0;
    street_.market().exchange().engine().for_each_order(
        locate, buys ? event::Side::Buy : event::Side::Sell, [&](const venue::RestingOrder& order) {
          if (!order.displayed()) return true;
          same = same && place < shown.size() && shown[place] == order.reference &&
                 published.order(order.reference).quantity == order.quantity;
          ++place;
          return true;
        });
    same = same && place == shown.size();
  }
  if (!same)
    throw Violation{Rule::BooksEqual, named(locate) +
                                          ": the exchange publishes other orders than "
                                          "it has"};
}

// Sent events and packets are in the same order, and between the Sent events stands what the order
// room found out before it sent the next one.
void Referee::check_orders(const Turn& turn) {
  auto packet = turn.packets.begin();
  const auto skip_others = [&] {
    while (packet != turn.packets.end() && !OwnOrders::brings_order(packet->packet())) ++packet;
  };
  for (const event::OrderEvent& event : turn.order_events) {
    if (event.kind != event::OrderEventKind::Sent) {
      own_.tell(event);
      continue;
    }
    skip_others();
    if (packet == turn.packets.end())
      throw Violation{Rule::OneEnd, "an order was sent and has no packet"};
    check_sent(turn, event, *packet++);
  }
  skip_others();
  if (packet != turn.packets.end())
    throw Violation{Rule::OneEnd, "a packet brings an order that nobody sent"};
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate)
    was_stale_[locate] = street_.rooms().books.stale(locate);
}

void Referee::check_sent(const Turn& turn, const event::OrderEvent& event,
                         const order::Outbound& packet) {
  const OwnOrder order = own_.read(packet.packet(), books_);
  if (order.number != event.user_ref || order.locate != event.locate)
    throw Violation{Rule::OneEnd,
                    "order " + std::to_string(event.user_ref) + " is another one in its packet"};
  if (!known_session_ || (was_stale_[order.locate] && street_.rooms().books.stale(order.locate)))
    throw Violation{Rule::FreshBooks, "order " + std::to_string(order.number) + " of " +
                                          named(order.locate) + " was sent on a stale book"};
  rules_.check({.order = order,
                .instrument = own_.exposure(order.locate),
                .firm = own_.exposure(),
                .market = market_[order.locate],
                .now_ns = turn.now_ns});
  own_.add(order);
}

void Referee::check_exposures() const {
  const risk::RiskGate& gate = street_.rooms().gate;
  const auto compare = [](const risk::Exposure& gates, const OwnExposure& own,
                          const std::string& whose) {
    const auto same = [&whose](bool holds, const char* what) {
      if (!holds) throw Violation{Rule::Exposures, whose + ": " + what};
    };
    same(gates.position() == own.position, "position");
    same(gates.cash_e4() == own.cash_e4, "cash");
    same(gates.open_buys() == own.open_buys, "open buys");
    same(gates.open_sells() == own.open_sells, "open sells");
    same(gates.open_orders() == own.open_orders, "open orders");
    same(gates.gross_notional_e4() == own.executed_e4 + own.open_e4, "gross notional");
  };
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate)
    compare(gate.exposure(locate), own_.exposure(locate), named(locate));
  OwnExposure firm = own_.exposure();
  compare(gate.exposure(), firm, "the firm");
}

void Referee::check_reconciled() const {
  const venue::Account& account = street_.market().account();
  const risk::RiskGate& gate = street_.rooms().gate;
  const auto same = [](bool holds, const std::string& what) {
    if (!holds) throw Violation{Rule::Reconciliation, what};
  };
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate) {
    const auto found = account.positions().find(locate);
    const std::int64_t theirs = found == account.positions().end() ? 0 : found->second;
    same(gate.position(locate) == theirs, named(locate) + ": position " +
                                              std::to_string(gate.position(locate)) +
                                              ", the exchange says " + std::to_string(theirs));
  }
  same(gate.exposure().cash_e4() == account.cash_e4(), "cash");
  order::OrderEntry& orders = street_.rooms().orders;
  same(orders.open_count() == account.orders().size(), std::to_string(orders.open_count()) +
                                                           " open orders, the exchange has " +
                                                           std::to_string(account.orders().size()));
  std::uint32_t other = 0;  // the visitor must not throw
  orders.for_each_open([&](const order::Order& order) {
    const auto found = account.orders().find(order.user_ref);
    const bool there =
        found != account.orders().end() && found->second.open_quantity == order.open_quantity;
    if (!there) other = order.user_ref;
  });
  same(other == 0, "order " + std::to_string(other) + " is another one at the exchange");
}

void Referee::check_invariants() {
  const engine::Rooms& rooms = street_.rooms();
  const auto none = [](std::uint64_t count, const char* what) {
    if (count != 0) throw Violation{Rule::Invariants, what};
  };
  none(rooms.gate.broken_invariants(), "the gate has found itself wrong");
  check_disagreement();
  none(rooms.orders.counters().unknown_orders, "an answer to an order that nobody sent");
  none(rooms.orders.counters().malformed, "an answer that nobody can read");
  none(rooms.side_exit.lost(), "records were lost");
}

// An exchange that speaks out of turn is not believed: the firm is killed, at once.
void Referee::check_disagreement() {
  const engine::Rooms& rooms = street_.rooms();
  const std::uint64_t before = std::exchange(disagreements_, rooms.orders.broken_invariants());
  if (disagreements_ == before) return;
  if (own_.out_of_turn() == 0)
    throw Violation{Rule::Invariants, "orders and exchange disagree, and it spoke in turn"};
  if (!rooms.gate.killed())
    throw Violation{Rule::Invariants, "orders and exchange disagree, and nothing was killed"};
  rules_.kill();
}

void Referee::finish() {
  if (!street_.orders_are_quiet())
    throw Violation{Rule::Reconciliation, "firm and exchange do not come to rest"};
  check_reconciled();
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate) {
    if (known_session_ && !street_.rooms().books.stale(locate)) check_book(locate);
    check_published(locate);
  }
  if (street_.rooms().orders.open_count() != 0)
    throw Violation{Rule::OneEnd, "orders are open after the stop"};
  for (const auto& [number, order] : own_.orders()) {
    if (!order.ended)
      throw Violation{Rule::OneEnd, "order " + std::to_string(number) + " never ended"};
  }
}

}  // namespace ridley::simulation
