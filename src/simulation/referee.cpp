// SPDX-License-Identifier: Apache-2.0
#include "simulation/referee.hpp"

#include <algorithm>
#include <utility>

#include "simulation/violation.hpp"
#include "wire/ouch.hpp"

namespace ridley::simulation {
namespace {

// Books that nothing was said about are compared as well, that often.
constexpr std::uint64_t kTurnsBetweenFullChecks = 128;
// The control core reads its drop copy every 5 ms, and the referee hears of it in the turn behind.
constexpr std::uint64_t kCopyLookNs = 12 * kMillisecondNs;
// With fewer places a gap may be a loss before anybody could have brought it.
constexpr std::uint32_t kHeldPacketsForExam = 512;

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
    case Rule::DropCopy: return "drop_copy";
    case Rule::Recovery: return "recovery";
    case Rule::Invariants: return "invariants";
  }
  return "unknown";
}

Referee::Referee(SimulatedStreet& street, const StreetOptions& options)
    : street_{street},
      instruments_{options.market.instruments},
      asks_again_{options.asks_again && options.held_packets >= kHeldPacketsForExam},
      takes_snapshots_{options.takes_snapshots},
      market_(instruments_ + std::size_t{1}),
      touched_(instruments_ + std::size_t{1}),
      was_stale_(instruments_ + std::size_t{1}),
      limits_{options.limits},
      rules_{options.limits},
      copies_{options.matching, kCopyLookNs} {}

void Referee::watch(const Turn& turn) {
  ++turns_;
  if (turn.process != process_) begin_process();
  process_ = turn.process;
  if (turn.command != nullptr && turn.command_done) rules_.obey(*turn.command);
  for (const order::Inbound& message : turn.messages) hear(message);
  if (turn.frames > 0) rules_.hear_feed(turn.now_ns);
  follow_feed();
  check_books();
  repairs_.look(street_.rooms().sequencer, street_.appliance().recovery());
  check_orders(turn);
  for (const order::Inbound& copy : turn.copies) copies_.copied(copy.message(), turn.now_ns);
  copies_.check(turn.killed_by_copy, turn.now_ns);
  check_exposures();
  check_invariants();
  if (street_.orders_are_quiet()) check_reconciled();
}

void Referee::hear(const order::Inbound& message) {
  if (message.kind == order::InboundKind::Disconnected ||
      message.kind == order::InboundKind::EndOfSession)
    rules_.disarm();
  if (message.kind != order::InboundKind::Message) return;
  // What a process begins with may have been heard by the one before, which could not say so.
  if (due_message_ == 0) due_message_ = std::min(message.sequence, next_message_);
  if (message.sequence != due_message_)
    throw Violation{Rule::Sequence, "message " + std::to_string(due_message_) + " was due and " +
                                        std::to_string(message.sequence) + " came"};
  if (!std::ranges::equal(message.message(), street_.market().stream().message(due_message_)))
    throw Violation{Rule::Sequence,
                    "message " + std::to_string(due_message_) + " is not what was sent"};
  ++due_message_;
  const bool first_time = message.sequence == next_message_;
  next_message_ = std::max(next_message_, due_message_);
  if (earlier_.has(OwnOrders::number_of(message.message())))
    return hear_of_earlier(message, first_time);
  own_.hear(message.message());
}

// Nothing is known of what the process before it has sent, so nothing of it can be acted on.
void Referee::begin_process() {
  earlier_.adopt(std::move(own_));
  own_ = {};
  rules_ = FirmRules{limits_};
  copies_.restart();
  repairs_.restart();
  due_message_ = of_earlier_ = disagreements_ = gaps_ = 0;
  stranger_executed_ = was_lost_ = false;
  session_.clear();
  books_.restart();
  next_sequence_ = 1;
  known_session_ = false;
  was_stale_.assign(was_stale_.size(), false);
  touched_.assign(touched_.size(), true);
}

