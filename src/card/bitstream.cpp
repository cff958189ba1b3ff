// SPDX-License-Identifier: Apache-2.0
#include "card/bitstream.hpp"

#include <sysexits.h>

#include <algorithm>
#include <array>
#include <utility>

#include "base/error.hpp"
#include "card/catalogue.hpp"
#include "card/digest.hpp"
#include "card/files.hpp"
#include "card/registers.hpp"

namespace ridley::card {
namespace {

namespace fs = std::filesystem;

// The longest first: a signature also ends like a manifest's.
constexpr std::array kEndings =
    std::to_array<std::string_view>({".manifest.minisig", ".manifest", ".xclbin", ".golden"});

std::string plural(std::size_t count, std::string_view thing) {
  return std::to_string(count) + " " + std::string{thing} + (count == 1 ? "" : "s");
}

std::string signature_check(const Bitstream& bitstream, const HostRules& rules, std::string& seen) {
  if (!bitstream.signature_text) return "is not signed";
  try {
    const Signature signature = read_signature(*bitstream.signature_text);
    seen = "key " + key_name(signature.number) + ", " + signature.trusted_comment;
    return signature_fault(std::as_bytes(std::span{bitstream.manifest_text}), signature,
                           rules.keys);
  } catch (const base::Error& error) {
    return error.what();
  }
}

std::string file_fault(std::span<const std::byte> bytes, const FileFacts& facts) {
  if (bytes.size() != facts.bytes) {
    return "has " + plural(bytes.size(), "byte") + ", the manifest says " +
           std::to_string(facts.bytes);
  }
  return digest_of(bytes) == facts.digest ? "" : "is another one than the manifest says";
}

std::string hash_fault(const std::vector<std::uint64_t>& known, std::uint64_t hash) {
  if (std::ranges::find(known, hash) != known.end()) return {};
  return "is " + hash_text(hash) + ", which this host does not know";
}

std::string container_fault(const Bitstream& bitstream) {
  if (!bitstream.container) return bitstream.container_fault;
  if (bitstream.container->uuid == bitstream.manifest->uuid) return {};
  return "has the UUID " + bitstream.container->uuid + ", the manifest says " +
         bitstream.manifest->uuid;
}

// Of what the manifest says the xclbin was built from. Vendors' tools write nothing of it into one.
std::string build_fault(const Bitstream& bitstream) {
  if (!bitstream.container) return {};
  const Manifest& manifest = *bitstream.manifest;
  const std::array said = std::to_array<std::pair<std::string_view, std::string>>(
      {{"map_hash", hash_text(manifest.map_hash)},
       {"catalogue_hash", hash_text(manifest.catalogue_hash)},
       {"rtl_commit", manifest.rtl_commit}});
  for (const auto& [name, value] : said) {
    const auto fact = std::ranges::find(bitstream.container->facts, name, &XclbinFact::name);
    if (fact == bitstream.container->facts.end() || fact->value == value) continue;
    return "the xclbin has the " + std::string{name} + " " + fact->value + ", the manifest says " +
           value;
  }
  return {};
}

std::string version_fault(std::uint64_t version, std::uint64_t counter) {
  if (version >= counter) return {};
  return "is " + std::to_string(version) + ", older than the counter, which is at " +
         std::to_string(counter);
}

}  // namespace

BitstreamFiles files_beside(const fs::path& any) {
  std::string name = any.string();
  for (const std::string_view ending : kEndings) {
    if (!name.ends_with(ending) || any.filename() == ending) continue;
    name.resize(name.size() - ending.size());
    break;
  }
  return {name + ".xclbin", name + ".manifest", name + ".manifest.minisig", name + ".golden"};
}

Bitstream read_bitstream(const BitstreamFiles& files) {
  Bitstream bitstream;
  bitstream.manifest_text = read_text(files.manifest, kTextBytesMax);
  bitstream.digest = digest_of(bitstream.manifest_text);
  std::error_code unknown;
  // One that is there and cannot be read is an error, not an unsigned bitstream.
  if (fs::exists(files.signature, unknown) || unknown) {
    bitstream.signature_text = read_text(files.signature, kSignatureFileBytesMax);
  }
  bitstream.xclbin = read_bytes(files.xclbin, kBitstreamBytesMax);
  bitstream.golden = read_bytes(files.golden, kBitstreamBytesMax);
  try {
    bitstream.manifest = read_manifest(bitstream.manifest_text);
  } catch (const base::Error& error) {
    bitstream.manifest_fault = error.what();
  }
  try {
    bitstream.container = read_xclbin(bitstream.xclbin);
  } catch (const base::Error& error) {
    bitstream.container_fault = error.what();
  }
  return bitstream;
}

HostRules rules_of_host(std::vector<PublicKey> keys) {
  return {.keys = std::move(keys),
          .map_hashes = {registers::kMapHash},
          .catalogue_hashes = {kCatalogueHash}};
}

std::vector<Check> examine(const Bitstream& bitstream, const HostRules& rules,
                           std::uint64_t counter) {
  std::vector<Check> checks;
  std::string seen;
  std::string fault = signature_check(bitstream, rules, seen);
  checks.push_back({"signature", std::move(fault), std::move(seen)});
  checks.push_back({"manifest", bitstream.manifest_fault, "sha256 " + bitstream.digest});
  // Without it there is nothing to hold the rest to.
  if (!bitstream.manifest) return checks;
  const Manifest& manifest = *bitstream.manifest;
  checks.push_back({"xclbin", file_fault(bitstream.xclbin, manifest.xclbin),
                    "sha256 " + manifest.xclbin.digest});
  checks.push_back({"container", container_fault(bitstream), "uuid " + manifest.uuid});
  checks.push_back({"golden", file_fault(bitstream.golden, manifest.golden),
                    "sha256 " + manifest.golden.digest});
  checks.push_back(
      {"map", hash_fault(rules.map_hashes, manifest.map_hash), hash_text(manifest.map_hash)});
  checks.push_back({"catalogue", hash_fault(rules.catalogue_hashes, manifest.catalogue_hash),
                    hash_text(manifest.catalogue_hash)});
  checks.push_back({"build", build_fault(bitstream), "commit " + manifest.rtl_commit});
  checks.push_back(
      {"version", version_fault(manifest.version, counter),
       std::to_string(manifest.version) + ", the counter is at " + std::to_string(counter)});
  return checks;
}

std::string first_fault(const std::vector<Check>& checks) {
  const auto failed =
      std::ranges::find_if(checks, [](const Check& one) { return !one.fault.empty(); });
  return failed == checks.end() ? "" : failed->name + ": " + failed->fault;
}

std::vector<PublicKey> read_public_keys(const std::vector<std::string>& files) {
  std::vector<PublicKey> keys;
  for (const std::string& file : files) {
    try {
      keys.push_back(read_public_key(read_text(file, kTextBytesMax)));
    } catch (const base::Error& error) {
      // What cannot be read is named already.
      if (error.exit_code() != EX_DATAERR) throw;
      throw base::Error::with_exit(EX_DATAERR, file, ": ", error.what());
    }
  }
  return keys;
}

}  // namespace ridley::card
