// SPDX-License-Identifier: Apache-2.0
// In: the text that names a port in the configuration. Out: what kind of port that is, with its
// parts, or an error that says what would have been right. Cold.
//
//   0000:01:00.0                     a network card by PCI address
//   net_vhost0,iface=PATH            this end of a software wire that owns the socket file
//   net_virtio_user0,path=PATH       the other end, which may start earlier or later
//   net_af_packet0,iface=NAME        a kernel interface, copied
//   net_af_xdp0,iface=NAME           a kernel interface, shared memory
//   net_pcap0,rx_pcap=FILE           DPDK's own capture port
//   pcap:FILE,rate=1x|8x|max         a capture replayed at the recorded pace, eight times it, or at
//   once memory                           both ends in this process, for tests
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ridley::nic {

enum class PortKind : std::uint8_t {
  Pci,
  Vhost,
  VirtioUser,
  AfPacket,
  AfXdp,
  DpdkCapture,
  Capture,
  Memory
};

// How fast a capture is replayed: each gap between frames divided by the factor, or not kept at
// all.
enum class ReplayRate : std::uint8_t { Recorded, EightTimes, Unlimited };

struct PortDescription {
  PortKind kind = PortKind::Memory;
  std::string device;     // "0000:01:00.0", "net_vhost0"; empty for Capture and Memory
  std::string arguments;  // what DPDK gets behind the device's name
  std::string path;       // socket, interface or file
  ReplayRate rate = ReplayRate::Recorded;
};

// Throws base::Error (EX_CONFIG).
[[nodiscard]] PortDescription describe_port(std::string_view text);

// Whether the port goes through DPDK.
[[nodiscard]] constexpr bool needs_dpdk(PortKind kind) noexcept {
  return kind != PortKind::Capture && kind != PortKind::Memory;
}

[[nodiscard]] const char* name(PortKind kind) noexcept;

}  // namespace ridley::nic
