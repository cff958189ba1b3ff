// SPDX-License-Identifier: Apache-2.0
// In: bytes of one client's connection, nanoseconds, messages of the stream. Out: logins, the
// client's messages, and bytes to send. The server's half of SoupBinTCP 3.00, 4.00 and 4.10 without
// a socket or a clock: venue and tests.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "order/soup_packet.hpp"

namespace ridley::order {

// The sequenced messages of a session, kept so that any of them can be sent again. One stream
// outlives the connections that read it. The first message has number 1.
class SoupStream {
 public:
  explicit SoupStream(std::string session) : session_{std::move(session)} {}

  // Returns the number of the message.
  std::uint64_t append(std::span<const std::byte> message);

  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return ends_.size() + 1; }
  [[nodiscard]] std::span<const std::byte> message(std::uint64_t sequence) const noexcept;
  [[nodiscard]] const std::string& session() const noexcept { return session_; }

 private:
  std::string session_;
  std::vector<std::byte> bytes_;
  std::vector<std::size_t> ends_;
};

struct SoupServerSettings {
  std::string username;
  std::string password;
  // The newest that is spoken. A client of 4.10 is known by its login, which is longer; from 4.00
  // on the server may send messages without numbers.
  SoupVersion version = SoupVersion::V41;
  std::uint64_t heartbeat_ns = 1'000'000'000;
  std::uint64_t dead_peer_ns = 15'000'000'000;
  std::uint64_t login_timeout_ns = 30'000'000'000;
};

enum class SoupServerEventKind : std::uint8_t {
  LoggedIn,  // payload empty; the replay follows by itself
  Message,   // an unsequenced message of the client
  LogoutRequested,
  Broken,  // close the connection after output() is empty
};

enum class SoupServerCause : std::uint8_t {
  None,
  LoginTimeout,
  LoginRejected,
  PeerSilent,
  Malformed,
  NotLoggedIn,
};

struct SoupServerEvent {
  SoupServerEventKind kind;
  SoupServerCause cause = SoupServerCause::None;
  std::span<const std::byte> payload;  // valid until the next call
};

class SoupServer {
 public:
  // The stream must live as long as the connection.
  SoupServer(const SoupStream& stream, SoupServerSettings settings, std::uint64_t now_ns);

  void receive(std::span<const std::byte> bytes, std::uint64_t now_ns);

  // The next thing that happened; nothing when all is dealt with.
  [[nodiscard]] std::optional<SoupServerEvent> next(std::uint64_t now_ns);

  // Queues what the stream has gained and the heartbeat that is due. Call after appending and at
  // least every few hundred milliseconds.
  void poll(std::uint64_t now_ns);

  // A message without a number, which is not sent again. False before the login and in 3.00, which
  // has none.
  bool send_unsequenced(std::span<const std::byte> message, std::uint64_t now_ns);

  // The day is over: queues the end of session behind everything in the stream.
  void end_session(std::uint64_t now_ns);

  // Bytes for the socket, and how many of them it took.
  [[nodiscard]] std::span<const std::byte> output() const noexcept;
  void sent(std::size_t bytes);

  [[nodiscard]] bool logged_in() const noexcept { return state_ == State::LoggedIn; }
  [[nodiscard]] bool broken() const noexcept { return state_ == State::Broken; }
  [[nodiscard]] std::uint64_t unknown_packets() const noexcept { return unknown_packets_; }

 private:
  enum class State : std::uint8_t { AwaitingLogin, LoggedIn, Ended, Broken };

  std::optional<SoupServerEvent> take(const SoupPacket& packet, std::uint64_t now_ns);
  SoupServerEvent login(std::span<const std::byte> payload, std::uint64_t now_ns);
  SoupServerEvent reject(char reason, std::uint64_t now_ns);
  SoupServerEvent broken_by(SoupServerCause cause);
  void queue(SoupType type, std::span<const std::byte> payload, std::uint64_t now_ns);

  const SoupStream& stream_;
  SoupServerSettings settings_;
  SoupPacketReader reader_;
  std::vector<std::byte> output_;
  std::size_t output_read_ = 0;
  std::uint64_t next_sequence_ = 0;  // the next of the stream that this client gets
  std::uint64_t connected_ns_;
  std::uint64_t received_ns_;  // bytes
  std::uint64_t heard_ns_;     // a whole packet
  std::uint64_t sent_ns_;
  std::uint64_t unknown_packets_ = 0;
  State state_ = State::AwaitingLogin;
};

}  // namespace ridley::order
