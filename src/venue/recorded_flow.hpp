// SPDX-License-Identifier: Apache-2.0
// In: a recording, order by order, and an exchange. Out: the same orders sent to that exchange, at
// the recording's pace or several times as fast: adds, cancels, replaces, and for every execution
// an order that takes it. As long as nobody else trades, the exchange's book is the recording's.
// Read as it is needed: ITCH messages, captures of feeds by order, LOBSTER and CME order-by-order
// files (control/recorded_events.hpp). No clock: next_ns() says when the next order comes. One
// owner. Cold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "control/recorded_events.hpp"
#include "event/records.hpp"
#include "venue/exchange.hpp"
#include "venue/market_rules.hpp"

namespace ridley::venue {

struct RecordedFlowSettings {
  std::string file;
  double speed = 1;
};

class RecordedFlow {
 public:
  struct Counts {
    std::uint64_t played = 0;
    std::uint64_t skipped = 0;  // of orders that are gone here, or of instruments too many
  };

  // Instruments of the file become those of the exchange in the order in which they are first
  // traded. Throws base::Error when the file cannot be read or has no order.
  RecordedFlow(Exchange& exchange, const RecordedFlowSettings& settings);

  // The file's first order comes at that time.
  void begin(std::uint64_t ns) noexcept;
  [[nodiscard]] std::uint64_t next_ns() const noexcept { return next_ns_; }
  void act();

  [[nodiscard]] const Counts& counts() const noexcept { return counts_; }
  // Sentences about what in the recording could not be used. A damaged one ends early.
  [[nodiscard]] std::vector<std::string> complaints() const { return events_.complaints(); }

 private:
  void read_next();
  [[nodiscard]] bool play(const event::MarketEvent& event);
  bool add(const event::MarketEvent& event);
  bool execute(std::uint64_t recorded, std::uint32_t quantity);
  bool reduce(std::uint64_t recorded, std::optional<std::uint32_t> quantity);
  bool replace(const event::MarketEvent::ReplaceOrder& changed);
  bool modify(const event::MarketEvent::ModifyOrder& changed);
  bool clear(std::uint16_t recorded);
  bool trade_hidden(const event::MarketEvent& event);
  [[nodiscard]] std::uint16_t locate_of(std::uint16_t recorded);
  [[nodiscard]] std::optional<RestingOrder> live(std::uint64_t recorded);
  [[nodiscard]] bool trades(std::uint16_t locate) const noexcept;

  Exchange& exchange_;
  control::RecordedEvents events_;
  double speed_;
  std::optional<event::MarketEvent> next_;
  std::uint64_t next_ns_ = kNever;
  std::uint64_t begun_ns_ = 0;
  std::uint64_t first_ns_ = 0;   // of the recording
  std::uint64_t newest_ns_ = 0;  // of it as well; recordings may go back
  std::vector<std::uint16_t> locates_ = std::vector<std::uint16_t>(std::size_t{1} << 16);
  std::uint16_t instruments_ = 0;
  std::unordered_map<std::uint64_t, std::uint64_t> references_;
  Counts counts_;
};

}  // namespace ridley::venue
