// SPDX-License-Identifier: Apache-2.0
// In: the bytes of an xclbin, whoever wrote them. Out: what its header and its tables say, or why
// it is none. Cold; any core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::card {

// A large design has about thirty; XRT's own limit of 65,536 would be a table of 2.6 MB.
inline constexpr std::size_t kXclbinSectionsMax = 256;
// Rows of one table: kernels, memories, clocks. HBM cards have 32 memories and some groups of them.
inline constexpr std::size_t kXclbinRowsMax = 1024;
// scripts/xclbin.py writes seven facts; vendors' tools write what only they know.
inline constexpr std::size_t kXclbinFactsMax = 64;
inline constexpr std::size_t kXclbinFactLettersMax = 128;

struct XclbinSection {
  std::uint32_t kind = 0;
  std::string name;
  std::uint64_t at = 0;
  std::uint64_t bytes = 0;
};

// What answers at an address: a kernel, as far as the host is concerned.
struct XclbinUnit {
  std::string name;
  std::uint32_t type = 0;
  std::uint64_t address = 0;
};

struct XclbinMemory {
  std::string tag;
  bool is_used = false;
  std::uint64_t address = 0;
  std::uint64_t kibibytes = 0;
};

struct XclbinClock {
  std::string name;
  std::uint16_t megahertz = 0;
};

// What its maker wrote of the build: "map_hash" -> "0x57...".
struct XclbinFact {
  std::string name;
  std::string value;
};

struct Xclbin {
  std::uint64_t bytes = 0;      // without the signature of other tools that may stand behind it
  std::uint64_t made_at_s = 0;  // since 1970
  std::string uuid;             // "2f0a5d3c-....", as XRT writes it
  std::string platform;
  std::string version;  // of the tool that wrote it: "2.13.0"
  std::uint16_t mode = 0;
  std::vector<XclbinSection> sections;
  std::vector<XclbinUnit> units;
  std::vector<XclbinMemory> memories;
  std::vector<XclbinClock> clocks;
  std::vector<XclbinFact> facts;  // texts of BUILD_METADATA; none where that is of another form
};

// Throws base::Error (EX_DATAERR) that says where the bytes are wrong: no xclbin, cut off, longer
// than it says, a section outside or over another one, a table longer than its section.
[[nodiscard]] Xclbin read_xclbin(std::span<const std::byte> file);

// "BITSTREAM"; "section 99" of a kind that has no name here.
[[nodiscard]] std::string section_kind_name(std::uint32_t kind);

// "flat", "hardware emulation"; "mode 9".
[[nodiscard]] std::string mode_name(std::uint16_t mode);

}  // namespace ridley::card
