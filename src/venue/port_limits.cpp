// SPDX-License-Identifier: Apache-2.0
#include "venue/port_limits.hpp"

namespace ridley::venue {
namespace {

constexpr std::uint64_t kNsPerSecond = 1'000'000'000;
constexpr std::uint64_t kWhole_bps = 10'000;

bool above(std::uint64_t value, std::uint64_t limit) noexcept {
  return limit != 0 && value > limit;
}

}  // namespace

std::optional<PortBreach> PortGate::check(const PortOrder& order, std::uint64_t now_ns) noexcept {
  const std::uint64_t second = now_ns / kNsPerSecond;
  if (second != second_) orders_ = 0;
  second_ = second;
  ++orders_;
  if (above(orders_, limits_.orders_a_second)) return PortBreach::Rate;
  if (above(order.quantity, limits_.quantity_max)) return PortBreach::Quantity;
  // A valid order is below 2^20 shares and 2^31 of price.
  if (above(order.quantity * order.price_e4, limits_.notional_max_e4)) return PortBreach::Notional;
  if (too_far(order)) return PortBreach::Away;
  if (above(order.open_orders + 1, limits_.open_orders_max)) return PortBreach::OpenOrders;
  return std::nullopt;
}

// Through the other side's best price by more than is believed to be meant.
bool PortGate::too_far(const PortOrder& order) const noexcept {
  if (limits_.away_bps_max == 0 || order.contra_e4 == 0) return false;
  const std::uint64_t contra = order.contra_e4 * kWhole_bps;
  const std::uint64_t room = std::uint64_t{order.contra_e4} * limits_.away_bps_max;
  const std::uint64_t asked = order.price_e4 * kWhole_bps;
  return order.buys ? asked > contra + room : asked + room < contra;
}

}  // namespace ridley::venue
