// SPDX-License-Identifier: Apache-2.0
// In: bitstreams of the card, a state folder, keys. Out: what they are, whether this host takes
// them, and another one in use. `ridley card ...`. Cold.
#pragma once

#include <cstdint>
#include <functional>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "card/activation.hpp"
#include "card/slots.hpp"
#include "control/operator_command.hpp"

namespace ridley::control {

// Of those who may sign bitstreams for this host.
inline constexpr const char* kCardKeyFile = "/etc/ridley/card.pub";

// "Describe" is `ridley card info`.
enum class CardVerb : std::uint8_t {
  List,
  Describe,
  Keygen,
  Sign,
  Verify,
  Stage,
  Activate,
  Rollback,
  History
};

struct CardOptions {
  std::string target = {};  // a file, active, previous, staged, or the start of a digest
  std::string state = std::string{card::kStateFolder};
  std::vector<std::string> keys = {};  // files of public keys; empty: kCardKeyFile
  std::string secret_key = {};
  std::string comment = {};  // trusted one; empty: as minisign writes it
  bool password = false;
  std::uint64_t shadow_messages = card::kShadowMessages;
  std::uint64_t seed = 1;  // of golden vectors
  bool json = false;
  OperatorOptions appliance = {};  // whose card it is: socket and configuration
  // The card of that appliance; nothing, or nothing in it, where there is none.
  std::function<std::unique_ptr<card::Trial>()> open_card = {};
};

// 0, or EX_DATAERR where `verify` finds a reason to refuse, or EX_PROTOCOL where the card did not
// agree and what was in use before is in use again. Throws base::Error: EX_NOINPUT, EX_DATAERR,
// EX_NOPERM, EX_CANTCREAT, EX_TEMPFAIL (another command is at work), EX_UNAVAILABLE (no card).
[[nodiscard]] int card_verb(CardVerb verb, const CardOptions& options, std::ostream& out,
                            std::ostream& messages);

// The same on standard output and error.
[[nodiscard]] int card_command(CardVerb verb, const CardOptions& options);

}  // namespace ridley::control
