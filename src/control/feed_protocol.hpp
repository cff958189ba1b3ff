// SPDX-License-Identifier: Apache-2.0
// In: datagrams, or a name. Out: which exchange's feed they are. Two transports never fit the same
// packet: each says how long it is, or how its blocks fill it, in bytes of its own. Cold.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "feed/framing.hpp"

namespace ridley::control {

enum class FeedProtocol : std::uint8_t {
  Itch,        // Nasdaq TotalView-ITCH 5.0 in MoldUDP64
  Pitch,       // Cboe Multicast PITCH 2.41 of US equities in sequenced units
  IexDeep,     // IEX DEEP 1.0 in IEX-TP
  Mdp3,        // CME MDP 3.0, books of price levels
  Mdp3Orders,  // the same packets, books of orders
};
inline constexpr std::size_t kFeedProtocols = 5;

// As the operator calls them.
[[nodiscard]] std::string_view name_of(FeedProtocol protocol) noexcept;
// Of the transport beneath it, for sentences.
[[nodiscard]] std::string_view transport_of(FeedProtocol protocol) noexcept;
// Whether they are the same packets, seen in two ways.
[[nodiscard]] bool same_packets(FeedProtocol one, FeedProtocol other) noexcept;
// "itch, pitch" and so on, with auto in front where asked for.
[[nodiscard]] std::string protocol_names(bool with_auto = false);

// Nothing for "auto" and "". Throws base::Error (EX_USAGE) for a name that no protocol has.
[[nodiscard]] std::optional<FeedProtocol> parse_protocol(std::string_view name);

// Nothing where the bytes are of no feed that is known, or contradict themselves.
[[nodiscard]] std::optional<FeedProtocol> protocol_of(
    std::span<const std::byte> udp_payload) noexcept;

// The same for a packet that contradicts itself: what it looks like at its front, for complaints.
[[nodiscard]] std::optional<FeedProtocol> suspicion_of(
    std::span<const std::byte> udp_payload) noexcept;

// Whether the blocks of a packet of that transport fill it.
template <feed::Framing F>
[[nodiscard]] bool is_whole(std::span<const std::byte> udp_payload) noexcept {
  if (!F::fits(udp_payload)) return false;
  const std::uint32_t count = F::count(typename F::Header{udp_payload.data()});
  const std::span<const std::byte> blocks = udp_payload.subspan(F::kHeaderBytes);
  std::size_t at = 0;
  const std::uint32_t blocks_there = count == F::kEndOfSession ? 0 : count;
  for (std::uint32_t i = 0; i < blocks_there; ++i) {
    if (at + F::kLengthBytes > blocks.size()) return false;
    at += F::block_bytes(&blocks[at], blocks.size() - at);
  }
  return at == blocks.size();
}

}  // namespace ridley::control
