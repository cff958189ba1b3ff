// SPDX-License-Identifier: Apache-2.0
// In: the settings of the two-sided quoter. Out: their description for the loader and a struct with
// names for the quoter. Cold.
#pragma once

#include <array>
#include <cstdint>

#include "strategy/strategy_abi.h"

namespace ridley::strategy {

struct QuoterSettings {
  std::int64_t half_spread_ticks;
  std::int64_t tick_e4;
  std::int64_t size;
  std::int64_t requote_ticks;
  std::int64_t skew_ticks;
  std::int64_t position_max;
  std::int64_t pause_us;
  bool post_only;
  bool short_selling;
};

consteval ridley_parameter integer_parameter(const char* name, const char* doc,
                                             std::int64_t standard, std::int64_t min,
                                             std::int64_t max) {
  return {name,
          doc,
          RIDLEY_PARAMETER_INTEGER,
          0,
          {standard, 0, nullptr},
          {min, 0, nullptr},
          {max, 0, nullptr}};
}

consteval ridley_parameter flag_parameter(const char* name, const char* doc, bool standard) {
  return {name,
          doc,
          RIDLEY_PARAMETER_FLAG,
          0,
          {standard ? 1 : 0, 0, nullptr},
          {0, 0, nullptr},
          {1, 0, nullptr}};
}

inline constexpr std::array kQuoterParameters{
    integer_parameter("half_spread_ticks", "Distance of each quote from the middle", 1, 0, 10'000),
    integer_parameter("tick_e4", "Price step in 1/10,000", 100, 1, 10'000),
    integer_parameter("size", "Shares of a quote", 100, 1, 999'999),
    integer_parameter("requote_ticks", "How far the wanted price must move away from the quote", 1,
                      1, 10'000),
    integer_parameter("skew_ticks", "How far both quotes lean against a full position", 2, 0,
                      10'000),
    integer_parameter("position_max", "Shares that may be held, long or short", 1000, 1,
                      1'000'000'000),
    integer_parameter("pause_us", "Between two changes of one quote, by the exchange's time", 1000,
                      0, 60'000'000),
    flag_parameter("post_only", "Whether quotes refuse to take liquidity", true),
    flag_parameter("short_selling", "Whether it offers what it does not hold", true),
};

inline QuoterSettings quoter_settings(const ridley_value* values) noexcept {
  return {.half_spread_ticks = values[0].integer,
          .tick_e4 = values[1].integer,
          .size = values[2].integer,
          .requote_ticks = values[3].integer,
          .skew_ticks = values[4].integer,
          .position_max = values[5].integer,
          .pause_us = values[6].integer,
          .post_only = values[7].integer != 0,
          .short_selling = values[8].integer != 0};
}

}  // namespace ridley::strategy
