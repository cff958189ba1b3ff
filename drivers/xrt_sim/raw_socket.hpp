// SPDX-License-Identifier: Apache-2.0
// In: the name of a kernel's interface. Out: every frame that comes in there, as it would stand on
// the wire: with its VLAN tag, and with the UDP checksum that the kernel leaves to its card. Cold.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "nic/frame.hpp"
#include "xrt_sim/mapping.hpp"

namespace ridley::xrt_sim {

class RawSocket {
 public:
  // Throws base::Error when there is no such interface, or when this user may not.
  explicit RawSocket(const std::string& interface);

  // False: nothing has come. The bytes stay until the next call.
  [[nodiscard]] bool receive(nic::Frame& frame);
  [[nodiscard]] int file() const { return socket_.number(); }

 private:
  Descriptor socket_;
  std::vector<std::byte> bytes_;
};

// Writes the checksum that an IPv4 datagram of UDP lacks; leaves anything else as it is.
void complete_udp_checksum(std::span<std::byte> frame);

}  // namespace ridley::xrt_sim
