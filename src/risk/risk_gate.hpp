// SPDX-License-Identifier: Apache-2.0
// In: an intent and the market; what became of the orders sent; the operator's commands.
// Out: an approved order, or the lowest control that says no. Hot core; every function is called
// between or inside bursts of the one pipeline that owns the gate.
//
// The gate starts disarmed. An approved order is reserved at once: its quantity times its price
// counts as open until an OrderEvent gives it back. A replace reserves its whole quantity beside
// the order it replaces, because both may trade until the exchange has answered. Cancels always
// pass.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "base/arena.hpp"
#include "event/records.hpp"
#include "risk/approved_order.hpp"
#include "risk/checks.hpp"
#include "risk/conditions.hpp"
#include "risk/exposure.hpp"
#include "risk/limit_fields.hpp"
#include "risk/limits.hpp"
#include "risk/market.hpp"
#include "risk/token_bucket.hpp"

namespace ridley::risk {

// Every number of a locate code.
inline constexpr std::size_t kInstrumentsMax = 65'536;

// Scopes of a command.
enum class Scope : std::uint8_t { Firm = 0, Symbol = 1, Strategy = 2 };

// What control 1 observed, added up.
inline constexpr std::int64_t kDisarmed = 1;
inline constexpr std::int64_t kKilledFirm = 2;
inline constexpr std::int64_t kKilledSymbol = 4;
inline constexpr std::int64_t kKilledStrategy = 8;

struct Verdict {
  std::optional<ApprovedOrder> order;
  event::RejectRecord reject{};  // when there is no order
};

class RiskGate {
 public:
  // Cold: takes its memory. Locates from instruments_max on are unknown and may not trade.
  RiskGate(const Limits& limits, std::size_t instruments_max);

  // An instrument's own limits; kAsFirm where the firm's hold. False for an unknown locate, which
  // may not trade anyway: the feed says which locates there are.
  bool set_instrument(std::uint16_t locate, const OrderLimits& own) noexcept;

  [[nodiscard]] Verdict check(const event::OrderIntent& intent, const Market& market,
                              std::uint64_t now_ns) noexcept;

  // An order for this instrument may follow: its lines are on their way to the cache.
  void prefetch(std::uint16_t locate) const noexcept {
    if (locate >= instruments_.size()) return;
    const auto* lines = reinterpret_cast<const std::byte*>(&instruments_[locate]);
    for (std::size_t at = 0; at < sizeof(Instrument); at += 64) __builtin_prefetch(lines + at, 1);
  }

  // What the order room says: gives back reservations, moves positions.
  void apply(const event::OrderEvent& event) noexcept;

  // False when the command makes no sense here; nothing has changed then.
  bool apply(const event::Command& command) noexcept;

  // Stops the firm at once: a broken invariant elsewhere.
  void kill() noexcept { killed_ = true; }

  [[nodiscard]] bool armed() const noexcept { return armed_; }
  [[nodiscard]] bool killed() const noexcept { return killed_; }
  [[nodiscard]] const Limits& limits() const noexcept { return limits_; }
  [[nodiscard]] std::int64_t position(std::uint16_t locate) const noexcept;
  // Of the firm, and of one instrument.
  [[nodiscard]] const Exposure& exposure() const noexcept { return firm_; }
  [[nodiscard]] const Exposure& exposure(std::uint16_t locate) const noexcept;
  // Cash from executions plus the position at the mark: realised and unrealised together.
  [[nodiscard]] Int128 profit_e4(std::uint16_t locate, std::uint32_t mark_price_e4) const noexcept;

  [[nodiscard]] const std::uint64_t& approved() const noexcept { return approved_; }
  [[nodiscard]] const std::uint64_t& rejected() const noexcept { return rejected_; }
  [[nodiscard]] const std::uint64_t& cancels() const noexcept { return cancels_; }
  // Index: the control's number.
  [[nodiscard]] const std::array<std::uint64_t, kControlCount + 1>& rejects() const noexcept {
    return rejects_;
  }
  // More given back than was taken, or an event for nobody: the gate has killed the firm.
  [[nodiscard]] const std::uint64_t& broken_invariants() const noexcept {
    return broken_invariants_;
  }

 private:
  // What an order is compared with: the instrument's own limits where it has any, else the firm's.
  struct InForce {
    OrderLimits limits;
    Step tick;
    Step sub_dollar_tick;
  };

  // Three cache lines hold everything a check reads of an instrument.
  struct alignas(64) Instrument {
    InForce in_force;
    Exposure exposure;
    std::uint32_t firm_limits_seen = 0;  // the count when in_force was worked out; 0: never
    LimitFields own = 0;                 // which of the limits are the instrument's own
    bool killed = false;
    bool restricted = false;
  };
  static_assert(sizeof(Instrument) == 192);

  // Whether every control passes, all of them at once; evaluate() finds out which one does not.
  bool passes(const event::OrderIntent& intent, const Market& market,
              const Instrument& instrument) const noexcept;
  Failure evaluate(const event::OrderIntent& intent, const Market& market) const noexcept;
  Failure evaluate_kill(const event::OrderIntent& intent) const noexcept;
  bool is_stopped(const event::OrderIntent& intent, const Instrument& instrument) const noexcept;
  void put_in_force(Instrument& instrument) const noexcept;
  Verdict approve(const event::OrderIntent& intent, Instrument& instrument) noexcept;
  Verdict reject(const event::OrderIntent& intent, const Failure& failure,
                 std::uint64_t now_ns) noexcept;
  void release(Instrument& instrument, event::Side side, Lot lot) noexcept;
  void close_order(Instrument& instrument) noexcept;
  void expect(bool holds) noexcept;
  bool set_latch(const event::Command& command, bool killed) noexcept;
  bool set_restricted(std::uint16_t locate, bool restricted) noexcept;
  bool set_limit(const event::Command& command) noexcept;
  bool set_instrument_limit(Instrument& instrument, Control control, std::uint64_t value) noexcept;
  bool set_firm_limit(Control control, std::uint64_t value) noexcept;
  static bool set_order_limit(OrderLimits& limits, Control control, std::uint64_t value) noexcept;

  base::Arena memory_;
  std::span<Instrument> instruments_;
  Limits limits_;
  std::uint32_t firm_limits_ = 1;  // counts their changes
  TokenBucket bucket_;
  Exposure firm_;
  std::uint64_t killed_strategies_ = 0;  // a bit each
  bool armed_ = false;
  bool killed_ = false;
  std::uint64_t approved_ = 0;
  std::uint64_t rejected_ = 0;
  std::uint64_t cancels_ = 0;
  std::uint64_t broken_invariants_ = 0;
  std::array<std::uint64_t, kControlCount + 1> rejects_{};
};

}  // namespace ridley::risk
