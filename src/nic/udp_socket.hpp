// SPDX-License-Identifier: Apache-2.0
// In: a host and a port, datagrams. Out: the datagrams that come back from there and from nowhere
// else. The kernel's UDP, never blocking. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ridley::nic {

class UdpSocket {
 public:
  // Throws base::Error (EX_NOHOST) when the host cannot be resolved, (EX_OSERR) when there is no
  // socket to be had. Resolving a name may block; an address does not.
  UdpSocket(const std::string& host, std::uint16_t port);
  ~UdpSocket();
  UdpSocket(UdpSocket&& other) noexcept;
  UdpSocket& operator=(UdpSocket&&) = delete;

  // False: it did not leave, which the network might have done to it as well.
  bool send(std::span<const std::byte> datagram) noexcept;
  // The next datagram, cut to the room; nothing when none is here.
  [[nodiscard]] std::optional<std::size_t> receive(std::span<std::byte> into) noexcept;

 private:
  int descriptor_;
};

}  // namespace ridley::nic
