// SPDX-License-Identifier: Apache-2.0
// In: lines of a history file. Out: what happened to the card's bitstreams, in order, with the
// proof that no line was changed or taken out; the next line to append. Cold.
//
// A line is a JSON object. It holds the SHA-256 of the line before it and the state that it leads
// to: a line that is wholly there has happened, and the state file only follows it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::card {

// The steps of a trial, in order; the last one is a rollback's only.
inline constexpr std::string_view kStepLoad = "load";
inline constexpr std::string_view kStepGolden = "golden";
inline constexpr std::string_view kStepShadow = "shadow";
inline constexpr std::string_view kStepUse = "use";
inline constexpr std::string_view kStepRestore = "restore";

// A bitstream on its way to being used, or the one before on its way back.
struct TrialState {
  std::string digest;
  std::string step;
  friend bool operator==(const TrialState&, const TrialState&) = default;
};

// Digests of bitstreams; empty where there is none.
struct CardState {
  std::string active;
  std::string previous;
  std::string staged;
  std::uint64_t counter = 0;  // bitstreams of a lower version are refused
  TrialState trial;           // its digest is empty where none is going on
  friend bool operator==(const CardState&, const CardState&) = default;
};

// How far the history had come, as the state file has it.
struct HistoryHead {
  std::uint64_t line = 0;
  std::string hash;  // of that line
};

struct HistoryLine {
  std::uint64_t line = 0;
  std::string time;
  std::string user;
  std::string event;
  std::string digest;  // of the bitstream that it is about
  std::string text;
  CardState state;   // that it leads to
  std::string hash;  // of the line itself
};

struct History {
  std::vector<HistoryLine> lines;
  std::size_t whole_bytes = 0;
  bool is_torn = false;  // behind the whole lines stands a part of one that never happened
};

// Throws base::Error (EX_DATAERR) that names the line: one was altered, taken out or put in, or
// fewer lines are there than the head says.
[[nodiscard]] History read_history(std::string_view file, const HistoryHead& head);

// `before`: the hash of the line before it. With the line's end.
[[nodiscard]] std::string history_line(const HistoryLine& line, std::string_view before);

// state.json
[[nodiscard]] std::string state_text(const CardState& state, const HistoryHead& head);
void read_state(std::string_view text, CardState& state, HistoryHead& head);

}  // namespace ridley::card
