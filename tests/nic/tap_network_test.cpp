// SPDX-License-Identifier: Apache-2.0
#include "nic/tap_network.hpp"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <string>
#include <thread>

#include "base/bytes.hpp"
#include "base/error.hpp"
#include "nic/frame.hpp"

namespace ridley::nic {
namespace {

constexpr MacAddress kMac{2, 0, 0, 0, 0, 9};

class TapNetworkTest : public testing::Test {
 protected:
  void open(TapSettings settings) {
    settings.mac = kMac;
    settings.ip = 0x0A4D'0009;
    try {
      network_.emplace(settings);
    } catch (const base::Error& error) {
      GTEST_SKIP() << "needs root, network namespaces and /dev/net/tun: " << error.what();
    }
  }

  std::span<const std::byte> next_frame() {
    for (int i = 0; i < 1'000; ++i) {
      if (const std::size_t bytes = network_->read(room_)) return std::span{room_}.first(bytes);
      std::this_thread::sleep_for(std::chrono::milliseconds{1});
    }
    return {};
  }

  // In the network's own namespace.
  template <typename Work>
  void inside(Work work) {
    std::thread{[&] {
      network_->enter();
      work();
    }}.join();
  }

  static void send_datagram(std::uint32_t ip) {
    const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(ip);
    to.sin_port = htons(9);
    ::sendto(socket, "x", 1, 0, reinterpret_cast<sockaddr*>(&to), sizeof to);
    ::close(socket);
  }

  std::optional<TapNetwork> network_;
  std::array<std::byte, 2'048> room_{};
};

// Ethernet type, operation, and who is asked for.
void expect_question(std::span<const std::byte> frame, std::uint32_t ip) {
  ASSERT_GE(frame.size(), 42U);
  EXPECT_EQ(base::load_big_endian<std::uint16_t>(&frame[12]), kEtherTypeArp);
  EXPECT_EQ(base::load_big_endian<std::uint16_t>(&frame[20]), 1);
  EXPECT_TRUE(
      std::equal(kMac.begin(), kMac.end(), &frame[6],
                 [](std::uint8_t left, std::byte right) { return std::byte{left} == right; }));
  EXPECT_EQ(base::load_big_endian<std::uint32_t>(&frame[38]), ip);
}

TEST_F(TapNetworkTest, AsksForItsNeighbour) {
  open({});
  if (!network_) return;
  inside([] { send_datagram(0x0A4D'000A); });
  expect_question(next_frame(), 0x0A4D'000A);
}

TEST_F(TapNetworkTest, AsksForTheGatewayOfEverybodyElse) {
  open({.gateway = 0x0A4D'0001});
  if (!network_) return;
  inside([] { send_datagram(0x0B00'0001); });
  expect_question(next_frame(), 0x0A4D'0001);
}

TEST_F(TapNetworkTest, AnswersForItsAddressAndIsSilentOtherwise) {
  open({});
  if (!network_) return;
  EXPECT_EQ(network_->read(room_), 0U) << "no neighbour discovery, no multicast";
  std::array<std::byte, 42> question{};
  std::fill_n(question.begin(), 6, std::byte{0xFF});
  question[11] = std::byte{1};
  base::store_big_endian(&question[12], kEtherTypeArp);
  base::store_big_endian(&question[14], std::uint32_t{0x0001'0800});
  base::store_big_endian(&question[18], std::uint32_t{0x0604'0001});
  question[27] = std::byte{1};
  base::store_big_endian(&question[28], std::uint32_t{0x0A4D'000A});
  base::store_big_endian(&question[38], std::uint32_t{0x0A4D'0009});
  ASSERT_TRUE(network_->write(question));
  const auto answer = next_frame();
  ASSERT_GE(answer.size(), 42U);
  EXPECT_EQ(base::load_big_endian<std::uint16_t>(&answer[20]), 2);
  EXPECT_EQ(base::load_big_endian<std::uint32_t>(&answer[28]), 0x0A4D'0009U);
}

TEST_F(TapNetworkTest, SettingsAreOfTheNamespaceOnly) {
  const auto timestamps = [] {
    std::ifstream file{"/proc/sys/net/ipv4/tcp_timestamps"};
    std::string text;
    file >> text;
    return text;
  };
  const std::string here = timestamps();
  open({.kernel_settings = {{"ipv4/tcp_timestamps", here == "0" ? "1" : "0"},
                            {"ipv4/no_such_setting", "1"}}});
  if (!network_) return;
  EXPECT_EQ(timestamps(), here);
  inside([&] { EXPECT_NE(timestamps(), here); });
}

TEST_F(TapNetworkTest, SaysWhichStepFailed) {
  open({});
  if (!network_) return;
  EXPECT_THROW(TapNetwork({.name = "order0", .ip = 0x0A4D'0009, .gateway = 0x0B00'0001}),
               base::Error)
      << "a gateway that cannot be reached";
}

}  // namespace
}  // namespace ridley::nic
