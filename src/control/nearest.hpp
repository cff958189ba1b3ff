// SPDX-License-Identifier: Apache-2.0
// In: a word that is not known and the words that are. Out: the one that was probably meant.
// Cold code: configuration and command line messages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ridley::control {

// Letters inserted, dropped, changed, or two neighbours swapped.
[[nodiscard]] std::size_t edit_distance(std::string_view from, std::string_view to);

// Empty when nothing is near: more than a third of the letters are wrong, and more than two.
[[nodiscard]] std::string_view nearest(std::string_view word,
                                       const std::vector<std::string_view>& known);

// " (did you mean 'port'?)" or nothing; goes behind a message.
[[nodiscard]] std::string did_you_mean(std::string_view word,
                                       const std::vector<std::string_view>& known);

}  // namespace ridley::control