void Referee::hear_of_earlier(const order::Inbound& message, bool first_time) {
  ++of_earlier_;
  if (static_cast<char>(message.message()[0]) == wire::ouch::OrderExecuted::kType)
    stranger_executed_ = true;
  if (first_time) earlier_.hear(message.message());
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
  if (full && !street_.market().is_down()) {
    for (std::uint16_t locate = 1; locate <= instruments_; ++locate) check_published(locate);
  }
  for (std::uint16_t locate = 1; locate <= instruments_; ++locate) {
    if (books.stale(locate)) {
      touched_[locate] = true;
      continue;
    }
    if (!full && !touched_[locate]) continue;
    check_book(locate);
    touched_[locate] = false;
  }
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
      copies_.own(event);
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
  was_lost_ = street_.rooms().books.lost();
  gaps_ = street_.rooms().sequencer.counters().gaps;
}

// In a turn with several packets one gap may be closed before another one opens.
bool Referee::is_stale_throughout(std::uint16_t locate) const {
  const engine::Rooms& rooms = street_.rooms();
  if (!was_stale_[locate] || !rooms.books.stale(locate)) return false;
  return rooms.sequencer.counters().gaps == gaps_ || (was_lost_ && rooms.books.lost());
}

void Referee::check_sent(const Turn& turn, const event::OrderEvent& event,
                         const order::Outbound& packet) {
  const OwnOrder order = own_.read(packet.packet(), books_);
  if (!earlier_.forget_unanswered(order.number))
    throw Violation{Rule::Sequence, "order " + std::to_string(order.number) +
                                        " has the number of another process's"};
  if (order.number != event.user_ref || order.locate != event.locate)
    throw Violation{Rule::OneEnd,
                    "order " + std::to_string(event.user_ref) + " is another one in its packet"};
  if (!known_session_ || is_stale_throughout(order.locate))
    throw Violation{Rule::FreshBooks, "order " + std::to_string(order.number) + " of " +
                                          named(order.locate) + " was sent on a stale book"};
  rules_.check({.order = order,
                .instrument = own_.exposure(order.locate),
                .firm = own_.exposure(),
                .market = market_[order.locate],
                .now_ns = turn.now_ns});
  own_.add(order);
}

void Referee::check_invariants() {
  const engine::Rooms& rooms = street_.rooms();
  const auto none = [](std::uint64_t count, const char* what) {
    if (count != 0) throw Violation{Rule::Invariants, what};
  };
  none(rooms.gate.broken_invariants(), "the gate has found itself wrong");
  check_disagreement();
  if (rooms.orders.counters().unknown_orders > of_earlier_)
    throw Violation{Rule::Invariants, "an answer to an order that nobody sent"};
  none(rooms.orders.counters().malformed, "an answer that nobody can read");
  none(rooms.side_exit.lost(), "records were lost");
}

// What the orders of a process that died have traded is not in the gate: the firm is killed, at
// once.
void Referee::check_disagreement() {
  const engine::Rooms& rooms = street_.rooms();
  const std::uint64_t before = std::exchange(disagreements_, rooms.orders.broken_invariants());
  const bool stranger = std::exchange(stranger_executed_, false);
  if (stranger && !rooms.gate.killed())
    throw Violation{Rule::Invariants, "an order that nobody knows was executed, and nobody stops"};
  if (disagreements_ == before) return;
  if (!stranger) throw Violation{Rule::Invariants, "orders and exchange disagree"};
  rules_.kill();
}

void Referee::begin_exam() noexcept {
  lost_before_exam_ = street_.rooms().sequencer.counters().missing_messages;
}

// Of the session that the exchange has; who refuses to follow it is not told of any other.
void Referee::check_recovered() const {
  const feed::Sequencer& sequencer = street_.rooms().sequencer;
  if (!lost_before_exam_ || session_ != street_.market().session()) return;
  if (asks_again_ && sequencer.counters().missing_messages != *lost_before_exam_)
    throw Violation{Rule::Recovery, "messages are lost that the exchange has and was asked for"};
  if (takes_snapshots_ && street_.rooms().books.all_stale())
    throw Violation{Rule::Recovery, "the books are stale, and no snapshot has come"};
}

void Referee::finish() {
  check_recovered();
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
