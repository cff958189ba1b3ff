// SPDX-License-Identifier: Apache-2.0
// In: packets of the hot core in the outbound ring, bytes of the exchange. Out: bytes to the
// exchange, and in the inbound ring what order/soup_session.hpp makes of its own. Runs on the
// session thread; one session is one connection after the other.
//
// With a wire of its own the kernel's frames are carried by it and not by an interface of the
// machine, and packets that the hot core has put there already are only told to the kernel.
//
// Cold: the hot core meets only the rings.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/spsc_ring.hpp"
#include "order/delegated_wire.hpp"
#include "order/sequence_file.hpp"
#include "order/slots.hpp"
#include "order/soup_session.hpp"
#include "order/tcp_socket.hpp"

namespace ridley::order {

struct TcpSessionSettings : SoupSessionSettings {
  std::string host;
  std::uint16_t port = 0;
  // How long the thread sleeps between two looks at the rings when there is nothing to do. Zero:
  // never, for a core of its own.
  std::uint32_t idle_us = 50;
  std::uint64_t connect_timeout_ns = 3'000'000'000;
  std::uint64_t backoff_first_ns = 100'000'000;
  std::uint64_t backoff_max_ns = 5'000'000'000;
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

  [[nodiscard]] bool logged_in() const noexcept { return session_.logged_in(); }
  // Why the connection was last lost.
  [[nodiscard]] SoupCause cause() const noexcept { return session_.cause(); }
  [[nodiscard]] const SessionCounters& counters() const noexcept { return session_.counters(); }

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
  void lose(SoupCause cause, std::uint64_t now_ns);
  void back_off(std::uint64_t now_ns);
  void idle() const noexcept;
  void shut_down();
  void say_goodbye();

  TcpSessionSettings settings_;
  base::SpscRing<Outbound>& outbound_;
  DelegatedWire* wire_;
  SoupSession session_;
  TcpSocket socket_;
  Phase phase_ = Phase::Waiting;
  bool busy_ = false;  // the last step found something to do
  std::uint64_t next_attempt_ns_ = 0;
  std::uint64_t connect_deadline_ns_ = 0;
  std::uint64_t backoff_ns_;
  std::vector<std::byte> received_;
  std::atomic<bool> stop_{false};
};

}  // namespace ridley::order
