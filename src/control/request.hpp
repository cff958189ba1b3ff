// SPDX-License-Identifier: Apache-2.0
// In: what an operator wants. Out: one line of JSON for the control socket, and back. The answer is
// a line too: {"ok":true,"result":{...}} or {"ok":false,"exit":78,"error":"..."}. Cold code.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace ridley::control {

enum class Verb : std::uint8_t {
  Status,
  Arm,
  Disarm,
  Kill,
  Rearm,
  CancelAll,
  Limits,
  SetLimits,
  ReloadStrategy,
  RenewBooks,
  ReopenCard,
  CardStep,
  Stop,
};
inline constexpr std::array<std::string_view, 13> kVerbNames{
    "status", "arm",        "disarm",          "kill",        "rearm",       "cancel_all",
    "limits", "set_limits", "reload_strategy", "renew_books", "reopen_card", "card_step",
    "stop"};
[[nodiscard]] constexpr std::string_view name_of(Verb verb) {
  return kVerbNames.at(static_cast<std::size_t>(verb));
}

// What a kill, a re-arm or a cancel reaches.
enum class Reach : std::uint8_t { Firm, Symbol, Strategy };

struct Scope {
  Reach reach = Reach::Firm;
  std::string symbol;          // of Reach::Symbol
  std::uint32_t strategy = 0;  // of Reach::Strategy

  friend bool operator==(const Scope&, const Scope&) = default;
};

// A key of [risk] or [[risk.instrument]], or "restricted" of a symbol with 0 or 1.
struct LimitChange {
  std::string key;
  std::int64_t value = 0;

  friend bool operator==(const LimitChange&, const LimitChange&) = default;
};

struct Request {
  Verb verb = Verb::Status;
  Scope scope;                       // limits: the firm's or one symbol's
  std::vector<LimitChange> changes;  // set_limits
  // reload_strategy: empty, the same file again; card_step: the digest of a slot.
  std::string object;
  std::string step = {};  // card_step; empty: how far it is

  friend bool operator==(const Request&, const Request&) = default;
};

// "max_open_orders=20" as the command line has it. EX_USAGE when it has another form.
[[nodiscard]] LimitChange limit_change(std::string_view text);

// EX_DATAERR when a key is not a limit of that scope, or the value is out of its range.
void check_change(const LimitChange& change, const Scope& scope);

[[nodiscard]] std::string request_line(const Request& request);
// EX_DATAERR with what is wrong.
[[nodiscard]] Request parse_request(std::string_view line);

struct Answer {
  bool ok = false;
  int exit_code = 0;   // of sysexits.h
  std::string error;   // when it is not ok
  std::string result;  // JSON
};

[[nodiscard]] std::string answer_line(const Answer& answer);
// EX_PROTOCOL when the line is no answer.
[[nodiscard]] Answer parse_answer(std::string_view line);

// A JSON value for people: "feed.packets  12" a line.
[[nodiscard]] std::string plain_text(const std::string& json);

}  // namespace ridley::control
