// SPDX-License-Identifier: Apache-2.0
// In: trades and quotes of one instrument, with their times. Out: the prices between which it may
// trade (limit up, limit down), and whether it has stood at one of them for so long that it has to
// be paused. No clock, no feed: nanoseconds since midnight, prices in 1/10,000. One owner.
//
// The plan's rules for instruments of tier 1, as far as one exchange alone can follow them; what is
// ours is in docs/decisions/0015.
#pragma once

#include <array>
#include <cstdint>

namespace ridley::venue {

class PriceBands {
 public:
  // Continuous trading begins at this reference, with wide bands near the close if it is known.
  void begin(std::uint32_t reference_e4, std::uint64_t ns, std::uint64_t close_ns) noexcept;
  void end() noexcept { reference_e4_ = 0; }
  [[nodiscard]] bool active() const noexcept { return reference_e4_ != 0; }

  void traded(std::uint32_t price_e4, std::uint64_t ns) noexcept;
  // The best displayed prices as they are now, 0: none.
  void quoted(std::uint32_t bid_e4, std::uint32_t ask_e4, std::uint64_t ns) noexcept;

  [[nodiscard]] std::uint32_t lower_e4() const noexcept { return lower_e4_; }
  [[nodiscard]] std::uint32_t upper_e4() const noexcept { return upper_e4_; }
  [[nodiscard]] std::uint32_t reference_e4() const noexcept { return reference_e4_; }

  // When the pause comes unless the quote leaves the band before; kNever outside a limit state.
  static constexpr std::uint64_t kNever = ~std::uint64_t{0};
  [[nodiscard]] std::uint64_t pause_ns() const noexcept { return pause_ns_; }
  // At which band it stands.
  [[nodiscard]] std::uint32_t limit_e4() const noexcept { return limit_e4_; }

 private:
  // The mean of the last five minutes is kept in parts of half a minute.
  static constexpr std::uint64_t kPart_ns = 30'000'000'000;
  static constexpr std::size_t kParts = 10;
  struct Part {
    std::uint64_t number = 0;  // of the day
    std::uint64_t sum_e4 = 0;
    std::uint64_t trades = 0;
  };

  void set_reference(std::uint32_t reference_e4, std::uint64_t ns) noexcept;
  [[nodiscard]] std::uint32_t mean_e4(std::uint64_t ns) const noexcept;

  std::uint32_t reference_e4_ = 0;
  std::uint32_t lower_e4_ = 0;
  std::uint32_t upper_e4_ = 0;
  std::uint32_t limit_e4_ = 0;
  std::uint64_t pause_ns_ = kNever;
  std::uint64_t close_ns_ = kNever;
  std::uint64_t set_ns_ = 0;
  std::array<Part, kParts> parts_{};
};

}  // namespace ridley::venue
