// SPDX-License-Identifier: Apache-2.0
// In: what the configuration calls the card's bitstream, or a slot of the state folder. Out: what
// the card is given: a file as it lies there, or the bytes of a slot, in memory, as they were
// checked. Cold.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/descriptor.hpp"
#include "card/golden.hpp"
#include "card/manifest.hpp"
#include "control/config.hpp"

namespace ridley::control {

// Of card.bitstream: the active slot of card.state_folder, and a card that has none yet.
inline constexpr const char* kActiveBitstream = "active";
inline constexpr const char* kNoBitstream = "none";

// Nothing in it: the card runs nothing.
struct CardSource {
  std::filesystem::path xclbin = {};
  std::string uuid = {};    // that it must have; empty: whatever it has
  std::string digest = {};  // of a slot
  // Of a slot.
  std::shared_ptr<const card::Manifest> manifest = {};
  std::shared_ptr<const card::GoldenVectors> golden = {};
  std::shared_ptr<const base::Descriptor> memory = {};  // xclbin names it
};

// Throws base::Error (EX_DATAERR) when the slot's files are not what its manifest says, or not for
// this host's registers and tables. Who signed it was looked at when it was staged.
[[nodiscard]] CardSource slot_source(const std::string& state_folder, const std::string& digest);

// What the appliance starts with. A trial that a dead process left is settled first. Throws
// base::Error (EX_CONFIG) when the active one is wanted and there is none.
[[nodiscard]] CardSource first_source(const CardConfig& card);

}  // namespace ridley::control
