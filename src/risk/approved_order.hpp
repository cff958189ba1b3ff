// SPDX-License-Identifier: Apache-2.0
// In: an intent that the gate let through. Out: the only thing the order room sends. Hot core.
#pragma once

#include "event/records.hpp"

namespace ridley::risk {

class RiskGate;

class ApprovedOrder {
 public:
  [[nodiscard]] const event::OrderIntent& intent() const noexcept { return intent_; }

 private:
  friend class RiskGate;
  explicit ApprovedOrder(const event::OrderIntent& intent) noexcept : intent_{intent} {}

  event::OrderIntent intent_;
};

}  // namespace ridley::risk
