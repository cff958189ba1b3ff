// SPDX-License-Identifier: Apache-2.0
// In: what an operator typed. Out: the running appliance's answer on stdout, what it means on
// stderr, and an exit code. Cold code.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "control/request.hpp"

namespace ridley::control {

inline constexpr const char* kSocketVariable = "RIDLEY_SOCKET";

struct OperatorOptions {
  std::string socket;  // empty: what `config` says, else the variable, else the default
  std::string config;
  std::uint32_t timeout_ms = 5'000;
  bool json = false;
  std::string symbol;                     // scope, of the verbs that have one
  std::optional<std::uint32_t> strategy;  // likewise; excludes `symbol`
  std::vector<std::string> changes;       // "max_open_orders=20", of limits
  std::string object;                     // of reload-strategy
};

// EX_USAGE when the options contradict each other.
[[nodiscard]] Request request_of(Verb verb, const OperatorOptions& options);

// Where the appliance listens.
[[nodiscard]] std::string socket_of(const OperatorOptions& options);

// The appliance's own error is thrown as base::Error with the exit code that it gave.
[[nodiscard]] int operator_command(Verb verb, const OperatorOptions& options);

}  // namespace ridley::control
