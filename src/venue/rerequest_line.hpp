// SPDX-License-Identifier: Apache-2.0
// In: re-requests of clients, the history, the time. Out: the answers, each to whom it belongs,
// over a network that may be bad in either direction (venue/faulty_line.hpp). No clock, no socket.
// One owner.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <span>
#include <string>

#include "venue/faulty_line.hpp"
#include "venue/rerequest.hpp"

namespace ridley::venue {

class RerequestLine {
 public:
  // Whoever asks, by any number that tells them apart.
  using Client = std::uint64_t;
  using Sink = std::function<void(Client, std::span<const std::byte>)>;

  // Clients with something on its way; one more, and what was on its way to the first is lost.
  static constexpr std::size_t kClientsMax = 256;

  RerequestLine(std::string session, std::uint64_t seed, const RerequestLimits& limits = {})
      : rerequest_{std::move(session), limits}, seed_{seed} {}

  // What is wrong with the network from here on.
  void impair(const PacketFaults& requests, const PacketFaults& answers);

  void ask(Client client, std::span<const std::byte> request, std::uint64_t ns);
  // What has arrived by then is answered, and the answers that have arrived are handed over.
  void answer(const MessageHistory& history, std::uint64_t ns, const Sink& sink);
  // When something arrives next.
  [[nodiscard]] std::uint64_t next_ns() const noexcept;

  [[nodiscard]] const RerequestCounts& counts() const noexcept { return rerequest_.counts(); }

 private:
  struct Path {
    FaultyLine requests;
    FaultyLine answers;
  };

  [[nodiscard]] Path& path_of(Client client);

  Rerequest rerequest_;
  std::uint64_t seed_;
  std::uint64_t clients_ = 0;  // ever
  PacketFaults requests_;
  PacketFaults answers_;
  std::map<Client, Path> paths_;
};

}  // namespace ridley::venue
