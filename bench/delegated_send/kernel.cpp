// SPDX-License-Identifier: Apache-2.0
// In: an established connection over the loopback interface. Out: how long send() takes for one
// order, the reader emptied between two. The loopback has the receiver's half of the stack in it; a
// network card would have its driver.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <array>

#include "base/descriptor.hpp"
#include "base/error.hpp"
#include "bench/delegated_send/orders.hpp"
#include "bench/support/latencies.hpp"
#include "bench/support/report.hpp"

namespace ridley::bench::delegated_send {
namespace {

struct Connection {
  base::Descriptor ours;
  base::Descriptor theirs;
};

Connection connect() {
  const base::Descriptor listener{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  auto* where = reinterpret_cast<sockaddr*>(&address);
  socklen_t size = sizeof address;
  if (::bind(listener.number(), where, size) != 0 || ::listen(listener.number(), 1) != 0)
    throw base::Error{"nobody may listen on the loopback interface"};
  ::getsockname(listener.number(), where, &size);
  Connection connection;
  connection.ours = base::Descriptor{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
  if (::connect(connection.ours.number(), where, size) != 0) throw base::Error{"no connection"};
  connection.theirs =
      base::Descriptor{::accept4(listener.number(), nullptr, nullptr, SOCK_CLOEXEC)};
  const int on = 1;
  ::setsockopt(connection.ours.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return connection;
}

void measure(Report& report, Words) {
  const base::TscClock clock = base::TscClock::calibrate();
  const Connection connection = connect();
  const order::Outbound packet = order_packet();
  std::array<std::byte, 4'096> room;
  Latencies sends{kOrders};
  for (std::size_t i = 0; i < kOrders; ++i) {
    const std::uint64_t begin = base::read_tsc();
    const ssize_t sent =
        ::send(connection.ours.number(), packet.bytes.data(), packet.length, MSG_NOSIGNAL);
    sends.add(base::read_tsc() - begin);
    report.check(sent == packet.length);
    (void)::recv(connection.theirs.number(), room.data(), room.size(), 0);
  }
  report.row("order bytes to the kernel's frame", "ns", sends.in_ns(clock));
}

}  // namespace
}  // namespace ridley::bench::delegated_send

const ridley::bench::Contender ridley::bench::kContender{
    .task = "delegated_send",
    .name = "kernel",
    .timed = "send() of one order on a loopback connection, the receiver's stack included",
    .measure = ridley::bench::delegated_send::measure};
