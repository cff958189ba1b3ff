// SPDX-License-Identifier: Apache-2.0
// Watches a simulated street and holds it to its rules after every turn. In: the street, each turn.
// Out: nothing, or a Violation. One thread.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "simulation/firm_rules.hpp"
#include "simulation/naive_books.hpp"
#include "simulation/own_orders.hpp"
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

  [[nodiscard]] std::uint64_t orders() const noexcept { return own_.sent(); }
  // Times that books which could not be believed came to be believed again.
  [[nodiscard]] std::uint64_t gaps_repaired() const noexcept { return gaps_repaired_; }

 private:
  void hear(const order::Inbound& message);
  void follow_feed();
  void enter_session(std::string name);
  void note_market(std::uint16_t locate);
  void check_orders(const Turn& turn);
  void check_sent(const Turn& turn, const event::OrderEvent& event, const order::Outbound& packet);
  void check_books();
  void check_book(std::uint16_t locate) const;
  [[nodiscard]] bool is_level(std::uint16_t locate, bool buys, const book::LevelView& view,
                              const NaiveBook::Level& level) const noexcept;
  void check_published(std::uint16_t locate) const;
  void check_exposures() const;
  void check_reconciled() const;
  void check_invariants();
  void check_disagreement();
  [[nodiscard]] MarketState market_of(std::uint16_t locate) const;

  SimulatedStreet& street_;
  std::uint16_t instruments_;
  NaiveBooks books_;  // as the appliance should have them
  std::string session_;
  bool known_session_ = false;
  std::uint64_t next_sequence_ = 1;
  std::vector<std::vector<MarketState>> market_;  // by locate: in this turn
  std::vector<bool> touched_;                     // by locate: to be compared
  std::vector<bool> was_stale_;                   // by locate: before this turn
  bool in_doubt_ = false;
  OwnOrders own_;
  FirmRules rules_;
  std::uint64_t next_message_ = 1;
  std::uint64_t turns_ = 0;
  std::uint64_t gaps_repaired_ = 0;
  std::uint64_t disagreements_ = 0;  // that the order room has found
};

}  // namespace ridley::simulation
