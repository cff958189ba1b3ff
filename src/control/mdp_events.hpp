// SPDX-License-Identifier: Apache-2.0
// In: datagrams of CME MDP 3.0. Out: market events of one channel. Which address is its incremental
// feed and which has snapshots is told by the first message to it; of several for the same, which
// may be other channels, the first counts. Cold; one thread.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "control/feed_events.hpp"
#include "feed/mdp_channel.hpp"

namespace ridley::control {

class MdpEvents final : public FeedEvents {
 public:
  MdpEvents(const feed::SequencerOptions& options, feed::MdpView view);

  feed::Arrived accept(const nic::Datagram& datagram, const Listener& to) override;
  [[nodiscard]] feed::SequencerCounters counters() const override;
  [[nodiscard]] feed::DecodeCounters decoded() const override;
  void complain(std::vector<std::string>& complaints) const override;

 private:
  enum class Role : std::uint8_t { Live, LevelSnapshots, OrderSnapshots, Definitions };
  using Address = std::pair<std::uint32_t, std::uint16_t>;

  [[nodiscard]] std::optional<Role> role_of(const nic::Datagram& datagram);

  feed::MdpChannel channel_;
  std::array<std::optional<Address>, 4> addresses_{};  // by role
  std::uint64_t others_ = 0;
};

}  // namespace ridley::control
