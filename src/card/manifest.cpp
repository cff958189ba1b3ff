// SPDX-License-Identifier: Apache-2.0
#include "card/manifest.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <span>

#include "base/error.hpp"
#include "card/digest.hpp"

namespace ridley::card {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kNameLettersMax = 64;
constexpr std::size_t kTextLettersMax = 1024;

constexpr std::array kKeys = std::to_array<std::string_view>(
    {"format", "name", "version", "xclbin", "golden", "uuid", "map_hash", "catalogue_hash",
     "rtl_commit", "schema", "tools", "report"});
constexpr std::array kFileKeys = std::to_array<std::string_view>({"sha256", "bytes"});

template <typename... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  throw base::Error::with_exit(EX_DATAERR, parts...);
}

bool prints(std::string_view text) {
  return text.size() <= kTextLettersMax && std::ranges::all_of(text, [](unsigned char letter) {
           return letter >= ' ' && letter <= '~';
         });
}

bool is_name(std::string_view text) {
  return !text.empty() && text.size() <= kNameLettersMax &&
         std::ranges::all_of(text, [](char letter) {
           return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'z') ||
                  (letter >= 'A' && letter <= 'Z') || letter == '.' || letter == '-' ||
                  letter == '_';
         });
}

bool is_hexadecimal(std::string_view text, std::size_t letters) {
  return text.size() == letters &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// "2f0a5d3c-1111-2222-3333-444455556666"
bool is_uuid(std::string text) {
  if (text.size() != 36) return false;
  for (const std::size_t dash : {8U, 13U, 18U, 23U}) {
    if (text[dash] != '-') return false;
    text[dash] = '0';
  }
  return is_hexadecimal(text, 36);
}

Json parse(std::string_view text) {
  const auto shallow = [](int depth, Json::parse_event_t, Json&) {
    if (depth > kManifestDepthMax) refuse("is no manifest: tables in tables without end");
    return true;
  };
  try {
    return Json::parse(text, shallow);
  } catch (const Json::exception& error) {
    refuse("is no manifest: ", error.what());
  }
}

void refuse_unknown(const Json& table, std::span<const std::string_view> known) {
  for (const auto& [key, value] : table.items()) {
    if (std::ranges::find(known, key) != known.end()) continue;
    refuse("is no manifest that is known here: it has a field ", Json(key).dump());
  }
}

const Json& field(const Json& table, std::string_view key) {
  const auto found = table.find(std::string{key});
  if (found == table.end()) refuse("is no manifest: ", key, " is missing");
  return *found;
}

std::string text_field(const Json& table, std::string_view key, std::string_view form,
                       bool (&is_right)(std::string_view)) {
  const Json& found = field(table, key);
  if (!found.is_string() || !is_right(found.get_ref<const std::string&>())) {
    refuse("is no manifest: ", key, " has to be ", form);
  }
  return found.get<std::string>();
}

std::uint64_t number_field(const Json& table, std::string_view key, std::uint64_t max) {
  const Json& found = field(table, key);
  const bool right = found.is_number_unsigned() && found.get<std::uint64_t>() >= 1 &&
                     found.get<std::uint64_t>() <= max;
  if (!right) refuse("is no manifest: ", key, " has to be a number of 1 to ", max);
  return found.get<std::uint64_t>();
}

std::uint64_t hash_field(const Json& table, std::string_view key) {
  bool (&is_hash)(std::string_view) = *[](std::string_view text) {
    return text.starts_with("0x") && is_hexadecimal(text.substr(2), 16);
  };
  const std::string text = text_field(table, key, "0x and 16 hexadecimal digits", is_hash);
  std::uint64_t hash = 0;
  std::from_chars(text.data() + 2, text.data() + text.size(), hash, 16);
  return hash;
}

FileFacts file_field(const Json& table, std::string_view key) {
  const Json& found = field(table, key);
  if (!found.is_object()) refuse("is no manifest: ", key, " has to be a table");
  refuse_unknown(found, kFileKeys);
  bool (&is_sha256)(std::string_view) = *[](std::string_view text) { return is_digest(text); };
  return {text_field(found, "sha256", "a SHA-256 in hexadecimal digits", is_sha256),
          number_field(found, "bytes", std::numeric_limits<std::int64_t>::max())};
}

// A table of tables to "a.b" -> "value". Texts without their quotation marks.
void flatten(const Json& value, const std::string& path, Words& words) {
  if (value.is_structured()) {
    std::size_t index = 0;
    for (const auto& [key, inner] : value.items()) {
      const std::string name = value.is_array() ? std::to_string(index) : key;
      if (!prints(name)) refuse("is no manifest: a name in it does not print");
      std::string inner_path = path;
      if (!path.empty()) inner_path += '.';
      inner_path += name;
      flatten(inner, inner_path, words);
      ++index;
    }
    return;
  }
  const std::string text = value.is_string() ? value.get<std::string>() : value.dump();
  if (!prints(text)) refuse("is no manifest: ", path, " does not print");
  words.emplace_back(path, text);
}

Words words_field(const Json& table, std::string_view key) {
  const Json& found = field(table, key);
  if (!found.is_object()) refuse("is no manifest: ", key, " has to be a table");
  Words words;
  flatten(found, {}, words);
  return words;
}

}  // namespace

Manifest read_manifest(std::string_view text) {
  const Json table = parse(text);
  if (!table.is_object()) refuse("is no manifest: it is no table");
  const Json& format = field(table, "format");
  if (format != kManifestFormat) refuse("is no manifest of the format ", kManifestFormat);
  refuse_unknown(table, kKeys);
  bool (&is_commit)(std::string_view) =
      *[](std::string_view word) { return is_hexadecimal(word, 40); };
  bool (&is_uuid_text)(std::string_view) =
      *[](std::string_view word) { return is_uuid(std::string{word}); };
  Manifest manifest;
  manifest.name = text_field(table, "name", "letters, digits, dots and dashes", is_name);
  manifest.version = number_field(table, "version", kBitstreamVersionMax);
  manifest.xclbin = file_field(table, "xclbin");
  manifest.golden = file_field(table, "golden");
  manifest.uuid = text_field(table, "uuid", "a UUID", is_uuid_text);
  manifest.map_hash = hash_field(table, "map_hash");
  manifest.catalogue_hash = hash_field(table, "catalogue_hash");
  manifest.rtl_commit = text_field(table, "rtl_commit", "40 hexadecimal digits", is_commit);
  manifest.schema = words_field(table, "schema");
  manifest.tools = words_field(table, "tools");
  manifest.report = words_field(table, "report");
  manifest.as_json = table.dump();
  return manifest;
}

std::string hash_text(std::uint64_t hash) {
  std::array<char, 16> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), hash, 16).ptr;
  const std::string_view text{digits.data(), static_cast<std::size_t>(end - digits.data())};
  return "0x" + std::string(16 - text.size(), '0') + std::string{text};
}

}  // namespace ridley::card
