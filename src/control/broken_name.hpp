// SPDX-License-Identifier: Apache-2.0
// In: the text of a configuration. Out: where it has a name that its parser, toml++ 3.3, is not up
// to. Cold.
#pragma once

#include <cstdint>
#include <string_view>

namespace ridley::control {

// The parser takes some broken names for a mistake of its own and asserts, or without assertions
// goes on in undefined ways. Here that is an answer like any other.
struct BrokenName {};
[[noreturn]] void throw_broken_name();

// The first line with which the text is broken, as every longer beginning then is.
[[nodiscard]] std::uint32_t first_line_with(std::string_view text,
                                            bool (&is_broken)(std::string_view beginning));

}  // namespace ridley::control
