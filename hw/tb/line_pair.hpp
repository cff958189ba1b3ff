// SPDX-License-Identifier: Apache-2.0
// In: a seed, and how wild it may be. Out: the payloads that come in at two ports which carry the
// same line: the same packets with losses, repetitions and delays of each port's own, among them
// overlaps, jumps, heartbeats, broken packets and other sessions. One thread.
#pragma once

#include <array>
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "random_packets.hpp"
#include "wire/mold.hpp"

namespace ridley::card {

inline constexpr std::size_t kPorts = 2;

struct Wildness {
  bool follows = false;  // the sequencer goes with every session
  bool jumps = false;    // a right packet may have any number, so that all later ones are old
};

class LinePair {
 public:
  LinePair(std::uint64_t seed, std::uint64_t first_sequence, Wildness wildness)
      : random_{seed}, wildness_{wildness}, next_{first_sequence == 0 ? 1 : first_sequence} {}

  // The next payload of a port.
  Bytes next(unsigned port) {
    std::size_t& at = at_[port];
    const std::size_t chance = random_.below(100);
    if (chance < 6) at += 1 + random_.below(3);              // lost
    if (chance >= 97) at -= std::min(at, random_.below(5));  // once more
    while (at >= packets_.size()) publish();
    Bytes packet = packets_[at];
    ++at;
    forget();
    return packet;
  }

 private:
  static constexpr std::uint64_t kHighest = ~std::uint64_t{0};

  // What neither port will ask for again.
  void forget() {
    while (packets_.size() > 64 && at_[0] > 32 && at_[1] > 32) {
      packets_.pop_front();
      --at_[0];
      --at_[1];
    }
    // A port that is too far behind lost what is between.
    for (std::size_t& at : at_)
      at = std::max(at,
                    std::max(at_[0], at_[1]) - std::min<std::size_t>(std::max(at_[0], at_[1]), 24));
  }

  void publish() {
    PacketBytes packet = random_.right(random_.below(10) == 0 ? 1400 : 250);
    const std::uint16_t count = packet.count();
    const bool is_control = count == 0 || count == 0xFFFF;
    std::uint64_t sequence = next_;
    std::string session = session_;
    switch (random_.below(40)) {
      case 0:
      case 1:
      case 2: sequence -= std::min(sequence, random_.below(20)); break;  // an overlap
      case 3: sequence += random_.below(5); break;                       // a gap of its own
      case 4:  // beyond the highest number
        if (!is_control) sequence = kHighest - random_.below(count);
        break;
      case 5: sequence = far_behind(); break;
      case 6: session = random_.session(); break;
      case 7: break_somewhere(packet.bytes()); break;
      case 8:
        if (wildness_.jumps && random_.below(50) == 0)
          sequence = random_.below(2) == 0 ? random_.number() : kHighest - count;
        break;
      case 9:
        if (random_.below(wildness_.follows ? 5 : 100) == 0) begin_session();
        break;
      default: break;
    }
    if (packet.bytes().size() >= wire::mold::Header::kSize) {
      wire::mold::HeaderWriter{packet.bytes().data()}.session(session).sequence_number(sequence);
      // The publisher goes on where the packet ends, unless that was nonsense.
      if (!is_control && sequence + count > next_ && sequence < next_ + 100)
        next_ = sequence + count;
    }
    packets_.push_back(packet.bytes());
  }

  // Old by more than a packet can count, and in the low bits by less.
  std::uint64_t far_behind() {
    const std::uint64_t far = (std::uint64_t{1} << (16 + random_.below(17))) + random_.below(8);
    return far < next_ ? next_ - far : random_.below(3);
  }

  void begin_session() {
    session_ = random_.session();
    next_ = 1 + random_.below(3);
  }

  void break_somewhere(Bytes& bytes) {
    switch (random_.below(4)) {
      case 0: bytes.resize(random_.below(bytes.size())); break;
      case 1: bytes.resize(bytes.size() + 1 + random_.below(20)); break;
      case 2: bytes[18 + random_.below(2)] ^= std::byte{1}; break;  // the count
      default: bytes.resize(bytes.size() - 1); break;
    }
  }

  RandomPackets random_;
  Wildness wildness_;
  std::uint64_t next_;
  std::string session_ = random_.session();
  std::deque<Bytes> packets_;
  std::array<std::size_t, kPorts> at_{};
};

}  // namespace ridley::card
