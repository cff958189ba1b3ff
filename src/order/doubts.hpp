// SPDX-License-Identifier: Apache-2.0
// In: why it is not known what became of our orders of an instrument. Out: whether a new one may
// leave for it, and every change, for the log. Fixed memory, a byte for each locate. Hot core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace ridley::order {

// A bit each.
enum class Doubt : std::uint8_t {
  Unanswered = 1,  // an order has had no answer for too long
  Connection = 2,  // orders were open when the connection was lost, and are not reconciled yet
  DropCopy = 4,    // the exchange's own account has an execution that we do not know
};
inline constexpr std::array kDoubts{Doubt::Unanswered, Doubt::Connection, Doubt::DropCopy};

[[nodiscard]] constexpr const char* name_of(Doubt doubt) noexcept {
  switch (doubt) {
    case Doubt::Unanswered: return "unanswered";
    case Doubt::Connection: return "connection";
    case Doubt::DropCopy: return "drop_copy";
  }
  return "unknown";
}

using DoubtBits = std::uint8_t;

[[nodiscard]] constexpr bool has(DoubtBits bits, Doubt doubt) noexcept {
  return (bits & static_cast<DoubtBits>(doubt)) != 0;
}

// In place of a locate: every instrument. No feed gives it out.
inline constexpr std::uint16_t kEveryInstrument = 0;

// Changes that wait for the log. A lost connection can change more at once; status shows them all.
inline constexpr std::size_t kDoubtChangesMax = 64;

class Doubts {
 public:
  struct Change {
    std::uint16_t locate = 0;
    DoubtBits bits = 0;  // from now on
  };

  // Zeros, one for each locate that can be asked for.
  explicit Doubts(std::span<DoubtBits> bits) noexcept : bits_{bits} {}

  [[nodiscard]] DoubtBits of(std::uint16_t locate) const noexcept {
    return static_cast<DoubtBits>(bits_[locate] | bits_[kEveryInstrument]);
  }
  void prefetch(std::uint16_t locate) const noexcept { __builtin_prefetch(&bits_[locate]); }

  void raise(std::uint16_t locate, Doubt doubt) noexcept {
    change(locate, static_cast<DoubtBits>(bits_[locate] | static_cast<DoubtBits>(doubt)));
  }
  void settle(std::uint16_t locate, Doubt doubt) noexcept {
    change(locate, static_cast<DoubtBits>(bits_[locate] & ~static_cast<DoubtBits>(doubt)));
  }
  // Of all instruments. Some microseconds.
  void settle(Doubt doubt) noexcept {
    for (std::size_t locate = 0; locate < bits_.size(); ++locate)
      settle(static_cast<std::uint16_t>(locate), doubt);
  }
  void settle_all(std::uint16_t locate) noexcept { change(locate, 0); }

  // The next change that nobody has taken, the oldest first.
  [[nodiscard]] bool take(Change& next) noexcept {
    if (taken_ == changes_) return false;
    next = waiting_[taken_++];
    if (taken_ == changes_) taken_ = changes_ = 0;
    return true;
  }

 private:
  void change(std::uint16_t locate, DoubtBits bits) noexcept {
    if (bits_[locate] == bits) return;
    bits_[locate] = bits;
    if (changes_ < waiting_.size()) waiting_[changes_++] = {locate, bits};
  }

  std::span<DoubtBits> bits_;
  std::array<Change, kDoubtChangesMax> waiting_{};
  std::size_t changes_ = 0;
  std::size_t taken_ = 0;
};

}  // namespace ridley::order
