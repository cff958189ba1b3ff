// SPDX-License-Identifier: Apache-2.0
// In: the bytes of a manifest. Out: what it says about the bitstream beside it. Cold; any core.
//
// A manifest is JSON, written once by scripts/card_manifest.py and signed as the bytes that it then
// is. Its SHA-256 names the bitstream: it covers the digests of the other files.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ridley::card {

inline constexpr std::string_view kManifestFormat = "ridley-bitstream-1";
// A counter that only grows; a wrong one must not end it for ever.
inline constexpr std::uint64_t kBitstreamVersionMax = 0xFFFF'FFFF;
// Reports are tables in tables. Printing them takes stack.
inline constexpr int kManifestDepthMax = 16;

struct FileFacts {
  std::string digest;  // SHA-256
  std::uint64_t bytes = 0;
};

using Words = std::vector<std::pair<std::string, std::string>>;

struct Manifest {
  std::string name;
  std::uint64_t version = 0;
  FileFacts xclbin;
  FileFacts golden;  // the vectors that the card has to answer before it is used
  std::string uuid;
  std::uint64_t map_hash = 0;
  std::uint64_t catalogue_hash = 0;
  std::string rtl_commit;
  Words schema;         // file of schema/ -> its SHA-256
  Words tools;          // tool -> version
  Words report;         // "timing.slack_ns" -> "0.12", as the build wrote it
  std::string as_json;  // the whole of it, for those who want it so
};

// Throws base::Error (EX_DATAERR): no JSON, another format, a field that is missing, unknown or of
// the wrong form.
[[nodiscard]] Manifest read_manifest(std::string_view text);

// "0x0123456789abcdef"
[[nodiscard]] std::string hash_text(std::uint64_t hash);

}  // namespace ridley::card
