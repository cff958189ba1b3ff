// SPDX-License-Identifier: Apache-2.0
// In: approved orders, what the session thread brings. Out: packets in the outbound ring, and an
// OrderEvent for everything that becomes of an order. Hot core.
//
// The events give back exactly what the gate reserved: when every order is dead, nothing is left.
// An order dies by its cancel, its last execution, an acceptance or replacement that is dead
// already, a reject, or when it turns out that it never arrived. With it die the replacements that
// were sent for it and not answered, because the exchange ignores a replace of a dead order.
//
// Acknowledgements may come behind what they acknowledge: the first thing that the exchange says of
// an order acknowledges it, and ends the order that it was sent to replace.
//
// After a login the account is queried, and with the answer every order that never arrived is known
// to be lost. OUCH 4.2 has no such question: there the exchange's silence for a second says the
// same. Until then the instruments on which orders were open are in doubt, and at the first login
// of a process, where nobody knows what an earlier one has left, all of them are.
//
// No new order leaves for an instrument in doubt (order/doubts.hpp); cancels always do.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/arena.hpp"
#include "base/spsc_ring.hpp"
#include "event/records.hpp"
#include "order/doubts.hpp"
#include "order/execution_table.hpp"
#include "order/order_packets.hpp"
#include "order/order_table.hpp"
#include "order/slots.hpp"
#include "risk/approved_order.hpp"
#include "wire/ouch.hpp"

namespace ridley::order {

inline constexpr std::size_t kInstrumentsMax = 65'536;
// Replacements of replacements in flight. A strategy that is further ahead than this of the
// exchange's answers is not in control of its orders.
inline constexpr std::uint32_t kReplacementsInFlightMax = 4;
// As long as SoupBinTCP has them.
inline constexpr std::size_t kSessionNameBytesMax = 10;
// Orders are stamped with a clock of 16 bits, in milliseconds: half of its round can be told from
// the future.
inline constexpr std::uint32_t kAnswerWithinMsMax = 30'000;
// Orders looked at for their answer in one look, so that a look takes no longer than an order does.
// A look every millisecond keeps up with a quarter of a million orders a second.
inline constexpr std::size_t kAnswersLookedForMax = 256;

struct OrderEntrySettings {
  std::array<char, 4> firm{};  // zeros: the port's own
  char capacity = 'P';
  std::optional<TokenPrefix> token_prefix{};  // the exchange speaks OUCH 4.2
  // The port is one whose orders die with its connection: that is held against what comes back.
  bool cancel_on_disconnect = false;
  // The stream goes on where an earlier process ended: an answer to its query may come first.
  bool resumes = false;
  // No answer for so long: the instrument is in doubt. An exchange takes microseconds, a busy one
  // milliseconds.
  std::uint32_t answer_within_ms = 1'000;
  std::size_t orders_max = 16'384;      // a power of two; open at a time
  std::size_t executions_max = 65'536;  // a power of two; that a broken trade can name
};

// OrderEvent.reason where the exchange had no part in it. The exchange's own codes are below 0x100.
enum class LocalReason : std::uint16_t {
  NotReady = 0xFF01,  // no session, or the account was not queried yet
  OutboundFull = 0xFF02,
  TooManyOrders = 0xFF03,
  UnknownSymbol = 0xFF04,    // no directory message has named the locate
  UnknownOrder = 0xFF05,     // the target of a replace or cancel is not open
  OtherInstrument = 0xFF06,  // the target is of another instrument, side or strategy
  ReplaceInFlight = 0xFF07,  // the target is being replaced, or the chain is too long
  StateUnknown = 0xFF08,     // the instrument is in doubt
  NeverArrived = 0xFF10,     // the account query shows that the exchange does not have it
  OriginalDied = 0xFF11,     // before the exchange saw the replace
};

struct Sent {
  std::uint32_t user_ref = 0;
  bool ok = false;
  // Sent, or Lost with the whole reservation; for a cancel None or CancelRejected.
  event::OrderEvent event{};
};

struct OrderCounters {
  std::uint64_t orders_sent = 0;  // enter and replace
  std::uint64_t cancels_sent = 0;
  std::uint64_t refused = 0;       // approved, but not sent: see LocalReason
  std::uint64_t acknowledged = 0;  // accepted and replaced
  std::uint64_t rejected = 0;
  std::uint64_t executions = 0;
  std::uint64_t executed_quantity = 0;
  std::uint64_t canceled = 0;
  std::uint64_t broken_trades = 0;
  std::uint64_t lost = 0;
  std::uint64_t unknown_orders = 0;  // messages for a number that is not ours
  std::uint64_t malformed = 0;       // too short, or of an unknown type
  std::uint64_t late = 0;            // for an order that is dead or acknowledged, and harmless
  std::uint64_t executions_not_kept = 0;
  std::uint64_t sequence_breaks = 0;       // of the exchange's stream
  std::uint64_t outlived_connections = 0;  // orders that cancel-on-disconnect should have ended
  // The exchange and we disagree about an order: executions beyond its size or of an order that we
  // do not know, answers that cannot be, messages that are missing. Any of these is a reason to
  // kill.
  std::uint64_t broken_invariants = 0;
};

class OrderEntry {
 public:
  // Cold: takes its memory. The ring must live as long.
  OrderEntry(const OrderEntrySettings& settings, base::SpscRing<Outbound>& outbound);

