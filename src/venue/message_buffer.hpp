// SPDX-License-Identifier: Apache-2.0
// In: messages of known size. Out: the same messages, each behind its length (u16, big-endian), in
// one piece of memory: the form of MoldUDP64 blocks and of BinaryFILE. Any core, one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "base/bytes.hpp"

namespace ridley::venue {

class MessageBuffer {
 public:
  static constexpr std::size_t kLengthSize = 2;

  // Room for one message, zeroed, to be written before the next append.
  [[nodiscard]] std::byte* append(std::size_t size) {
    const std::size_t begin = bytes_.size();
    bytes_.resize(begin + kLengthSize + size);
    base::store_big_endian(bytes_.data() + begin, static_cast<std::uint16_t>(size));
    return bytes_.data() + begin + kLengthSize;
  }

  [[nodiscard]] std::span<const std::byte> bytes() const noexcept { return bytes_; }
  [[nodiscard]] bool empty() const noexcept { return bytes_.empty(); }
  void clear() noexcept { bytes_.clear(); }

 private:
  std::vector<std::byte> bytes_;
};

// The first message of framed bytes; the frame is whole, as MessageBuffer leaves it.
[[nodiscard]] inline std::span<const std::byte> first_message(std::span<const std::byte> framed) {
  const std::size_t size = base::load_big_endian<std::uint16_t>(framed.data());
  return framed.subspan(MessageBuffer::kLengthSize, size);
}

// Calls visitor(message) for each.
template <typename Visitor>
void for_each_message(std::span<const std::byte> framed, Visitor&& visitor) {
  while (!framed.empty()) {
    const std::span<const std::byte> message = first_message(framed);
    visitor(message);
    framed = framed.subspan(MessageBuffer::kLengthSize + message.size());
  }
}

}  // namespace ridley::venue
