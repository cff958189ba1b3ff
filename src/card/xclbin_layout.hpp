// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: where the fields of an xclbin lie, as xrt/xclbin.h of XRT has them; a test
// compares the two. Written down here so that the product builds where XRT is not. Cold.
//
// An xclbin is a head of 304 bytes, a header of 152, a table of sections of 40 bytes each, and the
// sections. All numbers are little-endian.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ridley::card::xclbin_layout {

using namespace std::string_view_literals;

inline constexpr std::string_view kMagic = "xclbin2\0"sv;

// In the file.
inline constexpr std::size_t kSignatureBytesAt = 8;  // -1: none; else so many stand behind the end
inline constexpr std::size_t kHeaderAt = 304;
inline constexpr std::size_t kSectionsAt = 456;

// In the header.
inline constexpr std::size_t kLengthAt = 0;
inline constexpr std::size_t kMadeAt = 8;
inline constexpr std::size_t kVersionPatchAt = 24;
inline constexpr std::size_t kVersionMajorAt = 26;
inline constexpr std::size_t kVersionMinorAt = 27;
inline constexpr std::size_t kModeAt = 28;
inline constexpr std::size_t kPlatformAt = 48;
inline constexpr std::size_t kPlatformBytes = 64;
inline constexpr std::size_t kUuidAt = 112;
inline constexpr std::size_t kUuidBytes = 16;
inline constexpr std::size_t kSectionCountAt = 144;

// In a row of the table of sections.
inline constexpr std::size_t kSectionBytes = 40;
inline constexpr std::size_t kSectionKindAt = 0;
inline constexpr std::size_t kSectionNameAt = 4;
inline constexpr std::size_t kSectionNameBytes = 16;
inline constexpr std::size_t kSectionOffsetAt = 24;
inline constexpr std::size_t kSectionSizeAt = 32;

// Sections that are looked into. But for the bitstream and the JSON each is a count and then rows.
inline constexpr std::uint32_t kBitstreamKind = 0;
inline constexpr std::uint32_t kMemoryKind = 6;
inline constexpr std::uint32_t kUnitKind = 8;
inline constexpr std::uint32_t kClockKind = 11;
inline constexpr std::uint32_t kBuildMetadataKind = 14;  // JSON

inline constexpr std::size_t kMemoryRowsAt = 8;
inline constexpr std::size_t kMemoryBytes = 40;
inline constexpr std::size_t kMemoryUsedAt = 1;
inline constexpr std::size_t kMemoryKibibytesAt = 8;
inline constexpr std::size_t kMemoryAddressAt = 16;
inline constexpr std::size_t kMemoryTagAt = 24;
inline constexpr std::size_t kMemoryTagBytes = 16;

inline constexpr std::size_t kUnitRowsAt = 8;
inline constexpr std::size_t kUnitBytes = 80;
inline constexpr std::size_t kUnitTypeAt = 0;
inline constexpr std::size_t kUnitAddressAt = 8;
inline constexpr std::size_t kUnitNameAt = 16;
inline constexpr std::size_t kUnitNameBytes = 64;

inline constexpr std::size_t kClockRowsAt = 2;
inline constexpr std::size_t kClockBytes = 136;
inline constexpr std::size_t kClockMegahertzAt = 0;
inline constexpr std::size_t kClockNameAt = 8;
inline constexpr std::size_t kClockNameBytes = 128;

}  // namespace ridley::card::xclbin_layout
