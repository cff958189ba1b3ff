// SPDX-License-Identifier: Apache-2.0
// How far the trial of a bitstream in a running appliance has come: what one process tells the
// other over the control socket. Cold.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "card/trial.hpp"

namespace ridley::control {

// In the order of card::activate, and the way back.
enum class CardStep : std::uint8_t { Load, Golden, Shadow, Use, Restore };
inline constexpr std::array<std::string_view, 5> kCardStepNames{"load", "golden", "shadow", "use",
                                                                "restore"};
[[nodiscard]] constexpr std::string_view name_of(CardStep step) {
  return kCardStepNames.at(static_cast<std::size_t>(step));
}
// Throws base::Error (EX_DATAERR).
[[nodiscard]] CardStep card_step(std::string_view name);

struct CardTrialView {
  CardStep step = CardStep::Load;
  bool running = false;  // the step is under way; in the shadow the numbers grow afterwards too
  std::string digest;    // of the bitstream; empty: none
  card::TrialAnswer answer;
};

[[nodiscard]] std::string view_json(const CardTrialView& view);
// Throws base::Error (EX_PROTOCOL) when the text is none.
[[nodiscard]] CardTrialView read_view(std::string_view json);

}  // namespace ridley::control
