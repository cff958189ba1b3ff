// SPDX-License-Identifier: Apache-2.0
// In: a bitstream that was checked. Out: what a card says to it, step by step. Whoever has a card
// implements it; activation.hpp calls it in this order. Cold.
#pragma once

#include <cstdint>
#include <string>

#include "card/bitstream.hpp"

namespace ridley::card {

struct TrialAnswer {
  std::uint64_t compared = 0;     // vectors or messages
  std::uint64_t differences = 0;  // any is one too many
  std::string fault;              // what else went wrong, as a sentence; empty: nothing
  std::string first = {};         // the first difference, as a sentence
};

// The card, or what stands for it in tests. What it throws is a fault like any other.
class Trial {
 public:
  virtual ~Trial() = default;

  // Puts the bitstream into the card and holds the card's registers to the manifest. Nothing that
  // the card says is used yet.
  [[nodiscard]] virtual TrialAnswer load(const Bitstream& bitstream) = 0;
  // Gives the card every golden vector and compares what it answers.
  [[nodiscard]] virtual TrialAnswer run_golden(const Bitstream& bitstream) = 0;
  // Lets the card decode beside the software for that many messages of the feed.
  [[nodiscard]] virtual TrialAnswer shadow(const Bitstream& bitstream, std::uint64_t messages) = 0;
  // From here on the card is used.
  [[nodiscard]] virtual TrialAnswer use(const Bitstream& bitstream) = 0;
  // Back to what was in use before; nullptr: to no card at all.
  [[nodiscard]] virtual TrialAnswer restore(const Bitstream* before) = 0;
};

}  // namespace ridley::card
