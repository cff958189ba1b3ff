// SPDX-License-Identifier: Apache-2.0
// In: a text in TOML. Out: a day as a script: the market it begins with, and what goes wrong in it,
// where, when and for how long; or every problem that the text has. Cold.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "control/toml_text.hpp"

namespace ridley::venue {

// What can go wrong. docs/SCENARIOS.md says what each does; the table in scenario.cpp,
// which numbers it takes.
enum class Trouble : std::uint8_t {
  // Of a line of the feed.
  Dead,
  Loss,
  BurstLoss,
  Reorder,
  Duplicate,
  Corrupt,
  Truncate,
  Delay,
  WrongSession,
  SequenceReset,
  DuplicateSession,
  // Of an account's connection, or of what the exchange says and does to the account.
  SlowReads,
  SlowStream,
  Pieces,
  HalfOpen,
  Disconnect,
  DuplicateLogin,
  RejectStorm,
  LateAcknowledgements,
  UnsolicitedCancels,
  // Of an instrument, or of all.
  Halt,
  Shock,
  // Of the exchange.
  Rate,
  Crash,
};

enum class Direction : std::uint8_t { Both, Up, Down };

// Where the connection is that something happens to.
enum class ScenarioPort : std::uint8_t { Orders, Snapshots, DropCopies };
inline constexpr std::array kScenarioPorts{ScenarioPort::Orders, ScenarioPort::Snapshots,
                                           ScenarioPort::DropCopies};
inline constexpr std::array<std::string_view, 3> kScenarioPortNames{"orders", "snapshots",
                                                                    "drop_copies"};

// Lines of re-requests: to the exchange and from it.
inline constexpr std::string_view kRequests = "requests";
inline constexpr std::string_view kAnswers = "answers";

struct ScenarioEvent {
  Trouble trouble = Trouble::Dead;
  std::uint64_t at_ns = 0;   // from the start of the day
  std::uint64_t for_ns = 0;  // 0: until the end, or it has no length
  std::string target;        // a line, an account, an instrument; empty: all of them
  ScenarioPort port = ScenarioPort::Orders;
  Direction direction = Direction::Both;
  double share = 1;
  double percent = 0;
  double believed_percent = 0;
  double factor = 1;
  std::uint32_t packets = 10;
  std::uint32_t orders = 1;
  std::uint64_t delay_ns = 0;
  std::uint64_t jitter_ns = 0;
  std::uint64_t bytes_a_second = 0;
  std::uint16_t reason = 0x000F;  // of a reject
};

// What the command line would say otherwise.
struct ScenarioMarket {
  std::uint64_t seed = 1;
  std::uint32_t instruments = 20;
  double messages_per_second = 20'000;
  double seconds = 10;
  std::uint32_t lines = 2;
  bool market_rules = false;
  double pause_s = 300;
  std::string start = "09:30:00";
  std::string close;
};

struct Scenario {
  std::string name;
  std::string shows;
  ScenarioMarket market;
  std::vector<ScenarioEvent> events;  // as in the file
};

struct CheckedScenario {
  Scenario scenario;
  std::vector<control::Problem> problems;
};

// Looks at all of the text and never throws for what stands in it.
[[nodiscard]] CheckedScenario check_scenario(std::string_view text, const std::string& file_name);

// Throws base::Error with every problem.
[[nodiscard]] Scenario read_scenario(const std::string& path);

}  // namespace ridley::venue
