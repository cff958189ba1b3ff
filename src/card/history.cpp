// SPDX-License-Identifier: Apache-2.0
#include "card/history.hpp"

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "card/digest.hpp"

namespace ridley::card {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view kStateFormat = "ridley-card-state-1";

template <typename... Parts>
[[noreturn]] void refuse(const Parts&... parts) {
  throw base::Error::with_exit(EX_DATAERR, parts...);
}

std::string dump(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json json_of(const CardState& state) {
  Json trial = nullptr;
  if (!state.trial.digest.empty()) {
    trial = {{"digest", state.trial.digest}, {"step", state.trial.step}};
  }
  return {{"active", state.active},
          {"previous", state.previous},
          {"staged", state.staged},
          {"counter", state.counter},
          {"trial", std::move(trial)}};
}

std::string digest_in(const Json& table, const char* key) {
  std::string digest = table.at(key).get<std::string>();
  // Digests become names of folders.
  if (!digest.empty() && !is_digest(digest)) refuse("is altered: ", key, " is no digest");
  return digest;
}

CardState state_of(const Json& table) {
  CardState state{digest_in(table, "active"),
                  digest_in(table, "previous"),
                  digest_in(table, "staged"),
                  table.at("counter").get<std::uint64_t>(),
                  {}};
  const Json& trial = table.at("trial");
  if (!trial.is_null()) {
    state.trial = {digest_in(trial, "digest"), trial.at("step").get<std::string>()};
  }
  return state;
}

std::string first_before() { return std::string(kDigestLetters, '0'); }

HistoryLine parse_line(std::string_view text, std::uint64_t number, std::string_view before) {
  try {
    const Json table = Json::parse(text);
    HistoryLine line{table.at("line").get<std::uint64_t>(),
                     table.at("time").get<std::string>(),
                     table.at("user").get<std::string>(),
                     table.at("event").get<std::string>(),
                     digest_in(table, "digest"),
                     table.at("text").get<std::string>(),
                     state_of(table.at("state")),
                     digest_of(text)};
    if (line.line != number) refuse("line ", number, " says that it is line ", line.line);
    if (table.at("before") != before) {
      refuse("line ", number, " does not follow the line before it: one of the two was altered");
    }
    return line;
  } catch (const Json::exception&) {
    refuse("line ", number, " was altered: it is no line of a history");
  }
}

}  // namespace

History read_history(std::string_view file, const HistoryHead& head) {
  History history;
  std::string before = first_before();
  while (history.whole_bytes < file.size()) {
    const std::string_view rest = file.substr(history.whole_bytes);
    const std::size_t end = rest.find('\n');
    const std::uint64_t number = history.lines.size() + 1;
    // A line more than the state file knows may be there: then the process died in between. A
    // part of one never happened, be it cut off or, after a loss of power, of zeros.
    const bool is_last = end == std::string_view::npos || end + 1 == rest.size();
    const bool may_be_torn = is_last && number == head.line + 1;
    try {
      if (end == std::string_view::npos) refuse("line ", number, " is cut off");
      if (number > head.line + 1) refuse("line ", number, " was put in");
      history.lines.push_back(parse_line(rest.substr(0, end), number, before));
    } catch (const base::Error&) {
      if (!may_be_torn) throw;
      history.is_torn = true;
      return history;
    }
    before = history.lines.back().hash;
    if (number == head.line && before != head.hash) refuse("line ", number, " was altered");
    history.whole_bytes += end + 1;
  }
  if (history.lines.size() < head.line) {
    refuse("has ", history.lines.size(), " of ", head.line, " lines: the last ones were taken out");
  }
  return history;
}

std::string history_line(const HistoryLine& line, std::string_view before) {
  const Json table{
      {"line", line.line},   {"before", before.empty() ? first_before() : std::string{before}},
      {"time", line.time},   {"user", line.user},
      {"event", line.event}, {"digest", line.digest},
      {"text", line.text},   {"state", json_of(line.state)}};
  return dump(table) + "\n";
}

std::string state_text(const CardState& state, const HistoryHead& head) {
  const Json table{{"format", kStateFormat},
                   {"line", head.line},
                   {"hash", head.hash},
                   {"state", json_of(state)}};
  return dump(table) + "\n";
}

void read_state(std::string_view text, CardState& state, HistoryHead& head) {
  try {
    const Json table = Json::parse(text);
    if (table.at("format") != kStateFormat) refuse("is no state of the format ", kStateFormat);
    head.line = table.at("line").get<std::uint64_t>();
    head.hash = digest_in(table, "hash");
    state = state_of(table.at("state"));
  } catch (const Json::exception&) {
    refuse("is damaged");
  }
}

}  // namespace ridley::card
