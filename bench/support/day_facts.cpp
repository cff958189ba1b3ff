// SPDX-License-Identifier: Apache-2.0
#include "bench/support/day_facts.hpp"

#include <sysexits.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "base/error.hpp"

namespace ridley::bench {

std::optional<DayFacts> facts_beside(const std::string& day) {
  const std::string name = day + ".json";
  std::ifstream file{name};
  if (!file) return std::nullopt;
  try {
    const nlohmann::json facts = nlohmann::json::parse(file);
    return DayFacts{.messages = facts.at("messages"),
                    .bytes = facts.at("bytes"),
                    .live_orders = facts.at("live_orders"),
                    .levels = facts.at("levels"),
                    .bbo_digest = std::stoull(std::string{facts.at("bbo_digest")}, nullptr, 16)};
  } catch (const std::exception& error) {
    throw base::Error::with_exit(EX_DATAERR, name, ": ", error.what());
  }
}

}  // namespace ridley::bench
