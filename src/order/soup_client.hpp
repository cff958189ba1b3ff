// SPDX-License-Identifier: Apache-2.0
// In: bytes from the exchange's order port, nanoseconds, messages to send. Out: the session's
// events in order, and bytes to send. The client's half of SoupBinTCP without a socket or a clock;
// the session thread gives it both.
//
// SoupBinTCP 3.00, 4.00 and 4.10; sections are those of its sheet. Nothing on the wire carries a
// number (3.2), so the count of sequenced messages is the session's only
// memory: next_sequence() moves when an event is handed over, and the owner keeps it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "order/soup_packet.hpp"

namespace ridley::order {

struct SoupClientSettings {
  std::string username;
  std::string password;
  std::string session;              // empty: the active one
  std::uint64_t next_sequence = 1;  // 0: only what comes after the login
  SoupVersion version = SoupVersion::V3;
  std::uint64_t heartbeat_ns = 1'000'000'000;
  std::uint64_t dead_peer_ns = 15'000'000'000;
};

enum class SoupEventKind : std::uint8_t {
  LoggedIn,      // sequence: the number of the next sequenced message
  Sequenced,     // payload is message number `sequence`
  Unsequenced,   // payload is a message without a number; from 4.00 on
  Quiet,         // a heartbeat: the server has sent nothing for a second (3.3)
  EndOfSession,  // the day is over: do not come back
  Broken,        // close the connection; the cause says whether to come back
};

enum class SoupCause : std::uint8_t {
  None,
  NotAuthorised,
  SessionNotAvailable,
  PeerSilent,
  LengthZero,
  BadLogin,           // an answer that cannot be read
  SequencedTooEarly,  // before the login was accepted
  SecondLogin,
  ClosedByPeer,  // from here on the socket's, not the packets'
  ConnectFailed,
  ClosedHere,
  Disagreement,  // hot core and kernel differ about what was sent
};

[[nodiscard]] const char* name(SoupCause cause) noexcept;

struct SoupEvent {
  SoupEventKind kind;
  SoupCause cause = SoupCause::None;
  std::uint64_t sequence = 0;
  std::span<const std::byte> payload;  // valid until the next call
};

class SoupClient {
 public:
  explicit SoupClient(SoupClientSettings settings);

  // The connection is there: queues the login, for the session and number reached so far.
  void connected(std::uint64_t now_ns);
  // Between connections: forgets the session; the next login joins the active one at its end.
  void join_active() noexcept;
  // The connection is gone. What the peer had sent and next() did not give is asked for again.
  void disconnected() noexcept;

  void receive(std::span<const std::byte> bytes, std::uint64_t now_ns);

  // The next event; nothing when all is dealt with. Also finds out that the peer is silent.
  [[nodiscard]] std::optional<SoupEvent> next(std::uint64_t now_ns);

  // Queues a whole packet, three bytes of header included, as the hot core wrote it.
  void send_packet(std::span<const std::byte> packet, std::uint64_t now_ns);
  void log_out(std::uint64_t now_ns);
  // Queues the heartbeat that is due. Call at least every few hundred milliseconds.
  void poll(std::uint64_t now_ns);
  // For whoever has another way to send it: whether one is due, and that it was asked for.
  [[nodiscard]] bool heartbeat_due(std::uint64_t now_ns) const noexcept {
    return logged_in() && now_ns - sent_ns_ >= settings_.heartbeat_ns;
  }
  void heartbeat_asked_for(std::uint64_t now_ns) noexcept { sent_ns_ = now_ns; }

  [[nodiscard]] std::span<const std::byte> output() const noexcept;
  void sent(std::size_t bytes);

  [[nodiscard]] bool logged_in() const noexcept { return state_ == State::LoggedIn; }
  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_sequence_; }
  [[nodiscard]] const std::string& session() const noexcept { return session_; }
  [[nodiscard]] std::uint64_t unknown_packets() const noexcept { return unknown_packets_; }
  // Messages that the exchange repeated although they were not asked for; not handed over again.
  [[nodiscard]] std::uint64_t repeated_messages() const noexcept { return repeated_messages_; }

 private:
  enum class State : std::uint8_t { Closed, LoggingIn, LoggedIn, Ended };

  std::optional<SoupEvent> take(const SoupPacket& packet);
  std::optional<SoupEvent> take_sequenced(std::span<const std::byte> payload);
  SoupEvent accepted(std::span<const std::byte> payload);
  SoupEvent rejected(std::span<const std::byte> payload);
  SoupEvent broken_by(SoupCause cause);

  SoupClientSettings settings_;
  std::string session_;
  std::uint64_t next_sequence_;  // the next message to hand over
  std::uint64_t arriving_ = 0;   // the number of the next message on this connection
  SoupPacketReader reader_;
  std::vector<std::byte> output_;
  std::size_t output_read_ = 0;
  std::uint64_t received_ns_ = 0;  // bytes
  std::uint64_t heard_ns_ = 0;     // a whole packet (3.3)
  std::uint64_t sent_ns_ = 0;
  std::uint64_t unknown_packets_ = 0;
  std::uint64_t repeated_messages_ = 0;
  State state_ = State::Closed;
};

}  // namespace ridley::order
