// SPDX-License-Identifier: Apache-2.0
// In: slots, the rules of this host, a card. Out: another bitstream staged, in use, or taken back;
// every step of it is in the history before it is done. Cold.
//
//   stage -> load -> golden -> shadow -> use -> active
//              any "no", any difference, any death: back to what was in use before
#pragma once

#include <cstdint>
#include <string>

#include "card/bitstream.hpp"
#include "card/slots.hpp"
#include "card/trial.hpp"

namespace ridley::card {

// Some seconds of a busy opening, some minutes of a quiet day.
inline constexpr std::uint64_t kShadowMessages = 1'000'000;

// What a trial came to.
struct TrialResult {
  bool ok = false;
  std::string digest;  // of the bitstream that is in use now; empty: none
  std::string text;    // how it went, or why it was taken back
};

// A trial that a dead process left is taken back: what was in use before stays in use. Says so, or
// nothing when there was none. Without a card only the state is put right; a card takes its
// bitstream from the state when it is opened. The calls below begin with it.
[[nodiscard]] std::string settle(Slots& slots, const HostRules& rules, Trial* card);

// Refused (base::Error, EX_DATAERR) with the first check that it does not pass: then nothing
// changes but a line of the history. Else it has a slot and is the staged one.
void stage(Slots& slots, const Bitstream& bitstream, const HostRules& rules);

// The staged one, which is examined again. Throws base::Error: EX_NOINPUT when none is staged,
// EX_DATAERR when it is refused. What the card says to it is a result.
[[nodiscard]] TrialResult activate(Slots& slots, const HostRules& rules, Trial& card,
                                   std::uint64_t shadow_messages = kShadowMessages);

// Back to the one before; where a trial was left unfinished, taking that back is all. The one
// before has passed the counter when it came; the counter stays where it is. Throws base::Error:
// EX_NOINPUT when there is none, EX_DATAERR when it is refused.
[[nodiscard]] TrialResult roll_back(Slots& slots, const HostRules& rules, Trial& card);

}  // namespace ridley::card
