// SPDX-License-Identifier: Apache-2.0
#include "card/xclbin.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "card/xclbin_layout.hpp"

namespace ridley::card {
namespace {

namespace layout = xclbin_layout;
using Bytes = std::span<const std::byte>;

// As enum axlf_section_kind has them.
constexpr std::array kKinds = std::to_array<std::string_view>({
    "BITSTREAM",
    "CLEARING_BITSTREAM",
    "EMBEDDED_METADATA",
    "FIRMWARE",
    "DEBUG_DATA",
    "SCHED_FIRMWARE",
    "MEM_TOPOLOGY",
    "CONNECTIVITY",
    "IP_LAYOUT",
    "DEBUG_IP_LAYOUT",
    "DESIGN_CHECK_POINT",
    "CLOCK_FREQ_TOPOLOGY",
    "MCS",
    "BMC",
    "BUILD_METADATA",
    "KEYVALUE_METADATA",
    "USER_METADATA",
    "DNA_CERTIFICATE",
    "PDI",
    "BITSTREAM_PARTIAL_PDI",
    "PARTITION_METADATA",
    "EMULATION_DATA",
    "SYSTEM_METADATA",
    "SOFT_KERNEL",
    "ASK_FLASH",
    "AIE_METADATA",
    "ASK_GROUP_TOPOLOGY",
    "ASK_GROUP_CONNECTIVITY",
    "SMARTNIC",
    "AIE_RESOURCES",
    "OVERLAY",
    "VENDER_METADATA",
});

constexpr std::array kModes = std::to_array<std::string_view>({
    "flat",
    "partial",
    "tandem",
    "tandem partial",
    "hardware emulation",
    "software emulation",
    "partial hardware emulation",
});

template <typename... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  throw base::Error::with_exit(EX_DATAERR, parts...);
}

// The caller has checked that the bytes are there.
template <typename Integer>
Integer load(Bytes bytes, std::size_t at) {
  Integer value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}

// What does not print is replaced: the text goes to terminals.
char printed(char letter) { return letter >= ' ' && letter <= '~' ? letter : '?'; }

// Up to the first zero.
std::string text(Bytes bytes, std::size_t at, std::size_t bytes_max) {
  std::string found;
  for (const std::byte one : bytes.subspan(at, bytes_max)) {
    const char letter = static_cast<char>(one);
    if (letter == '\0') break;
    found += printed(letter);
  }
  return found;
}

std::string text(std::string_view given) {
  std::string found{given.substr(0, kXclbinFactLettersMax)};
  std::ranges::transform(found, found.begin(), printed);
  return found;
}

std::string uuid_text(Bytes bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string found;
  for (std::size_t i = 0; i < layout::kUuidBytes; ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) found += '-';
    const auto value = static_cast<std::uint8_t>(bytes[i]);
    found += kDigits[value >> 4];
    found += kDigits[value & 15U];
  }
  return found;
}

void check_length(Bytes file, std::uint64_t length) {
  const auto signature = load<std::int32_t>(file, layout::kSignatureBytesAt);
  const std::uint64_t behind = signature > 0 ? static_cast<std::uint64_t>(signature) : 0;
  if (length > file.size()) {
    refuse("is cut off: ", file.size(), " of ", length, " bytes are there");
  }
  if (file.size() - length != behind) {
    refuse("is longer than it says: ", file.size(), " bytes, not ", length + behind);
  }
}

std::vector<XclbinSection> read_sections(Bytes file, std::uint32_t count) {
  if (count > kXclbinSectionsMax) {
    refuse("names ", count, " sections, at most ", kXclbinSectionsMax, " are read");
  }
  const std::size_t end = layout::kSectionsAt + count * layout::kSectionBytes;
  if (end > file.size()) refuse("is cut off in its table of sections");
  std::vector<XclbinSection> sections;
  for (std::uint32_t i = 0; i < count; ++i) {
    const Bytes row =
        file.subspan(layout::kSectionsAt + i * layout::kSectionBytes, layout::kSectionBytes);
    const XclbinSection section{load<std::uint32_t>(row, layout::kSectionKindAt),
                                text(row, layout::kSectionNameAt, layout::kSectionNameBytes),
                                load<std::uint64_t>(row, layout::kSectionOffsetAt),
                                load<std::uint64_t>(row, layout::kSectionSizeAt)};
    // In this order nothing wraps.
    const bool inside =
        section.at >= end && section.at <= file.size() && section.bytes <= file.size() - section.at;
    if (!inside) refuse("section ", i, " lies outside of the file");
    sections.push_back(section);
  }
  return sections;
}

void refuse_overlaps(std::vector<XclbinSection> sections) {
  std::ranges::sort(sections, {}, &XclbinSection::at);
  std::uint64_t end = 0;
  for (const XclbinSection& section : sections) {
    if (section.bytes == 0) continue;
    if (section.at < end) {
      refuse(section_kind_name(section.kind), " lies over the section before it");
    }
    end = section.at + section.bytes;
  }
}

struct Rows {
  std::uint32_t kind;
  std::size_t at;
  std::size_t bytes;
  std::size_t count_bytes;
};