  // The symbol of a locate code, from the feed's directory.
  void set_symbol(std::uint16_t locate, const event::Symbol& symbol) noexcept;

  // An order for this instrument may follow: what it needs is on its way to the cache.
  void prefetch(std::uint16_t locate) const noexcept {
    __builtin_prefetch(&symbols_[locate]);
    doubts_.prefetch(locate);
    orders_.prefetch(next_user_ref_);
  }

  [[nodiscard]] Sent send(const risk::ApprovedOrder& approved) noexcept;

  // What became of orders. Valid until the next call.
  [[nodiscard]] std::span<const event::OrderEvent> receive(const Inbound& inbound) noexcept;

  // Cancels every open order in the command's scope (firm, symbol, strategy) that is not being
  // canceled. Returns how many are left because the ring is full: call again.
  std::size_t cancel_all(const event::Command& scope) noexcept;

  // Sends what had no room in the ring. Call between bursts.
  void poll() noexcept;

  // Finds the orders that have had no answer for too long. Call about every millisecond.
  void look_for_answers(std::uint64_t now_ns) noexcept;

  // An execution of that order is in doubt. Returns the locate that is in doubt for it, which is
  // every instrument where the order is not known.
  std::uint16_t doubt(std::uint32_t user_ref) noexcept;
  void settle_doubt(std::uint16_t locate, Doubt cause) noexcept { doubts_.settle(locate, cause); }
  // Whatever it is in doubt for: somebody has looked.
  void trust(std::uint16_t locate) noexcept { doubts_.settle_all(locate); }
  [[nodiscard]] DoubtBits doubts_of(std::uint16_t locate) const noexcept {
    return doubts_.of(locate);
  }
  [[nodiscard]] bool take_change(Doubts::Change& change) noexcept { return doubts_.take(change); }

  // Orders may leave, for instruments that are not in doubt.
  [[nodiscard]] bool ready() const noexcept {
    return phase_ == Phase::Ready || (phase_ == Phase::Querying && knows_numbers_);
  }
  // And it is known what became of every order of the connection before.
  [[nodiscard]] bool reconciled() const noexcept { return phase_ == Phase::Ready; }
  [[nodiscard]] bool session_ended() const noexcept { return phase_ == Phase::Ended; }
  [[nodiscard]] std::uint32_t next_user_ref() const noexcept { return next_user_ref_; }
  [[nodiscard]] std::size_t open_count() const noexcept { return orders_.open_count(); }
  [[nodiscard]] std::uint64_t broken_invariants() const noexcept {
    return counters_.broken_invariants;
  }
  [[nodiscard]] const OrderCounters& counters() const noexcept { return counters_; }

