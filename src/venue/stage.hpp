// SPDX-License-Identifier: Apache-2.0
// In: a scenario, an exchange and what it speaks through, the time. Out: the day as the scenario
// wants it: the market, and between its steps what goes wrong. No clock, no socket: a process in
// real time and a simulation drive it alike. The same scenario and inputs give the same bytes.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "venue/account_streams.hpp"
#include "venue/feed_output.hpp"
#include "venue/order_gateway.hpp"
#include "venue/rerequest_line.hpp"
#include "venue/scenario.hpp"
#include "venue/trading_day.hpp"

namespace ridley::venue {

// Whom a scenario acts on; all of them outlive the stage.
struct Cast {
  TradingDay& day;
  FeedOutput& output;
  AccountStreams& streams;
  std::vector<OrderGateway*> gateways = {};  // by order port
  Connections* snapshots = nullptr;          // null: there are none
  Connections* drop_copies = nullptr;
  RerequestLine* rerequests = nullptr;  // null: nobody can ask again
};

class Stage {
 public:
  // Throws base::Error when an event names an account, an instrument or a line that there is not.
  Stage(Scenario scenario, std::uint64_t start_ns, Cast cast);

  // The market and the scenario until that moment, at most so many steps of the market. True when
  // nothing due is left.
  bool advance(const Moment& until, std::uint32_t steps_max);
  [[nodiscard]] std::uint64_t next_ns() const noexcept;
  // What was said since: to the lines of the feed and into the streams of the accounts, and what
  // was late and has arrived by then.
  void tell(std::uint64_t ns);

  // The exchange has crashed and is not back: it says nothing and hears nothing.
  [[nodiscard]] bool down() const noexcept { return down_; }
  // How often it has crashed: then every connection is lost.
  [[nodiscard]] std::uint32_t crashes() const noexcept { return crashes_; }
  [[nodiscard]] const Scenario& scenario() const noexcept { return scenario_; }

  // What is wrong with the lines now. Also for an owner whose lines have begun anew.
  void impair_lines();

 private:
  struct Action {
    std::uint64_t ns;
    std::size_t event;
    bool begins;
  };

  void plan(std::size_t index, std::uint64_t start_ns);
  void act(const Moment& now);
  void begin(const ScenarioEvent& event, const Moment& now);
  void end(const ScenarioEvent& event, const Moment& now);
  void impair_connections(const Moment& now);
  void shock(const ScenarioEvent& event, const Moment& now);
  void withdraw(const ScenarioEvent& event, const Moment& now);
  void restart(const Moment& now);
  [[nodiscard]] PacketFaults faults_of_line(std::string_view line) const;
  [[nodiscard]] ConnectionFaults faults_of(ScenarioPort port, const std::string& username) const;
  [[nodiscard]] const std::vector<AccountStream>& named_at(ScenarioPort port) const;
  [[nodiscard]] Connections* connections_at(ScenarioPort port, std::uint32_t account) const;
  template <typename Deed>
  void for_each_account(const ScenarioEvent& event, Deed&& deed);
  template <typename Deed>
  void for_each_session(const ScenarioEvent& event, Deed&& deed);

  Scenario scenario_;
  Cast cast_;
  std::vector<Action> actions_;  // by time
  std::size_t done_ = 0;
  std::vector<bool> active_;                                             // of each event
  std::vector<std::pair<const ScenarioEvent*, std::uint64_t>> resting_;  // orders of shocks
  std::uint32_t crashes_ = 0;
  bool down_ = false;
};

}  // namespace ridley::venue
