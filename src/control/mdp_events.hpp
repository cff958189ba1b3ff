// SPDX-License-Identifier: Apache-2.0
// In: datagrams of CME MDP 3.0. Out: market events of one channel. Which address is of an
// incremental feed and which has snapshots is told by the first message to it. Of several
// incremental feeds the first counts, with its other lines (control/mdp_lines.hpp); of several with
// snapshots, which may be of other channels or lines, the first. Cold; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control/feed_events.hpp"
#include "control/mdp_lines.hpp"
#include "feed/mdp_channel.hpp"

namespace ridley::control {

class MdpEvents final : public FeedEvents {
 public:
  MdpEvents(const feed::SequencerOptions& options, std::size_t held_packets, feed::MdpView view);

  feed::Arrived accept(const nic::Datagram& datagram, const Listener& to) override;
  void finish(const Listener& to) override { channel_.finish(to.on_event); }
  [[nodiscard]] feed::SequencerCounters counters() const override;
  [[nodiscard]] feed::DecodeCounters decoded() const override;
  void complain(std::vector<std::string>& complaints) const override;

 private:
  enum class Role : std::uint8_t { Live, LevelSnapshots, OrderSnapshots, Definitions };
  using Address = std::pair<std::uint32_t, std::uint16_t>;

  [[nodiscard]] std::optional<Role> role_of(const nic::Datagram& datagram);

  CaptureWindow window_;
  feed::MdpChannel channel_;
  MdpLines lines_;
  CaptureLines live_;
  std::array<std::optional<Address>, 4> addresses_{};  // by role, but for the live ones
  std::uint64_t others_ = 0;
};

}  // namespace ridley::control
