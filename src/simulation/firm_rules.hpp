// SPDX-License-Identifier: Apache-2.0
// What an order has to keep to, worked out a second time: from the operator's commands, the
// published market and the firm's own orders. In: commands, what happened to the connection and the
// feed, an order that was sent. Out: nothing, or a Violation that names the limit. Shares nothing
// with the gate but the numbers that both begin with. One thread.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <set>
#include <span>

#include "event/records.hpp"
#include "risk/controls.hpp"
#include "risk/limits.hpp"
#include "simulation/own_orders.hpp"

namespace ridley::simulation {

// An instrument as the exchange published it at one moment.
struct MarketState {
  std::uint32_t bid_e4 = 0;
  std::uint32_t ask_e4 = 0;
  char state = 0;
  bool short_sales_restricted = false;

  bool operator==(const MarketState&) const = default;
};

class FirmRules {
 public:
  explicit FirmRules(const risk::Limits& limits);

  void obey(const event::Command& command);
  void disarm() noexcept { armed_ = false; }
  void kill() noexcept { killed_ = true; }  // the appliance by itself
  // Limits of instruments are the operator's until another session lists them anew.
  void forget_instruments() noexcept { own_.clear(); }
  void hear_feed(std::uint64_t now_ns) noexcept { heard_ns_ = now_ns; }

  struct Sent {
    const OwnOrder& order;
    OwnExposure instrument;  // before it
    OwnExposure firm;
    // What the market may have been when it was decided; one of them has to do.
    std::span<const MarketState> market;
    std::uint64_t now_ns;
  };
  void check(const Sent& sent);

 private:
  [[nodiscard]] std::uint64_t limit(risk::Control control, std::uint16_t locate) const;
  void check_latches(const OwnOrder& order) const;
  void check_size(const OwnOrder& order) const;
  void check_market(const Sent& sent) const;
  void check_exposure(const Sent& sent) const;
  void check_rate(const Sent& sent);
  [[nodiscard]] bool suits(const OwnOrder& order, const MarketState& market) const;

  risk::Limits first_;
  std::map<risk::Control, std::uint64_t> firm_;
  std::map<std::pair<risk::Control, std::uint16_t>, std::uint64_t> own_;
  bool armed_ = false;
  bool killed_ = false;
  std::set<std::uint16_t> killed_instruments_;
  std::set<std::uint16_t> restricted_;
  std::uint64_t heard_ns_ = 0;
  std::deque<std::uint64_t> sent_ns_;  // since the rate was last changed
  std::uint64_t ns_per_message_;
};

}  // namespace ridley::simulation
