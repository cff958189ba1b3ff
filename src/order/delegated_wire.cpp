// SPDX-License-Identifier: Apache-2.0
#include "order/delegated_wire.hpp"

#include <algorithm>
#include <cstring>
#include <string>

namespace ridley::order {
namespace {

// In one turn, so that the wire's other direction does not wait.
constexpr std::size_t kKernelFramesMax = 64;

constexpr nic::MacAddress kEverybody{0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF};

}  // namespace

std::vector<nic::TapSettings::KernelSetting> delegated_kernel_settings() {
  return {{"ipv4/tcp_timestamps", "0"},
          {"ipv4/tcp_slow_start_after_idle", "0"},
          {"ipv4/tcp_autocorking", "0"},
          {"ipv4/tcp_no_metrics_save", "1"},
          {"ipv4/tcp_rto_min_us", "5000"}};
}

DelegatedWire::DelegatedWire(const DelegatedWireSettings& settings, FramePort& port,
                             Handover& handover)
    : port_{port},
      handover_{handover},
      network_{settings.tap},
      mac_{settings.tap.mac},
      path_{settings.unacknowledged_max} {}

void DelegatedWire::mirror(telemetry::CounterPage& page) {
  page.begin_group();
  const auto show = [&](const std::uint64_t& source, const char* name) {
    mirror_.add(source, page.counter(std::string{"order.wire."} + name));
  };
  const ExceptionCounters& path = path_.counters();
  show(path.copies_dropped, "copies_dropped");
  show(path.copies_cut, "copies_cut");
  show(path.copies_stale, "copies_stale");
  show(path.kernel_segments, "kernel_segments");
  show(path.retransmissions, "retransmissions");
  show(path.acknowledgements_moved, "acknowledgements_moved");
  show(path.acknowledgements_saved, "acknowledgements_saved");
  show(path.acknowledgements_cut, "acknowledgements_cut");
  show(path.acknowledgements_again, "acknowledgements_again");
  show(path.broken_frames, "broken_frames");
  show(counters_.frames_in, "frames_in");
  show(counters_.frames_ignored, "frames_ignored");
  show(counters_.frames_out, "frames_out");
  show(counters_.frames_lost, "frames_lost");
  for (const Fallback why : {Fallback::NotOpen, Fallback::SegmentSize, Fallback::Route}) {
    mirror_.add(leases_.revoked()[static_cast<std::size_t>(why)],
                page.counter("order.lease_ended." + std::string{name_of(why)}));
  }
}

bool DelegatedWire::pump(std::uint64_t now_ns) {
  const std::size_t count = port_.receive_burst(frames_);
  for (const nic::Frame& frame : std::span{frames_}.first(count)) to_kernel(frame);
  if (handover_.hot_ended()) send_left_over();
  bool busy = count != 0;
  for (std::size_t i = 0; i < kKernelFramesMax && take_from_kernel(now_ns); ++i) busy = true;
  const std::span<const std::byte> again = path_.say_again(room_);
  if (!again.empty() && !network_.write(again)) ++counters_.frames_lost;
  return busy;
}

void DelegatedWire::to_kernel(const nic::Frame& frame) {
  ++counters_.frames_in;
  const std::span<const std::byte> bytes = frame.span();
  if (bytes.size() > room_.size() || !is_for_us(bytes)) {
    ++counters_.frames_ignored;
    return;
  }
  std::copy(bytes.begin(), bytes.end(), room_.begin());
  std::span<const std::byte> whole{room_.data(), bytes.size()};
  if (auto segment = nic::TcpFrame::read(std::span{room_}.first(bytes.size()))) {
    path_.from_wire(*segment);
    whole = segment->bytes();
  }
  if (!network_.write(whole)) ++counters_.frames_lost;
}

// Feeds and other people's frames may come on the same port.
bool DelegatedWire::is_for_us(std::span<const std::byte> frame) const noexcept {
  if (frame.size() < nic::kEthernetHeaderBytes) return false;
  const auto type = base::load_big_endian<std::uint16_t>(&frame[12]);
  const bool arp = type == nic::kEtherTypeArp;
  const bool to_us = std::memcmp(frame.data(), mac_.data(), mac_.size()) == 0;
  const bool to_all = std::memcmp(frame.data(), kEverybody.data(), kEverybody.size()) == 0;
  return (to_us && (arp || type == nic::kEtherTypeIpv4)) || (to_all && arp);
}

bool DelegatedWire::take_from_kernel(std::uint64_t now_ns) {
  const std::size_t bytes = network_.read(room_);
  if (bytes == 0) return false;
  if (auto segment = nic::TcpFrame::read(std::span{room_}.first(bytes))) {
    if (path_.from_kernel(*segment, now_ns)) to_wire(segment->bytes().size());
  } else {
    to_wire(bytes);
  }
  return true;
}

// What stands at the front of the room.
void DelegatedWire::to_wire(std::size_t bytes) {
  for (; bytes < nic::kFrameBytesMin; ++bytes) room_[bytes] = std::byte{0};
  const std::span<const std::byte> frame{room_.data(), bytes};
  ++counters_.frames_out;
  if (handover_.hot_ended()) {
    if (!port_.send(frame)) ++counters_.frames_lost;
    return;
  }
  WireTask* task = bytes <= kTaskBytesMax ? handover_.tasks().claim() : nullptr;
  if (task == nullptr) {
    ++counters_.frames_lost;
    return;
  }
  task->kind = WireTaskKind::Frame;
  task->length = static_cast<std::uint16_t>(bytes);
  std::copy(frame.begin(), frame.end(), task->bytes.begin());
  handover_.tasks().publish();
}

// What the hot core did not come to.
void DelegatedWire::send_left_over() {
  while (const WireTask* task = handover_.tasks().front()) {
    const bool is_frame = task->kind == WireTaskKind::Frame;
    if (is_frame && !port_.send({task->bytes.data(), task->length})) ++counters_.frames_lost;
    handover_.tasks().drop_front();
  }
}

bool DelegatedWire::took(const Outbound& packet, bool current, std::size_t queued,
                         std::uint64_t now_ns) {
  leases_.took(packet.way);
  return !current || packet.way == Way::Kernel || path_.took(packet, queued, now_ns);
}

void DelegatedWire::ask_congestion(const TcpSocket& socket, std::uint64_t now_ns) {
  if (now_ns < congestion_due_ns_) return;
  congestion_due_ns_ = now_ns + kCongestionEveryNs;
  mirror_.publish();
  if (const auto told = socket.congestion())
    path_.set_congestion(
        {.window_bytes = std::uint64_t{told->window_segments} * told->segment_bytes,
         .segment_bytes = told->segment_bytes,
         .recovering = told->recovering});
}

void DelegatedWire::settle(const Standing& standing, const TcpSocket& socket,
                           std::uint64_t now_ns) {
  ask_congestion(socket, now_ns);
  handover_.set_answer(path_.answer());
  const Allowance allowance = path_.allowance();
  const auto lease = leases_.look({.logged_in = standing.logged_in,
                                   .open = path_.is_open(),
                                   .even = standing.queued == 0 && path_.kernel_is_even(),
                                   .next = path_.given(),
                                   .send_until = allowance.send_until,
                                   .limit = allowance.limit,
                                   .segment_bytes = path_.congestion().segment_bytes,
                                   .routes = path_.routes()});
  if (lease && !handover_.hot_ended()) give(*lease, standing.connection);
  handover_.set_permit(leases_.permit());
}

// The permit of a lease is shown before the lease, or the hot core would take it for taken back.
void DelegatedWire::give(const Leases::Lease& lease, std::uint16_t connection) {
  WireTask* task = handover_.tasks().claim();
  if (task == nullptr) return;
  leases_.given(lease);
  handover_.set_permit(leases_.permit());
  task->kind = WireTaskKind::Lease;
  task->connection = connection;
  task->generation = lease.generation;
  task->sequence = lease.sequence;
  task->packets = lease.packets;
  std::copy(path_.head().begin(), path_.head().end(), task->bytes.begin());
  handover_.tasks().publish();
}

bool DelegatedWire::ask_for_heartbeat(std::uint16_t connection) {
  WireTask* task = handover_.tasks().claim();
  if (task == nullptr) return false;
  task->kind = WireTaskKind::Heartbeat;
  task->connection = connection;
  handover_.tasks().publish();
  return true;
}

void DelegatedWire::lose() {
  leases_.lose();
  handover_.set_permit(leases_.permit());
}

}  // namespace ridley::order
