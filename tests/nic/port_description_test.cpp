// SPDX-License-Identifier: Apache-2.0
#include "nic/port_description.hpp"

#include <gtest/gtest.h>

#include <string>

#include "base/error.hpp"

namespace ridley::nic {
namespace {

std::string complaint_about(const std::string& text) {
  try {
    static_cast<void>(describe_port(text));
  } catch (const base::Error& error) {
    EXPECT_EQ(error.exit_code(), EX_CONFIG) << text;
    return error.what();
  }
  return {};
}

}  // namespace

TEST(PortDescription, KnowsEveryKind) {
  EXPECT_EQ(describe_port("0000:01:00.0").kind, PortKind::Pci);
  EXPECT_EQ(describe_port("0000:3B:00.1,mprq_en=1").arguments, "mprq_en=1");
  EXPECT_EQ(describe_port("memory").kind, PortKind::Memory);
  const PortDescription vhost = describe_port("net_vhost0,iface=/run/ridley/a");
  EXPECT_EQ(vhost.kind, PortKind::Vhost);
  EXPECT_EQ(vhost.device, "net_vhost0");
  EXPECT_EQ(vhost.path, "/run/ridley/a");
  EXPECT_EQ(vhost.arguments, "iface=/run/ridley/a");
  const PortDescription user = describe_port("net_virtio_user12,queues=1,path=/run/ridley/a");
  EXPECT_EQ(user.kind, PortKind::VirtioUser);
  EXPECT_EQ(user.device, "net_virtio_user12");
  EXPECT_EQ(user.path, "/run/ridley/a");
  EXPECT_EQ(describe_port("net_af_packet0,iface=eth1").kind, PortKind::AfPacket);
  EXPECT_EQ(describe_port("net_af_xdp0,iface=eth1").kind, PortKind::AfXdp);
  EXPECT_EQ(describe_port("net_pcap0,rx_pcap=a.pcap").kind, PortKind::DpdkCapture);
}

TEST(PortDescription, ReadsTheReplayRate) {
  EXPECT_EQ(describe_port("pcap:day.pcap").rate, ReplayRate::Recorded);
  EXPECT_EQ(describe_port("pcap:day.pcap,rate=1x").rate, ReplayRate::Recorded);
  EXPECT_EQ(describe_port("pcap:day.pcap,rate=8x").rate, ReplayRate::EightTimes);
  const PortDescription port = describe_port("pcap:a,b.pcap.xz,rate=max");
  EXPECT_EQ(port.rate, ReplayRate::Unlimited);
  EXPECT_EQ(port.path, "a,b.pcap.xz");
  EXPECT_NE(complaint_about("pcap:day.pcap,rate=2x").find("1x, 8x or max"), std::string::npos);
  EXPECT_NE(complaint_about("pcap:").find("no file"), std::string::npos);
}

TEST(PortDescription, SaysWhatIsMissing) {
  EXPECT_NE(complaint_about("net_vhost0").find("iface="), std::string::npos);
  EXPECT_NE(complaint_about("net_vhost0,iface=").find("iface="), std::string::npos);
  EXPECT_NE(complaint_about("net_vhost,iface=/a").find("number"), std::string::npos);
  EXPECT_NE(complaint_about("net_virtio_user0,iface=/a").find("path="), std::string::npos);
  EXPECT_NE(complaint_about("net_af_packet0,iface=0123456789abcdef").find("15"), std::string::npos);
  EXPECT_EQ(complaint_about("net_af_packet0,iface=0123456789abcde"), "");
}

TEST(PortDescription, RefusesWhatItDoesNotKnow) {
  for (const char* wrong : {"", "eth0", "0000:01:00.8", "000:01:00.0", "0000:01:00.00", "memory0",
                            "net_null0", "0000:01:00", "g000:01:00.0"}) {
    EXPECT_NE(complaint_about(wrong).find("no known kind"), std::string::npos) << wrong;
  }
}

TEST(PortDescription, BoundsTheSocketPath) {
  const std::string longest(107, 'a');
  EXPECT_EQ(complaint_about("net_vhost0,iface=" + longest), "");
  EXPECT_NE(complaint_about("net_vhost0,iface=" + longest + "a").find("107"), std::string::npos);
}

}  // namespace ridley::nic
