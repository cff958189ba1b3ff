// SPDX-License-Identifier: Apache-2.0
// In: what the software and the card have said of one message. Out: a sentence that names the
// message, its instrument, and the first field that differs with both values. Cold.
#pragma once

#include <string>
#include <string_view>

#include "engine/card_feed.hpp"

namespace ridley::control {

// The events are not the same. The instrument is what people call it.
[[nodiscard]] std::string difference_text(const engine::Difference& difference,
                                          std::string_view instrument);

}  // namespace ridley::control
