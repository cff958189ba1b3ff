// SPDX-License-Identifier: Apache-2.0
// In: the servers' addresses. Out: what the recovery core needs of a network, over the kernel's UDP
// and TCP. Cold; the recovery core.
#pragma once

#include <vector>

#include "engine/recovery.hpp"
#include "engine/recovery_wire.hpp"
#include "nic/udp_socket.hpp"

namespace ridley::engine {

class RecoverySockets final : public RecoveryWire {
 public:
  // Throws base::Error when a server cannot be found.
  explicit RecoverySockets(const RecoverySettings& settings);

  void ask(std::size_t server, std::span<const std::byte> datagram) override;
  [[nodiscard]] std::optional<std::size_t> answer(std::size_t server,
                                                  std::span<std::byte> into) override;

  [[nodiscard]] bool start_connect() override;
  [[nodiscard]] order::TcpSocket::Progress connecting() override { return socket_.connecting(); }
  [[nodiscard]] order::TcpSocket::Moved send(std::span<const std::byte> bytes) override {
    return socket_.send(bytes);
  }
  [[nodiscard]] order::TcpSocket::Moved receive(std::span<std::byte> into) override {
    return socket_.receive(into);
  }
  void close() override { socket_.close(); }

 private:
  std::optional<Server> glimpse_;
  std::vector<nic::UdpSocket> servers_;
  order::TcpSocket socket_;
};

}  // namespace ridley::engine
