// SPDX-License-Identifier: Apache-2.0
// In: packets of the hot core in the outbound ring, bytes of the exchange. Out: bytes to the
// exchange, and in the inbound ring its messages with the session's own events in between, in
// order. Runs on the session thread; one session is one connection after the other.
//
// With a wire of its own the kernel's frames are carried by it and not by an interface of the
// machine, and packets that the hot core has put there already are only told to the kernel.
//
// Cold: the hot core meets only the rings.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/spsc_ring.hpp"
#include "order/delegated_wire.hpp"
#include "order/ouch42_replies.hpp"
#include "order/sequence_file.hpp"
#include "order/slots.hpp"
#include "order/soup_client.hpp"
#include "order/tcp_socket.hpp"

namespace ridley::order {

struct TcpSessionSettings {
  std::string host;
  std::uint16_t port = 0;
  SoupClientSettings soup;
  // The exchange speaks OUCH 4.2 and our tokens begin like this; the hot core gets it in 5.0.
  std::optional<TokenPrefix> token_prefix{};
  // How long the thread sleeps between two looks at the rings when there is nothing to do. Zero:
  // never, for a core of its own.
  std::uint32_t idle_us = 50;
  std::uint64_t connect_timeout_ns = 3'000'000'000;
  std::uint64_t backoff_first_ns = 100'000'000;
  std::uint64_t backoff_max_ns = 5'000'000'000;
  // The session and the number to begin with are those of an earlier process: should the exchange
  // not have that session any more, the one that is active is joined at its end.
  bool resumes = false;

  void resume(const StreamPlace& place) {
    soup.session = place.session;
    soup.next_sequence = place.next_sequence;
    resumes = true;
  }
};

// Written by the session thread, read by anybody.
struct TcpSessionCounters {
  std::atomic<std::uint64_t> logins{0};
  std::atomic<std::uint64_t> connects_failed{0};
  std::atomic<std::uint64_t> messages_received{0};
  std::atomic<std::uint64_t> packets_sent{0};
  std::atomic<std::uint64_t> packets_discarded{0};  // of a connection that is gone
  std::atomic<std::uint64_t> messages_cut{0};       // longer than a slot
  std::atomic<std::uint64_t> next_sequence{0};      // of the stream, after delivery
  std::atomic<std::uint64_t> places_lost{0};        // the sequence file could not be written
};

class TcpSession {
 public:
  // The wire, if there is one, outlives the session, and so does the file that keeps its place.
  TcpSession(TcpSessionSettings settings, base::SpscRing<Outbound>& outbound,
             base::SpscRing<Inbound>& inbound, DelegatedWire* wire = nullptr,
             SequenceFile* file = nullptr);

  // The body of the session thread: until request_stop(), or until the exchange has ended the
  // session or refused the login, after which coming back would be no use.
  void run();

  // Any thread. Logs out and closes.
  void request_stop() noexcept { stop_.store(true, std::memory_order_relaxed); }

  [[nodiscard]] bool logged_in() const noexcept {
    return logged_in_.load(std::memory_order_relaxed);
  }
  // Why the connection was last lost.
  [[nodiscard]] SoupCause cause() const noexcept { return cause_.load(std::memory_order_relaxed); }
  [[nodiscard]] const TcpSessionCounters& counters() const noexcept { return counters_; }

 private:
  enum class Phase : std::uint8_t { Waiting, Connecting, Connected, Finished };

  void step(std::uint64_t now_ns);
  void advance(std::uint64_t now_ns);
  void start_connect(std::uint64_t now_ns);
  void finish_connect(std::uint64_t now_ns);
  void exchange(std::uint64_t now_ns);
  bool take_outbound(std::uint64_t now_ns);
  bool take(const Outbound& slot, std::uint64_t now_ns);
  void beat(std::uint64_t now_ns);
  bool flush();
  bool take_socket(std::uint64_t now_ns);
  bool deliver(std::uint64_t now_ns);
  bool deliver(const SoupEvent& event, std::uint64_t now_ns);
  bool fill_message(const SoupEvent& event);
  bool push_pending();
  void keep_place();
  void lose(SoupCause cause, std::uint64_t now_ns);
  void back_off(std::uint64_t now_ns);
  void idle() const noexcept;
  void shut_down();
  void say_goodbye();

  TcpSessionSettings settings_;
  base::SpscRing<Outbound>& outbound_;
  base::SpscRing<Inbound>& inbound_;
  DelegatedWire* wire_;
  SequenceFile* file_;
  std::uint64_t kept_sequence_ = 0;
  SoupClient soup_;
  std::optional<Ouch42Replies> older_;
  TcpSocket socket_;
  Phase phase_ = Phase::Waiting;
  Inbound pending_;  // kind None: nothing waits for room in the ring
  std::uint16_t connection_ = 0;
  bool told_logged_in_ = false;  // so that each Disconnected follows a LoggedIn
  bool busy_ = false;            // the last step found something to do
  std::uint64_t next_attempt_ns_ = 0;
  std::uint64_t connect_deadline_ns_ = 0;
  std::uint64_t backoff_ns_;
  std::vector<std::byte> received_;
  std::atomic<bool> stop_{false};
  std::atomic<bool> logged_in_{false};
  std::atomic<SoupCause> cause_{SoupCause::None};
  TcpSessionCounters counters_;
};

}  // namespace ridley::order
