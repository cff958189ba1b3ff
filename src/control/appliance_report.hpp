// SPDX-License-Identifier: Apache-2.0
// In: the appliance's own counter page, and facts of its start. Out: the JSON of ridley status and
// of summary.json. Both are made of the page alone, so they say what any other reader of the page
// would say. Cold.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/card_trial_view.hpp"
#include "control/config.hpp"
#include "telemetry/counter_reader.hpp"

namespace ridley::control {

// Where there is one.
struct CardStatus {
  std::string bitstream;  // digest of its slot; empty: none, or a file
  CardTrialView trial;
  std::string difference;  // the first one, as a sentence; empty: none
};

struct ApplianceFacts {
  std::string time_source;
  std::uint32_t hot_core = 0;
  bool huge_pages = false;
  double startup_ms = 0;    // from exec to the hot loop's first turn
  double connected_ms = 0;  // until line and exchange had answered, 0: not yet
  std::vector<std::string> warnings;
  std::vector<std::string> symbols;            // that the strategy trades
  std::vector<std::string> rerequest_servers;  // in the order in which they are asked
  std::optional<CardStatus> card = {};
};

// The process's memory that is in small pages. Huge pages are counted elsewhere by the kernel.
[[nodiscard]] double resident_mb();

// What the strategy calls the instrument; of one that it does not trade its number.
[[nodiscard]] std::string symbol_of(const telemetry::CounterReader& page,
                                    const std::vector<std::string>& symbols, std::uint16_t locate);

// The line was heard and the exchange answered the account query.
[[nodiscard]] bool is_connected(const telemetry::CounterReader& page);

// One JSON object. ready: is_connected.
[[nodiscard]] std::string status_json(const telemetry::CounterReader& page,
                                      const ApplianceFacts& facts);

// One JSON object, what is left of a session when it is over.
[[nodiscard]] std::string summary_json(const telemetry::CounterReader& page,
                                       const ApplianceFacts& facts);

// One JSON object: the firm's limits, or those of one symbol.
[[nodiscard]] std::string limits_json(const RiskConfig& risk, const std::string& symbol);

}  // namespace ridley::control