  // The open orders, oldest first.
  template <typename Visitor>
  void for_each_open(Visitor&& visit) noexcept {
    for (Order* order = orders_.first_open(); order != nullptr; order = orders_.after(*order)) {
      visit(static_cast<const Order&>(*order));
    }
  }

 private:
  enum class Phase : std::uint8_t { Down, QueryDue, Querying, Ready, Ended };
  class Replies;

  Sent enter(const event::OrderIntent& intent) noexcept;
  Sent replace(const event::OrderIntent& intent) noexcept;
  Sent cancel(const event::OrderIntent& intent) noexcept;
  Sent sent(const event::OrderIntent& intent, Order& order) noexcept;
  Sent refuse(const event::OrderIntent& intent, LocalReason reason) noexcept;
  LocalReason refusal_of_replace(const event::OrderIntent& intent, Order* target) noexcept;
  [[nodiscard]] std::uint32_t take_user_ref() noexcept;
  [[nodiscard]] std::uint32_t replacements_in_flight(const Order& order) noexcept;
  [[nodiscard]] bool connected() const noexcept {
    return phase_ == Phase::Querying || phase_ == Phase::Ready;
  }
  Outbound* claim() noexcept;
  bool push_cancel(Order& order, std::uint32_t quantity) noexcept;

  void logged_in(const Inbound& inbound) noexcept;
  void follow_stream(const Inbound& inbound) noexcept;
  void count_message(const Inbound& inbound) noexcept;
  void disconnected() noexcept;
  void quiet() noexcept;
  void reconcile(std::uint32_t next_user_ref, std::uint32_t arrived_before) noexcept;

  event::OrderEvent& emit(event::OrderEventKind kind, const Order& order) noexcept;
  void release(event::OrderEvent& event, Order& order, std::uint32_t quantity) noexcept;
  void finish(event::OrderEvent& event, Order& order) noexcept;
  void lose(Order& order, LocalReason reason) noexcept;
  void lose_replacements(Order& order) noexcept;
  void overdue(Order& order) noexcept;
  void answered(Order& order) noexcept {
    if (order.overdue) settle(order);
  }
  void settle(Order& order) noexcept;
  std::uint32_t checked_price(std::uint64_t price) noexcept;
  void expect(bool holds) noexcept {
    if (!holds) ++counters_.broken_invariants;
  }

  base::Arena memory_;
  OrderTable orders_;
  ExecutionTable executions_;
  std::span<event::Symbol> symbols_;
  Doubts doubts_;
  std::span<event::OrderEvent> events_;
  std::size_t event_count_ = 0;
  base::SpscRing<Outbound>& outbound_;
  OrderPackets packets_;
  bool cancel_on_disconnect_;
  bool knows_numbers_ = false;  // the exchange has said once which number comes next
  std::uint16_t answer_within_ms_;
  std::uint16_t now_ms_ = 0;                               // of the last look for answers
  std::uint32_t next_looked_for_ = 1;                      // all orders before it were looked at
  std::array<std::byte, kSessionNameBytesMax> session_{};  // of the stream
  std::uint64_t next_sequence_ = 0;                        // of the stream; 0: not known yet
  std::uint16_t connection_ = 0;                           // the login that packets are written for
  std::uint32_t next_user_ref_ = 1;
  std::uint32_t logged_in_before_ = 0;    // orders from here on were sent after the login
  std::uint32_t queries_unanswered_ = 0;  // at most; some may never have arrived
  std::uint32_t answers_needed_ = 0;      // until one is surely to a query of this connection
  Phase phase_ = Phase::Down;
  OrderCounters counters_;
};

}  // namespace ridley::order
