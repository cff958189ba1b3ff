// SPDX-License-Identifier: Apache-2.0
// In: a seed. Out: MoldUDP64 packets of ITCH messages, right and wrong in every way that the parser
// must see: messages of every type and length, lengths that lie, packets cut, changed and extended,
// wrong counts, heartbeats and ends of sessions with and without bytes. One thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "feed/decode.hpp"
#include "feed/message_types.hpp"
#include "wire/mold.hpp"

namespace ridley::card {

using Bytes = std::vector<std::byte>;

inline std::uint64_t seed_of_the_run() {
  const char* given = std::getenv("RIDLEY_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

// Put together block by block.
class PacketBytes {
 public:
  explicit PacketBytes(std::uint64_t sequence = 1, std::string_view session = "SESSION001")
      : bytes_(wire::mold::Header::kSize) {
    wire::mold::HeaderWriter{bytes_.data()}.session(session).sequence_number(sequence);
  }

  PacketBytes& add(std::span<const std::byte> message) {
    const std::size_t at = bytes_.size();
    bytes_.resize(at + 2 + message.size());
    base::store_big_endian(&bytes_[at], static_cast<std::uint16_t>(message.size()));
    if (!message.empty()) std::memcpy(&bytes_[at + 2], message.data(), message.size());
    return count(static_cast<std::uint16_t>(count_ + 1));
  }
  PacketBytes& count(std::uint16_t value) {
    count_ = value;
    wire::mold::HeaderWriter{bytes_.data()}.message_count(value);
    return *this;
  }
  [[nodiscard]] std::uint16_t count() const { return count_; }
  [[nodiscard]] Bytes& bytes() { return bytes_; }

 private:
  Bytes bytes_;
  std::uint16_t count_ = 0;
};

class RandomPackets {
 public:
  explicit RandomPackets(std::uint64_t seed) : random_{seed} {}

  // Every fourth is broken somewhere.
  Bytes any() {
    PacketBytes packet = right();
    if (below(4) == 0) break_somewhere(packet);
    return packet.bytes();
  }

  PacketBytes right(std::size_t bytes_max = 1400) {
    PacketBytes packet{random_() >> 1};
    if (below(20) == 0) return packet.count(below(2) == 0 ? 0 : 0xFFFF);
    const std::size_t messages = below(50) == 0 ? below(200) : below(12);
    for (std::size_t i = 0; i < messages; ++i) {
      const Bytes message = any_message();
      if (packet.bytes().size() + 2 + message.size() > bytes_max) break;
      packet.add(message);
    }
    return packet;
  }

  Bytes any_message() {
    switch (below(8)) {
      case 0: return random_bytes(below(12));
      case 1: return Bytes{};
      case 2: return of_type(below(12));
      case 3: return of_type(below(100));
      case 4: return random_bytes(below(below(10) == 0 ? 700 : 70));
      default: return of_type(0);
    }
  }

  // A known type's; as long as that type when bytes is 0.
  Bytes of_type(std::size_t bytes) {
    const feed::MessageType type = types_[below(types_.size())];
    Bytes message = random_bytes(bytes == 0 ? type.bytes : bytes);
    message[0] = type.letter;
    return message;
  }

  Bytes random_bytes(std::size_t count) {
    Bytes bytes(count);
    for (std::byte& one : bytes) one = static_cast<std::byte>(random_());
    return bytes;
  }

  // Of any bytes.
  std::string session() {
    std::string name(10, ' ');
    for (char& letter : name) letter = static_cast<char>(random_());
    return name;
  }

  std::size_t below(std::size_t limit) { return random_() % limit; }
  std::uint64_t number() { return random_(); }

 private:
  void break_somewhere(PacketBytes& packet) {
    Bytes& bytes = packet.bytes();
    switch (below(5)) {
      case 0: bytes.resize(below(bytes.size() + 1)); break;
      case 1: bytes.resize(bytes.size() + 1 + below(20)); break;
      case 2: packet.count(static_cast<std::uint16_t>(packet.count() + below(7) - 3)); break;
      case 3: bytes[below(bytes.size())] = static_cast<std::byte>(random_()); break;
      default: {  // a length that claims much, somewhere
        const std::size_t at = wire::mold::Header::kSize + below(bytes.size());
        if (at + 2 <= bytes.size())
          base::store_big_endian(&bytes[at], static_cast<std::uint16_t>(random_() >> below(64)));
      }
    }
  }

  std::mt19937_64 random_;
  std::vector<feed::MessageType> types_ = feed::message_types();
};

}  // namespace ridley::card
