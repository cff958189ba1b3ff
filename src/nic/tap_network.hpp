// SPDX-License-Identifier: Apache-2.0
// In: an address of our own on somebody else's network. Out: a part of the kernel that believes to
// be attached to it: a network namespace with one TAP interface, whose frames are ours to carry.
// Both end with the object. Cold; one thread carries, threads that entered open sockets.
//
// The namespace keeps the rest of the machine out: the kernel answers ARP for an address, and takes
// segments for it, on every interface of the namespace that the address is in. Needs the
// capabilities CAP_NET_ADMIN and CAP_SYS_ADMIN.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/descriptor.hpp"
#include "nic/ethernet.hpp"

namespace ridley::nic {

// Frames that wait in the kernel for us to take them. Less loses the tail of a burst whenever the
// carrying thread is away for a moment.
inline constexpr int kTapQueueFrames = 10'000;

struct TapSettings {
  std::string name = "order0";  // of the interface, up to 15 letters
  MacAddress mac{};             // of the port that carries its frames; zeros: any
  std::uint32_t ip = 0;
  unsigned prefix_bits = 24;
  std::uint32_t gateway = 0;  // 0: everybody is on the same network
  unsigned mtu = 1'500;
  // Of the namespace, as under /proc/sys/net: {"ipv4/tcp_timestamps", "0"}. One that this kernel
  // does not have is left out.
  struct KernelSetting {
    std::string path;
    std::string value;
  };
  std::vector<KernelSetting> kernel_settings = {};
};

class TapNetwork {
 public:
  // Throws base::Error (EX_OSERR or EX_NOPERM) with the step that failed.
  explicit TapNetwork(const TapSettings& settings);

  // The calling thread's sockets are of this network from now on. Throws base::Error.
  void enter() const;

  // The next frame that the kernel sends, its length; 0 when there is none.
  [[nodiscard]] std::size_t read(std::span<std::byte> room) const noexcept;
  // A frame for the kernel to receive. False when it was not taken.
  [[nodiscard]] bool write(std::span<const std::byte> frame) const noexcept;

  // Of the namespace, for a message that says where to look.
  [[nodiscard]] int space() const noexcept { return space_.number(); }

 private:
  void open(const TapSettings& settings);

  base::Descriptor space_;
  base::Descriptor tap_;
};

}  // namespace ridley::nic
