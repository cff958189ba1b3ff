// SPDX-License-Identifier: Apache-2.0
// What lies in a counter page: a head, a table of names, the numbers. A reader of another version
// finds its way by the sizes in the head and the offsets in the table, and skips kinds it does not
// know. Host byte order; the page never leaves the machine. Cold.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace ridley::telemetry {

inline constexpr std::uint64_t kPageMagic = 0x5043'5945'4C44'4952;  // "RIDLEYCP"
// Grows when what is there changes its meaning. New fields behind the old ones do not count.
inline constexpr std::uint32_t kPageVersion = 1;
inline constexpr std::size_t kEntryNameBytes = 48;
inline constexpr std::uint64_t kPageBytesMax = 64ULL << 20;

struct PageHead {
  std::uint64_t magic;
  std::uint32_t version;
  std::uint32_t head_bytes;            // the table starts here
  std::uint32_t entry_bytes;           // one row of the table
  std::uint32_t entries_max;           // rows there is room for
  std::atomic<std::uint32_t> entries;  // rows written; release, so that a seen row is whole
  std::uint32_t writer_pid;
  std::uint64_t page_bytes;
  std::uint64_t start_utc_ns;
  std::atomic<std::uint64_t> beat_utc_ns;  // when the telemetry core last came by
};
static_assert(sizeof(PageHead) == 56);

enum class EntryKind : std::uint8_t { None = 0, Count = 1, Level = 2, Histogram = 3 };

struct PageEntry {
  std::array<char, kEntryNameBytes> name;  // zero padded
  EntryKind kind;
  std::uint8_t digits;  // histogram: significant digits
  std::uint16_t reserved;
  std::uint32_t length;   // how many 64-bit numbers
  std::uint64_t offset;   // of the first of them, from the page's beginning
  std::uint64_t highest;  // histogram: highest value
};
static_assert(sizeof(PageEntry) == 72);

}  // namespace ridley::telemetry
