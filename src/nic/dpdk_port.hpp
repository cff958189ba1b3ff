// SPDX-License-Identifier: Apache-2.0
// In: frames from a DPDK port, or frames to send. Out: the frames with their time, or a refusal
// that is counted. One hot core polls and sends, or one thread polls and another one sends; a cold
// thread may take the device away and bring it back while they do. Free of DPDK's headers: a burst
// costs one call.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/spsc_ring.hpp"
#include "base/tsc_clock.hpp"
#include "nic/ethernet.hpp"
#include "nic/frame.hpp"
#include "nic/port.hpp"

struct rte_mbuf;
struct rte_mempool;

namespace ridley::nic {

// How the number in a frame's time stamp field becomes nanoseconds: reference_ns + (stamp -
// reference) * ns_per_unit_2_32 / 2^32.
struct StampScale {
  event::TimeSource source = event::TimeSource::Tsc;
  event::ClockDomain domain = event::ClockDomain::Utc;
  std::uint32_t error_ns = 0;
  std::uint64_t reference = 0;
  std::uint64_t reference_ns = 0;
  std::uint64_t ns_per_unit_2_32 = 0;

  [[nodiscard]] event::Timestamp convert(std::uint64_t stamp) const noexcept;
};

class DpdkPort {
 public:
  DpdkPort() = default;
  DpdkPort(const DpdkPort&) = delete;
  DpdkPort& operator=(const DpdkPort&) = delete;

  // Hot, each of one thread at a time. Of one for both where the device comes and goes with its
  // peer (virtio_user): that it is no longer used is known from the polls alone.
  [[nodiscard]] std::size_t receive_burst(std::span<Frame> frames) noexcept;
  [[nodiscard]] bool send(std::span<const std::byte> bytes) noexcept;

  // Any thread. The link is as of the last look of the cold thread, some 20 ms ago at most.
  [[nodiscard]] Link link() const noexcept;
  [[nodiscard]] PortStatistics statistics() const noexcept;
  [[nodiscard]] MacAddress mac() const noexcept { return mac_; }
  [[nodiscard]] event::TimeSource time_source() const noexcept { return scale_.source; }

 private:
  friend class DpdkAttachment;
  static constexpr std::uint16_t kAbsent = 0xFFFF;

  void release_held() noexcept;

  // The receiving thread's own; the counters are also read by others.
  std::array<rte_mbuf*, kBurstFramesMax> held_{};
  std::size_t held_count_ = 0;
  StampScale scale_{};
  int stamp_at_ = -1;
  std::uint64_t stamp_flag_ = 0;
  std::atomic<std::uint64_t> polls_{0};
  std::atomic<std::uint64_t> received_{0};

  // The sending thread's own: every poll of another core would take the line away.
  alignas(base::kNoFalseSharingBytes) std::atomic<std::uint64_t> sent_{0};
  std::atomic<std::uint64_t> send_refused_{0};

  // Written by the cold thread.
  alignas(base::kNoFalseSharingBytes) std::atomic<std::uint16_t> id_{kAbsent};
  rte_mempool* pool_ = nullptr;
  std::atomic<bool> link_up_{false};
  std::atomic<std::uint32_t> megabits_per_second_{0};
  std::atomic<std::uint64_t> missed_{0};
  std::atomic<std::uint64_t> no_buffer_{0};
  std::atomic<std::uint64_t> errors_{0};
  MacAddress mac_{};
};

static_assert(Port<DpdkPort>);

}  // namespace ridley::nic
