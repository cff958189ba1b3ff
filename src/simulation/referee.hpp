// SPDX-License-Identifier: Apache-2.0
// Watches a simulated street and holds it to its rules after every turn. In: the street, each turn.
// Out: nothing, or a Violation. One thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "simulation/copy_rule.hpp"
#include "simulation/firm_rules.hpp"
#include "simulation/naive_books.hpp"
#include "simulation/own_orders.hpp"
#include "simulation/repaired.hpp"
#include "simulation/simulated_street.hpp"
#include "simulation/turn.hpp"

namespace ridley::simulation {

class Referee {
 public:
  // The street lives as long. Called with it before its first turn.
  Referee(SimulatedStreet& street, const StreetOptions& options);

  void watch(const Turn& turn);
  // The day is over, and everything has come to rest.
  void finish();

  [[nodiscard]] std::uint64_t orders() const noexcept { return own_.sent() + earlier_.sent(); }
  [[nodiscard]] const Repaired& repaired() const noexcept { return repairs_.repaired(); }

  // Nothing goes wrong any more but what the caller does next, which can be asked for again.
  void begin_exam() noexcept;

 private:
  void begin_process();
  void hear(const order::Inbound& message);
  void hear_of_earlier(const order::Inbound& message, bool first_time);
  void follow_feed();
  void enter_session(std::string name);
  void note_market(std::uint16_t locate);
  void check_orders(const Turn& turn);
  [[nodiscard]] bool is_stale_throughout(std::uint16_t locate) const;
  void check_sent(const Turn& turn, const event::OrderEvent& event, const order::Outbound& packet);
  void check_books();
  void check_book(std::uint16_t locate) const;
  [[nodiscard]] bool is_level(std::uint16_t locate, bool buys, const book::LevelView& view,
                              const NaiveBook::Level& level) const noexcept;
  void check_published(std::uint16_t locate) const;
  void check_exposures();
  void check_reconciled() const;
  void check_invariants();
  void check_disagreement();
  void check_recovered() const;
  [[nodiscard]] MarketState market_of(std::uint16_t locate) const;

  SimulatedStreet& street_;
  std::uint16_t instruments_;
  bool asks_again_;
  bool takes_snapshots_;
  NaiveBooks books_;  // as the appliance should have them
  std::string session_;
  bool known_session_ = false;
  std::uint64_t next_sequence_ = 1;
  std::vector<std::vector<MarketState>> market_;  // by locate: in this turn
  std::vector<bool> touched_;                     // by locate: to be compared
  std::vector<bool> was_stale_;                   // by locate: before this turn
  bool was_lost_ = false;                         // then, for longer than it takes to ask
  std::uint64_t gaps_ = 0;                        // of the feed, then
  risk::Limits limits_;
  OwnOrders own_;
  OwnOrders earlier_;                               // of processes that have died
  std::vector<OwnExposure> exposures_;              // of the firm, then by locate
  std::uint64_t exposures_of_ = ~std::uint64_t{0};  // after so many changes of own_
  FirmRules rules_;
  CopyRule copies_;
  std::uint32_t process_ = 1;
  std::uint64_t next_message_ = 1;  // that no process has heard
  std::uint64_t due_message_ = 0;   // of this process; 0: it says where it begins
  std::uint64_t of_earlier_ = 0;    // messages that this process cannot understand
  bool stranger_executed_ = false;
  std::uint64_t turns_ = 0;
  RepairCount repairs_;
  std::optional<std::uint64_t> lost_before_exam_;  // messages
  std::uint64_t disagreements_ = 0;                // that the order room has found
};

}  // namespace ridley::simulation
