// SPDX-License-Identifier: Apache-2.0
// In: the time, and messages of accounts. Out: one day of an exchange: opening messages, the
// opening book, trading, the close, all in feed() and accounts(). A function of its inputs: the
// same seed, times and messages give the same bytes. One owner.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "venue/exchange.hpp"
#include "venue/market_watch.hpp"
#include "venue/order_desk.hpp"
#include "venue/participants.hpp"
#include "venue/recorded_flow.hpp"

namespace ridley::venue {

// An instrument that stops trading for a while.
struct Halt {
  std::string symbol;
  std::uint64_t after_ns = 0;  // from the start of the day
  std::uint64_t for_ns = 0;
  std::uint64_t quoting_ns = 0;  // the last part of it, in which orders are taken
};

struct TradingDaySettings {
  ExchangeSettings exchange;
  ParticipantSettings participants;
  std::optional<RecordedFlowSettings> recorded = std::nullopt;  // instead of the participants
  std::vector<Halt> halts;
  MarketRules rules;
  std::uint64_t start_ns = 34'200'000'000'000;  // since midnight: half past nine
};

class TradingDay {
 public:
  // Throws base::Error when a halt names no instrument.
  explicit TradingDay(TradingDaySettings settings);

  // Does what is due until then (nanoseconds since midnight), at most so many steps. True when
  // nothing due is left.
  bool advance(std::uint64_t until_ns, std::uint32_t steps_max);

  // A message that arrives at that time.
  void receive(std::uint32_t account, std::span<const std::byte> message, std::uint64_t ns);
  void cancel_all(std::uint32_t account, std::uint64_t ns,
                  std::size_t orders_max = OrderDesk::kAllOrders);

  // Throws base::Error when there is no such instrument. Before the day.
  void schedule(const Halt& halt);
  // What happens to a market besides orders: see venue/participants.hpp.
  std::uint64_t shock(std::uint16_t locate, const Participants::Shock& shock, std::uint64_t ns);
  void withdraw(std::uint64_t reference, std::uint64_t ns);
  void set_rate(double factor) noexcept { participants_.set_rate(factor); }
  // The exchange was not there until then.
  void resume(std::uint64_t ns);

  // Ends the day. Advance does nothing afterwards.
  void close(std::uint64_t ns);

  // When the next step is due.
  [[nodiscard]] std::uint64_t next_ns() const noexcept;

  [[nodiscard]] const RecordedFlow* recorded() const noexcept {
    return recorded_ ? &*recorded_ : nullptr;
  }
  [[nodiscard]] Exchange& exchange() noexcept { return exchange_; }
  [[nodiscard]] const Exchange& exchange() const noexcept { return exchange_; }

 private:
  // Early: the opening book stands and the market is not open. Late: it was.
  enum class Phase : std::uint8_t { Before, Opening, Early, Trading, Late, Over };

  void step();
  void step_before_trading();
  [[nodiscard]] std::uint64_t crowd_ns() const noexcept;

  Exchange exchange_;
  OrderDesk desk_;
  Participants participants_;
  std::optional<RecordedFlow> recorded_;
  MarketRules rules_;
  MarketWatch watch_;
  std::uint64_t start_ns_;
  Phase phase_ = Phase::Before;
  std::uint64_t opening_ns_;
};

}  // namespace ridley::venue
