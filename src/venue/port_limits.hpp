// SPDX-License-Identifier: Apache-2.0
// In: an order of an account, the price its market has, the time. Out: the limit of the account's
// port that it breaks, if there is one. What an exchange checks for a member whatever the member's
// own gate has done; sizes in shares, prices in 1/10,000 of a dollar. No clock; any core, one
// owner.
#pragma once

#include <cstdint>
#include <optional>

namespace ridley::venue {

// 0 is no limit.
struct PortLimits {
  std::uint32_t quantity_max = 0;     // of an order
  std::uint64_t notional_max_e4 = 0;  // of an order
  std::uint32_t away_bps_max = 0;     // worse than the other side's best price, in 1/10,000
  std::uint32_t orders_a_second = 0;  // new ones and replaces, in a second of the exchange's day
  std::uint32_t open_orders_max = 0;
};

enum class PortBreach : std::uint8_t { Quantity, Notional, Away, Rate, OpenOrders };

// What a limit is held against.
struct PortOrder {
  std::uint32_t quantity;
  std::uint64_t price_e4;
  std::uint32_t contra_e4;  // best displayed price of the other side, 0: none
  bool buys;
  std::uint64_t open_orders;  // of the account, without this one
};

class PortGate {
 public:
  explicit PortGate(const PortLimits& limits) noexcept : limits_{limits} {}

  // Counts the order towards the second's rate, be it refused or not.
  [[nodiscard]] std::optional<PortBreach> check(const PortOrder& order,
                                                std::uint64_t now_ns) noexcept;

 private:
  [[nodiscard]] bool too_far(const PortOrder& order) const noexcept;

  PortLimits limits_;
  std::uint64_t second_ = 0;
  std::uint32_t orders_ = 0;  // in that second
};

}  // namespace ridley::venue
