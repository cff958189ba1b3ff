// SPDX-License-Identifier: Apache-2.0
// In: a host and a port, bytes. Out: bytes, or why there are none. The kernel's TCP, never
// blocking. Cold: the session thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace ridley::order {

class TcpSocket {
 public:
  TcpSocket() = default;
  ~TcpSocket() { close(); }
  TcpSocket(const TcpSocket&) = delete;
  TcpSocket& operator=(const TcpSocket&) = delete;

  // Starts to connect. False when the host cannot be resolved or refuses at once. Resolving a name
  // may block; an address does not.
  [[nodiscard]] bool start_connect(const std::string& host, std::uint16_t port);

  enum class Progress : std::uint8_t { Waiting, Connected, Failed };
  [[nodiscard]] Progress connecting() noexcept;

  enum class Outcome : std::uint8_t { Done, TryLater, Closed };
  struct Moved {
    Outcome outcome;
    std::size_t bytes = 0;
  };
  [[nodiscard]] Moved send(std::span<const std::byte> bytes) noexcept;
  [[nodiscard]] Moved receive(std::span<std::byte> into) noexcept;

  // Returns when there is something to read (or to write, if asked for) or the time is over.
  void wait(std::uint64_t timeout_ns, bool to_write) const noexcept;

  // How the kernel sends on this connection; nothing when there is none.
  struct Sending {
    std::uint32_t window_segments = 0;  // that may be on their way
    std::uint32_t segment_bytes = 0;    // the largest
    bool recovering = false;            // from a retransmission timeout
  };
  [[nodiscard]] std::optional<Sending> congestion() const noexcept;

  // Room for what the peer has not acknowledged, as the kernel counts it.
  void set_send_buffer(int bytes) noexcept;

  // Ends our half: a FIN behind what was sent.
  void end_sending() noexcept;
  // Ends both halves at once: a RST, and what was not sent is forgotten.
  void abort() noexcept;
  void close() noexcept;
  [[nodiscard]] bool is_open() const noexcept { return descriptor_ >= 0; }

 private:
  int descriptor_ = -1;
};

}  // namespace ridley::order
