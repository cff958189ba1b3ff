// SPDX-License-Identifier: Apache-2.0
#include "card/xclbin.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "card/xclbin_layout.hpp"
#include "sample_bitstream.hpp"
#if __has_include(<xrt/xclbin.h>) && __has_include(<uuid/uuid.h>)
#include <xrt/xclbin.h>
#define RIDLEY_HAS_XRT 1
#endif

namespace ridley::card {
namespace {

namespace layout = xclbin_layout;

Xclbin read(const std::string& file) { return read_xclbin(std::as_bytes(std::span{file})); }

std::string fault(const std::string& file) {
  try {
    (void)read(file);
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_DATAERR);
    return error.what();
  }
  return {};
}

#ifdef RIDLEY_HAS_XRT
// What is written down in xclbin_layout.hpp is what XRT has.
static_assert(layout::kSignatureBytesAt == offsetof(axlf, m_signature_length));
static_assert(layout::kHeaderAt == offsetof(axlf, m_header));
static_assert(layout::kSectionsAt == offsetof(axlf, m_sections));
static_assert(layout::kLengthAt == offsetof(axlf_header, m_length));
static_assert(layout::kMadeAt == offsetof(axlf_header, m_timeStamp));
static_assert(layout::kVersionPatchAt == offsetof(axlf_header, m_versionPatch));
static_assert(layout::kVersionMajorAt == offsetof(axlf_header, m_versionMajor));
static_assert(layout::kVersionMinorAt == offsetof(axlf_header, m_versionMinor));
static_assert(layout::kModeAt == offsetof(axlf_header, m_mode));
static_assert(layout::kPlatformAt == offsetof(axlf_header, m_platformVBNV));
static_assert(layout::kPlatformBytes == sizeof(axlf_header::m_platformVBNV));
static_assert(layout::kUuidAt == offsetof(axlf_header, uuid));
static_assert(layout::kUuidBytes == sizeof(axlf_header::uuid));
static_assert(layout::kSectionCountAt == offsetof(axlf_header, m_numSections));
static_assert(layout::kSectionBytes == sizeof(axlf_section_header));
static_assert(layout::kSectionKindAt == offsetof(axlf_section_header, m_sectionKind));
static_assert(layout::kSectionNameAt == offsetof(axlf_section_header, m_sectionName));
static_assert(layout::kSectionNameBytes == sizeof(axlf_section_header::m_sectionName));
static_assert(layout::kSectionOffsetAt == offsetof(axlf_section_header, m_sectionOffset));
static_assert(layout::kSectionSizeAt == offsetof(axlf_section_header, m_sectionSize));
static_assert(layout::kBitstreamKind == BITSTREAM);
static_assert(layout::kMemoryKind == MEM_TOPOLOGY && layout::kUnitKind == IP_LAYOUT);
static_assert(layout::kClockKind == CLOCK_FREQ_TOPOLOGY);
static_assert(layout::kBuildMetadataKind == BUILD_METADATA);
static_assert(layout::kMemoryRowsAt == offsetof(mem_topology, m_mem_data));
static_assert(layout::kMemoryBytes == sizeof(mem_data));
static_assert(layout::kMemoryUsedAt == offsetof(mem_data, m_used));
static_assert(layout::kMemoryKibibytesAt == offsetof(mem_data, m_size));
static_assert(layout::kMemoryAddressAt == offsetof(mem_data, m_base_address));
static_assert(layout::kMemoryTagAt == offsetof(mem_data, m_tag));
static_assert(layout::kMemoryTagBytes == sizeof(mem_data::m_tag));
static_assert(layout::kUnitRowsAt == offsetof(ip_layout, m_ip_data));
static_assert(layout::kUnitBytes == sizeof(ip_data));
static_assert(layout::kUnitTypeAt == offsetof(ip_data, m_type));
static_assert(layout::kUnitAddressAt == offsetof(ip_data, m_base_address));
static_assert(layout::kUnitNameAt == offsetof(ip_data, m_name));
static_assert(layout::kUnitNameBytes == sizeof(ip_data::m_name));
static_assert(layout::kClockRowsAt == offsetof(clock_freq_topology, m_clock_freq));
static_assert(layout::kClockBytes == sizeof(clock_freq));
static_assert(layout::kClockMegahertzAt == offsetof(clock_freq, m_freq_Mhz));
static_assert(layout::kClockNameAt == offsetof(clock_freq, m_name));
static_assert(layout::kClockNameBytes == sizeof(clock_freq::m_name));

TEST(Xclbin, IsReadByXrtsOwnHeaderTheSameWay) {
  const std::string file = sample_xclbin();
  axlf top;
  std::memcpy(&top, file.data(), sizeof top);
  EXPECT_EQ(top.m_header.m_length, file.size());
  EXPECT_EQ(top.m_header.m_numSections, 4u);
  EXPECT_EQ(section_kind_name(VENDER_METADATA), "VENDER_METADATA");
  EXPECT_EQ(section_kind_name(SOFT_KERNEL), "SOFT_KERNEL");
  EXPECT_EQ(mode_name(XCLBIN_HW_EMU), "hardware emulation");
}
#endif

TEST(Xclbin, SaysWhatItsHeaderAndTablesHold) {
  const Xclbin xclbin = read(sample_xclbin("0123456789"));
  EXPECT_EQ(xclbin.uuid, kSampleUuid);
  EXPECT_EQ(xclbin.platform, "ridley_simulated");
  EXPECT_EQ(xclbin.version, "2.13.0");
  EXPECT_EQ(mode_name(xclbin.mode), "hardware emulation");
  EXPECT_EQ(xclbin.made_at_s, 1'700'000'000u);
  ASSERT_EQ(xclbin.sections.size(), 4u);
  EXPECT_EQ(section_kind_name(xclbin.sections[0].kind), "BITSTREAM");
  EXPECT_EQ(xclbin.sections[0].bytes, 10u);
  ASSERT_EQ(xclbin.units.size(), 1u);
  EXPECT_EQ(xclbin.units[0].name, "ridley_card");
  EXPECT_EQ(xclbin.units[0].address, 0x1000u);
  ASSERT_EQ(xclbin.memories.size(), 1u);
  EXPECT_EQ(xclbin.memories[0].tag, "HOST");
  EXPECT_TRUE(xclbin.memories[0].is_used);
  EXPECT_EQ(xclbin.memories[0].kibibytes, 4096u);
  EXPECT_EQ(xclbin.memories[0].address, 0x4000u);
  ASSERT_EQ(xclbin.clocks.size(), 1u);
  EXPECT_EQ(xclbin.clocks[0].megahertz, 322u);
  EXPECT_EQ(xclbin.clocks[0].name, "clk");
}

TEST(Xclbin, CutAtAnyByteIsRefused) {
  const std::string file = sample_xclbin();
  for (std::size_t size = 0; size < file.size(); ++size) {
    EXPECT_NE(fault(file.substr(0, size)), "") << size;
  }
  EXPECT_NE(fault(file + "x").find("longer than it says"), std::string::npos);
  EXPECT_NE(fault(file.substr(0, 300)).find("is cut off"), std::string::npos);
  EXPECT_NE(fault("PK").find("is no xclbin"), std::string::npos);
}

TEST(Xclbin, MayHaveASignatureOfOtherToolsBehindIt) {
  std::string file = sample_xclbin();
  put<std::int32_t>(file, layout::kSignatureBytesAt, 5);
  EXPECT_EQ(fault(file + "signd"), "");
  EXPECT_NE(fault(file + "sign"), "");
}

TEST(Xclbin, SectionsOutsideOrOverEachOtherAreRefused) {
  const std::string good = sample_xclbin();
  const std::size_t offset = layout::kSectionsAt + layout::kSectionOffsetAt;
  const std::size_t size = layout::kSectionsAt + layout::kSectionSizeAt;
  for (const std::uint64_t at : {std::uint64_t{0}, std::uint64_t{455}, std::uint64_t{good.size()},
                                 ~std::uint64_t{0}, ~std::uint64_t{0} - 13}) {
    std::string file = good;
    put<std::uint64_t>(file, offset, at);
    EXPECT_NE(fault(file).find("lies"), std::string::npos) << at;
  }
  for (const std::uint64_t bytes : {std::uint64_t{17}, ~std::uint64_t{0}}) {
    std::string file = good;
    put<std::uint64_t>(file, size, bytes);
    EXPECT_NE(fault(file).find("lies"), std::string::npos) << bytes;
  }
}

TEST(Xclbin, TooManySectionsOrRowsAreRefused) {
  std::string file = sample_xclbin();
  put<std::uint32_t>(file, layout::kHeaderAt + layout::kSectionCountAt, kXclbinSectionsMax + 1);
  EXPECT_NE(fault(file).find("names 257 sections"), std::string::npos);
  put<std::uint32_t>(file, layout::kHeaderAt + layout::kSectionCountAt, kXclbinSectionsMax);
  EXPECT_NE(fault(file), "");
  for (const std::int32_t rows : {2, -1, 0x7FFFFFFF}) {
    std::string units = sample_units();
    put<std::int32_t>(units, 0, rows);
    EXPECT_NE(fault(sample_xclbin({{layout::kUnitKind, units}})).find("no room"),
              std::string::npos);
  }
  EXPECT_NE(fault(sample_xclbin({{layout::kClockKind, "x"}})).find("cut off"), std::string::npos);
  EXPECT_EQ(fault(sample_xclbin(std::vector<SampleSection>{})), "");
}

TEST(Xclbin, SaysWhatItWasBuiltFrom) {
  const auto facts_of = [](const std::string& json) {
    std::string found;
    for (const XclbinFact& one : read(sample_xclbin({{layout::kBuildMetadataKind, json}})).facts) {
      found += one.name + "=" + one.value + ";";
    }
    return found;
  };
  EXPECT_EQ(facts_of(R"({"build_metadata": {"map_hash": "0x12", "commit": "ab"}, "more": 1})"),
            "map_hash=0x12;commit=ab;");
  // Vendors' tools write numbers and tables as well, and anybody anything.
  EXPECT_EQ(facts_of(R"({"build_metadata": {"dsa": {"a": "b"}, "n": 1, "e": "\u001b[2J"}})"),
            "e=?[2J;");
  for (const char* none : {"", "x", "[]", "{}", R"({"build_metadata": 1})",
                           R"({"build_metadata": "a"})", R"({"build_metadata": {)"}) {
    EXPECT_EQ(facts_of(none), "") << none;
  }
  EXPECT_EQ(facts_of(R"({"build_metadata": {"a": ")" + std::string(1000, 'b') + R"("}})"),
            "a=" + std::string(kXclbinFactLettersMax, 'b') + ";");
  std::string many = R"({"build_metadata": {"a0": "")";
  for (std::size_t i = 1; i <= kXclbinFactsMax; ++i)
    many += ",\"a" + std::to_string(i) + "\": \"\"";
  EXPECT_EQ(std::ranges::count(facts_of(many + "}}"), ';'), kXclbinFactsMax);
}

TEST(Xclbin, TextThatDoesNotPrintIsReplaced) {
  std::string file = sample_xclbin();
  file[layout::kHeaderAt + layout::kPlatformAt] = '\x1b';
  EXPECT_EQ(read(file).platform, "?idley_simulated");
  EXPECT_EQ(section_kind_name(99), "section 99");
  EXPECT_EQ(mode_name(99), "mode 99");
}

}  // namespace
}  // namespace ridley::card
