// SPDX-License-Identifier: Apache-2.0
// In: datagrams of incremental feeds of CME, whose packets do not name their channel. Out: which
// addresses are lines of the channel that was heard first. Both lines of a channel send the same
// messages under the same number, so an address whose messages are those of the first is another
// line of it, and one with others another channel. Nobody is believed before. Cold; one thread.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string_view>
#include <utility>

#include "feed/framing.hpp"
#include "feed/lines.hpp"
#include "nic/datagram.hpp"
#include "wire/mdp3.hpp"

namespace ridley::control {

class MdpLines {
 public:
  [[nodiscard]] bool knows(const nic::Datagram& datagram) const {
    const auto found = addresses_.find(address_of(datagram));
    return found != addresses_.end() && found->second.line.has_value();
  }

  // Nothing: of another channel, or nobody knows yet.
  [[nodiscard]] std::optional<feed::LineNumber> line_of(const nic::Datagram& datagram) {
    Sender& sender = addresses_[address_of(datagram)];
    const std::optional<Packet> packet = packet_of(datagram.payload);
    if (!sender.line && !sender.other) judge(sender, packet);
    if (!sender.line) {
      ++sender.left_out;
    } else if (packet) {
      heard_[packet->sequence % heard_.size()] = *packet;
    }
    return sender.line;
  }

  // Packets of addresses that are no lines of it.
  [[nodiscard]] std::uint64_t left_out() const {
    std::uint64_t sum = 0;
    for (const auto& [address, sender] : addresses_) sum += sender.line ? 0 : sender.left_out;
    return sum;
  }

 private:
  using Address = std::pair<std::uint32_t, std::uint16_t>;
  struct Packet {
    std::uint64_t sequence;
    std::size_t messages;  // a hash of them
  };
  struct Sender {
    std::optional<feed::LineNumber> line = {};
    bool other = false;
    std::optional<Packet> last = {};
    std::uint64_t left_out = 0;
  };

  static Address address_of(const nic::Datagram& datagram) {
    return {datagram.destination_ip, datagram.destination_port};
  }

  // Nothing for a heartbeat, which is the same on every channel.
  static std::optional<Packet> packet_of(std::span<const std::byte> payload) {
    if (!feed::MdpFraming::fits(payload)) return std::nullopt;
    const std::span<const std::byte> messages = payload.subspan(feed::MdpFraming::kHeaderBytes);
    const auto kind = static_cast<wire::mdp3::Template>(feed::MdpFraming::template_of(messages));
    if (kind == wire::mdp3::Template::AdminHeartbeat) return std::nullopt;
    const std::string_view text{reinterpret_cast<const char*>(messages.data()), messages.size()};
    return Packet{.sequence = feed::MdpFraming::Header{payload.data()}.sequence(),
                  .messages = std::hash<std::string_view>{}(text)};
  }

  // By this packet, or by the one before, which the first line may have brought since.
  void judge(Sender& sender, const std::optional<Packet>& packet) {
    if (lines_ == 0) {
      sender.line = lines_++;
      return;
    }
    for (const std::optional<Packet>& said : {sender.last, packet}) {
      if (!said) continue;
      const Packet& heard = heard_[said->sequence % heard_.size()];
      if (heard.sequence != said->sequence || heard.messages == 0) continue;
      sender.other = heard.messages != said->messages;
      if (sender.other) return;
      sender.line = lines_;
      lines_ = static_cast<feed::LineNumber>(
          std::min<std::size_t>(lines_ + std::size_t{1}, feed::kFeedLinesMax - 1));
      return;
    }
    if (packet) sender.last = packet;
  }

  std::map<Address, Sender> addresses_;
  std::array<Packet, 4'096> heard_{};
  feed::LineNumber lines_ = 0;
};

}  // namespace ridley::control
