// SPDX-License-Identifier: Apache-2.0
// In: orders of which the drop copy has an execution that we do not know, until that is cleared up.
// Out: commands that keep new orders off their instruments meanwhile. Cold; the control core.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "event/records.hpp"

namespace ridley::control {

class DoubtedOrders {
 public:
  // Gives the hot core a command and returns its answer.
  using Give = std::function<event::Command(const event::Command&)>;

  explicit DoubtedOrders(Give give) : give_{std::move(give)} {}

  void doubt(std::uint32_t user_ref);
  // One doubt of that order less. Its instrument is trusted when it was the last one there.
  void settle(std::uint32_t user_ref);
  void settle_all();

 private:
  Give give_;
  // The instrument of each, as the hot core found it; 0: it did not know the order, and trusts
  // none.
  std::multimap<std::uint32_t, std::uint16_t> locates_;
};

}  // namespace ridley::control
