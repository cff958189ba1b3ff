// SPDX-License-Identifier: Apache-2.0
// Where a host keeps its bitstreams, unless it is told otherwise.
#pragma once

#include <string_view>

namespace ridley::card {

inline constexpr std::string_view kStateFolder = "/var/lib/ridley/card";

}  // namespace ridley::card
