// SPDX-License-Identifier: Apache-2.0
// In: the end of a sorted array of ranks, the best one last. Out: where a rank is or belongs,
// without a branch for every one looked at. Pure functions; the hot core.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#ifdef __SSE4_1__
#include <immintrin.h>
#endif

namespace ridley::book {

// A higher rank is a better price on either side; the same step leads back to the price.
[[nodiscard]] constexpr std::uint32_t rank_of(std::uint32_t price_e4, bool buys) noexcept {
  return price_e4 ^ (0 - std::uint32_t{!buys});  // no jump: a side cannot be foretold
}

// What is looked at or moved in one go: nineteen of twenty orders come no deeper. So many words in
// front of an array are 0, and as many behind it are overwritten.
inline constexpr std::uint32_t kWordsAtOnce = 8;

// Where this rank is, or else the best one that is worse. When the eight best are all better, the
// one in front of them. The ranks are sorted, so it is enough to count those that are no better.
// Four lanes at a time: eight would need a larger stack alignment and a farewell in every function.
[[nodiscard]] inline const std::uint32_t* place_of(const std::uint32_t* end,
                                                   std::uint32_t rank) noexcept {
#ifdef __SSE4_1__
  const __m128i wanted = _mm_set1_epi32(static_cast<int>(rank));
  const auto* const ranks = reinterpret_cast<const __m128i*>(end - kWordsAtOnce);
  const __m128i low = _mm_max_epu32(_mm_loadu_si128(ranks), wanted);
  const __m128i high = _mm_max_epu32(_mm_loadu_si128(ranks + 1), wanted);
  const __m128i not_better =
      _mm_packs_epi32(_mm_cmpeq_epi32(low, wanted), _mm_cmpeq_epi32(high, wanted));
  // Two bits a rank, which has four bytes.
  const auto bits = static_cast<std::size_t>(
      std::popcount(static_cast<std::uint32_t>(_mm_movemask_epi8(not_better))));
  const auto* const in_front = reinterpret_cast<const std::byte*>(end - kWordsAtOnce - 1);
  return reinterpret_cast<const std::uint32_t*>(in_front + bits * 2);
#else
  const std::uint32_t* place = end - 1;
  while (place != end - kWordsAtOnce - 1 && *place > rank) --place;
  return place;
#endif
}

// Eight words that are read before the first of them is overwritten.
struct Words {
#ifdef __SSE4_1__
  explicit Words(const std::uint32_t* from) noexcept
      : low{_mm_loadu_si128(reinterpret_cast<const __m128i*>(from))},
        high{_mm_loadu_si128(reinterpret_cast<const __m128i*>(from) + 1)} {}
  void store(std::uint32_t* to) const noexcept {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to), low);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to) + 1, high);
  }
  __m128i low;
  __m128i high;
#else
  explicit Words(const std::uint32_t* from) noexcept { std::memcpy(words, from, sizeof words); }
  void store(std::uint32_t* to) const noexcept { std::memcpy(to, words, sizeof words); }
  std::uint32_t words[kWordsAtOnce];
#endif
};

}  // namespace ridley::book
