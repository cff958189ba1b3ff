// SPDX-License-Identifier: Apache-2.0
#include "nic/address.hpp"

#include <gtest/gtest.h>

namespace ridley::nic {

TEST(Address, ReadsAndWritesIpv4) {
  EXPECT_EQ(parse_ipv4("233.54.12.1"), 0xE936'0C01u);
  EXPECT_EQ(parse_ipv4("0.0.0.0"), 0u);
  EXPECT_EQ(format_ipv4(0xFFFF'FFFF), "255.255.255.255");
  for (const char* wrong : {"", "1.2.3", "1.2.3.4.", "1.2.3.4.5", "1.2.3.256", "1..2.3", "a.b.c.d",
                            " 1.2.3.4", "1.2.3.4 ", "1.2.3.-4", "0x1.2.3.4"}) {
    EXPECT_EQ(parse_ipv4(wrong), std::nullopt) << wrong;
  }
}

TEST(Address, ReadsAndWritesMac) {
  const MacAddress mac{0x02, 0x00, 0xAB, 0xCD, 0xEF, 0x01};
  EXPECT_EQ(parse_mac("02:00:ab:CD:ef:01"), mac);
  EXPECT_EQ(format_mac(mac), "02:00:ab:cd:ef:01");
  for (const char* wrong : {"", "02:00:ab:cd:ef", "02:00:ab:cd:ef:1", "02-00-ab-cd-ef-01",
                            "02:00:ab:cd:ef:0g", "2:000:ab:cd:ef:01", "02:00:ab:cd:ef:01:"}) {
    EXPECT_EQ(parse_mac(wrong), std::nullopt) << wrong;
  }
}

TEST(Address, ReadsAddressAndPort) {
  const auto address = parse_socket_address("233.54.12.1:26477");
  ASSERT_TRUE(address);
  EXPECT_EQ(address->ip, 0xE936'0C01u);
  EXPECT_EQ(address->port, 26477);
  for (const char* wrong :
       {"233.54.12.1", "233.54.12.1:", "233.54.12.1:0", "233.54.12.1:65536", "233.54.12:1", ":1"}) {
    EXPECT_FALSE(parse_socket_address(wrong)) << wrong;
  }
}

TEST(Address, ReadsAnAddressWithItsNetwork) {
  const auto network = parse_network("192.0.2.10/24");
  ASSERT_TRUE(network);
  EXPECT_EQ(network->ip, 0xC000'020Au);
  EXPECT_EQ(network->prefix_bits, 24u);
  EXPECT_TRUE(parse_network("10.0.0.1/1"));
  EXPECT_TRUE(parse_network("10.0.0.1/31"));
  for (const char* wrong : {"", "/24", "10.0.0.1", "10.0.0.1/", "10.0.0.1/0", "10.0.0.1/32",
                            "10.0.0.1/a", "10.0.0/8"}) {
    EXPECT_FALSE(parse_network(wrong)) << wrong;
  }
}

}  // namespace ridley::nic
