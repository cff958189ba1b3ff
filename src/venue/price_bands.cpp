// SPDX-License-Identifier: Apache-2.0
#include "venue/price_bands.hpp"

#include <algorithm>

namespace ridley::venue {
namespace {

constexpr std::uint64_t kLimitState_ns = 15'000'000'000;
// Bands are twice as wide from here to the close.
constexpr std::uint64_t kWide_ns = 25 * 60'000'000'000ULL;
constexpr std::uint32_t kTick_e4 = 100;
constexpr std::uint32_t kDollar_e4 = 10'000;

// Half the width of the bands: 5 % above three dollars, 20 % above 75 cents, else 15 cents or 75 %.
std::uint32_t width_e4(std::uint32_t reference_e4) noexcept {
  if (reference_e4 > 3 * kDollar_e4) return reference_e4 / 20;
  if (reference_e4 >= kDollar_e4 * 3 / 4) return reference_e4 / 5;
  return std::min(kDollar_e4 * 15 / 100, reference_e4 / 4 * 3);
}

// To the tick of the price.
std::uint32_t rounded(std::uint32_t price_e4) noexcept {
  if (price_e4 < kDollar_e4) return price_e4;
  return (price_e4 + kTick_e4 / 2) / kTick_e4 * kTick_e4;
}

}  // namespace

void PriceBands::begin(std::uint32_t reference_e4, std::uint64_t ns,
                       std::uint64_t close_ns) noexcept {
  parts_ = {};
  close_ns_ = close_ns;
  pause_ns_ = kNever;
  limit_e4_ = 0;
  set_reference(reference_e4, ns);
}

void PriceBands::traded(std::uint32_t price_e4, std::uint64_t ns) noexcept {
  if (!active()) return;
  const std::uint64_t number = ns / kPart_ns;
  Part& part = parts_[number % kParts];
  if (part.number != number) part = {.number = number};
  part.sum_e4 += price_e4;
  ++part.trades;
  // A reference stays for half a minute, and as long as the mean is within one percent of it.
  const std::uint32_t mean = mean_e4(ns);
  const std::uint32_t apart = mean > reference_e4_ ? mean - reference_e4_ : reference_e4_ - mean;
  if (ns >= set_ns_ + kPart_ns && apart >= reference_e4_ / 100) set_reference(mean, ns);
}

void PriceBands::quoted(std::uint32_t bid_e4, std::uint32_t ask_e4, std::uint64_t ns) noexcept {
  if (!active()) return;
  const bool up = bid_e4 != 0 && bid_e4 >= upper_e4_;
  const bool down = ask_e4 != 0 && ask_e4 <= lower_e4_;
  if (!up && !down) {
    pause_ns_ = kNever;
  } else if (pause_ns_ == kNever) {
    pause_ns_ = ns + kLimitState_ns;
    limit_e4_ = up ? upper_e4_ : lower_e4_;
  }
}

void PriceBands::set_reference(std::uint32_t reference_e4, std::uint64_t ns) noexcept {
  const bool wide = close_ns_ != kNever && ns + kWide_ns >= close_ns_;
  const std::uint32_t width = width_e4(reference_e4) * (wide ? 2 : 1);
  reference_e4_ = reference_e4;
  upper_e4_ = rounded(reference_e4 + width);
  lower_e4_ = rounded(reference_e4 > width ? reference_e4 - width : 1);
  set_ns_ = ns;
}

std::uint32_t PriceBands::mean_e4(std::uint64_t ns) const noexcept {
  const std::uint64_t newest = ns / kPart_ns;
  std::uint64_t sum_e4 = 0;
  std::uint64_t trades = 0;
  for (const Part& part : parts_) {
    if (part.number + kParts <= newest) continue;
    sum_e4 += part.sum_e4;
    trades += part.trades;
  }
  return trades == 0 ? reference_e4_ : static_cast<std::uint32_t>(sum_e4 / trades);
}

}  // namespace ridley::venue
