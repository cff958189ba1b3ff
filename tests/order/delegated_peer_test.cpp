// SPDX-License-Identifier: Apache-2.0
// Delegated send over real ports: two processes, DPDK on both sides, the kernel's TCP at either
// end. Exercises order/delegated_wire.cpp and order/hot_end.hpp with nic/dpdk_port.cpp, whose
// sending and receiving are two threads then.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "nic/peer_process.hpp"

namespace ridley::order {
namespace {

namespace fs = std::filesystem;
using nic::test::PeerProcess;

constexpr char kOrders[] = "2000";

std::string peer_path() {
  const char* build = std::getenv("RIDLEY_BUILD_FOLDER");
  return std::string{build != nullptr ? build : "."} + "/tests/order/order_delegated_peer";
}

std::string seed() {
  const char* text = std::getenv("RIDLEY_SEED");
  return text != nullptr ? text : "1";
}

bool run(const std::string& command) {
  return std::system((command + " 2> /dev/null").c_str()) == 0;
}

class DelegatedPeers : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(peer_path())) GTEST_SKIP() << "needs " << peer_path();
    if (::geteuid() != 0 || !fs::exists("/dev/net/tun"))
      GTEST_SKIP() << "needs root, network namespaces and /dev/net/tun";
  }

  // Either end of the wire in a process of its own.
  void trade(const std::string& ours, const std::string& theirs, const std::string& loss) {
    std::printf("seed %s\n", seed().c_str());
    PeerProcess client{{peer_path(), ours, "client", kOrders, seed(), loss}};
    const auto ready = client.wait_for("");
    ASSERT_TRUE(ready);
    if (ready->find("error") != std::string::npos) GTEST_SKIP() << *ready;
    PeerProcess exchange{{peer_path(), theirs, "exchange"}};
    ASSERT_TRUE(exchange.wait_for("ready")) << exchange.seen();
    EXPECT_EQ(client.wait(), 0);
    ASSERT_TRUE(client.wait_for("answers")) << client.seen();
    std::printf("%s", client.seen().c_str());
    EXPECT_EQ(client.seen().find(" hot 0\n"), std::string::npos);
    exchange.close_input();
    const auto seen = exchange.wait_for("orders");
    ASSERT_TRUE(seen) << exchange.seen();
    EXPECT_EQ(*seen, std::string{"orders "} + kOrders + " wrong 0 out of order 0");
  }
};

TEST_F(DelegatedPeers, TradeOverTheVhostWire) {
  const std::string socket =
      (fs::temp_directory_path() / ("ridley_orders" + std::to_string(::getpid()))).string();
  trade("net_vhost0,iface=" + socket + ",queues=1", "net_virtio_user0,path=" + socket + ",queues=1",
        "0");
  fs::remove(socket);
}

TEST_F(DelegatedPeers, TradeOverAVhostWireThatLosesOneFrameInAHundred) {
  const std::string socket =
      (fs::temp_directory_path() / ("ridley_losing" + std::to_string(::getpid()))).string();
  trade("net_vhost0,iface=" + socket + ",queues=1", "net_virtio_user0,path=" + socket + ",queues=1",
        "0.01");
  fs::remove(socket);
}

TEST_F(DelegatedPeers, TradeOverAPairOfKernelInterfaces) {
  const std::string number = std::to_string(::getpid() % 100'000);
  const std::string ours = "rde" + number + "a";
  const std::string theirs = "rde" + number + "b";
  const bool made = run("ip link add " + ours + " type veth peer name " + theirs) &&
                    run("ip link set " + ours + " up") && run("ip link set " + theirs + " up");
  if (!made) GTEST_SKIP() << "needs ip and virtual interfaces";
  trade("net_af_packet0,iface=" + ours, "net_af_packet0,iface=" + theirs, "0.01");
  run("ip link del " + ours);
}

}  // namespace
}  // namespace ridley::order
