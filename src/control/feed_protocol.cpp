// SPDX-License-Identifier: Apache-2.0
#include "control/feed_protocol.hpp"

#include <sysexits.h>

#include <algorithm>

#include "base/error.hpp"
#include "wire/mdp3.hpp"

namespace ridley::control {
namespace {

struct Names {
  std::string_view protocol;
  std::string_view transport;
};
constexpr std::array<Names, kFeedProtocols> kNames{{{"itch", "MoldUDP64"},
                                                    {"pitch", "sequenced unit"},
                                                    {"iex-deep", "IEX-TP"},
                                                    {"cme-mdp3", "MDP"},
                                                    {"cme-mdp3-orders", "MDP"}}};

// A session is text, or nothing where the recording was made anonymous.
bool begins_like_mold(std::span<const std::byte> payload) noexcept {
  if (!feed::MoldFraming::fits(payload)) return false;
  const auto session = payload.first(feed::MoldFraming::Session{}.raw().size());
  return std::ranges::all_of(session, [](std::byte byte) {
    return byte == std::byte{0} || (byte >= std::byte{' '} && byte <= std::byte{'~'});
  });
}

// A header alone may also be a receiver that asks for messages again.
bool is_mold(std::span<const std::byte> payload) noexcept {
  return begins_like_mold(payload) && (payload.size() == feed::MoldFraming::kHeaderBytes ||
                                       is_whole<feed::MoldFraming>(payload));
}

// Every message says which schema it is of, and how long its fixed part is.
bool is_mdp(std::span<const std::byte> payload) noexcept {
  constexpr std::uint16_t kSchema = 1;
  if (!feed::MdpFraming::fits(payload)) return false;
  std::span<const std::byte> rest = payload.subspan(feed::MdpFraming::kHeaderBytes);
  while (!rest.empty()) {
    const wire::mdp3::AdminHeartbeat message{rest.data()};
    const std::size_t size = feed::MdpFraming::message_bytes(rest);
    const std::size_t fixed = feed::MdpFraming::kMessageHeaderBytes + message.block_length();
    if (message.schema_id() != kSchema || fixed > size) return false;
    rest = rest.subspan(size);
  }
  return true;
}

}  // namespace

std::string_view name_of(FeedProtocol protocol) noexcept {
  return kNames[static_cast<std::size_t>(protocol)].protocol;
}

std::string_view transport_of(FeedProtocol protocol) noexcept {
  return kNames[static_cast<std::size_t>(protocol)].transport;
}

bool same_packets(FeedProtocol one, FeedProtocol other) noexcept {
  return transport_of(one) == transport_of(other);
}

std::string protocol_names(bool with_auto) {
  std::string names = with_auto ? "auto" : "";
  for (const Names& one : kNames) {
    if (!names.empty()) names += ", ";
    names += one.protocol;
  }
  return names;
}

std::optional<FeedProtocol> parse_protocol(std::string_view name) {
  if (name.empty() || name == "auto") return std::nullopt;
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames[i].protocol == name) return static_cast<FeedProtocol>(i);
  throw base::Error::with_exit(EX_USAGE, "--protocol is \"", name, "\", not one of ",
                               protocol_names(true));
}

std::optional<FeedProtocol> protocol_of(std::span<const std::byte> udp_payload) noexcept {
  if (is_mdp(udp_payload)) return FeedProtocol::Mdp3;
  if (is_whole<feed::IexFraming>(udp_payload)) return FeedProtocol::IexDeep;
  if (is_whole<feed::SequencedUnitFraming>(udp_payload)) return FeedProtocol::Pitch;
  if (is_mold(udp_payload)) return FeedProtocol::Itch;
  return std::nullopt;
}

std::optional<FeedProtocol> suspicion_of(std::span<const std::byte> udp_payload) noexcept {
  if (begins_like_mold(udp_payload)) return FeedProtocol::Itch;
  return std::nullopt;
}

}  // namespace ridley::control
