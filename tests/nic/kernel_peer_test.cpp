// SPDX-License-Identifier: Apache-2.0
// Ports whose other end is the kernel: a veth pair, one end in a namespace of its own. Also tests
// nic/dpdk_port.hpp and nic/igmp.cpp against somebody else's idea of them.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "nic/capture_file.hpp"
#include "nic/dpdk_port.hpp"
#include "nic/frames.hpp"
#include "nic/igmp.hpp"
#include "nic/peer_process.hpp"
#include "nic/udp_frame.hpp"

namespace ridley::nic {
namespace {

namespace fs = std::filesystem;
using test::PeerProcess;

constexpr char kGroup[] = "239.77.0.1";

bool run(const std::string& command) {
  return std::system((command + " 2> /dev/null").c_str()) == 0;
}

class KernelPeer : public testing::Test {
 protected:
  void SetUp() override {
    if (!fs::exists(test::wire_peer_path())) GTEST_SKIP() << "needs " << test::wire_peer_path();
    const std::string number = std::to_string(::getpid() % 100'000);
    ours_ = "rdl" + number + "a";
    theirs_ = "rdl" + number + "b";
    space_ = "ridley" + number;
    const bool made =
        ::geteuid() == 0 && run("ip netns add " + space_) &&
        run("ip link add " + ours_ + " type veth peer name " + theirs_ + " netns " + space_) &&
        run("ip link set " + ours_ + " up") &&
        run(inside() + "ip addr add 10.77.0.1/24 dev " + theirs_) &&
        run(inside() + "ip link set " + theirs_ + " up") &&
        run(inside() + "ip route add 239.0.0.0/8 dev " + theirs_);
    if (!made) GTEST_SKIP() << "needs root and network namespaces";
  }
  void TearDown() override {
    if (!space_.empty()) run("ip netns del " + space_);
    if (!ours_.empty()) run("ip link del " + ours_);
  }

  [[nodiscard]] std::string inside() const { return "ip netns exec " + space_ + " "; }

  // Sends numbered datagrams from the namespace until it is told to end.
  [[nodiscard]] std::vector<std::string> sender() const {
    return {"ip",
            "netns",
            "exec",
            space_,
            "python3",
            "-c",
            "import socket, sys, time\n"
            "s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\n"
            "for i in range(3000):\n"
            "    s.sendto(b'ridley %d' % i, ('" +
                std::string{kGroup} +
                "', 26477))\n"
                "    time.sleep(0.01)\n"};
  }

  void receive_datagrams(const std::string& device, int source) {
    PeerProcess port{{test::wire_peer_path(), device, "small", "receive", "20"}};
    const auto ready = port.wait_for("");
    ASSERT_TRUE(ready);
    if (ready->find("error") != std::string::npos) GTEST_SKIP() << *ready;
    PeerProcess python{sender()};
    const auto line = port.wait_for("datagram");
    ASSERT_TRUE(line) << port.seen();
    EXPECT_NE(line->find(std::string{kGroup} + ":26477"), std::string::npos) << *line;
    EXPECT_NE(line->find("source " + std::to_string(source)), std::string::npos) << *line;
    EXPECT_EQ(port.wait(), 0);
  }

  std::string ours_;
  std::string theirs_;
  std::string space_;
};

}  // namespace

TEST_F(KernelPeer, SendsDatagramsThatAfPacketReceives) {
  receive_datagrams("net_af_packet0,iface=" + ours_, static_cast<int>(event::TimeSource::Tsc));
}

TEST_F(KernelPeer, SendsDatagramsThatAfXdpReceives) {
  receive_datagrams("net_af_xdp0,iface=" + ours_, static_cast<int>(event::TimeSource::Tsc));
}

TEST_F(KernelPeer, HearsTheJoinAndTheLeave) {
  PeerProcess listener{
      {"ip", "netns", "exec", space_, "python3", "-c",
       "import socket\n"
       "s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(0x800))\n"
       "s.bind(('" +
           theirs_ +
           "', 0x800))\n"
           "print('listening', flush=True)\n"
           "while True:\n"
           "    f = s.recv(2000)\n"
           "    if f[23] == 2 and f[26:30] == bytes([10, 77, 0, 2]):\n"
           "        print('igmp', f[38], f[46], socket.inet_ntoa(f[50:54]), flush=True)\n"}};
  ASSERT_TRUE(listener.wait_for("listening"));
  PeerProcess port{
      {test::wire_peer_path(), "net_af_packet0,iface=" + ours_, "small", "join", kGroup}};
  EXPECT_TRUE(listener.wait_for("igmp 34 4 239.77.0.1")) << port.seen();
  EXPECT_TRUE(listener.wait_for("igmp 34 3 239.77.0.1"));
  port.close_input();
  EXPECT_EQ(port.wait(), 0);
}

TEST(DpdkCapturePort, GivesTheRecordedTime) {
  if (!fs::exists(test::wire_peer_path())) GTEST_SKIP() << "needs " << test::wire_peer_path();
  const std::string path = (fs::temp_directory_path() / "ridley_dpdk_capture.pcap").string();
  std::array<std::byte, kFrameBytesMax> room;
  const std::size_t bytes = build_udp_frame(
      room, {.destination_ip = 0xEF4D'0001, .destination_port = 26477}, test::bytes_of("ridley 0"));
  CaptureWriter writer{path};
  writer.write({room.data(), bytes}, 1'700'000'000'123'456'789);
  writer.close();
  PeerProcess port{{test::wire_peer_path(), "net_pcap0,rx_pcap=" + path, "small", "receive", "1"}};
  const auto line = port.wait_for("datagram");
  ASSERT_TRUE(line) << port.seen();
  EXPECT_NE(line->find("source 4 ns 1700000000123456"), std::string::npos) << *line;
  EXPECT_EQ(port.wait(), 0);
  fs::remove(path);
}

TEST(Tshark, AgreesWithOurFrames) {
  if (!run("command -v tshark > /dev/null")) GTEST_SKIP() << "needs tshark";
  const std::string path = (fs::temp_directory_path() / "ridley_tshark.pcap").string();
  std::array<std::byte, kFrameBytesMax> room;
  CaptureWriter writer{path};
  for (const IgmpVersion version : {IgmpVersion::V2, IgmpVersion::V3}) {
    const IgmpSender sender{
        .mac = {2, 0, 0, 0, 0, 1}, .ip = 0x0A4D'0002, .vlan = 7, .version = version};
    writer.write({room.data(), build_igmp_join(room, sender, 0xEF4D'0001)}, 1);
    writer.write({room.data(), build_igmp_leave(room, sender, 0xEF4D'0001)}, 2);
  }
  const UdpRoute route{.source_mac = {2, 0, 0, 0, 0, 1},
                       .destination_mac = multicast_mac(0xEF4D'0001),
                       .source_ip = 0x0A4D'0002,
                       .destination_ip = 0xEF4D'0001,
                       .source_port = 1,
                       .destination_port = 26477};
  writer.write({room.data(), build_udp_frame(room, route, test::bytes_of("odd"))}, 3);
  writer.close();
  // Nothing malformed, every checksum right: status 1 is good.
  PeerProcess tshark{{"tshark",
                      "-r",
                      path,
                      "-o",
                      "ip.check_checksum:TRUE",
                      "-o",
                      "udp.check_checksum:TRUE",
                      "-T",
                      "fields",
                      "-e",
                      "ip.checksum.status",
                      "-e",
                      "igmp.checksum.status",
                      "-e",
                      "udp.checksum.status",
                      "-e",
                      "igmp.type",
                      "-e",
                      "igmp.maddr",
                      "-e",
                      "_ws.malformed"}};
  EXPECT_TRUE(tshark.wait_for("1\t1\t\t0x16\t239.77.0.1")) << tshark.seen();
  EXPECT_TRUE(tshark.wait_for("1\t1\t\t0x17\t239.77.0.1")) << tshark.seen();
  EXPECT_TRUE(tshark.wait_for("1\t1\t\t0x22\t239.77.0.1")) << tshark.seen();
  EXPECT_TRUE(tshark.wait_for("1\t1\t\t0x22\t239.77.0.1")) << tshark.seen();
  EXPECT_TRUE(tshark.wait_for("1\t\t1")) << tshark.seen();
  tshark.wait();
  fs::remove(path);
}

}  // namespace ridley::nic
