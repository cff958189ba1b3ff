// SPDX-License-Identifier: Apache-2.0
// In: UDP payloads of one sequence, from each of its lines. Out: which of their messages are new,
// each once and in order, whoever brings them first and however they are cut. What is ahead of a
// message that is missing is held, as long as there is room and the caller does not give up. In a
// full window the first gap is a loss, and what was held behind it is delivered; without a window
// every gap is a loss, declared at once. The hot core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "feed/blocks.hpp"
#include "feed/framing.hpp"
#include "feed/held_packets.hpp"
#include "feed/lines.hpp"

namespace ridley::feed {

using SessionName = MoldFraming::Session;

enum class SessionPolicy : std::uint8_t {
  // Packets of another session are counted and dropped (OtherSession).
  Refuse,
  // Another session's packet starts anew at number 1 (SessionChange). The caller restarts its
  // books, then treats the Arrived like any other: it may carry messages and tell of missing ones.
  Follow,
};

// Further behind than a busy second; whoever misses more needs a snapshot, not the messages.
inline constexpr std::uint64_t kAheadMessagesMax = 65'536;

struct SequencerOptions {
  SessionPolicy policy = SessionPolicy::Refuse;
  // The first number expected; kAdopt takes the first packet's, for captures that begin anywhere.
  std::uint64_t first_sequence = 1;
  // What is further ahead than this is not waited for.
  std::uint64_t ahead_messages_max = kAheadMessagesMax;

  static constexpr std::uint64_t kAdopt = 0;
};

struct SequencerCounters {
  std::uint64_t packets;
  std::uint64_t messages;  // delivered
  std::uint64_t duplicates;
  std::uint64_t duplicate_messages;
  std::uint64_t overlaps;
  std::uint64_t gaps;          // times that messages were missing
  std::uint64_t gaps_filled;   // of these, the times that all of them came
  std::uint64_t held_packets;  // ahead of what was missing
  std::uint64_t missing_messages;
  std::uint64_t heartbeats;
  std::uint64_t ends_of_session;
  std::uint64_t session_changes;  // packets refused or sessions followed
  std::uint64_t malformed;
};

// One for each transport; sequencer.cpp names them all.
template <Framing F>
class SequencerOf {
 public:
  using Session = typename F::Session;
  using Blocks = BlocksOf<F>;

  explicit SequencerOf(const SequencerOptions& options = {}, const HeldPackets& held = {}) noexcept
      : options_{options},
        next_sequence_{options.first_sequence},
        adopt_{options.first_sequence == SequencerOptions::kAdopt},
        held_{held} {}

  // The result points into the payload. The stamp, nanoseconds of any clock that all lines share,
  // decides nothing: it says how late a line is.
  // Nearly every packet is the next one, and this is all there is to it.
  [[nodiscard]] Arrived accept(std::span<const std::byte> udp_payload, LineNumber line = 0,
                               std::uint64_t stamp_ns = 0) noexcept {
    LineHealth& health = lines_[line];
    ++health.packets;
    if (!F::fits(udp_payload) || !is_next(udp_payload.data())) [[unlikely]]
      return accept_any(udp_payload, line, stamp_ns);

    const Header header{udp_payload.data()};
    const std::span<const std::byte> blocks = udp_payload.subspan(F::kHeaderBytes);
    const std::uint32_t count = F::count(header);
    if (walk<F>(blocks, count) != blocks.size()) [[unlikely]]
      return accept_any(udp_payload, line, stamp_ns);
    const std::uint64_t sequence = next_sequence_;
    health.in_order += count;
    health.reached = next_sequence_ = sequence + count;
    return {.arrival = Arrival::InOrder,
            .ahead = Ahead::Nothing,
            .count = static_cast<std::uint16_t>(count),
            .unit = F::unit(header),
            .blocks = blocks,
            .first_sequence = sequence,
            .missing_from = 0,
            .missing_count = 0};
  }

  // When the last answer said Ready: the next of what was held. The result points into memory that
  // the next accept() may use again.
  [[nodiscard]] Arrived release() noexcept;

  // When it said Waits: what is missing before the first message that is held, or announced, is
  // missing for good.
  [[nodiscard]] Arrived give_up() noexcept;

  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_sequence_; }
  // Up to there, from next_sequence() on, messages are missing; next_sequence() when none are.
  [[nodiscard]] std::uint64_t missing_end() const noexcept;
  // False until the first well-formed packet names the session.
  [[nodiscard]] bool has_session() const noexcept { return has_session_; }
  [[nodiscard]] const Session& session() const noexcept { return session_; }
  [[nodiscard]] bool ended() const noexcept { return ended_; }

  // Of all lines together, and of one; the sums are made when somebody asks.
  [[nodiscard]] SequencerCounters counters() const noexcept;
  [[nodiscard]] const LineHealth& line(LineNumber line) const noexcept { return lines_[line]; }
  // How late a line was with what another had brought, now and then: each is told once.
  [[nodiscard]] Late take_late() noexcept { return lateness_.take(); }

 private:
  using Header = typename F::Header;

  // Of this session, with the number expected, and with messages.
  [[nodiscard]] bool is_next(const std::byte* packet) const noexcept {
    const Header header{packet};
    const std::uint32_t count = F::count(header);
    return F::first(header) == next_sequence_ && plain_ && F::is_of(packet, session_) &&
           count != kHeartbeat && count != F::kEndOfSession;
  }
  [[gnu::noinline]] Arrived accept_any(std::span<const std::byte> udp_payload, LineNumber line,
                                       std::uint64_t stamp_ns) noexcept;
  [[nodiscard]] bool is_other_session(const Header& header) const noexcept;
  void enter_session(const Header& header) noexcept;
  Arrived control(const Header& header, bool session_changed, LineNumber line) noexcept;
  Arrived messages(const Header& header, std::span<const std::byte> blocks, bool session_changed,
                   LineNumber line) noexcept;
  [[nodiscard]] std::uint64_t expected_in(const Header& header,
                                          bool session_changed) const noexcept;
  bool hold(const HeldPackets::Wanted& wanted) noexcept;
  [[nodiscard]] bool waits_for(std::uint64_t end) noexcept;
  [[nodiscard]] Arrived settled(Arrived arrived) noexcept;
  void declare_gap(std::uint64_t sequence, Arrived& arrived) noexcept;

  SequencerOptions options_;
  std::uint64_t next_sequence_;
  [[no_unique_address]] Session session_{};
  bool has_session_ = false;
  bool adopt_;
  bool ended_ = false;
  bool plain_ = false;    // the next message is as good as any: nothing is held, asked or unknown
  bool missing_ = false;  // since the last gap began, and nothing was lost since
  bool lost_ = false;
  std::uint64_t known_end_ = 0;  // numbers below it were published
  std::array<LineHealth, kLinesMax> lines_{};
  SequencerCounters counters_{};  // without what the lines count
  Lateness lateness_;
  HeldPackets held_;
};

extern template class SequencerOf<MoldFraming>;
extern template class SequencerOf<SequencedUnitFraming>;
extern template class SequencerOf<IexFraming>;
extern template class SequencerOf<MdpFraming>;

using Sequencer = SequencerOf<MoldFraming>;

}  // namespace ridley::feed
