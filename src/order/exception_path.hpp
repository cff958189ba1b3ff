// SPDX-License-Identifier: Apache-2.0
// In: the frames of one TCP connection on their way between the kernel that owns it and the wire,
// and what the hot core has put on that wire by itself. Out: each frame as it may go on, or not at
// all, so that neither the kernel nor the peer notices that somebody else sends. Cold: the session
// thread. No clock, no input or output.
//
// The kernel is given the same bytes afterwards and sends them too. From the kernel to the wire:
//   - a first copy of what the hot core has sent is dropped; what follows it in the same segment
//     goes on alone. First copies begin at or behind everything the kernel has sent before.
//   - a first copy goes on after all when its original has been out for kStaleNs and was not
//     acknowledged: it may be lost, and the kernel, whose window is small then, waits for an answer
//     to what it believes to have sent.
//   - retransmissions, probes and a FIN go on as they are.
//   - a pure acknowledgement and a RST carry the number that the kernel sends next. When the hot
//     core is ahead the peer takes that for old, so they get the number that the hot core sends
//     next.
//   - a dropped copy may carry the newest acknowledgement, or say which segments have come behind a
//     hole; the kernel takes that as said, so the copy goes on without its payload.
// From the wire to the kernel:
//   - a segment that acknowledges more than the kernel has sent would be discarded whole, data and
//     all, and one that is held back would keep a kernel waiting that sends no more without it. So
//     the acknowledgement and its SACK blocks (RFC 2018) are cut at what the kernel has sent; the
//     window is raised so that its right edge stays.
//   - when the kernel has sent more it hears the rest, in a fresh pure acknowledgement.
//
// Sequence numbers as RFC 9293, window scale as RFC 7323.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "nic/tcp_frame.hpp"
#include "order/handover.hpp"

namespace ridley::order {

// Far longer than any way to an exchange and back in one building, far shorter than any timer of
// TCP.
inline constexpr std::uint64_t kStaleNs = 2'000'000;

// A head with all options, for acknowledgements that are said again.
inline constexpr std::size_t kAcknowledgementBytesMax = nic::kEthernetHeaderBytes + 60 + 60;

// What the kernel says about its own sending.
struct Congestion {
  std::uint64_t window_bytes = 0;
  std::uint32_t segment_bytes = 0;  // the largest
  bool recovering = false;          // from a timeout
};

// How far the stream may go on the wire, and what forbids more.
struct Allowance {
  std::uint32_t send_until = 0;
  Fallback limit = Fallback::NotOpen;
};

struct ExceptionCounters {
  std::uint64_t copies_dropped = 0;
  std::uint64_t copies_cut = 0;    // hot in front, not hot behind
  std::uint64_t copies_stale = 0;  // went on because the original may be lost
  std::uint64_t kernel_segments = 0;
  std::uint64_t retransmissions = 0;
  std::uint64_t acknowledgements_moved = 0;
  std::uint64_t acknowledgements_saved = 0;  // of a dropped copy
  std::uint64_t acknowledgements_cut = 0;
  std::uint64_t acknowledgements_again = 0;
  std::uint64_t broken_frames = 0;  // of the wire: a checksum is wrong
  std::uint64_t connections = 0;
};

class ExceptionPath {
 public:
  explicit ExceptionPath(std::uint32_t unacknowledged_max)
      : unacknowledged_max_{unacknowledged_max} {}

  // A frame that the kernel sends, edited in place: false when it goes no further.
  [[nodiscard]] bool from_kernel(nic::TcpFrame& frame, std::uint64_t now_ns);
  // A frame for the kernel, edited in place. Every one goes on.
  void from_wire(nic::TcpFrame& frame);
  // What the kernel has to hear now that it has sent more: a frame in the room of at least
  // kAcknowledgementBytesMax, or nothing.
  [[nodiscard]] std::span<const std::byte> say_again(std::span<std::byte> room);

  // The socket has taken so many bytes of the stream.
  void gave(std::size_t bytes) noexcept { given_ += static_cast<std::uint32_t>(bytes); }
  // The hot core has sent this packet; the socket has not taken it yet, nor `queued` bytes before
  // it. False when it is not the stream's next: the connection cannot be saved.
  [[nodiscard]] bool took(const Outbound& packet, std::size_t queued, std::uint64_t now_ns);

