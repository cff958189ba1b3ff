// SPDX-License-Identifier: Apache-2.0
// In: an account's orders in the words of OUCH 5.0. Out: the same in the words of the engine, and
// what the desk asks about them. Pure but for the numbers that new groups get. No clock; any core.
#pragma once

#include <cstdint>
#include <string_view>

#include "venue/exchange.hpp"

namespace ridley::venue {

[[nodiscard]] event::Side side_of(char letter) noexcept;
[[nodiscard]] NewOrder engine_order(std::uint32_t account, const AccountOrder& terms,
                                    Exchange& exchange);

// Dead on arrival: no further message follows.
[[nodiscard]] bool stillborn(const Submission& submission) noexcept;

[[nodiscard]] RejectReason reason_of(PortBreach breach) noexcept;

// A replacement that only takes quantity away stays where it is in its queue.
[[nodiscard]] bool keeps_priority(const AccountOrder& original, const AccountOrder& terms) noexcept;

// Whose orders a message speaks of; an empty name means the account's own firm.
[[nodiscard]] bool is_firm(std::string_view asked, const Account& account);

// S to E, S to T and E to T are the only changes of side that a modify may make.
[[nodiscard]] bool may_become(char from, char to) noexcept;

}  // namespace ridley::venue
