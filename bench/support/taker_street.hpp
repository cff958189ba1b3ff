// SPDX-License-Identifier: Apache-2.0
// In: a day of ITCH messages. Out: the options of a street on which imbalance_taker trades the
// busiest instruments of that day, and sends an order for about every tenth frame. Cold.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "bench/support/armed_street.hpp"
#include "control/itch_passes.hpp"
#include "wire/itch.hpp"

namespace ridley::bench {

// As many as the counter page has room for.
inline constexpr std::size_t kSymbolsTraded = 100;

[[nodiscard]] inline std::vector<std::string> busiest_symbols(const control::DayInMemory& day,
                                                              std::size_t count) {
  struct Listed {
    std::string symbol;
    std::uint64_t messages = 0;
  };
  std::vector<Listed> listed(1U << 16);
  control::for_each_message(day, [&](std::span<const std::byte> message, std::uint64_t) {
    const auto locate = base::load_big_endian<std::uint16_t>(&message[1]);
    ++listed[locate].messages;
    if (static_cast<char>(message[0]) != wire::itch::StockDirectory::kType) return;
    const auto raw = wire::itch::StockDirectory{message.data()}.stock().raw();
    const std::string_view padded{raw.data(), raw.size()};
    listed[locate].symbol = padded.substr(0, padded.find_last_not_of(' ') + 1);
  });
  std::erase_if(listed, [](const Listed& one) { return one.symbol.empty(); });
  std::ranges::stable_sort(listed, std::ranges::greater{}, &Listed::messages);
  std::vector<std::string> symbols;
  for (std::size_t i = 0; i < std::min(count, listed.size()); ++i)
    symbols.push_back(listed[i].symbol);
  return symbols;
}

[[nodiscard]] inline ArmedStreetOptions taker_street(const control::DayInMemory& day) {
  return {.strategy = "imbalance_taker",
          .parameters = {{"spread_ticks_max", std::int64_t{5}},
                         {"cooldown_us", std::int64_t{0}},
                         {"position_max", std::int64_t{1'000'000'000}}},
          .symbols = busiest_symbols(day, kSymbolsTraded),
          .books = {.instruments_max = 1U << 14}};
}

}  // namespace ridley::bench
