// SPDX-License-Identifier: Apache-2.0
// In: reservations, releases, executions. Out: what the firm has and could come to have, for one
// instrument or for all. Hot core.
//
// Money is counted in 128 bits: a price and a quantity of 32 bits each give 64, and 2^64 of those
// cannot overflow.
#pragma once

#include <array>
#include <cstdint>

#include "base/uint128.hpp"
#include "event/records.hpp"
#include "risk/choose.hpp"

namespace ridley::risk {

__extension__ using Int128 = __int128;

[[nodiscard]] constexpr bool is_known(event::Side side) noexcept {
  // Buy, SellShortExempt, Sell, SellShort.
  return is_one_of<'B', 'E', 'S', 'T'>(static_cast<std::uint8_t>(side));
}

struct Lot {
  std::uint32_t quantity = 0;
  std::uint32_t price_e4 = 0;

  [[nodiscard]] constexpr std::uint64_t notional_e4() const noexcept {
    return static_cast<std::uint64_t>(quantity) * price_e4;
  }
};

class Exposure {
 public:
  void open_order(event::Side side, Lot lot) noexcept {
    open(side) += lot.quantity;
    open_notional_e4_ += lot.notional_e4();
    ++open_orders_;
  }

  // False when more is given back than was taken; what is left is then nothing.
  [[nodiscard]] bool release(event::Side side, Lot lot) noexcept {
    std::uint64_t& quantity = open(side);
    const bool covered = quantity >= lot.quantity && open_notional_e4_ >= lot.notional_e4();
    quantity = covered ? quantity - lot.quantity : 0;
    open_notional_e4_ = covered ? open_notional_e4_ - lot.notional_e4() : 0;
    return covered;
  }

  [[nodiscard]] bool close_order() noexcept {
    if (open_orders_ == 0) return false;
    --open_orders_;
    return true;
  }

  void execute(event::Side side, Lot lot) noexcept {
    executed_notional_e4_ += lot.notional_e4();
    move(side, lot, 1);
  }

  // False when more is reversed than was ever executed.
  [[nodiscard]] bool reverse(event::Side side, Lot lot) noexcept {
    const bool covered = executed_notional_e4_ >= lot.notional_e4();
    executed_notional_e4_ = covered ? executed_notional_e4_ - lot.notional_e4() : 0;
    move(side, lot, -1);
    return covered;
  }

  [[nodiscard]] std::int64_t position() const noexcept { return position_; }
  [[nodiscard]] Int128 cash_e4() const noexcept { return cash_e4_; }
  [[nodiscard]] std::uint64_t open_buys() const noexcept { return open_[0]; }
  [[nodiscard]] std::uint64_t open_sells() const noexcept { return open_[1]; }
  [[nodiscard]] std::uint32_t open_orders() const noexcept { return open_orders_; }
  [[nodiscard]] base::UInt128 open_notional_e4() const noexcept { return open_notional_e4_; }
  [[nodiscard]] base::UInt128 executed_notional_e4() const noexcept {
    return executed_notional_e4_;
  }
  [[nodiscard]] base::UInt128 gross_notional_e4() const noexcept {
    return open_notional_e4_ + executed_notional_e4_;
  }

 private:
  [[nodiscard]] std::uint64_t& open(event::Side side) noexcept {
    return open_[side == event::Side::Buy ? 0 : 1];
  }

  void move(event::Side side, Lot lot, std::int64_t direction) noexcept {
    const std::int64_t sign = side == event::Side::Buy ? direction : -direction;
    position_ += sign * static_cast<std::int64_t>(lot.quantity);
    cash_e4_ -= static_cast<Int128>(sign) * static_cast<Int128>(lot.notional_e4());
  }

  std::int64_t position_ = 0;
  std::array<std::uint64_t, 2> open_{};  // buys, sells: an index is chosen without a jump
  std::uint32_t open_orders_ = 0;
  base::UInt128 open_notional_e4_ = 0;
  base::UInt128 executed_notional_e4_ = 0;
  Int128 cash_e4_ = 0;
};

}  // namespace ridley::risk
