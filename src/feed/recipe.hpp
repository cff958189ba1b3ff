// SPDX-License-Identifier: Apache-2.0
// In: an ITCH message of one of the types that make up nearly all of a day. Out: its MarketEvent,
// by moving bytes as that type's recipe says, without asking which type it is. The hot core.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#ifdef __SSE4_1__
#include <immintrin.h>
#endif

#include "base/bytes.hpp"
#include "event/records.hpp"

namespace ridley::feed {

// All these types have an order id at the same place behind the header. Their other fields lie
// within sixteen bytes, and all fill the same sixteen of the event.
struct alignas(64) Recipe {
  std::array<std::uint8_t, 16> header;  // what the header has beyond the message's bytes
  std::array<std::uint8_t, 16> fields;  // for each byte which of the sixteen, 0x80 for none
  std::array<std::uint8_t, 16> tail;    // the event's last bytes
  std::uint32_t size;                   // of the message; kNoRecipe for all other types
  std::uint8_t fields_at;
  std::uint8_t side_at;  // anywhere within the message where side_mask is 0
  std::uint8_t side_mask;
};
static_assert(sizeof(Recipe) == 64);

// No message is that long.
inline constexpr std::uint32_t kNoRecipe = 0xFFFF'FFFF;

// One for each first byte.
extern const std::array<Recipe, 256> kRecipes;

#ifdef __SSE4_1__
// The message has the recipe's size at least.
inline void follow_recipe(const Recipe& recipe, const std::byte* message, std::uint64_t sequence,
                          event::MarketEvent& out) noexcept {
  const auto load = [](const void* from) {
    return _mm_loadu_si128(static_cast<const __m128i*>(from));
  };
  auto* const to = reinterpret_cast<std::byte*>(&out);
  const auto store = [to](std::size_t at, __m128i bytes) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + at), bytes);
  };
  // Locate, tracking number and timestamp, from big-endian to their places in the event.
  const __m128i places = _mm_setr_epi8(-1, -1, 2, 1, 4, 3, -1, -1, 10, 9, 8, 7, 6, 5, -1, -1);
  const int side = static_cast<int>(message[recipe.side_at]) & recipe.side_mask;
  __m128i header = _mm_shuffle_epi8(load(message), places);
  header = _mm_insert_epi8(_mm_or_si128(header, load(&recipe.header)), side, 1);
  store(0, header);
  out.sequence = sequence;
  out.remove.order_id = base::load_big_endian<std::uint64_t>(message + 11);
  store(32, _mm_shuffle_epi8(load(message + recipe.fields_at), load(&recipe.fields)));
  store(48, load(&recipe.tail));
}
#endif

}  // namespace ridley::feed
