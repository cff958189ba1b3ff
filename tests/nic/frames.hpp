// SPDX-License-Identifier: Apache-2.0
// In: what a test wants on the wire. Out: frames made by hand, independent of the code under test.
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string_view>
#include <vector>

#include "nic/frame.hpp"

namespace ridley::nic::test {

using Bytes = std::vector<std::byte>;

inline Bytes bytes_of(std::initializer_list<unsigned> values) {
  Bytes bytes;
  for (const unsigned value : values) bytes.push_back(static_cast<std::byte>(value));
  return bytes;
}

inline Bytes bytes_of(std::string_view text) {
  Bytes bytes;
  for (const char letter : text) bytes.push_back(static_cast<std::byte>(letter));
  return bytes;
}

inline Frame frame_of(std::span<const std::byte> bytes) {
  return {.bytes = bytes.data(),
          .length = static_cast<std::uint32_t>(bytes.size()),
          .wire_length = static_cast<std::uint32_t>(bytes.size()),
          .stamp = {}};
}

// "hello" from 192.0.2.1:4000 to 233.54.12.1:26477; both checksums come from another
// implementation.
inline Bytes hello_frame() {
  return bytes_of({0x01, 0x00, 0x5E, 0x36, 0x0C, 0x01, 0x02, 0x00, 0x00, 0x00,
                   0x00, 0x01, 0x08, 0x00,                                      // IPv4
                   0x45, 0x00, 0x00, 0x21, 0x00, 0x00, 0x40, 0x00, 0x10, 0x11,  // 33 bytes, UDP
                   0xB3, 0x93, 0xC0, 0x00, 0x02, 0x01, 0xE9, 0x36, 0x0C, 0x01,  //
                   0x0F, 0xA0, 0x67, 0x6D, 0x00, 0x0D, 0x8D, 0xBB,              // 13 bytes
                   'h',  'e',  'l',  'l',  'o'});
}

}  // namespace ridley::nic::test
