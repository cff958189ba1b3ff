// SPDX-License-Identifier: Apache-2.0
// The layout of a log file, little-endian, for writer and decoder. Cold.
//
//   header   magic u64, version u16, formats u16, length u32 (of the header with its checksum),
//            start_ns u64, number u32 (counts files), then each format: severity u8, arguments u8,
//            a kind u8 for each argument, text and file (u16 length, bytes), line u32;
//            last the checksum u32 of all before it
//   frames   kind u8, arguments u8, format u16, checksum u32 (of the frame, this field zero),
//            ns u64, arguments u64 each
//
// A file begins with its formats, so that it alone is enough to be read for ever. It ends with an
// End frame; without one it is still being written, or its writer was killed.
#pragma once

#include <cstddef>
#include <cstdint>

namespace ridley::telemetry {

inline constexpr std::uint64_t kLogMagic = 0x474F'4C59'4C44'4952;  // "RIDLYLOG"
inline constexpr std::uint16_t kLogVersion = 1;
inline constexpr std::size_t kLogHeaderFixedBytes = 28;
inline constexpr std::size_t kLogFrameFixedBytes = 16;
inline constexpr std::size_t kLogChecksumBytes = 4;
inline constexpr std::size_t kLogChecksumAt = 4;  // in a frame
// A thousand formats with sentences of a thousand letters; more is damage.
inline constexpr std::uint32_t kLogHeaderBytesMax = 1 << 20;

enum class LogFrame : std::uint8_t {
  Record = 1,
  Lost = 2,  // one argument: how many records were lost since the last time this was said
  End = 3,
};

}  // namespace ridley::telemetry
