// SPDX-License-Identifier: Apache-2.0
// What the recovery core needs of a network, whoever carries it: the kernel
// (engine/recovery_sockets.hpp), or a simulation. In: requests for re-request servers, bytes for
// the snapshot's server. Out: what they answer. Never blocks. Cold; one owner.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "order/tcp_socket.hpp"

namespace ridley::engine {

class RecoveryWire {
 public:
  virtual ~RecoveryWire() = default;

  // A datagram for a server, counted from 0. It may be lost.
  virtual void ask(std::size_t server, std::span<const std::byte> datagram) = 0;
  // The next datagram of that server, cut to the room; nothing when none is here.
  [[nodiscard]] virtual std::optional<std::size_t> answer(std::size_t server,
                                                          std::span<std::byte> into) = 0;

  // The connection to the snapshot's server, one at a time; as order::TcpSocket has it.
  [[nodiscard]] virtual bool start_connect() = 0;
  [[nodiscard]] virtual order::TcpSocket::Progress connecting() = 0;
  [[nodiscard]] virtual order::TcpSocket::Moved send(std::span<const std::byte> bytes) = 0;
  [[nodiscard]] virtual order::TcpSocket::Moved receive(std::span<std::byte> into) = 0;
  virtual void close() = 0;
};

}  // namespace ridley::engine
