// SPDX-License-Identifier: Apache-2.0
#include "order/tcp_socket.hpp"

#include <gtest/gtest.h>

#include "loopback_exchange.hpp"

namespace ridley::order {
namespace {

constexpr std::uint64_t kSecondNs = 1'000'000'000;

TEST(TcpSocket, SaysThatAHostCannotBeResolved) {
  TcpSocket socket;
  EXPECT_FALSE(socket.start_connect("not an address", 1));
  EXPECT_FALSE(socket.is_open());
}

TEST(TcpSocket, SaysThatNobodyListens) {
  std::uint16_t port = 0;
  {
    LoopbackExchange closed;
    port = closed.port();
  }
  TcpSocket socket;
  if (!socket.start_connect("127.0.0.1", port)) return;
  socket.wait(kSecondNs, true);
  EXPECT_EQ(socket.connecting(), TcpSocket::Progress::Failed);
}

TEST(TcpSocket, ConnectsAndFindsNothingToReadYet) {
  LoopbackExchange exchange;
  TcpSocket socket;
  ASSERT_TRUE(socket.start_connect("127.0.0.1", exchange.port()));
  socket.wait(kSecondNs, true);
  ASSERT_EQ(socket.connecting(), TcpSocket::Progress::Connected);
  std::byte bytes[8] = {};
  EXPECT_EQ(socket.receive(bytes).outcome, TcpSocket::Outcome::TryLater);
  EXPECT_EQ(socket.send(bytes).bytes, 8U);
}

TEST(TcpSocket, NoticesThatThePeerHasGone) {
  auto exchange = std::make_unique<LoopbackExchange>();
  TcpSocket socket;
  ASSERT_TRUE(socket.start_connect("127.0.0.1", exchange->port()));
  socket.wait(kSecondNs, true);
  ASSERT_EQ(socket.connecting(), TcpSocket::Progress::Connected);
  exchange.reset();
  socket.wait(kSecondNs, false);
  std::byte bytes[8] = {};
  EXPECT_EQ(socket.receive(bytes).outcome, TcpSocket::Outcome::Closed);
}

}  // namespace
}  // namespace ridley::order