  void set_congestion(const Congestion& congestion) noexcept { congestion_ = congestion; }

  // Between the handshake and the first word of an end.
  [[nodiscard]] bool is_open() const noexcept { return open_ && !ended_ && !has_options_; }
  // Everything that the socket has taken was sent by the kernel, dropped or not.
  [[nodiscard]] bool kernel_is_even() const noexcept { return kernel_next_ == given_; }
  // The number of the byte behind all that the socket has taken.
  [[nodiscard]] std::uint32_t given() const noexcept { return given_; }
  [[nodiscard]] bool is_ahead() const noexcept { return nic::before(given_, hot_end_); }
  [[nodiscard]] Allowance allowance() const noexcept;
  [[nodiscard]] Answer answer() const noexcept { return answer_; }
  [[nodiscard]] const Congestion& congestion() const noexcept { return congestion_; }
  // Of the kernel's newest segment, and how often the next hop has changed.
  [[nodiscard]] const SegmentHead& head() const noexcept { return head_; }
  [[nodiscard]] std::uint32_t routes() const noexcept { return routes_; }
  [[nodiscard]] const ExceptionCounters& counters() const noexcept { return counters_; }

 private:
  struct Range {
    std::uint32_t begin;
    std::uint32_t end;
    std::uint64_t sent_ns;
  };
  // Of a first copy: how much of its front the hot core has sent.
  struct Front {
    std::size_t bytes = 0;
    bool stale = false;
  };

  void begin(const nic::TcpFrame& syn);
  void learn(const nic::TcpFrame& frame);
  bool pass_reset(nic::TcpFrame& frame);
  bool pass_pure(nic::TcpFrame& frame);
  bool pass_copy(nic::TcpFrame& frame, std::uint64_t now_ns);
  [[nodiscard]] Front hot_front(const nic::TcpFrame& frame, std::uint64_t now_ns) const;
  void kernel_sent(std::uint32_t end);
  void said(const nic::TcpFrame& frame) noexcept;
  [[nodiscard]] std::uint32_t wire_end() const noexcept {
    return nic::later(kernel_next_, hot_end_);
  }

  void hear_handshake(const nic::TcpFrame& frame);
  void hear_window(const nic::TcpFrame& frame);
  void keep(const nic::TcpFrame& frame);
  void cut_at_kernel(nic::TcpFrame& frame);
  bool cut_acknowledgement(nic::TcpFrame& frame);
  bool cut_blocks(nic::TcpFrame& frame);
  [[nodiscard]] std::uint32_t right_of(const nic::TcpFrame& frame) const noexcept {
    return frame.acknowledgement() + (std::uint32_t{frame.window()} << window_shift_);
  }

  std::uint32_t unacknowledged_max_;
  nic::TcpAddresses addresses_{};  // as in the kernel's frames
  bool begun_ = false;             // there was a SYN
  bool open_ = false;              // the peer has answered it
  bool ended_ = false;             // FIN or RST of either side
  bool has_options_ = false;       // the kernel's segments have options that ours would lack

  // The stream that we send.
  std::uint32_t kernel_next_ = 0;  // behind everything that the kernel has sent
  std::uint32_t given_ = 0;        // behind everything that the socket has taken
  std::uint32_t hot_end_ = 0;      // behind everything that the hot core has sent
  std::deque<Range> hot_;          // sent by the hot core and not yet by the kernel, in order
  Congestion congestion_{};

  // What the kernel says with its segments.
  SegmentHead head_{};
  std::uint32_t routes_ = 0;
  Answer answer_{};
  Answer on_wire_{};  // the newest that the peer may have heard

  // What the peer says.
  unsigned window_shift_ = 0;
  unsigned own_shift_offered_ = 0;  // 1: our SYN has offered to scale
  std::uint32_t acknowledged_ = 0;
  std::uint32_t right_edge_ = 0;
  std::uint32_t window_sequence_ = 0;  // of the segment that the right edge is from
  std::uint32_t peer_next_ = 0;
  // The newest acknowledgement as the peer said it, and what the kernel had sent when it was told.
  std::vector<std::byte> newest_;
  std::uint32_t newest_acknowledgement_ = 0;
  std::uint32_t told_ = 0;

  ExceptionCounters counters_;
};

}  // namespace ridley::order
