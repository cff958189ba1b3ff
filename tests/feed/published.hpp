// SPDX-License-Identifier: Apache-2.0
// In: messages by number. Out: packets of them, cut as asked, as each line of a feed would; and
// what a receiver delivered, to be compared with what was published.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "feed/mold_packet.hpp"
#include "feed/sequencer.hpp"

namespace ridley::feed {

// Messages with numbers from `first` on.
struct Published {
  std::uint64_t first = 1;
  std::vector<std::string> messages;

  [[nodiscard]] std::uint64_t end() const { return first + messages.size(); }
  // One packet of those numbers.
  [[nodiscard]] Bytes packet(std::uint64_t from, std::uint64_t until) const {
    MoldPacket packet{from, {}};
    for (std::uint64_t number = from; number < until; ++number)
      packet.messages.emplace_back(messages[number - first]);
    return packet.bytes();
  }
};

// The one way to read a sequencer's answers: everything that is ready, in order.
class Receiver {
 public:
  Receiver(const SequencerOptions& options, std::size_t held_packets)
      : places_(held_packets), sequencer_{options, HeldPackets{places_}} {}

  void hear(std::span<const std::byte> packet, LineNumber line, std::uint64_t stamp_ns = 0) {
    take(sequencer_.accept(packet, line, stamp_ns));
  }
  void give_up() { take(sequencer_.give_up()); }

  [[nodiscard]] Sequencer& sequencer() { return sequencer_; }
  [[nodiscard]] Ahead ahead() const { return ahead_; }
  // Each number with its message, as delivered; a loss is a number without.
  struct Delivered {
    std::uint64_t number;
    std::string message;
    bool lost = false;
    bool operator==(const Delivered&) const = default;
  };
  [[nodiscard]] const std::vector<Delivered>& delivered() const { return delivered_; }

 private:
  void take(Arrived arrived) {
    for (;;) {
      for (std::uint64_t i = 0; i < arrived.missing_count; ++i)
        delivered_.push_back({arrived.missing_from + i, {}, true});
      for (const Block block : Blocks{arrived}) {
        std::string text(block.message.size(), ' ');
        std::transform(block.message.begin(), block.message.end(), text.begin(),
                       [](std::byte byte) { return static_cast<char>(byte); });
        delivered_.push_back({block.sequence, text});
      }
      if (arrived.ahead != Ahead::Ready) break;
      arrived = sequencer_.release();
    }
    ahead_ = arrived.ahead;
  }

  std::vector<HeldPackets::Packet> places_;
  Sequencer sequencer_;
  Ahead ahead_ = Ahead::Nothing;
  std::vector<Delivered> delivered_;
};

// As delivered to whoever loses nothing.
inline std::vector<Receiver::Delivered> all_of(const Published& published) {
  std::vector<Receiver::Delivered> all;
  for (std::uint64_t number = published.first; number < published.end(); ++number)
    all.push_back({number, published.messages[number - published.first]});
  return all;
}

}  // namespace ridley::feed
