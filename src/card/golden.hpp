// SPDX-License-Identifier: Apache-2.0
// Golden vectors: frames for a card's ports, and the records that it must write for them. In: the
// text of a file (card.golden). Out: the vectors, and back. Cold.
//
//   ridley-golden-1
//   line E9360C6F 26477                 of port 0, then of port 1
//   line E9360C6F 26477
//   sessions follow                     or refuse
//   first_sequence 1                    0: what the first packet says
//   frame PORT TIME_NS BYTES            hexadecimal; broken_frame: the MAC finds it broken
//   packet PORT BYTES                   the records of the frame before them: packet, event or
//   event PORT BYTES                    short_message, each without its mark
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "card/card.hpp"

namespace ridley::card {

inline constexpr std::size_t kGoldenBytesMax = 64ULL << 20;
// A jumbo frame of any network.
inline constexpr std::size_t kGoldenFrameBytesMax = 16'384;

// A record as it must come, but for number and latency.
struct GoldenRecord {
  CardForm form{};
  unsigned port = 0;
  std::array<std::byte, kMarkAt> bytes{};

  friend bool operator==(const GoldenRecord&, const GoldenRecord&) = default;
};

struct GoldenFrame {
  unsigned port = 0;
  std::uint64_t time_ns = 0;
  bool broken = false;
  std::vector<std::byte> bytes;
  std::size_t records_end = 0;  // how many records are due when it is through

  friend bool operator==(const GoldenFrame&, const GoldenFrame&) = default;
};

struct GoldenVectors {
  std::array<Line, kPorts> lines{};
  bool follow_sessions = true;
  std::uint64_t first_sequence = 1;
  std::vector<GoldenFrame> frames = {};
  std::vector<GoldenRecord> records = {};

  friend bool operator==(const GoldenVectors&, const GoldenVectors&) = default;
};

[[nodiscard]] std::string golden_text(const GoldenVectors& vectors);

// Throws base::Error (EX_DATAERR) with the line and what is wrong in it.
[[nodiscard]] GoldenVectors read_golden(std::span<const std::byte> file);

}  // namespace ridley::card
