// SPDX-License-Identifier: Apache-2.0
// In: clients of a TCP port, streams of drop copies. Out: to each that logs in the stream of its
// name from the number it asks for, over SoupBinTCP. Any number may read one stream; what they say
// is ignored. Never blocks; the venue's thread.
#pragma once

#include <cstdint>
#include <list>
#include <string>

#include "venue/account_streams.hpp"
#include "venue/bound_socket.hpp"
#include "venue/connections.hpp"
#include "venue/order_connection.hpp"

namespace ridley::venue {

// One reader's connection, whatever carries it. True if it said anything.
bool serve_drop_copy(ClientSession& reader, const AccountStreams& streams, std::uint64_t now_ns);

class DropCopyPort {
 public:
  static constexpr std::size_t kReadersMax = 16;

  // Port 0: any free one. The streams must outlive it, and so must the connections, which are its
  // alone. Throws base::Error.
  DropCopyPort(const std::string& address, std::uint16_t port, const AccountStreams& streams,
               Connections& connections);
  ~DropCopyPort();
  DropCopyPort(const DropCopyPort&) = delete;
  DropCopyPort& operator=(const DropCopyPort&) = delete;

  // One round. True if anything moved.
  bool poll(std::uint64_t monotonic_ns);
  // The day is over: tells every reader.
  void end_session(std::uint64_t monotonic_ns);
  // False when all have gone.
  [[nodiscard]] bool hear_out(std::uint64_t monotonic_ns);

  [[nodiscard]] std::uint16_t port() const noexcept { return socket_.port(); }

 private:
  bool serve(OrderConnection& reader, std::uint64_t now_ns);
  void drop_dead();

  const AccountStreams& streams_;
  Connections& connections_;
  std::list<OrderConnection> readers_;
  BoundSocket socket_;
};

}  // namespace ridley::venue
