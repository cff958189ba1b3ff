// SPDX-License-Identifier: Apache-2.0
// In: an address and a port. Out: a socket of the kernel that is bound there, does not block, and
// closes with its owner; of TCP the clients that come. Cold.
#pragma once

#include <cstdint>
#include <string>

namespace ridley::venue {

class BoundSocket {
 public:
  enum class Kind : std::uint8_t { Tcp, Udp };

  // Port 0: any free one. Throws base::Error when it cannot be had.
  BoundSocket(std::string address, std::uint16_t port, Kind kind);
  ~BoundSocket() { close(); }
  BoundSocket(const BoundSocket&) = delete;
  BoundSocket& operator=(const BoundSocket&) = delete;

  // Negative while it is closed.
  [[nodiscard]] int descriptor() const noexcept { return descriptor_; }
  [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

  // The next client of a TCP port; negative when there is none.
  [[nodiscard]] int accept() const noexcept;

  // Nobody can connect until it is open again, on the same port. Throws base::Error.
  void close() noexcept;
  void open();

 private:
  std::string address_;
  Kind kind_;
  std::uint16_t port_;
  int descriptor_ = -1;
};

}  // namespace ridley::venue
