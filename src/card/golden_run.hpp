// SPDX-License-Identifier: Apache-2.0
// In: a card behind a bus, golden vectors. Out: how many of the card's records are what they must
// be. The host gives the frames itself; the card's ports hear nothing else meanwhile. Cold; one
// thread.
#pragma once

#include <atomic>
#include <chrono>

#include "card/bus.hpp"
#include "card/golden.hpp"
#include "card/trial.hpp"

namespace ridley::card {

struct GoldenRun {
  // A card gives its records within microseconds. A simulated one on a busy machine takes longer.
  std::chrono::milliseconds patience{5'000};
  // Set by another thread: the run is given up, which is a fault.
  const std::atomic<bool>* ending = nullptr;
};

// A record that is missing, of which there is one too many, or that differs, is one difference; the
// first one is told. The card is stopped afterwards and listens to its MACs again. Throws
// base::Error as Card does; a card that hangs meanwhile is a fault of the answer.
[[nodiscard]] TrialAnswer run_golden(Bus& bus, const GoldenVectors& vectors,
                                     const GoldenRun& run = {});

}  // namespace ridley::card
