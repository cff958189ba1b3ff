// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: the functions of libpcap that we call, loaded at the first use: the library
// brings nine others along (D-Bus among them), and an appliance on a live wire reads no capture.
// Cold.
#pragma once

#include <pcap/pcap.h>

namespace ridley::nic {

struct PcapLibrary {
  decltype(&::pcap_fopen_offline_with_tstamp_precision) open_offline;
  decltype(&::pcap_next_ex) next;
  decltype(&::pcap_datalink) link_type;
  decltype(&::pcap_datalink_val_to_name) name_of_link_type;
  decltype(&::pcap_geterr) error;
  decltype(&::pcap_close) close;
};

// Throws base::Error (EX_UNAVAILABLE) where libpcap is not installed.
[[nodiscard]] const PcapLibrary& pcap_library();

}  // namespace ridley::nic
