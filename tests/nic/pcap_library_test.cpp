// SPDX-License-Identifier: Apache-2.0
#include "nic/pcap_library.hpp"

#include <gtest/gtest.h>

namespace ridley::nic {

TEST(PcapLibrary, HasEveryFunctionThatWeCall) {
  const PcapLibrary& pcap = pcap_library();
  EXPECT_NE(pcap.open_offline, nullptr);
  EXPECT_NE(pcap.next, nullptr);
  EXPECT_NE(pcap.link_type, nullptr);
  EXPECT_NE(pcap.error, nullptr);
  EXPECT_NE(pcap.close, nullptr);
  EXPECT_STREQ(pcap.name_of_link_type(DLT_EN10MB), "EN10MB");
}

TEST(PcapLibrary, IsLoadedOnce) { EXPECT_EQ(&pcap_library(), &pcap_library()); }

}  // namespace ridley::nic
