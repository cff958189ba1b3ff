// SPDX-License-Identifier: Apache-2.0
// In: one port's request. Out: its device opened and shown to the DpdkPort, its link and counters
// looked at, and, for virtio_user, taken away when the peer is gone and brought back when it
// returns. Cold; one thread at a time.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

#include "base/tsc_clock.hpp"
#include "nic/dpdk_port.hpp"
#include "nic/dpdk_setup.hpp"
#include "nic/dpdk_stamp.hpp"
#include "nic/packet_memory.hpp"

struct rte_eth_rxtx_callback;

namespace ridley::nic {

struct AttachmentPlan {
  PortRequest request;
  std::size_t index = 0;
  PacketMemory memory;
};

class DpdkAttachment {
 public:
  // Allocates the port's packet memory. Throws base::Error.
  DpdkAttachment(AttachmentPlan plan, const base::TscClock& clock, const StampField& field);
  // Closes the device; the hot core has stopped.
  ~DpdkAttachment();
  DpdkAttachment(const DpdkAttachment&) = delete;
  DpdkAttachment& operator=(const DpdkAttachment&) = delete;

  // Opens the device, unless it is of the kind whose peer must answer first: that may take a second
  // after the peer's start, and look() does it. Throws base::Error.
  void open_unless_peer_decides();

  // Called again and again: link, counters, the peer's going and coming.
  void look() noexcept;

  [[nodiscard]] DpdkPort& port() noexcept { return port_; }

 private:
  enum class State : std::uint8_t { Absent, Open, Withdrawn };

  [[nodiscard]] bool needs_peer() const noexcept;
  [[nodiscard]] bool peer_may_be_there() const noexcept;
  void open();
  [[nodiscard]] std::string device_arguments() const;
  void create_device();
  void start_device();
  void set_up_queues();
  void keep_mac();
  void set_stamps(bool in_hardware);
  void show();
  void withdraw() noexcept;
  void look_for_peer() noexcept;
  void close_device() noexcept;
  void read_link() noexcept;
  void read_counters() noexcept;

  AttachmentPlan plan_;
  const base::TscClock* clock_;
  const StampField* field_;
  DpdkPort port_;
  State state_ = State::Absent;
  std::uint16_t id_ = 0;
  const rte_eth_rxtx_callback* callback_ = nullptr;
  std::uint64_t polls_at_withdrawal_ = 0;
  std::chrono::steady_clock::time_point next_attempt_{};
  // Of devices that were closed since; the shown counters never go back.
  PortStatistics before_{};
};

}  // namespace ridley::nic
