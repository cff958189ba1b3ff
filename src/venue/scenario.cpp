// SPDX-License-Identifier: Apache-2.0
#include "venue/scenario.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <optional>

#include "base/error.hpp"
#include "control/config.hpp"
#include "control/nearest.hpp"

namespace ridley::venue {
namespace {

using control::did_you_mean;
using control::Place;
using control::TomlArray;
using control::TomlNode;
using control::TomlTable;

constexpr double kNsPerSecond = 1e9;
constexpr double kNsPerMicrosecond = 1e3;
constexpr double kDay_s = 86'400;
constexpr std::size_t kEventsMax = 10'000;

std::uint64_t whole(double value) noexcept { return static_cast<std::uint64_t>(value); }

// A number of an event and what it may be.
struct Number {
  std::string_view name;
  double min;
  double max;
  void (*set)(ScenarioEvent& event, double value);
};

constexpr std::array kNumbers{
    Number{"share", 0, 1, [](ScenarioEvent& e, double v) { e.share = v; }},
    Number{"percent", -95, 400, [](ScenarioEvent& e, double v) { e.percent = v; }},
    Number{"believed_percent", -95, 400,
           [](ScenarioEvent& e, double v) { e.believed_percent = v; }},
    Number{"factor", 0.001, 1'000, [](ScenarioEvent& e, double v) { e.factor = v; }},
    Number{"packets", 1, 1'000,
           [](ScenarioEvent& e, double v) { e.packets = static_cast<std::uint32_t>(v); }},
    Number{"orders", 1, 1'000'000,
           [](ScenarioEvent& e, double v) { e.orders = static_cast<std::uint32_t>(v); }},
    Number{"delay_us", 0, 60e6,
           [](ScenarioEvent& e, double v) { e.delay_ns = whole(v * kNsPerMicrosecond); }},
    Number{"jitter_us", 0, 60e6,
           [](ScenarioEvent& e, double v) { e.jitter_ns = whole(v * kNsPerMicrosecond); }},
    Number{"bytes_a_second", 1, 1e9,
           [](ScenarioEvent& e, double v) { e.bytes_a_second = whole(v); }},
    Number{"reason", 1, 255,
           [](ScenarioEvent& e, double v) { e.reason = static_cast<std::uint16_t>(v); }},
};

// What happens to what, and which numbers it takes.
struct Kind {
  std::string_view name;
  Trouble trouble;
  std::string_view target;  // the key that names it; empty: the exchange
  bool lasts;               // takes `for`
  std::array<std::string_view, 2> numbers{};
};

constexpr std::array kKinds{
    Kind{"dead", Trouble::Dead, "line", true},
    Kind{"loss", Trouble::Loss, "line", true, {"share"}},
    Kind{"burst_loss", Trouble::BurstLoss, "line", true, {"share", "packets"}},
    Kind{"reorder", Trouble::Reorder, "line", true, {"share", "packets"}},
    Kind{"duplicate", Trouble::Duplicate, "line", true, {"share"}},
    Kind{"corrupt", Trouble::Corrupt, "line", true, {"share"}},
    Kind{"truncate", Trouble::Truncate, "line", true, {"share"}},
    Kind{"delay", Trouble::Delay, "line", true, {"delay_us", "jitter_us"}},
    Kind{"wrong_session", Trouble::WrongSession, "line", true, {"share"}},
    Kind{"sequence_reset", Trouble::SequenceReset, "line", true},
    Kind{"duplicate_session", Trouble::DuplicateSession, "line", true, {"share", "packets"}},
    Kind{"slow_reads", Trouble::SlowReads, "account", true, {"bytes_a_second"}},
    Kind{"slow_stream", Trouble::SlowStream, "account", true, {"delay_us", "jitter_us"}},
    Kind{"pieces", Trouble::Pieces, "account", true},
    Kind{"half_open", Trouble::HalfOpen, "account", false},
    Kind{"disconnect", Trouble::Disconnect, "account", true},
    Kind{"duplicate_login", Trouble::DuplicateLogin, "account", false},
    Kind{"reject_storm", Trouble::RejectStorm, "account", true, {"share", "reason"}},
    Kind{"late_acknowledgements",
         Trouble::LateAcknowledgements,
         "account",
         true,
         {"share", "delay_us"}},
    Kind{"unsolicited_cancels", Trouble::UnsolicitedCancels, "account", false, {"orders"}},
    Kind{"halt", Trouble::Halt, "symbol", true},
    Kind{"shock", Trouble::Shock, "symbol", true, {"percent", "believed_percent"}},
    Kind{"rate", Trouble::Rate, "", true, {"factor"}},
    Kind{"crash", Trouble::Crash, "", true},
};

// Orders, and how fast they are read, there are at one kind of port only.
constexpr bool is_of_any_connection(Trouble trouble) noexcept {
  return trouble == Trouble::SlowStream || trouble == Trouble::Pieces ||
         trouble == Trouble::HalfOpen || trouble == Trouble::Disconnect ||
         trouble == Trouble::DuplicateLogin;
}

class Reader {
 public:
  explicit Reader(CheckedScenario& out) : out_{out} {}

  void read(const TomlTable& file);

 private:
  void market(const TomlTable& table);
  void events(const TomlNode& node);
  void event(const TomlTable& table);
  bool event_key(const Kind& kind, const TomlTable::Entry& entry, ScenarioEvent& event);
  void line(const Kind& kind, const TomlNode& node, std::string_view name);
  void direction(const TomlNode& node, ScenarioEvent& event);
  void port(const TomlNode& node, ScenarioEvent& event);

  void text(const TomlTable::Entry& entry, std::string& to);
  void truth(const TomlTable::Entry& entry, bool& to);
  std::optional<double> number(const TomlTable::Entry& entry, double min, double max);
  template <typename To>
  void number_to(const TomlTable::Entry& entry, double min, double max, To& to) {
    if (const auto value = number(entry, min, max)) to = static_cast<To>(*value);
  }

  template <typename... Parts>
  void problem(Place place, const Parts&... parts) {
    std::string sentence;
    (sentence.append(parts), ...);
    out_.problems.push_back({place, std::move(sentence)});
  }

  CheckedScenario& out_;
};

std::string shown(double value) {
  std::string text = std::to_string(value);
  text.erase(text.find_last_not_of('0') + 1);
  if (text.ends_with('.')) text.pop_back();
  return text;
}

void Reader::text(const TomlTable::Entry& entry, std::string& to) {
  const auto* word = entry.node.as<std::string>();
  if (word == nullptr)
    return problem(entry.node.place(), entry.name, " must be a text, not ", entry.node.kind());
  to = *word;
}

void Reader::truth(const TomlTable::Entry& entry, bool& to) {
  const auto* value = entry.node.as<bool>();
  if (value == nullptr) {
    return problem(entry.node.place(), entry.name, " must be true or false, not ",
                   entry.node.kind());
  }
  to = *value;
}

std::optional<double> Reader::number(const TomlTable::Entry& entry, double min, double max) {
  const auto* integer = entry.node.as<std::int64_t>();
  const auto* fraction = entry.node.as<double>();
  if (integer == nullptr && fraction == nullptr) {
    problem(entry.node.place(), entry.name, " must be a number, not ", entry.node.kind());
    return std::nullopt;
  }
  const double value = integer != nullptr ? static_cast<double>(*integer) : *fraction;
  if (value >= min && value <= max) return value;
  problem(entry.node.place(), entry.name, " is ", shown(value), ", must be ", shown(min), " to ",
          shown(max));
  return std::nullopt;
}

void Reader::read(const TomlTable& file) {
  Scenario& scenario = out_.scenario;
  for (const TomlTable::Entry& entry : file.entries) {
    const auto* table = entry.node.as<TomlTable>();
    if (entry.name == "name") {
      text(entry, scenario.name);
    } else if (entry.name == "shows") {
      text(entry, scenario.shows);
    } else if (entry.name == "market" && table != nullptr) {
      market(*table);
    } else if (entry.name == "event") {
      events(entry.node);
    } else {
      problem(entry.place, "unknown or no table: '", entry.name, "'",
              did_you_mean(entry.name, {"name", "shows", "market", "event"}));
    }
  }
  if (scenario.name.empty()) problem({}, "name is missing, for example name = \"b_line_dead\"");
}

void Reader::market(const TomlTable& table) {
  ScenarioMarket& market = out_.scenario.market;
  for (const TomlTable::Entry& entry : table.entries) {
    if (entry.name == "seed") {
      number_to(entry, 0, 9e15, market.seed);
    } else if (entry.name == "instruments") {
      number_to(entry, 1, 65'535, market.instruments);
    } else if (entry.name == "rate") {
      number_to(entry, 0, 1e7, market.messages_per_second);
    } else if (entry.name == "seconds") {
      number_to(entry, 0.001, kDay_s, market.seconds);
    } else if (entry.name == "lines") {
      number_to(entry, 1, 3, market.lines);
    } else if (entry.name == "market_rules") {
      truth(entry, market.market_rules);
    } else if (entry.name == "pause_seconds") {
      number_to(entry, 0.001, kDay_s, market.pause_s);
    } else if (entry.name == "start") {
      text(entry, market.start);
    } else if (entry.name == "close") {
      text(entry, market.close);
    } else {
      problem(entry.place, "unknown key '", entry.name, "' in [market]",
              did_you_mean(entry.name, {"seed", "instruments", "rate", "seconds", "lines",
                                        "market_rules", "pause_seconds", "start", "close"}));
    }
  }
}

void Reader::events(const TomlNode& node) {
  const auto* array = node.as<TomlArray>();
  if (array == nullptr) return problem(node.place(), "event must be [[event]], not ", node.kind());
  if (array->entries.size() > kEventsMax)
    return problem(node.place(), "more than ", std::to_string(kEventsMax), " events");
  for (const TomlNode& entry : array->entries) {
    const auto* table = entry.as<TomlTable>();
    if (table == nullptr) {
      problem(entry.place(), "an event must be a table, not ", entry.kind());
    } else {
      event(*table);
    }
  }
}

void Reader::event(const TomlTable& table) {
  const TomlNode* what = table.get("what");
  const auto* word = what == nullptr ? nullptr : what->as<std::string>();
  if (word == nullptr) return problem(table.place, "an event needs what = \"...\"");
  const auto kind = std::ranges::find(kKinds, *word, &Kind::name);
  if (kind == kKinds.end()) {
    std::vector<std::string_view> known;
    for (const Kind& each : kKinds) known.push_back(each.name);
    return problem(what->place(), "unknown event '", *word, "'", did_you_mean(*word, known));
  }
  ScenarioEvent event;
  event.trouble = kind->trouble;
  if (!table.contains("at")) problem(table.place, *word, " needs at = SECONDS");
  for (const TomlTable::Entry& entry : table.entries) {
    if (entry.name == "what" || event_key(*kind, entry, event)) continue;
    problem(entry.place, "'", entry.name, "' means nothing to ", *word);
  }
  if (event.trouble == Trouble::Crash && event.for_ns == 0)
    problem(table.place, "a crash needs for = SECONDS");
  out_.scenario.events.push_back(event);
}

// False: it has no such key.
bool Reader::event_key(const Kind& kind, const TomlTable::Entry& entry, ScenarioEvent& event) {
  const bool lasting = entry.name == "for" && kind.lasts;
  if (entry.name == "at" || lasting) {
    std::uint64_t& ns = lasting ? event.for_ns : event.at_ns;
    if (const auto seconds = number(entry, 0, kDay_s)) ns = whole(*seconds * kNsPerSecond);
    return true;
  }
  if (!kind.target.empty() && entry.name == kind.target) {
    text(entry, event.target);
    if (kind.target == "line") line(kind, entry.node, event.target);
    return true;
  }
  if (entry.name == "port" && is_of_any_connection(kind.trouble)) {
    port(entry.node, event);
    return true;
  }
  if (entry.name == "direction" && kind.trouble == Trouble::SlowStream) {
    direction(entry.node, event);
    return true;
  }
  const bool takes = std::ranges::find(kind.numbers, entry.name) != kind.numbers.end();
  const auto row = std::ranges::find(kNumbers, entry.name, &Number::name);
  if (!takes || row == kNumbers.end()) return false;
  if (const auto value = number(entry, row->min, row->max)) row->set(event, *value);
  return true;
}

void Reader::line(const Kind& kind, const TomlNode& node, std::string_view name) {
  constexpr std::array<std::string_view, 5> kLines{"A", "B", "C", kRequests, kAnswers};
  const bool asks = name == kRequests || name == kAnswers;
  if (std::ranges::find(kLines, name) == kLines.end()) {
    problem(node.place(), "line is '", name, "', must be A, B, C, requests or answers");
  } else if (asks && kind.trouble == Trouble::Corrupt) {
    problem(node.place(), "a wrong bit in ", name, " would be found by nobody");
  }
}

void Reader::direction(const TomlNode& node, ScenarioEvent& event) {
  const auto* word = node.as<std::string>();
  if (word != nullptr && *word == "up") {
    event.direction = Direction::Up;
  } else if (word != nullptr && *word == "down") {
    event.direction = Direction::Down;
  } else {
    problem(node.place(), "direction must be 'up' or 'down'");
  }
}

void Reader::port(const TomlNode& node, ScenarioEvent& event) {
  const auto* word = node.as<std::string>();
  const auto found = std::ranges::find(kScenarioPortNames, word == nullptr ? "" : *word);
  if (found == kScenarioPortNames.end())
    return problem(node.place(), "port must be 'orders', 'snapshots' or 'drop_copies'");
  event.port = kScenarioPorts.at(static_cast<std::size_t>(found - kScenarioPortNames.begin()));
}

}  // namespace

CheckedScenario check_scenario(std::string_view text, const std::string& file_name) {
  CheckedScenario checked;
  const control::TomlFile file = control::parse_toml(text, file_name);
  if (file.problem) {
    checked.problems.push_back(*file.problem);
  } else {
    Reader{checked}.read(file.table);
  }
  return checked;
}

Scenario read_scenario(const std::string& path) {
  std::ifstream stream{path, std::ios::binary};
  if (!stream) throw base::Error::with_exit(EX_NOINPUT, "scenario ", path, ": cannot be read");
  const std::string text{std::istreambuf_iterator<char>{stream}, {}};
  CheckedScenario checked = check_scenario(text, path);
  if (!checked.problems.empty())
    throw base::Error::with_exit(EX_CONFIG, control::problems_text(checked.problems, path));
  return std::move(checked.scenario);
}

}  // namespace ridley::venue
