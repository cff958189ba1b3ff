// SPDX-License-Identifier: Apache-2.0
// In: what the hot core misses (RecoveryLink), answers of re-request servers, a snapshot. Out:
// packets for the hot core, and books that miss nothing. Asks several servers in turn for what is
// missing; what is lost for good is made up for by a GLIMPSE snapshot. step() has neither clock nor
// socket: they are whose who calls it. Cold; a thread of its own, which is run().
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/recovery_link.hpp"
#include "engine/recovery_wire.hpp"
#include "engine/snapshot_join.hpp"
#include "feed/rerequest_client.hpp"
#include "order/soup_client.hpp"

namespace ridley::engine {

struct Server {
  std::string host;
  std::uint16_t port = 0;
};

struct RecoverySettings {
  std::vector<Server> rerequest;  // in the order in which they are asked
  feed::RerequestSettings asking = {};
  std::optional<Server> glimpse;
  order::SoupClientSettings login = {};
  std::vector<event::Symbol> symbols;  // whose Stock Directory matters
  std::uint64_t connect_timeout_ns = 3'000'000'000;
  // The sheet's snapshot of a whole day is some hundred megabytes.
  std::uint64_t snapshot_timeout_ns = 60'000'000'000;
  std::uint64_t backoff_first_ns = 250'000'000;
  std::uint64_t backoff_max_ns = 30'000'000'000;
};

// Of one re-request server.
struct ServerCounters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> answers{0};
  std::atomic<std::uint64_t> timeouts{0};
};

// Written by the recovery core, read by anybody.
struct RecoveryCounters {
  explicit RecoveryCounters(std::size_t server_count) : servers(server_count) {}

  std::vector<ServerCounters> servers;
  std::atomic<std::uint64_t> useless{0};
  std::atomic<std::uint64_t> exhausted{0};
  std::atomic<std::uint64_t> snapshots{0};         // swapped in
  std::atomic<std::uint64_t> snapshots_failed{0};  // no connection, cut short, too slow, outrun
  std::atomic<std::uint64_t> snapshot_messages{0};
  std::atomic<std::uint64_t> snapshot_state{0};    // a SnapshotState
  std::atomic<std::uint64_t> snapshot_failure{0};  // a SnapshotFailure, of the last attempt
};

// Why the last attempt came to nothing.
enum class SnapshotFailure : std::uint8_t {
  None,
  NotConnected,  // refused, or no answer in time
  NotLoggedIn,   // user or password, or the server has none to give
  CutShort,      // the connection ended before the snapshot did
  Unusable,      // messages that are none of a snapshot's
  TooSlow,       // beyond snapshot_timeout_ns, or more came meanwhile than is kept
  Hole,          // it is older than what was tapped, and no server has what is between
  Overtaken,     // the feed lost messages meanwhile, or began another session
};

[[nodiscard]] constexpr std::string_view name_of(SnapshotFailure failure) noexcept {
  constexpr std::array<std::string_view, 8> kNames{"none",      "not_connected", "not_logged_in",
                                                   "cut_short", "unusable",      "too_slow",
                                                   "hole",      "overtaken"};
  return kNames[static_cast<std::size_t>(failure)];
}

enum class SnapshotState : std::uint8_t {
  None,
  Waiting,  // before the next attempt
  Tapping,  // the hot core begins to copy what it delivers
  Connecting,
  Reading,
  Joining,
  Offered,
};

[[nodiscard]] constexpr std::string_view name_of(SnapshotState state) noexcept {
  constexpr std::array<std::string_view, 7> kNames{"none",    "waiting", "tapping", "connecting",
                                                   "reading", "joining", "offered"};
  return kNames[static_cast<std::size_t>(state)];
}

class Recovery {
 public:
  // Link and wire live as long; the wire's servers are those of the settings.
  Recovery(RecoveryLink& link, RecoveryWire& wire, const RecoverySettings& settings);

  // The body of the recovery thread, until request_stop().
  void run();
  // Any thread.
  void request_stop() noexcept { stop_.store(true, std::memory_order_relaxed); }

  // Any thread: books from a snapshot, though nothing is lost; one attempt, unless one is under
  // way.
  void ask_for_snapshot() noexcept { asked_.store(true, std::memory_order_relaxed); }

  // One look at everything. False: there was nothing to do.
  bool step(std::uint64_t now_ns);

  [[nodiscard]] const RecoveryCounters& counters() const noexcept { return counters_; }
  [[nodiscard]] SnapshotState state() const noexcept { return state_; }

 private:
  bool take_missing(std::uint64_t now_ns);
  bool ask(std::uint64_t now_ns);
  bool send_due(feed::RerequestClient& client, std::uint64_t now_ns);
  template <typename Take>
  bool hear(Take&& take);
  [[nodiscard]] bool repair(std::uint64_t from, std::span<const std::byte> packet);
  void publish_counters() noexcept;

  [[nodiscard]] bool wants_snapshot() const noexcept {
    return lost_ || asked_.load(std::memory_order_relaxed);
  }
  bool snapshot(std::uint64_t now_ns);
  void wait(SnapshotTurn turn, std::uint64_t now_ns);
  void begin(std::uint64_t now_ns);
  void connect(std::uint64_t now_ns);
  bool read(std::uint64_t now_ns);
  bool read_socket(std::uint64_t now_ns);
  [[nodiscard]] std::optional<SnapshotFailure> take_snapshot(const order::SoupEvent& event);
  bool take_taps();
  void pass_over_taps();
  bool join(std::uint64_t now_ns);
  void fail(SnapshotFailure failure, std::uint64_t now_ns);
  void finish();
  void enter(SnapshotState state) noexcept;

  RecoveryLink& link_;
  RecoveryWire& wire_;
  RecoverySettings settings_;
  RecoveryCounters counters_;
  feed::RerequestClient missing_;  // of the hot core
  feed::RerequestClient older_;    // between the snapshot and what was tapped
  SnapshotJoin join_;
  std::optional<order::SoupClient> soup_;
  bool logged_in_ = false;
  std::vector<std::byte> received_;
  std::uint64_t useless_ = 0;  // datagrams that brought nothing: late, or no packets
  bool lost_ = false;
  std::atomic<bool> asked_{false};
  SnapshotState state_ = SnapshotState::None;
  std::uint64_t deadline_ns_ = 0;
  std::uint64_t backoff_ns_;
  Packet packet_{};
  std::atomic<bool> stop_{false};
};

}  // namespace ridley::engine
