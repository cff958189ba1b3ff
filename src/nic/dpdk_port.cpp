// SPDX-License-Identifier: Apache-2.0
// In: frames from a DPDK port, or frames to send. Out: the frames with their time, or a refusal
// that is counted. Hot core.
#include "nic/dpdk_port.hpp"

#include <rte_ethdev.h>
#include <rte_mbuf.h>
#include <rte_mbuf_dyn.h>

#include <algorithm>
#include <cstring>

#include "base/uint128.hpp"

namespace ridley::nic {
namespace {

// One writer, so a load and a store do; readers on other cores need no order.
void add(std::atomic<std::uint64_t>& counter, std::uint64_t count) noexcept {
  counter.store(counter.load(std::memory_order_relaxed) + count, std::memory_order_relaxed);
}

}  // namespace

event::Timestamp StampScale::convert(std::uint64_t stamp) const noexcept {
  // Hardware counters may stand slightly before the reference; the difference is signed.
  const auto difference = static_cast<std::int64_t>(stamp - reference);
  const auto magnitude = static_cast<std::uint64_t>(difference < 0 ? -difference : difference);
  const auto ns =
      static_cast<std::uint64_t>((static_cast<base::UInt128>(magnitude) * ns_per_unit_2_32) >> 32);
  return {.ns = difference < 0 ? reference_ns - ns : reference_ns + ns,
          .error_ns = error_ns,
          .source = source,
          .domain = domain,
          .reserved = 0};
}

void DpdkPort::release_held() noexcept {
  if (held_count_ == 0) return;
  rte_pktmbuf_free_bulk(held_.data(), static_cast<unsigned>(held_count_));
  held_count_ = 0;
}

std::size_t DpdkPort::receive_burst(std::span<Frame> frames) noexcept {
  release_held();
  // Release: whoever sees the new count knows that the bursts before it are over. The cold thread
  // waits for that before it takes the device away.
  polls_.store(polls_.load(std::memory_order_relaxed) + 1, std::memory_order_release);
  // Acquire: the device was set up before its number was shown.
  const std::uint16_t id = id_.load(std::memory_order_acquire);
  if (id == kAbsent) return 0;
  const auto wanted = static_cast<std::uint16_t>(std::min(frames.size(), kBurstFramesMax));
  const std::uint16_t count = rte_eth_rx_burst(id, 0, held_.data(), wanted);
  if (count == 0) return 0;
  held_count_ = count;
  for (std::uint16_t i = 0; i < count; ++i) {
    rte_mbuf* mbuf = held_[i];
    if (i + 1 < count) __builtin_prefetch(rte_pktmbuf_mtod(held_[i + 1], const void*));
    const bool stamped = (mbuf->ol_flags & stamp_flag_) != 0;
    frames[i] = {.bytes = rte_pktmbuf_mtod(mbuf, const std::byte*),
                 .length = rte_pktmbuf_data_len(mbuf),
                 .wire_length = rte_pktmbuf_pkt_len(mbuf),
                 .stamp = {}};
    if (stamped) {
      frames[i].stamp = scale_.convert(*RTE_MBUF_DYNFIELD(mbuf, stamp_at_, std::uint64_t*));
    }
  }
  add(received_, count);
  return count;
}

bool DpdkPort::send(std::span<const std::byte> bytes) noexcept {
  // Acquire: as in receive_burst.
  const std::uint16_t id = id_.load(std::memory_order_acquire);
  rte_mbuf* mbuf = nullptr;
  if (id != kAbsent && !bytes.empty() && bytes.size() <= kFrameBytesMax) {
    mbuf = rte_pktmbuf_alloc(pool_);
  }
  if (mbuf == nullptr) {
    add(send_refused_, 1);
    return false;
  }
  std::memcpy(rte_pktmbuf_mtod(mbuf, std::byte*), bytes.data(), bytes.size());
  mbuf->data_len = static_cast<std::uint16_t>(bytes.size());
  mbuf->pkt_len = static_cast<std::uint32_t>(bytes.size());
  if (rte_eth_tx_burst(id, 0, &mbuf, 1) == 1) {
    add(sent_, 1);
    return true;
  }
  rte_pktmbuf_free(mbuf);
  add(send_refused_, 1);
  return false;
}

Link DpdkPort::link() const noexcept {
  return {.up = link_up_.load(std::memory_order_relaxed),
          .megabits_per_second = megabits_per_second_.load(std::memory_order_relaxed)};
}

PortStatistics DpdkPort::statistics() const noexcept {
  return {.received = received_.load(std::memory_order_relaxed),
          .sent = sent_.load(std::memory_order_relaxed),
          .missed = missed_.load(std::memory_order_relaxed),
          .no_buffer = no_buffer_.load(std::memory_order_relaxed),
          .errors = errors_.load(std::memory_order_relaxed),
          .send_refused = send_refused_.load(std::memory_order_relaxed)};
}

}  // namespace ridley::nic
