// SPDX-License-Identifier: Apache-2.0
// In: a burst that a driver without time stamps has just received. Out: the same burst, every frame
// stamped with the TSC in the field where a driver with stamps would put its own. Hot core.
#pragma once

#include <cstdint>

struct rte_mbuf;

namespace ridley::nic {

// Where the field is and which bit of the flags says that it counts; the same for all ports.
struct StampField {
  int at = -1;
  std::uint64_t valid_bit = 0;
};

// Of the type that rte_eth_add_first_rx_callback wants; field points to the StampField.
std::uint16_t stamp_burst(std::uint16_t port, std::uint16_t queue, rte_mbuf** burst,
                          std::uint16_t count, std::uint16_t count_max, void* field) noexcept;

}  // namespace ridley::nic
