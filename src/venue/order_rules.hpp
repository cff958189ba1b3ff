// SPDX-License-Identifier: Apache-2.0
// In: an OUCH order or replace as it arrived, and the instrument's state. Out: the first reason to
// reject it, if there is one. Pure functions; any core.
#pragma once

#include <cstdint>
#include <optional>

#include "venue/account.hpp"
#include "wire/appendage.hpp"

namespace ridley::venue {

inline constexpr std::uint32_t kQuantityMax = 999'999;
// 199,999.9900 with four decimals.
inline constexpr std::uint64_t kPriceMax_e4 = 1'999'999'900;
// From one dollar on prices are whole cents.
inline constexpr std::uint64_t kDollar_e4 = 10'000;
inline constexpr std::uint64_t kTick_e4 = 100;

// What the client asks for, wider than what is legal.
struct Request {
  AccountOrder terms;
  std::uint32_t quantity = 0;
  std::uint64_t price_e4 = 0;
};

// Reads the elements that the venue knows into the terms. Those it cannot do are a reason.
[[nodiscard]] std::optional<RejectReason> read_appendage(wire::ouch::Appendages elements,
                                                         AccountOrder& terms);

[[nodiscard]] bool valid_quantity(std::uint32_t quantity) noexcept;
[[nodiscard]] bool valid_price(std::uint64_t price_e4) noexcept;

// Price, time in force, display: what an order and its replacement both carry.
[[nodiscard]] std::optional<RejectReason> check_terms(const Request& request) noexcept;

// All that a new order carries, without the symbol.
[[nodiscard]] std::optional<RejectReason> check_entry(const Request& request) noexcept;

}  // namespace ridley::venue
