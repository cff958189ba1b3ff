// SPDX-License-Identifier: Apache-2.0
#include "nic/udp_socket.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <string>

#include "base/error.hpp"

namespace ridley::nic {
namespace {

// The other end: a socket of the kernel on any free port.
struct Peer {
  Peer() {
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::bind(descriptor, as_any(), sizeof address), 0);
    socklen_t size = sizeof address;
    ::getsockname(descriptor, as_any(), &size);
  }
  ~Peer() { ::close(descriptor); }
  sockaddr* as_any() { return reinterpret_cast<sockaddr*>(&address); }
  [[nodiscard]] std::uint16_t port() const { return ntohs(address.sin_port); }

  int descriptor = ::socket(AF_INET, SOCK_DGRAM, 0);
  sockaddr_in address{};
};

std::string receive(UdpSocket& socket) {
  std::array<std::byte, 64> room;
  for (int i = 0; i < 2'000; ++i) {
    if (const auto bytes = socket.receive(room))
      return {reinterpret_cast<const char*>(room.data()), *bytes};
    ::poll(nullptr, 0, 1);
  }
  return "nothing";
}

}  // namespace

TEST(UdpSocket, HearsItsServerAndNobodyElse) {
  Peer server;
  Peer stranger;
  UdpSocket socket{"127.0.0.1", server.port()};
  std::array<std::byte, 64> room;
  EXPECT_FALSE(socket.receive(room)) << "nothing has come";
  const std::array<std::byte, 3> request{std::byte{'a'}, std::byte{'s'}, std::byte{'k'}};
  ASSERT_TRUE(socket.send(request));
  sockaddr_in from{};
  socklen_t size = sizeof from;
  auto* const any = reinterpret_cast<sockaddr*>(&from);
  ASSERT_EQ(::recvfrom(server.descriptor, room.data(), room.size(), 0, any, &size), 3);
  ASSERT_EQ(::sendto(stranger.descriptor, "no", 2, 0, any, size), 2);
  ASSERT_EQ(::sendto(server.descriptor, "yes", 3, 0, any, size), 3);
  EXPECT_EQ(receive(socket), "yes");
  EXPECT_FALSE(socket.receive(room));
}

TEST(UdpSocket, SurvivesAServerThatIsNotThere) {
  std::uint16_t port = 0;
  {
    port = Peer{}.port();
  }
  UdpSocket socket{"127.0.0.1", port};
  const std::array<std::byte, 1> request{};
  std::array<std::byte, 8> room;
  for (int i = 0; i < 3; ++i) {
    (void)socket.send(request);
    EXPECT_FALSE(socket.receive(room));
  }
}

TEST(UdpSocket, SaysWhichHostItCannotFind) {
  EXPECT_THROW((UdpSocket{"no.such.host.invalid", 1}), base::Error);
}

}  // namespace ridley::nic
