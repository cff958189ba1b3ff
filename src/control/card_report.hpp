// SPDX-License-Identifier: Apache-2.0
// In: bitstreams, checks, slots and their history. Out: the same as text or JSON. Cold.
#pragma once

#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "card/activation.hpp"
#include "card/bitstream.hpp"
#include "card/slots.hpp"

namespace ridley::control {

// What `list` shows of a slot. Only its manifest is read.
struct SlotRow {
  std::string digest;
  std::string roles;  // "active", "staged, previous", "unused"
  std::optional<card::Manifest> manifest;
  std::string fault;  // why there is none
};

void print_slots(const card::CardState& state, const std::vector<SlotRow>& rows, bool json,
                 std::ostream& out);
void print_bitstream(const card::Bitstream& bitstream, const std::vector<card::Check>& checks,
                     bool json, std::ostream& out);
// Of a file that has no manifest beside it.
void print_container(const card::Xclbin& container, bool json, std::ostream& out);
void print_checks(std::string_view digest, const std::vector<card::Check>& checks, bool json,
                  std::ostream& out);
void print_history(const card::History& history, bool json, std::ostream& out);
// `done`: "staged", "activated", "rolled back".
void print_result(std::string_view done, const card::TrialResult& result,
                  const card::CardState& state, bool json, std::ostream& out);

// As much of a digest as people read, and `ridley card` takes.
[[nodiscard]] std::string short_digest(std::string_view digest);

}  // namespace ridley::control
