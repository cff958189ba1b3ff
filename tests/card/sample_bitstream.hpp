// SPDX-License-Identifier: Apache-2.0
// Small bitstreams for tests: whole, signed, with nothing that a card could run.
#pragma once

#include <fmt/format.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "card/bitstream.hpp"
#include "card/catalogue.hpp"
#include "card/digest.hpp"
#include "card/minisign_key.hpp"
#include "card/registers.hpp"
#include "card/xclbin_layout.hpp"

namespace ridley::card {

inline constexpr const char* kSampleUuid = "10111213-1415-1617-1819-1a1b1c1d1e1f";

struct SampleSection {
  std::uint32_t kind;
  std::string content;
};

template <typename Integer>
void put(std::string& bytes, std::size_t at, Integer value) {
  if (bytes.size() < at + sizeof value) bytes.resize(at + sizeof value);
  std::memcpy(bytes.data() + at, &value, sizeof value);
}

inline std::string sample_units() {
  std::string rows(xclbin_layout::kUnitRowsAt + xclbin_layout::kUnitBytes, '\0');
  put<std::int32_t>(rows, 0, 1);
  const std::size_t row = xclbin_layout::kUnitRowsAt;
  put<std::uint32_t>(rows, row, 1);
  put<std::uint64_t>(rows, row + xclbin_layout::kUnitAddressAt, 0x1000);
  rows.replace(row + xclbin_layout::kUnitNameAt, 11, "ridley_card");
  return rows;
}

inline std::string sample_memories() {
  std::string rows(xclbin_layout::kMemoryRowsAt + xclbin_layout::kMemoryBytes, '\0');
  put<std::int32_t>(rows, 0, 1);
  const std::size_t row = xclbin_layout::kMemoryRowsAt;
  rows[row + xclbin_layout::kMemoryUsedAt] = 1;
  put<std::uint64_t>(rows, row + xclbin_layout::kMemoryKibibytesAt, 4096);
  put<std::uint64_t>(rows, row + xclbin_layout::kMemoryAddressAt, 0x4000);
  rows.replace(row + xclbin_layout::kMemoryTagAt, 4, "HOST");
  return rows;
}

inline std::string sample_clocks() {
  std::string rows(xclbin_layout::kClockRowsAt + xclbin_layout::kClockBytes, '\0');
  put<std::int16_t>(rows, 0, 1);
  put<std::uint16_t>(rows, xclbin_layout::kClockRowsAt, 322);
  rows.replace(xclbin_layout::kClockRowsAt + xclbin_layout::kClockNameAt, 3, "clk");
  return rows;
}

inline std::string sample_xclbin(const std::vector<SampleSection>& sections) {
  namespace layout = xclbin_layout;
  std::string file(layout::kSectionsAt + sections.size() * layout::kSectionBytes, '\0');
  file.replace(0, layout::kMagic.size(), layout::kMagic);
  put<std::int32_t>(file, layout::kSignatureBytesAt, -1);
  for (std::size_t i = 0; i < sections.size(); ++i) {
    const std::size_t row = layout::kSectionsAt + i * layout::kSectionBytes;
    put<std::uint32_t>(file, row, sections[i].kind);
    put<std::uint64_t>(file, row + layout::kSectionOffsetAt, file.size());
    put<std::uint64_t>(file, row + layout::kSectionSizeAt, sections[i].content.size());
    file += sections[i].content;
    file.resize((file.size() + 7) / 8 * 8);
  }
  const std::size_t header = layout::kHeaderAt;
  put<std::uint64_t>(file, header + layout::kLengthAt, file.size());
  put<std::uint64_t>(file, header + layout::kMadeAt, 1'700'000'000);
  put<std::uint8_t>(file, header + layout::kVersionMajorAt, 2);
  put<std::uint8_t>(file, header + layout::kVersionMinorAt, 13);
  put<std::uint16_t>(file, header + layout::kModeAt, 4);
  file.replace(header + layout::kPlatformAt, 16, "ridley_simulated");
  for (std::size_t i = 0; i < layout::kUuidBytes; ++i) {
    file[header + layout::kUuidAt + i] = static_cast<char>(0x10 + i);
  }
  put<std::uint32_t>(file, header + layout::kSectionCountAt,
                     static_cast<std::uint32_t>(sections.size()));
  return file;
}

// metadata: JSON of the build, if there is any.
inline std::string sample_xclbin(const std::string& bits = "bits of a card",
                                 const std::string& metadata = {}) {
  std::vector<SampleSection> sections{{xclbin_layout::kBitstreamKind, bits},
                                      {xclbin_layout::kUnitKind, sample_units()},
                                      {xclbin_layout::kMemoryKind, sample_memories()},
                                      {xclbin_layout::kClockKind, sample_clocks()}};
  if (!metadata.empty()) sections.push_back({xclbin_layout::kBuildMetadataKind, metadata});
  return sample_xclbin(sections);
}

struct SampleFacts {
  std::uint64_t version = 1;
  std::uint64_t map_hash = registers::kMapHash;
  std::uint64_t catalogue_hash = kCatalogueHash;
  std::string rtl_commit = std::string(40, 'a');
  std::string uuid = kSampleUuid;
  std::string bits = "bits of a card";
  std::string golden = "golden vectors";
  std::string metadata = {};
};

inline std::string sample_manifest(const SampleFacts& facts) {
  const std::string xclbin = sample_xclbin(facts.bits, facts.metadata);
  return fmt::format(
      R"({{"format": "ridley-bitstream-1", "name": "ridley-card", "version": {},
 "xclbin": {{"bytes": {}, "sha256": "{}"}}, "golden": {{"bytes": {}, "sha256": "{}"}},
 "uuid": "{}", "map_hash": "{}", "catalogue_hash": "{}",
 "rtl_commit": "{}", "schema": {{"registers.toml": "{}"}}, "tools": {{"verilator": "5.006"}},
 "report": {{"timing": {{"slack_ns": 0.12}}, "resources": {{"lut": 1234}}}}}}
)",
      facts.version, xclbin.size(), digest_of(std::string_view{xclbin}), facts.golden.size(),
      digest_of(std::string_view{facts.golden}), facts.uuid, hash_text(facts.map_hash),
      hash_text(facts.catalogue_hash), facts.rtl_commit, std::string(64, 'b'));
}

inline void write_file(const std::filesystem::path& file, std::string_view content) {
  std::ofstream{file, std::ios::binary} << content;
}

inline std::string file_text(const std::filesystem::path& file) {
  std::ifstream from{file, std::ios::binary};
  return {std::istreambuf_iterator<char>{from}, {}};
}

// A key of its own and what a host needs to trust it.
struct SampleSigner {
  SampleSigner() : files{make_keys("")}, key{read_secret_key(files.secret_key, {})} {
    rules = rules_of_host({read_public_key(files.public_key)});
  }

  [[nodiscard]] std::string sign(std::string_view manifest) const {
    return card::sign(std::as_bytes(std::span{manifest}), key, "of a test");
  }

  KeyFiles files;
  SecretKey key;
  HostRules rules;
};

// The four files, signed.
inline BitstreamFiles write_sample(const std::filesystem::path& name, const SampleSigner& signer,
                                   const SampleFacts& facts = {}) {
  const BitstreamFiles files = files_beside(name);
  const std::string manifest = sample_manifest(facts);
  write_file(files.xclbin, sample_xclbin(facts.bits, facts.metadata));
  write_file(files.golden, facts.golden);
  write_file(files.manifest, manifest);
  write_file(files.signature, signer.sign(manifest));
  return files;
}

}  // namespace ridley::card
