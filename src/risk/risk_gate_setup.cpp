// SPDX-License-Identifier: Apache-2.0
// In: limits and instruments, before start. Out: a disarmed gate with all its memory. Cold.
#include "base/error.hpp"
#include "risk/risk_gate.hpp"

namespace ridley::risk {

RiskGate::RiskGate(const Limits& limits, std::size_t instruments_max)
    : memory_{base::Arena::bytes_for<Instrument>(instruments_max)},
      instruments_{memory_.array<Instrument>(instruments_max)},
      limits_{limits},
      bucket_{limits.burst_messages_max, limits.ns_per_message} {
  if (instruments_max == 0 || instruments_max > kInstrumentsMax) {
    throw base::Error{"risk: ", instruments_max, " instruments; 1 to ", kInstrumentsMax,
                      " can be told apart by a locate code"};
  }
}

}  // namespace ridley::risk
