// SPDX-License-Identifier: Apache-2.0
#include "telemetry/histogram_encoding.hpp"

#include <zlib.h>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"
#include "base/error.hpp"

namespace ridley::telemetry {
namespace {

using Bytes = std::vector<std::byte>;

// The low byte's upper half names the word size; 0x10 means "ZigZag LEB128".
constexpr std::uint32_t kPayloadCookie = 0x1c849303 | 0x10;
constexpr std::uint32_t kCompressedCookie = 0x1c849304 | 0x10;
constexpr std::size_t kPayloadHeaderBytes = 40;
constexpr std::size_t kCompressedHeaderBytes = 8;
constexpr std::size_t kWordBytesMax = 9;
// What other implementations allow as well: half a million counts.
constexpr std::size_t kDecodedBytesMax = 4 << 20;
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

base::Error not_a_histogram(std::string_view why) {
  return base::Error::with_exit(EX_DATAERR, "not a compressed V2 histogram: ", why);
}

// Seven bits a byte, lowest first, but the ninth byte holds eight: 64 bits never need a tenth.
void append_word(Bytes& out, std::int64_t value) {
  auto zigzag = (static_cast<std::uint64_t>(value) << 1) ^ static_cast<std::uint64_t>(value >> 63);
  for (std::size_t i = 0; i + 1 < kWordBytesMax && zigzag >= 0x80; ++i) {
    out.push_back(static_cast<std::byte>(zigzag | 0x80));
    zigzag >>= 7;
  }
  out.push_back(static_cast<std::byte>(zigzag));
}

std::int64_t take_word(std::span<const std::byte>& in) {
  std::uint64_t zigzag = 0;
  for (std::size_t i = 0; i < kWordBytesMax; ++i) {
    if (i >= in.size()) throw not_a_histogram("it ends inside a count");
    const auto byte = std::to_integer<std::uint64_t>(in[i]);
    const bool last = i + 1 == kWordBytesMax || byte < 0x80;
    zigzag |= (i + 1 == kWordBytesMax ? byte : byte & 0x7F) << (7 * i);
    if (!last) continue;
    in = in.subspan(i + 1);
    break;
  }
  return static_cast<std::int64_t>((zigzag >> 1) ^ (~(zigzag & 1) + 1));
}

Bytes payload_of(const HistogramValues& values) {
  Bytes out(kPayloadHeaderBytes);
  std::span<const std::uint64_t> counts = values.counts();
  while (!counts.empty() && counts.back() == 0) counts = counts.first(counts.size() - 1);
  for (std::size_t i = 0; i < counts.size();) {
    std::size_t zeros = 0;
    while (counts[i + zeros] == 0) ++zeros;  // ends: the last count is not zero
    if (zeros > 1) {
      append_word(out, -static_cast<std::int64_t>(zeros));
      i += zeros;
    } else {
      append_word(out, static_cast<std::int64_t>(counts[i++]));
    }
  }
  base::store_big_endian(out.data(), kPayloadCookie);
  base::store_big_endian(out.data() + 4,
                         static_cast<std::uint32_t>(out.size() - kPayloadHeaderBytes));
  base::store_big_endian(out.data() + 8, std::uint32_t{0});  // normalizing index offset
  base::store_big_endian(out.data() + 12, std::uint32_t{values.shape().digits()});
  base::store_big_endian(out.data() + 16, std::uint64_t{1});  // lowest discernible value
  base::store_big_endian(out.data() + 24, values.shape().highest());
  base::store_big_endian(out.data() + 32, std::bit_cast<std::uint64_t>(1.0));
  return out;
}

HistogramValues values_of(std::span<const std::byte> in) {
  if (in.size() < kPayloadHeaderBytes) throw not_a_histogram("its inner header is cut short");
  const auto cookie = base::load_big_endian<std::uint32_t>(in.data());
  const auto length = base::load_big_endian<std::uint32_t>(in.data() + 4);
  const auto offset = base::load_big_endian<std::uint32_t>(in.data() + 8);
  const auto digits = base::load_big_endian<std::uint32_t>(in.data() + 12);
  const auto lowest = base::load_big_endian<std::uint64_t>(in.data() + 16);
  const auto highest = base::load_big_endian<std::uint64_t>(in.data() + 24);
  if ((cookie & ~0xF0U) != (kPayloadCookie & ~0xF0U)) throw not_a_histogram("wrong inner cookie");
  if (offset != 0) throw not_a_histogram("shifted counts are not read here");
  if (lowest != 1) throw not_a_histogram("a unit other than 1 is not read here");
  if (digits < 1 || digits > HistogramShape::kDigitsMax || highest < 2) {
    throw not_a_histogram("its digits or its highest value are out of range");
  }
  const HistogramShape shape{digits, highest};
  if (shape.counts() > kDecodedBytesMax / sizeof(std::uint64_t)) {
    throw not_a_histogram("it would have too many counts");
  }
  if (length > in.size() - kPayloadHeaderBytes) throw not_a_histogram("its counts are cut short");
  in = in.subspan(kPayloadHeaderBytes, length);

  HistogramValues values{shape};
  for (std::size_t i = 0; !in.empty();) {
    const std::int64_t word = take_word(in);
    const std::size_t left = shape.counts() - i;
    if (left == 0 || (word < 0 && static_cast<std::uint64_t>(-(word + 1)) >= left)) {
      throw not_a_histogram("it has more counts than its shape");
    }
    if (word < 0) {
      i += static_cast<std::size_t>(-word);
    } else {
      values.counts()[i++] = static_cast<std::uint64_t>(word);
    }
  }
  return values;
}

std::string to_base64(std::span<const std::byte> in) {
  std::string out;
  out.reserve((in.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < in.size(); i += 3) {
    const std::size_t have = std::min<std::size_t>(3, in.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = group << 8 | (j < have ? std::to_integer<std::uint32_t>(in[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      out += j <= have ? kBase64[group >> (18 - 6 * j) & 0x3F] : '=';
    }
  }
  return out;
}

Bytes from_base64(std::string_view text) {
  Bytes out;
  out.reserve(text.size() / 4 * 3);
  while (!text.empty() && text.back() == '=') text.remove_suffix(1);
  std::uint32_t group = 0;
  std::size_t bits = 0;
  for (const char letter : text) {
    const std::size_t six = kBase64.find(letter);
    if (six == std::string_view::npos) throw not_a_histogram("it is not base64");
    group = group << 6 | static_cast<std::uint32_t>(six);
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    out.push_back(static_cast<std::byte>(group >> bits));
  }
  return out;
}

}  // namespace

std::string encode(const HistogramValues& values) {
  const Bytes payload = payload_of(values);
  uLongf length = ::compressBound(payload.size());
  Bytes out(kCompressedHeaderBytes + length);
  const int result = ::compress(reinterpret_cast<Bytef*>(out.data() + kCompressedHeaderBytes),
                                &length, reinterpret_cast<const Bytef*>(payload.data()),
                                static_cast<uLong>(payload.size()));
  if (result != Z_OK) throw base::Error{"zlib cannot compress a histogram: ", result};
  base::store_big_endian(out.data(), kCompressedCookie);
  base::store_big_endian(out.data() + 4, static_cast<std::uint32_t>(length));
  out.resize(kCompressedHeaderBytes + length);
  return to_base64(out);
}

HistogramValues decode_histogram(std::string_view text) {
  const Bytes in = from_base64(text);
  if (in.size() < kCompressedHeaderBytes) throw not_a_histogram("it is too short");
  const auto cookie = base::load_big_endian<std::uint32_t>(in.data());
  const auto length = base::load_big_endian<std::uint32_t>(in.data() + 4);
  if ((cookie & ~0xF0U) != (kCompressedCookie & ~0xF0U)) throw not_a_histogram("wrong cookie");
  if (length > in.size() - kCompressedHeaderBytes) throw not_a_histogram("it is cut short");

  Bytes payload(kDecodedBytesMax);
  uLongf payload_length = payload.size();
  const int result = ::uncompress(
      reinterpret_cast<Bytef*>(payload.data()), &payload_length,
      reinterpret_cast<const Bytef*>(in.data() + kCompressedHeaderBytes), uLong{length});
  if (result != Z_OK) throw not_a_histogram("zlib refuses it");
  return values_of(std::span{payload}.first(payload_length));
}

}  // namespace ridley::telemetry
