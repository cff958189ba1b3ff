// SPDX-License-Identifier: Apache-2.0
// In: which messages are missing, datagrams of re-request servers, nanoseconds of any one clock.
// Out: requests to send, which datagrams bring what is missing, and when to stop asking. The
// client's half of MoldUDP64 1.00, "Request packet", without a socket or a clock. Cold; one owner.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "feed/sequencer.hpp"
#include "wire/mold.hpp"

namespace ridley::feed {

struct RerequestSettings {
  std::size_t servers = 1;
  // The other line may bring it sooner than a server: it is nearly always that.
  std::uint64_t patience_ns = 500'000;
  // A server in the same building answers within a tenth of it.
  std::uint64_t timeout_ns = 10'000'000;
  // Requests for one first message, over all servers.
  std::uint32_t tries_max = 6;
};

// Of one server.
struct RerequestCounters {
  std::uint64_t requests = 0;
  std::uint64_t answers = 0;   // the first that brought what was asked for
  std::uint64_t timeouts = 0;  // nothing was there when the time was up
};

class RerequestClient {
 public:
  using Packet = std::array<std::byte, wire::mold::RequestPacket::kSize>;

  struct Request {
    std::size_t server;
    Packet packet;
  };

  explicit RerequestClient(const RerequestSettings& settings)
      : settings_{settings}, counters_(settings.servers) {}

  // Messages from `from` to before `end` are missing; none when they are equal. Whoever still
  // misses something when a part of it came asks for the rest at once.
  void want(const SessionName& session, std::uint64_t from, std::uint64_t end,
            std::uint64_t now_ns) noexcept;

  // The request that is due, if one is. Every server in turn.
  [[nodiscard]] std::optional<Request> next(std::uint64_t now_ns) noexcept;

  // True: a downstream packet with the first missing message in it, the first one. Nothing more is
  // asked for until whoever gets it wants something else, however long that takes.
  [[nodiscard]] bool hear(std::span<const std::byte> datagram, std::size_t server) noexcept;

  // What was heard last could not be handed on: once more, when the time for an answer is over.
  void ask_again(std::uint64_t now_ns) noexcept;

  // All tries for the first missing message are used up and timed out: told once.
  [[nodiscard]] bool take_exhausted() noexcept;

  [[nodiscard]] std::uint64_t from() const noexcept { return from_; }
  [[nodiscard]] const RerequestCounters& counters(std::size_t server) const noexcept {
    return counters_[server];
  }
  // Times that all tries were used up.
  [[nodiscard]] std::uint64_t exhausted() const noexcept { return exhausted_; }

 private:
  enum class State : std::uint8_t { Idle, Waiting, Asked, Answered, Exhausted, Told };

  [[nodiscard]] bool brings_it(std::span<const std::byte> datagram) const noexcept;

  RerequestSettings settings_;
  SessionName session_{};
  std::uint64_t from_ = 0;
  std::uint64_t end_ = 0;
  std::uint64_t due_ns_ = 0;
  std::size_t server_ = 0;
  std::uint32_t tries_ = 0;
  State state_ = State::Idle;
  std::vector<RerequestCounters> counters_;
  std::uint64_t exhausted_ = 0;
};

}  // namespace ridley::feed
