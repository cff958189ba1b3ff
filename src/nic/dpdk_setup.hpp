// SPDX-License-Identifier: Apache-2.0
// In: the ports a process wants. Out: DPDK started and a DpdkPort for each, open as long as the
// set-up lives. A cold thread watches the links and brings the other end of a software wire back
// when it returns. Cold.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>

#include "base/tsc_clock.hpp"
#include "nic/dpdk_environment.hpp"
#include "nic/port_description.hpp"

namespace ridley::nic {

class DpdkPort;

// Room for a burst at line rate while the hot core is away for 70 us (1,024 frames of 64 bytes at
// 10 GbE); orders leave one by one.
inline constexpr std::uint16_t kReceiveDescriptors = 1024;
inline constexpr std::uint16_t kSendDescriptors = 512;

struct PortRequest {
  PortDescription description;
  std::uint16_t receive_descriptors = kReceiveDescriptors;
  std::uint16_t send_descriptors = kSendDescriptors;
  bool promiscuous = false;  // groups are received either way
};

class DpdkSetup {
 public:
  using ClockSource = std::function<const base::TscClock&()>;

  // Throws base::Error when DPDK does not start or a device cannot be opened. A virtio_user port
  // whose peer is not there yet is no error: its link is down until the peer comes. DPDK starts
  // once a process, so a second set-up throws, even after the first one has ended.
  DpdkSetup(std::span<const PortRequest> requests, const base::TscClock& clock,
            Pages pages = Pages::Automatic);
  // The clock is asked for when DPDK has started: until then its calibration may go on.
  DpdkSetup(std::span<const PortRequest> requests, const ClockSource& clock, Pages pages);
  // No thread may use the ports any more.
  ~DpdkSetup();
  DpdkSetup(const DpdkSetup&) = delete;
  DpdkSetup& operator=(const DpdkSetup&) = delete;

  [[nodiscard]] DpdkPort& port(std::size_t index) noexcept;
  [[nodiscard]] std::size_t port_count() const noexcept;
  [[nodiscard]] bool huge_pages() const noexcept;

  // A hot thread calls this once before its loop: packet memory then comes from a cache of its own.
  static void adopt_calling_thread();

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace ridley::nic
