// SPDX-License-Identifier: Apache-2.0
// In: the command line of ridley-card-sim. Out: what the card is bound to. Cold.
#pragma once

#include <string>
#include <vector>

#include "xrt_sim/card_clock.hpp"

namespace ridley::xrt_sim {

struct Options {
  bool help = false;
  ClockKind clock = ClockKind::Free;
  std::vector<std::string> ports = {"none", "none"};
  std::string socket;
};

inline constexpr const char* kHelp =
    R"(ridley-card-sim --port0 pcap:day.pcap --clock frames

A card that is a process: behind XRT it is a device, its design runs in Verilator.

  --port0 WHAT, --port1 WHAT  what the card's Ethernet ports are bound to:
      none                             nothing (default)
      pcap:FILE[,rate=1x|8x|max]       the frames of a capture, once the host lets the card run
      veth:IFACE                       a kernel interface, every frame of it; needs root
      net_virtio_user0,path=SOCKET     a wire to another process, as ridley-venue has them;
                                       and every other port that ridleyd knows
  --clock frames|free  frames: time is that of the frames, one goes after another at line rate,
                       and the card waits before the ring is full; free: the machine's (default)
  --socket PATH        where hosts find the card; $RIDLEY_CARD_SIM says the same to both
  --help

A host sees the card with XILINX_XRT set to the folder that has lib/libxrt_core.so.2.
)";

// Throws base::Error (EX_USAGE).
[[nodiscard]] Options read_options(int count, char** words);

}  // namespace ridley::xrt_sim
