// SPDX-License-Identifier: Apache-2.0
// In: a configuration whose single values are right. Out: the problems between them: what excludes
// or exceeds what. Also reads the password file. Cold code.
#pragma once

#include <cstdint>
#include <string>

#include "control/config.hpp"

namespace ridley::control {

// Of the feed's and the order protocol's symbols.
inline constexpr std::uint64_t kSymbolLength = 8;
inline constexpr std::uint64_t kTextLengthMax = 255;
// The path in a unix socket address, its closing zero taken off.
inline constexpr std::size_t kSocketPathMax = 107;
inline constexpr std::size_t kPasswordMax = 10;

// Adds to checked.problems. `file_name` tells where a relative password_file lies.
void check_rules(CheckedConfig& checked, const std::string& file_name);

}  // namespace ridley::control