// Calls `take` with every row of the sections of one kind.
template <typename Take>
void each_row(Bytes file, const Xclbin& xclbin, const Rows& rows, const Take& take) {
  for (const XclbinSection& section : xclbin.sections) {
    if (section.kind != rows.kind || section.bytes == 0) continue;
    const Bytes table = file.subspan(section.at, section.bytes);
    if (table.size() < rows.at) refuse(section_kind_name(rows.kind), " is cut off");
    const std::int64_t count =
        rows.count_bytes == 2 ? load<std::int16_t>(table, 0) : load<std::int32_t>(table, 0);
    const bool fits = count >= 0 && count <= static_cast<std::int64_t>(kXclbinRowsMax) &&
                      static_cast<std::uint64_t>(count) * rows.bytes <= table.size() - rows.at;
    if (!fits) refuse(section_kind_name(rows.kind), " has no room for its ", count, " rows");
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      take(table.subspan(rows.at + i * rows.bytes, rows.bytes));
    }
    // One of a kind is what tools write and XRT reads.
    return;
  }
}

void read_tables(Bytes file, Xclbin& xclbin) {
  each_row(file, xclbin, {layout::kUnitKind, layout::kUnitRowsAt, layout::kUnitBytes, 4},
           [&](Bytes row) {
             xclbin.units.push_back({text(row, layout::kUnitNameAt, layout::kUnitNameBytes),
                                     load<std::uint32_t>(row, layout::kUnitTypeAt),
                                     load<std::uint64_t>(row, layout::kUnitAddressAt)});
           });
  each_row(file, xclbin, {layout::kMemoryKind, layout::kMemoryRowsAt, layout::kMemoryBytes, 4},
           [&](Bytes row) {
             xclbin.memories.push_back({text(row, layout::kMemoryTagAt, layout::kMemoryTagBytes),
                                        row[layout::kMemoryUsedAt] != std::byte{0},
                                        load<std::uint64_t>(row, layout::kMemoryAddressAt),
                                        load<std::uint64_t>(row, layout::kMemoryKibibytesAt)});
           });
  each_row(file, xclbin, {layout::kClockKind, layout::kClockRowsAt, layout::kClockBytes, 2},
           [&](Bytes row) {
             xclbin.clocks.push_back({text(row, layout::kClockNameAt, layout::kClockNameBytes),
                                      load<std::uint16_t>(row, layout::kClockMegahertzAt)});
           });
}

// {"build_metadata": {NAME: TEXT, ...}}; what else is there is for other tools.
std::vector<XclbinFact> read_facts(Bytes file, const std::vector<XclbinSection>& sections) {
  const auto section =
      std::ranges::find(sections, layout::kBuildMetadataKind, &XclbinSection::kind);
  if (section == sections.end()) return {};
  const Bytes json = file.subspan(section->at, section->bytes);
  const auto* const letters = reinterpret_cast<const char*>(json.data());
  const auto parsed = nlohmann::ordered_json::parse(letters, letters + json.size(), nullptr, false);
  const auto said = parsed.is_object() ? parsed.find("build_metadata") : parsed.end();
  if (said == parsed.end() || !said->is_object()) return {};
  std::vector<XclbinFact> facts;
  for (const auto& [name, value] : said->items()) {
    if (facts.size() == kXclbinFactsMax) break;
    if (!value.is_string()) continue;
    facts.push_back({text(name), text(value.get_ref<const std::string&>())});
  }
  return facts;
}

}  // namespace

Xclbin read_xclbin(Bytes file) {
  const std::size_t magic = layout::kMagic.size();
  if (file.size() < magic || std::memcmp(file.data(), layout::kMagic.data(), magic) != 0) {
    refuse("is no xclbin: it does not begin with xclbin2");
  }
  if (file.size() < layout::kSectionsAt) {
    refuse("is cut off: ", file.size(), " bytes are there, its header alone has ",
           layout::kSectionsAt);
  }
  const Bytes header = file.subspan(layout::kHeaderAt);
  Xclbin xclbin;
  xclbin.bytes = load<std::uint64_t>(header, layout::kLengthAt);
  check_length(file, xclbin.bytes);
  xclbin.made_at_s = load<std::uint64_t>(header, layout::kMadeAt);
  xclbin.uuid = uuid_text(header.subspan(layout::kUuidAt));
  xclbin.platform = text(header, layout::kPlatformAt, layout::kPlatformBytes);
  xclbin.version = std::to_string(load<std::uint8_t>(header, layout::kVersionMajorAt)) + "." +
                   std::to_string(load<std::uint8_t>(header, layout::kVersionMinorAt)) + "." +
                   std::to_string(load<std::uint16_t>(header, layout::kVersionPatchAt));
  xclbin.mode = load<std::uint16_t>(header, layout::kModeAt);
  const Bytes body = file.first(xclbin.bytes);
  xclbin.sections = read_sections(body, load<std::uint32_t>(header, layout::kSectionCountAt));
  refuse_overlaps(xclbin.sections);
  read_tables(body, xclbin);
  xclbin.facts = read_facts(body, xclbin.sections);
  return xclbin;
}

std::string section_kind_name(std::uint32_t kind) {
  return kind < kKinds.size() ? std::string{kKinds[kind]} : "section " + std::to_string(kind);
}

std::string mode_name(std::uint16_t mode) {
  return mode < kModes.size() ? std::string{kModes[mode]} : "mode " + std::to_string(mode);
}

}  // namespace ridley::card
