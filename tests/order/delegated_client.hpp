// SPDX-License-Identifier: Apache-2.0
// In: a port to an exchange, how many orders and how fast. Out: the product's own order connection
// on it, with its two threads: a hot one that makes numbered orders and sends them, a session one
// that owns the kernel's socket.
#pragma once

#include <net/if.h>
#include <sys/ioctl.h>

#include <atomic>
#include <chrono>
#include <cstring>
#include <string>
#include <thread>

#include "base/tsc_clock.hpp"
#include "kernel_exchange.hpp"
#include "order/delegated_wire.hpp"
#include "order/hot_end.hpp"
#include "order/tcp_session.hpp"

namespace ridley::order::test {

struct ClientBehaviour {
  std::uint64_t orders = 0;
  std::uint64_t gap_ns = 20'000;
  std::uint64_t heartbeat_ns = 1'000'000'000;
  std::uint32_t unacknowledged_max = 16'384;
  nic::MacAddress mac = kClientMac;
};

inline TcpSessionSettings session_settings(const ClientBehaviour& behaviour) {
  TcpSessionSettings settings;
  settings.host = "10.77.0.2";
  settings.port = kExchangePort;
  settings.soup.username = "ridley";
  settings.soup.password = "secret";
  settings.soup.next_sequence = 0;
  settings.soup.heartbeat_ns = behaviour.heartbeat_ns;
  settings.idle_us = 0;
  settings.backoff_first_ns = 1'000'000;
  settings.backoff_max_ns = 10'000'000;
  return settings;
}

template <nic::Port Wire>
class DelegatedClient {
 public:
  DelegatedClient(Wire& wire, const ClientBehaviour& behaviour)
      : behaviour_{behaviour},
        frame_port_{wire},
        hot_{wire, packets_, handover_},
        delegated_{{.tap = {.name = "order0",
                            .mac = behaviour.mac,
                            .ip = kClientIp,
                            .kernel_settings = delegated_kernel_settings()},
                    .unacknowledged_max = behaviour.unacknowledged_max},
                   frame_port_,
                   handover_},
        session_{session_settings(behaviour), handover_.departed(), inbound_, &delegated_},
        session_thread_{[this] { session_.run(); }},
        hot_thread_{[this] { run_hot(); }} {}
  ~DelegatedClient() { stop(); }

  // As the appliance does it: the hot core first.
  void stop() {
    finish_ = true;
    if (hot_thread_.joinable()) hot_thread_.join();
    session_.request_stop();
    if (session_thread_.joinable()) session_thread_.join();
  }

  void send_more(std::uint64_t orders) { wanted_ += orders; }
  [[nodiscard]] std::uint64_t sent() const { return sent_; }
  [[nodiscard]] std::uint64_t answers() const { return answers_; }
  [[nodiscard]] std::uint64_t disconnects() const { return disconnects_; }
  [[nodiscard]] bool ready() const { return ready_; }
  [[nodiscard]] bool leased() const { return leased_; }
  [[nodiscard]] const TcpSession& session() const { return session_; }

  // The kernel then cuts the stream into smaller segments.
  void set_mtu(int bytes) {
    std::thread{[this, bytes] {
      delegated_.enter();
      const base::Descriptor socket{::socket(AF_INET, SOCK_DGRAM, 0)};
      ifreq wanted{};
      std::strcpy(wanted.ifr_name, "order0");
      wanted.ifr_mtu = bytes;
      ::ioctl(socket.number(), SIOCSIFMTU, &wanted);
    }}.join();
  }

  // After stop().
  [[nodiscard]] const HotEndCounters& hot() const { return hot_.counters(); }
  [[nodiscard]] const DelegatedWire& wire() const { return delegated_; }
  [[nodiscard]] std::uint64_t fallbacks(Fallback why) const {
    return hot_.counters().fallbacks[static_cast<std::size_t>(why)];
  }
  [[nodiscard]] std::string summary() const {
    const ExceptionCounters& path = delegated_.path().counters();
    std::string text = "sent " + std::to_string(sent_) + " hot " +
                       std::to_string(hot().packets_hot) + " leases " +
                       std::to_string(hot().leases) + " void " + std::to_string(hot().leases_void);
    for (std::size_t i = 0; i < kFallbacks; ++i)
      if (hot().fallbacks[i] != 0)
        text += std::string{" "} + std::string{name_of(static_cast<Fallback>(i))} + " " +
                std::to_string(hot().fallbacks[i]);
    text += "; copies dropped " + std::to_string(path.copies_dropped) + " cut " +
            std::to_string(path.copies_cut) + " stale " + std::to_string(path.copies_stale) +
            " kernel " + std::to_string(path.kernel_segments) + " again " +
            std::to_string(path.retransmissions) + "; acks moved " +
            std::to_string(path.acknowledgements_moved) + " saved " +
            std::to_string(path.acknowledgements_saved) + " cut " +
            std::to_string(path.acknowledgements_cut) + " again " +
            std::to_string(path.acknowledgements_again) + " broken " +
            std::to_string(path.broken_frames) + "; lost " +
            std::to_string(delegated_.counters().frames_lost) + "; logins " +
            std::to_string(session_.counters().logins.load()) + " of " +
            std::to_string(path.connections) + " connections, ended by " + name(session_.cause());
    return text;
  }

 private:
  static std::uint64_t now_ns() {
    return static_cast<std::uint64_t>(std::chrono::steady_clock::now().time_since_epoch() /
                                      std::chrono::nanoseconds{1});
  }

  void run_hot() {
    std::uint64_t next_ns = 0;
    while (!finish_) {
      hot_.turn();
      leased_ = hot_.leased();
      take_inbound();
      const std::uint64_t now = now_ns();
      if (!ready_ || sent_ >= wanted_ || now < next_ns) {
        std::this_thread::yield();
        continue;
      }
      next_ns = now + behaviour_.gap_ns;
      if (push_order()) hot_.depart();
    }
    hot_.leave();
  }

  void take_inbound() {
    Inbound slot;
    while (inbound_.pop(slot)) {
      switch (slot.kind) {
        case InboundKind::LoggedIn:
          connection_ = slot.connection;
          ready_ = true;
          break;
        case InboundKind::Message: ++answers_; break;
        case InboundKind::Disconnected:
          ready_ = false;
          ++disconnects_;
          break;
        default: break;
      }
    }
  }

  bool push_order() {
    Outbound* slot = packets_.claim();
    if (slot == nullptr) return false;
    const NumberedOrder order = numbered_order(sent_);
    slot->length = 3 + order.size();
    slot->connection = connection_;
    slot->bytes[0] = std::byte{0};
    slot->bytes[1] = static_cast<std::byte>(order.size() + 1);
    slot->bytes[2] = std::byte{'U'};
    std::memcpy(&slot->bytes[3], order.data(), order.size());
    packets_.publish();
    ++sent_;
    return true;
  }

  ClientBehaviour behaviour_;
  base::SpscRing<Outbound> packets_{1024};
  base::SpscRing<Inbound> inbound_{1024};
  Handover handover_{1024};
  FramePortOf<Wire> frame_port_;
  HotEnd<Wire> hot_;
  DelegatedWire delegated_;
  TcpSession session_;
  std::uint16_t connection_ = 0;
  std::atomic<std::uint64_t> wanted_{behaviour_.orders};
  std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> answers_{0};
  std::atomic<std::uint64_t> disconnects_{0};
  std::atomic<bool> ready_{false};
  std::atomic<bool> leased_{false};
  std::atomic<bool> finish_{false};
  std::thread session_thread_;
  std::thread hot_thread_;
};

}  // namespace ridley::order::test
