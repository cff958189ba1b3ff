// SPDX-License-Identifier: Apache-2.0
#include "control/mdp_events.hpp"

#include <fmt/format.h>

#include "wire/mdp3.hpp"

namespace ridley::control {
namespace {

using wire::mdp3::Template;

}  // namespace

MdpEvents::MdpEvents(const feed::SequencerOptions& options, std::size_t held_packets,
                     feed::MdpView view)
    : window_{held_packets},
      channel_{{.sequencer = options, .held = window_.held(), .view = view}} {}

// Nothing for who has no role, or whose role another address has. A heartbeat tells none.
std::optional<MdpEvents::Role> MdpEvents::role_of(const nic::Datagram& datagram) {
  const Address address{datagram.destination_ip, datagram.destination_port};
  for (std::size_t i = 0; i < addresses_.size(); ++i)
    if (addresses_[i] == address) return static_cast<Role>(i);
  if (lines_.knows(datagram)) return Role::Live;
  if (!feed::MdpFraming::fits(datagram.payload)) return std::nullopt;
  Role role = Role::Definitions;
  switch (static_cast<Template>(
      feed::MdpFraming::template_of(datagram.payload.subspan(feed::MdpFraming::kHeaderBytes)))) {
    case Template::AdminHeartbeat: return std::nullopt;
    case Template::SnapshotFullRefresh:
    case Template::SnapshotFullRefreshLongQty: role = Role::LevelSnapshots; break;
    case Template::SnapshotFullRefreshOrderBook: role = Role::OrderSnapshots; break;
    case Template::MdInstrumentDefinitionFuture:
    case Template::MdInstrumentDefinitionOption:
    case Template::MdInstrumentDefinitionSpread:
    case Template::MdInstrumentDefinitionFixedIncome:
    case Template::MdInstrumentDefinitionRepo:
    case Template::MdInstrumentDefinitionFx: role = Role::Definitions; break;
    default: return Role::Live;
  }
  std::optional<Address>& taken = addresses_[static_cast<std::size_t>(role)];
  if (taken) return std::nullopt;
  taken = address;
  return role;
}

feed::Arrived MdpEvents::accept(const nic::Datagram& datagram, const Listener& to) {
  const std::optional<Role> role = role_of(datagram);
  if (role == Role::Live) {
    const std::optional<feed::LineNumber> line = lines_.line_of(datagram);
    if (!line) return nothing(feed::Arrival::OtherSession);
    (void)live_.line_of(0, datagram);  // for its address
    return channel_.accept(datagram.payload, to.on_event, to.on_session, *line);
  }
  if (role == Role::LevelSnapshots || role == Role::OrderSnapshots) {
    channel_.accept_snapshot(datagram.payload, to.on_event);
    return nothing(feed::Arrival::Unsequenced);
  }
  if (!role) ++others_;
  return nothing(feed::Arrival::OtherSession);
}

feed::SequencerCounters MdpEvents::counters() const {
  feed::SequencerCounters counters = channel_.sequenced();
  counters.malformed += channel_.counters().malformed;
  return counters;
}

feed::DecodeCounters MdpEvents::decoded() const { return channel_.messages(); }

void MdpEvents::complain(std::vector<std::string>& complaints) const {
  const auto say = [&](std::uint64_t count, std::string_view what) {
    if (count != 0) complaints.push_back(fmt::format("{} {}", count, what));
  };
  say(channel_.refused(), "messages are of more instruments than there are locates");
  say(others_ + lines_.left_out(),
      "packets to other addresses, of other channels or lines, were left out");
  live_.complain(complaints,
                 [this](std::uint16_t, feed::LineNumber line) { return channel_.line(line); });
  say(channel_.waiting(), "books wait for a snapshot");
  say(channel_.counters().too_old, "snapshots are older than what was lost");
  say(channel_.collector().abandoned(), "snapshots of orders are not whole");
  const feed::MdpDecoder& decoder = channel_.decoder();
  if (decoder.view() == feed::MdpView::Levels && decoder.levels() == 0)
    say(decoder.left_out(), "orders were not looked at: --protocol cme-mdp3-orders");
}

}  // namespace ridley::control
