// SPDX-License-Identifier: Apache-2.0
// In: the folders in which Linux describes the machine. Out: one finding for each thing that makes
// packets late, with the one command that mends it. Reads only; what a kernel does not say is
// unknown, never an error. Cold.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace ridley::control {

enum class Verdict : std::uint8_t { Ok, Warn, Unknown };

[[nodiscard]] const char* name(Verdict verdict) noexcept;

struct Finding {
  std::string check;  // "huge_pages_2mb"
  Verdict verdict = Verdict::Unknown;
  std::string seen;  // what there is, in a sentence
  std::string mend;  // a shell command; empty where none helps or none is needed
};

// root is "/" or a copy of parts of /proc, /sys and /dev elsewhere.
[[nodiscard]] std::vector<Finding> check_machine(const std::filesystem::path& root);

// "0-2,5" as numbers; what is no list gives nothing.
[[nodiscard]] std::vector<unsigned> parse_processor_list(const std::string& text);
[[nodiscard]] std::string format_processor_list(const std::vector<unsigned>& processors);

}  // namespace ridley::control
