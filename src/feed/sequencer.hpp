// SPDX-License-Identifier: Apache-2.0
// In: UDP payloads of one line of one sequence. Out: which of their messages are new, and which
// will never come: without a second line and a re-request server every gap is a loss, declared at
// once. The hot core.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "feed/blocks.hpp"
#include "feed/framing.hpp"

namespace ridley::feed {

using SessionName = MoldFraming::Session;

enum class SessionPolicy : std::uint8_t {
  // Packets of another session are counted and dropped (OtherSession).
  Refuse,
  // Another session's packet starts anew at number 1 (SessionChange). The caller restarts its
  // books, then treats the Arrived like any other: it may carry messages and tell of missing ones.
  Follow,
};

struct SequencerOptions {
  SessionPolicy policy = SessionPolicy::Refuse;
  // The first number expected; kAdopt takes the first packet's, for captures that begin anywhere.
  std::uint64_t first_sequence = 1;

  static constexpr std::uint64_t kAdopt = 0;
};

struct SequencerCounters {
  std::uint64_t packets;
  std::uint64_t messages;  // delivered
  std::uint64_t duplicates;
  std::uint64_t duplicate_messages;
  std::uint64_t overlaps;
  std::uint64_t gaps;
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

  explicit SequencerOf(const SequencerOptions& options = {}) noexcept
      : policy_{options.policy},
        next_sequence_{options.first_sequence},
        adopt_{options.first_sequence == SequencerOptions::kAdopt} {}

  // The result points into the payload.
  [[nodiscard]] Arrived accept(std::span<const std::byte> udp_payload) noexcept;

  [[nodiscard]] std::uint64_t next_sequence() const noexcept { return next_sequence_; }
  // False until the first well-formed packet names the session.
  [[nodiscard]] bool has_session() const noexcept { return has_session_; }
  [[nodiscard]] const Session& session() const noexcept { return session_; }
  [[nodiscard]] bool ended() const noexcept { return ended_; }
  [[nodiscard]] const SequencerCounters& counters() const noexcept { return counters_; }

 private:
  using Header = typename F::Header;

  [[nodiscard]] bool is_next(const Header& header) const noexcept;
  Arrived accept_any(std::span<const std::byte> udp_payload) noexcept;
  [[nodiscard]] bool is_other_session(const Header& header) const noexcept;
  void enter_session(const Header& header) noexcept;
  Arrived control(const Header& header, bool session_changed) noexcept;
  Arrived messages(const Header& header, std::span<const std::byte> blocks,
                   bool session_changed) noexcept;
  [[nodiscard]] std::uint64_t expected_in(const Header& header,
                                          bool session_changed) const noexcept;
  Arrived malformed() noexcept;
  void declare_gap(std::uint64_t sequence, Arrived& arrived) noexcept;

  SessionPolicy policy_;
  std::uint64_t next_sequence_;
  [[no_unique_address]] Session session_{};
  bool has_session_ = false;
  bool adopt_;
  bool ended_ = false;
  SequencerCounters counters_{};
};

extern template class SequencerOf<MoldFraming>;
extern template class SequencerOf<SequencedUnitFraming>;
extern template class SequencerOf<IexFraming>;
extern template class SequencerOf<MdpFraming>;

using Sequencer = SequencerOf<MoldFraming>;

}  // namespace ridley::feed
