// SPDX-License-Identifier: Apache-2.0
// In: whether there is a connection, bytes of the exchange, packets of the hot core, the time.
// Out: bytes for the exchange, and in the inbound ring its messages with the session's own events
// in between, in order. All that is between the two rings and a socket but the socket and a clock:
// order/tcp_session.hpp has both, a simulation has neither. Cold; one owner.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>

#include "base/spsc_ring.hpp"
#include "order/ouch42_replies.hpp"
#include "order/sequence_file.hpp"
#include "order/slots.hpp"
#include "order/soup_client.hpp"

namespace ridley::order {

struct SoupSessionSettings {
  SoupClientSettings soup;
  // The exchange speaks OUCH 4.2 and our tokens begin like this; the hot core gets it in 5.0.
  std::optional<TokenPrefix> token_prefix{};
  // The session and the number to begin with are those of an earlier process: should the exchange
  // not have that session any more, the one that is active is joined at its end.
  bool resumes = false;

  void resume(const StreamPlace& place) {
    soup.session = place.session;
    soup.next_sequence = place.next_sequence;
    resumes = true;
  }
};

// Written by the owner, read by anybody.
struct SessionCounters {
  std::atomic<std::uint64_t> logins{0};
  std::atomic<std::uint64_t> connects_failed{0};
  std::atomic<std::uint64_t> messages_received{0};
  std::atomic<std::uint64_t> packets_sent{0};
  std::atomic<std::uint64_t> packets_discarded{0};  // of a connection that is gone
  std::atomic<std::uint64_t> messages_cut{0};       // longer than a slot
  std::atomic<std::uint64_t> next_sequence{0};      // of the stream, after delivery
  std::atomic<std::uint64_t> places_lost{0};        // the sequence file could not be written
};

class SoupSession {
 public:
  // The file, if there is one, keeps the place in the stream and outlives the session.
  SoupSession(const SoupSessionSettings& settings, base::SpscRing<Inbound>& inbound,
              SequenceFile* file = nullptr);

  // The connection is there: the login is queued.
  void connected(std::uint64_t now_ns);
  // It is gone, or could not be made. False: asking again, with the same password or session, would
  // get the same answer.
  [[nodiscard]] bool lost(SoupCause cause);

  // Whether a packet was written for this login; counts it. If not it must not be sent: an order
  // that is seconds old must not reach the market.
  [[nodiscard]] bool accepts(const Outbound& packet) noexcept;
  void send(const Outbound& packet, std::uint64_t now_ns) {
    soup_.send_packet(packet.packet(), now_ns);
  }

  void receive(std::span<const std::byte> bytes, std::uint64_t now_ns) {
    soup_.receive(bytes, now_ns);
  }

  enum class Delivery : std::uint8_t {
    All,       // nothing is left
    RingFull,  // something waits: receive nothing more
    Ended,     // the day is over
    Broken,    // cause() says why; the connection has to be given up
  };
  // Everything that is there, or as much as the ring takes. Also finds out that the peer is silent.
  Delivery deliver(std::uint64_t now_ns);

  // True when nothing waits for room in the ring any more.
  bool push_waiting();
  [[nodiscard]] bool waits() const noexcept { return waiting_count_ > 0; }
  // Since the last call something went into the ring.
  [[nodiscard]] bool take_moved() noexcept { return std::exchange(moved_, false); }

  // Keeps the place in the stream when all before it is delivered, which is what the hot core has
  // taken out of the ring.
  void keep_place();

  // What to send is its output; heartbeats are asked for there.
  [[nodiscard]] SoupClient& soup() noexcept { return soup_; }
  [[nodiscard]] const SoupClient& soup() const noexcept { return soup_; }

  [[nodiscard]] bool is_connected() const noexcept { return connected_; }
  // Logged in, and the hot core was told.
  [[nodiscard]] bool is_up() const noexcept { return told_logged_in_ && soup_.logged_in(); }
  [[nodiscard]] std::uint16_t connection() const noexcept { return connection_; }

  // Any thread.
  [[nodiscard]] bool logged_in() const noexcept {
    return logged_in_.load(std::memory_order_relaxed);
  }
  // Why the connection was last lost.
  [[nodiscard]] SoupCause cause() const noexcept { return cause_.load(std::memory_order_relaxed); }
  [[nodiscard]] const SessionCounters& counters() const noexcept { return counters_; }

 private:
  Delivery take(const SoupEvent& event);
  void say(InboundKind kind, std::uint64_t sequence, std::span<const std::byte> bytes = {},
           SoupCause cause = SoupCause::None);
  void say_logged_in(std::uint64_t sequence);
  void say_message(const SoupEvent& event);

  SoupClient soup_;
  base::SpscRing<Inbound>& inbound_;
  SequenceFile* file_;
  std::optional<Ouch42Replies> older_;
  // For room in the ring: what came last, and behind it that the connection is lost.
  std::array<Inbound, 2> waiting_{};
  std::size_t waiting_count_ = 0;
  std::uint64_t kept_sequence_ = 0;
  std::uint16_t connection_ = 0;
  bool resumes_;
  bool connected_ = false;
  bool told_logged_in_ = false;  // so that each Disconnected follows a LoggedIn
  bool moved_ = false;
  std::atomic<bool> logged_in_{false};
  std::atomic<SoupCause> cause_{SoupCause::None};
  SessionCounters counters_;
};

}  // namespace ridley::order
