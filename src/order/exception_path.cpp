// SPDX-License-Identifier: Apache-2.0
#include "order/exception_path.hpp"

#include <algorithm>
#include <cstring>

namespace ridley::order {
namespace {

using nic::before;
using nic::later;
using nic::TcpFrame;

namespace tcp = nic::tcp;

// Packets sent within so short a time are one range: they become stale together.
constexpr std::uint64_t kOneRangeNs = kStaleNs / 4;
// An acknowledgement may come before we hear from the hot core what it is for, but not of more than
// it could have sent meanwhile.
constexpr std::uint32_t kUnheardBytesMax = 1U << 20;
constexpr unsigned kWindowShiftMax = 14;  // RFC 7323, 2.3

Answer answer_of(const TcpFrame& frame) noexcept {
  return {.acknowledgement = frame.acknowledgement(), .window = frame.window()};
}

bool same(const Answer& left, const Answer& right) noexcept {
  return left.acknowledgement == right.acknowledgement && left.window == right.window;
}

// Besides what is found in any segment of ours, a SACK may be there for a while; anything else the
// peer would miss in a segment of the hot core.
bool has_lasting_options(const TcpFrame& frame) noexcept {
  const std::size_t option_bytes = frame.tcp_header_bytes() - nic::kTcpHeaderBytes;
  const std::size_t sack_bytes = frame.option(tcp::kOptionSack).size();
  constexpr std::size_t kFillingBytes = 2;
  return option_bytes != 0 && option_bytes != sack_bytes + kFillingBytes;
}

}  // namespace

bool ExceptionPath::from_kernel(TcpFrame& frame, std::uint64_t now_ns) {
  if (frame.has(tcp::kSyn)) {
    if (!frame.has(tcp::kAcknowledge)) begin(frame);
    return true;
  }
  if (!begun_ || frame.addresses() != addresses_) return true;
  if (frame.has(tcp::kReset)) return pass_reset(frame);
  learn(frame);
  if (frame.has(tcp::kFin)) {
    ended_ = true;
    kernel_sent(frame.end());
    return true;
  }
  if (frame.payload().empty()) return pass_pure(frame);
  if (!before(frame.sequence(), kernel_next_)) return pass_copy(frame, now_ns);
  ++counters_.retransmissions;
  kernel_sent(frame.end());
  said(frame);
  return true;
}

void ExceptionPath::begin(const TcpFrame& syn) {
  const std::uint32_t first = syn.end();
  // Once more, because nobody has answered.
  if (begun_ && !open_ && syn.addresses() == addresses_ && first == kernel_next_) return;
  const ExceptionCounters counters = counters_;
  *this = ExceptionPath{unacknowledged_max_};
  counters_ = counters;
  ++counters_.connections;
  begun_ = true;
  addresses_ = syn.addresses();
  own_shift_offered_ = syn.option(tcp::kOptionWindowScale).empty() ? 0 : 1;
  kernel_next_ = given_ = hot_end_ = acknowledged_ = newest_acknowledgement_ = told_ = first;
}

// Addresses and the like are copied from what the kernel does; the next hop is a matter of ARP and
// may change at any time.
void ExceptionPath::learn(const TcpFrame& frame) {
  const std::span<const std::byte> bytes = frame.bytes();
  const auto ethernet = bytes.first(nic::kEthernetHeaderBytes);
  if (!std::equal(ethernet.begin(), ethernet.end(), head_.begin())) ++routes_;
  has_options_ = has_lasting_options(frame) || frame.ip_header_bytes() != nic::kIpv4HeaderBytes;
  if (!has_options_) std::copy_n(bytes.begin(), head_.size(), head_.begin());
  answer_ = answer_of(frame);
}

bool ExceptionPath::pass_reset(TcpFrame& frame) {
  ended_ = true;
  // The peer heeds it only at the very number that it expects next.
  if (frame.sequence() == kernel_next_ && wire_end() != kernel_next_) {
    frame.set_sequence(wire_end());
    frame.seal();
    ++counters_.acknowledgements_moved;
  }
  return true;
}

// Probes carry an old number on purpose.
bool ExceptionPath::pass_pure(TcpFrame& frame) {
  if (frame.sequence() == kernel_next_ && wire_end() != kernel_next_) {
    frame.set_sequence(wire_end());
    frame.seal();
    ++counters_.acknowledgements_moved;
  }
  said(frame);
  return true;
}

bool ExceptionPath::pass_copy(TcpFrame& frame, std::uint64_t now_ns) {
  const Front front = hot_front(frame, now_ns);
  const bool all_hot = front.bytes == frame.payload().size();
  kernel_sent(frame.end());
  if (front.bytes == 0 || front.stale) {
    ++(front.stale ? counters_.copies_stale : counters_.kernel_segments);
    said(frame);
    return true;
  }
  if (!all_hot) {
    ++counters_.copies_cut;
    frame.cut_front(front.bytes);
    frame.seal();
    said(frame);
    return true;
  }
  ++counters_.copies_dropped;
  const bool selective = !frame.option(tcp::kOptionSack).empty();
  if (!selective && same(answer_of(frame), on_wire_)) return false;
  ++counters_.acknowledgements_saved;
  frame.drop_payload();
  frame.set_sequence(wire_end());
  frame.set_flags(tcp::kAcknowledge);
  frame.seal();
  said(frame);
  return true;
}

// The stream is leased only when the kernel is even, so bytes of the hot core never stand behind
// others in a first copy.
ExceptionPath::Front ExceptionPath::hot_front(const TcpFrame& frame, std::uint64_t now_ns) const {
  Front front;
  const std::uint32_t end = frame.end();
  std::uint32_t at = frame.sequence();
  for (const Range& range : hot_) {
    if (before(at, range.begin) || !before(at, range.end) || !before(at, end)) continue;
    at = before(end, range.end) ? end : range.end;
    front.stale = front.stale || (now_ns - range.sent_ns > kStaleNs && before(acknowledged_, at));
  }
  front.bytes = at - frame.sequence();
  return front;
}

void ExceptionPath::kernel_sent(std::uint32_t end) {
  kernel_next_ = later(kernel_next_, end);
  while (!hot_.empty() && !before(kernel_next_, hot_.front().end)) hot_.pop_front();
}

void ExceptionPath::said(const TcpFrame& frame) noexcept { on_wire_ = answer_of(frame); }

bool ExceptionPath::took(const Outbound& packet, std::size_t queued, std::uint64_t now_ns) {
  const std::uint32_t begin = packet.sequence;
  if (begin != given_ + static_cast<std::uint32_t>(queued)) return false;
  const std::uint32_t end = begin + packet.length;
  const bool goes_on =
      !hot_.empty() && hot_.back().end == begin && now_ns - hot_.back().sent_ns < kOneRangeNs;
  if (goes_on) {
    hot_.back().end = end;
  } else {
    hot_.push_back({begin, end, now_ns});
  }
  hot_end_ = end;
  if (!before(packet.acknowledgement, on_wire_.acknowledgement))
    on_wire_ = {.acknowledgement = packet.acknowledgement, .window = packet.window};
  return true;
}

void ExceptionPath::from_wire(TcpFrame& frame) {
  if (!begun_ || frame.addresses() != addresses_.turned()) return;
  // An edit would make its checksum right.
  if (!frame.is_intact()) {
    ++counters_.broken_frames;
    return;
  }
  if (frame.has(tcp::kReset)) {
    // The kernel heeds it only there (RFC 5961, 3.2), or while it connects.
    const std::uint32_t at = frame.sequence();
    if (!open_ || at == answer_.acknowledgement || at == peer_next_) ended_ = true;
    return;
  }
  if (!frame.has(tcp::kAcknowledge)) return;
  if (frame.has(tcp::kSyn)) return hear_handshake(frame);
  if (!open_ || before(wire_end() + kUnheardBytesMax, frame.acknowledgement())) return;
  hear_window(frame);
  acknowledged_ = later(acknowledged_, frame.acknowledgement());
  peer_next_ = later(peer_next_, frame.end());
  if (frame.has(tcp::kFin)) ended_ = true;
  if (!before(frame.acknowledgement(), newest_acknowledgement_)) keep(frame);
  cut_at_kernel(frame);
}

// Scaled only when both sides have said so; the window of a SYN never is (RFC 7323, 2.2).
void ExceptionPath::hear_handshake(const TcpFrame& frame) {
  if (open_ || frame.acknowledgement() != kernel_next_) return;
  const std::span<std::byte> scale = frame.option(tcp::kOptionWindowScale);
  const bool scaled = own_shift_offered_ != 0 && scale.size() == 3;
  window_shift_ = scaled ? std::min(static_cast<unsigned>(scale[2]), kWindowShiftMax) : 0;
  right_edge_ = frame.acknowledgement() + frame.window();
  window_sequence_ = peer_next_ = frame.end();
  open_ = true;
}

// RFC 9293, 3.10.7.4: newer segments only; of equally new ones the larger window.
void ExceptionPath::hear_window(const TcpFrame& frame) {
  const std::uint32_t right = right_of(frame);
  const bool newer = before(acknowledged_, frame.acknowledgement());
  const bool as_new = acknowledged_ == frame.acknowledgement() &&
                      (before(window_sequence_, frame.sequence()) ||
                       (window_sequence_ == frame.sequence() && before(right_edge_, right)));
  if (!newer && !as_new) return;
  right_edge_ = right;
  window_sequence_ = frame.sequence();
}

void ExceptionPath::keep(const TcpFrame& frame) {
  newest_acknowledgement_ = frame.acknowledgement();
  const std::size_t bytes = frame.bytes().size() - frame.payload().size();
  newest_.assign(frame.bytes().begin(), frame.bytes().begin() + static_cast<std::ptrdiff_t>(bytes));
  told_ = kernel_next_;
}

void ExceptionPath::cut_at_kernel(TcpFrame& frame) {
  const bool acknowledgement_cut = cut_acknowledgement(frame);
  const bool blocks_cut = cut_blocks(frame);
  if (!acknowledgement_cut && !blocks_cut) return;
  ++counters_.acknowledgements_cut;
  frame.seal();
}

bool ExceptionPath::cut_acknowledgement(TcpFrame& frame) {
  if (!before(kernel_next_, frame.acknowledgement())) return false;
  const std::uint32_t right = right_of(frame);
  std::uint32_t window = (right - kernel_next_) >> window_shift_;
  // What the hot core has sent has room at the peer, whatever the scale rounds off.
  if (before(kernel_next_ + (window << window_shift_), hot_end_)) ++window;
  frame.set_acknowledgement(kernel_next_);
  frame.set_window(static_cast<std::uint16_t>(std::min(window, 0xFFFFU)));
  return true;
}

// What is left of the blocks moves to the front; behind it the option is filled up.
bool ExceptionPath::cut_blocks(TcpFrame& frame) {
  constexpr std::size_t kHeadBytes = 2;
  constexpr std::size_t kBlockBytes = 8;
  const std::span<std::byte> option = frame.option(tcp::kOptionSack);
  bool cut = false;
  std::size_t kept = kHeadBytes;
  for (std::size_t at = kHeadBytes; at + kBlockBytes <= option.size(); at += kBlockBytes) {
    const auto begin = base::load_big_endian<std::uint32_t>(&option[at]);
    auto end = base::load_big_endian<std::uint32_t>(&option[at + 4]);
    if (before(kernel_next_, end)) {
      cut = true;
      end = kernel_next_;
    }
    if (!before(begin, end)) continue;
    base::store_big_endian(&option[kept], begin);
    base::store_big_endian(&option[kept + 4], end);
    kept += kBlockBytes;
  }
  if (!cut || kept == option.size()) return cut;
  const std::size_t empty_from = kept == kHeadBytes ? 0 : kept;
  if (empty_from != 0) option[1] = static_cast<std::byte>(kept);
  const auto empty = option.subspan(empty_from);
  std::fill(empty.begin(), empty.end(), std::byte{tcp::kOptionNothing});
  return true;
}

std::span<const std::byte> ExceptionPath::say_again(std::span<std::byte> room) {
  if (newest_.empty() || !before(told_, kernel_next_)) return {};
  std::copy(newest_.begin(), newest_.end(), room.begin());
  // Its lengths are those of the whole segment.
  const std::size_t ip_at = nic::kEthernetHeaderBytes;
  base::store_big_endian(&room[ip_at + 2], static_cast<std::uint16_t>(newest_.size() - ip_at));
  auto frame = TcpFrame::read(room.first(newest_.size()));
  if (!frame) return {};
  std::uint32_t top = frame->acknowledgement();
  const std::span<std::byte> blocks = frame->option(tcp::kOptionSack);
  for (std::size_t at = 2; at + 8 <= blocks.size(); at += 8)
    top = later(top, base::load_big_endian<std::uint32_t>(&blocks[at + 4]));
  const bool was_cut = before(told_, top);
  told_ = kernel_next_;
  if (!was_cut) return {};
  frame->set_flags(tcp::kAcknowledge);
  frame->set_sequence(peer_next_);
  cut_acknowledgement(*frame);
  cut_blocks(*frame);
  frame->seal();
  ++counters_.acknowledgements_again;
  return frame->bytes();
}

Allowance ExceptionPath::allowance() const noexcept {
  if (!is_open()) return {};
  if (congestion_.recovering || congestion_.segment_bytes == 0)
    return {acknowledged_, Fallback::Congestion};
  Allowance allowance{right_edge_, Fallback::Window};
  const std::uint32_t unacknowledged_end = acknowledged_ + unacknowledged_max_;
  if (before(unacknowledged_end, allowance.send_until))
    allowance = {unacknowledged_end, Fallback::Unacknowledged};
  const auto window =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(congestion_.window_bytes, 1U << 30));
  if (before(acknowledged_ + window, allowance.send_until))
    allowance = {acknowledged_ + window, Fallback::Congestion};
  return allowance;
}

}  // namespace ridley::order
