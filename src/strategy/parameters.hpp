// SPDX-License-Identifier: Apache-2.0
// In: the [strategy.parameters] of a configuration and what a plug-in declares. Out: the values in
// the plug-in's order, or a sentence that says what is wrong. Cold.
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "strategy/strategy_abi.h"

namespace ridley::strategy {

using Parameter = std::variant<bool, std::int64_t, double, std::string>;
using Parameters = std::map<std::string, Parameter>;

// Owns the texts that its values point to.
class ParameterValues {
 public:
  // Throws base::Error (EX_CONFIG) for an unknown key (naming the nearest), a wrong kind, a value
  // out of range.
  ParameterValues(std::span<const ridley_parameter> declared, const Parameters& given);
  ParameterValues(const ParameterValues&) = delete;
  ParameterValues& operator=(const ParameterValues&) = delete;

  [[nodiscard]] std::span<const ridley_value> values() const noexcept { return values_; }

 private:
  [[nodiscard]] ridley_value checked(const ridley_parameter& declared, const Parameter& given);

  std::vector<ridley_value> values_;
  std::deque<std::string> texts_;  // their addresses stay
};

// One line a parameter, for the operator: name, kind, standard value, range, meaning.
[[nodiscard]] std::string describe(std::span<const ridley_parameter> declared);

}  // namespace ridley::strategy
