// SPDX-License-Identifier: Apache-2.0
// In: a burst that a driver without time stamps has just received. Out: the same burst, every frame
// stamped with the TSC. Hot core.
#include "nic/dpdk_stamp.hpp"

#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include "base/tsc_clock.hpp"

namespace ridley::nic {

std::uint16_t stamp_burst(std::uint16_t, std::uint16_t, rte_mbuf** burst, std::uint16_t count,
                          std::uint16_t, void* field) noexcept {
  // One reading a burst: its frames became visible together.
  const std::uint64_t now = base::read_tsc();
  const StampField stamp = *static_cast<const StampField*>(field);
  for (std::uint16_t i = 0; i < count; ++i) {
    *RTE_MBUF_DYNFIELD(burst[i], stamp.at, std::uint64_t*) = now;
    burst[i]->ol_flags |= stamp.valid_bit;
  }
  return count;
}

}  // namespace ridley::nic
