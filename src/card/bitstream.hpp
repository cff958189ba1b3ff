// SPDX-License-Identifier: Apache-2.0
// In: the four files of a bitstream, and what this host trusts and knows. Out: the bitstream in
// memory, and for each reason to refuse it whether it holds. Cold.
//
// What was checked is what is used: every file is read once, and nobody reads it again.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "card/manifest.hpp"
#include "card/minisign.hpp"
#include "card/xclbin.hpp"

namespace ridley::card {

struct BitstreamFiles {
  std::filesystem::path xclbin;
  std::filesystem::path manifest;
  std::filesystem::path signature;
  std::filesystem::path golden;
};

// NAME.xclbin, NAME.manifest, NAME.manifest.minisig and NAME.golden, named by any of them or by
// NAME.
[[nodiscard]] BitstreamFiles files_beside(const std::filesystem::path& any);

struct Bitstream {
  std::string digest;  // of the manifest; names the whole
  std::string manifest_text;
  std::optional<std::string> signature_text;  // nothing: unsigned
  std::vector<std::byte> xclbin;
  std::vector<std::byte> golden;
  // What the texts say; nothing where they say nothing that is understood, and why.
  std::optional<Manifest> manifest;
  std::string manifest_fault;
  std::optional<Xclbin> container;
  std::string container_fault;
};

// Throws base::Error (EX_NOINPUT, EX_DATAERR) where a file other than the signature is not there or
// too long. What is in them is not judged here.
[[nodiscard]] Bitstream read_bitstream(const BitstreamFiles& files);

// What a host goes by.
struct HostRules {
  std::vector<PublicKey> keys;
  std::vector<std::uint64_t> map_hashes;        // of the register maps that it was built with
  std::vector<std::uint64_t> catalogue_hashes;  // of the tables that it was built with
};

// This program's own.
[[nodiscard]] HostRules rules_of_host(std::vector<PublicKey> keys);

struct Check {
  std::string name;
  std::string fault;  // empty: passed
  std::string seen;
};

// In this order: signature, manifest, xclbin, container, golden, map, catalogue, build, version.
// `counter`: bitstreams of a lower version are refused.
[[nodiscard]] std::vector<Check> examine(const Bitstream& bitstream, const HostRules& rules,
                                         std::uint64_t counter);

// The first fault as a sentence, "signature: ..."; empty where there is none.
[[nodiscard]] std::string first_fault(const std::vector<Check>& checks);

// The keys of these files of minisign. Throws base::Error with the file's name.
[[nodiscard]] std::vector<PublicKey> read_public_keys(const std::vector<std::string>& files);

}  // namespace ridley::card
