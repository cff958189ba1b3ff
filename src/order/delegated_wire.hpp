// SPDX-License-Identifier: Apache-2.0
// In: a port, an address of our own, the hot core's packets. Out: a TCP connection of the kernel
// over that port, on which the hot core may send first: frames are carried both ways under the
// rules of order/exception_path.hpp, leases are given under those of order/handover.hpp. Cold: the
// session thread, which owns the socket as well.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "nic/tap_network.hpp"
#include "order/exception_path.hpp"
#include "order/frame_port.hpp"
#include "order/handover.hpp"
#include "order/leases.hpp"
#include "order/tcp_socket.hpp"
#include "telemetry/counter_page.hpp"

namespace ridley::order {

// How often the kernel is asked for its congestion window: a system call.
inline constexpr std::uint64_t kCongestionEveryNs = 1'000'000;

// What the kernel keeps for a packet in its send buffer is ten times the packet.
inline constexpr int kSendBufferBytes = 4 << 20;

struct DelegatedWireSettings {
  nic::TapSettings tap;
  std::uint32_t unacknowledged_max = 16'384;
};

// The settings of TCP that the kernel's end needs: no option in data segments (a lease is not given
// otherwise), no slow start after a pause, retransmission in milliseconds where the kernel can.
[[nodiscard]] std::vector<nic::TapSettings::KernelSetting> delegated_kernel_settings();

struct WireCounters {
  std::uint64_t frames_in = 0;
  std::uint64_t frames_ignored = 0;  // of the wire, and not for us
  std::uint64_t frames_out = 0;
  std::uint64_t frames_lost = 0;  // no room towards the hot core, the port or the kernel
};

class DelegatedWire {
 public:
  // Makes the network and its interface. Throws base::Error. The port and the handover outlive it.
  DelegatedWire(const DelegatedWireSettings& settings, FramePort& port, Handover& handover);

  // Before start: shows the counters. They are then published by the session thread.
  void mirror(telemetry::CounterPage& page);

  // The session thread, before its first socket.
  void enter() const { network_.enter(); }

  // Carries what there is, both ways. True when there was something.
  bool pump(std::uint64_t now_ns);

  // A packet of the hot core came out of the ring. `queued` bytes wait for the socket before it.
  // False when it cannot be the stream's next, so that the connection has to be given up.
  [[nodiscard]] bool took(const Outbound& packet, bool current, std::size_t queued,
                          std::uint64_t now_ns);
  void gave(std::size_t bytes) noexcept { path_.gave(bytes); }

  // After each look at the socket: takes and gives leases.
  struct Standing {
    bool logged_in = false;
    std::uint16_t connection = 0;
    std::size_t queued = 0;  // bytes that the socket has not taken
  };
  void settle(const Standing& standing, const TcpSocket& socket, std::uint64_t now_ns);

  // Whether the session thread may write into the stream itself. If not, the hot core is asked.
  // Once the hot loop has ended, and we have heard of everything that it did.
  [[nodiscard]] bool stream_is_ours() const noexcept {
    return leases_.stream_is_ours() || (handover_.hot_ended() && handover_.departed().size() == 0);
  }
  [[nodiscard]] bool ask_for_heartbeat(std::uint16_t connection);

  // The peer has bytes that the kernel does not know of.
  [[nodiscard]] bool is_ahead() const noexcept { return path_.is_ahead(); }
  void lose();

  [[nodiscard]] const ExceptionPath& path() const noexcept { return path_; }
  [[nodiscard]] const Leases& leases() const noexcept { return leases_; }
  [[nodiscard]] const WireCounters& counters() const noexcept { return counters_; }

 private:
  // A frame of the kernel with room for any, filled up to the shortest.
  static constexpr std::size_t kRoomBytes = 2'048;

  void to_kernel(const nic::Frame& frame);
  [[nodiscard]] bool is_for_us(std::span<const std::byte> frame) const noexcept;
  bool take_from_kernel(std::uint64_t now_ns);
  void to_wire(std::size_t bytes);
  void send_left_over();
  void ask_congestion(const TcpSocket& socket, std::uint64_t now_ns);
  void give(const Leases::Lease& lease, std::uint16_t connection);

  FramePort& port_;
  Handover& handover_;
  nic::TapNetwork network_;
  nic::MacAddress mac_;
  ExceptionPath path_;
  Leases leases_;
  std::array<nic::Frame, nic::kBurstFramesMax> frames_{};
  std::array<std::byte, kRoomBytes> room_{};
  std::uint64_t congestion_due_ns_ = 0;
  WireCounters counters_;
  telemetry::CounterMirror mirror_;
};

}  // namespace ridley::order
