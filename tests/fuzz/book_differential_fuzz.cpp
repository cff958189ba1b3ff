// SPDX-License-Identifier: Apache-2.0
// In: which limits, then steps of five bytes (tests/book/event_stream.hpp). Holds the books to the
// naive ones after every step: tops, changes, outcomes, counters, stale flags, queues in their
// order, and where followed orders stand in them.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "book/books.hpp"
#include "book/differential_books.hpp"
#include "book/event_stream.hpp"

using namespace ridley;
using book::Locate;

namespace {

struct Profile {
  book::Books books;
  std::span<const Locate> locates;
  book::Memory memory;
};

// Made once: their memory takes longer to get than most inputs to play.
Profile& profile_of(std::uint8_t byte) {
  static constexpr std::array<Locate, 5> kFew{1, 2, 0, 3, 65'535};
  static constexpr std::array<Locate, 5> kMany{65'535, 32'768, 1, 0, 65'534};
  static Profile ample{
      book::Books{{.orders_max = 4096, .levels_max = 1U << 15, .instruments_max = 3}}, kFew,
      book::Memory::Ample};
  static Profile few_orders{
      book::Books{{.orders_max = 5, .levels_max = 4096, .instruments_max = 3}}, kFew,
      book::Memory::Scarce};
  static Profile few_levels{
      book::Books{{.orders_max = 4096, .levels_max = 16, .instruments_max = 3}}, kFew,
      book::Memory::Scarce};
  static Profile all_locates{
      book::Books{{.orders_max = 4096, .levels_max = 1U << 15, .instruments_max = 1U << 16}}, kMany,
      book::Memory::Ample};
  // Beginning anew takes those with all locates longest, so they come seldom.
  switch (byte % 16) {
    case 0: return all_locates;
    case 1:
    case 2:
    case 3: return few_orders;
    case 4:
    case 5:
    case 6: return few_levels;
    default: return ample;
  }
}

void expect_none(const std::string& differences, std::size_t step) {
  if (differences.empty()) return;
  std::fprintf(stderr, "step %zu: %s\n", step, differences.c_str());
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size == 0) return 0;
  Profile& profile = profile_of(bytes[0]);
  const book::Mix mix = bytes[0] < 128 ? book::Mix::Balanced : book::Mix::Growing;
  book::EventStream stream{{bytes + 1, size - 1}, profile.locates, mix};
  book::DifferentialBooks differential{profile.books, profile.locates, profile.memory};
  std::size_t steps = 0;
  while (const auto step = stream.next(differential.naive())) {
    expect_none(differential.take(*step), steps);
    ++steps;
  }
  expect_none(differential.take_stock(), steps);
  return 0;
}
