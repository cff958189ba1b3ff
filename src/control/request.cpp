// SPDX-License-Identifier: Apache-2.0
#include "control/request.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "control/config_table.hpp"
#include "control/nearest.hpp"

namespace ridley::control {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::string_view, 3> kReachNames{"firm", "symbol", "strategy"};
constexpr std::string_view kRestricted = "restricted";

template <typename Names>
std::size_t index_of(const Names& names, std::string_view name, std::string_view what) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found == names.end()) {
    throw base::Error::with_exit(EX_DATAERR, "unknown ", what, " '", name, "'",
                                 did_you_mean(name, {names.begin(), names.end()}));
  }
  return static_cast<std::size_t>(found - names.begin());
}

bool is_number(const Slot& slot) {
  return std::holds_alternative<std::uint32_t*>(slot) ||
         std::holds_alternative<std::uint64_t*>(slot) ||
         std::holds_alternative<std::optional<std::uint32_t>*>(slot) ||
         std::holds_alternative<std::optional<std::uint64_t>*>(slot);
}

// Every limit that may be changed while the appliance runs. The version counts by itself.
std::vector<Setting> changeable(const Scope& scope) {
  std::vector<Setting> settings;
  if (scope.reach == Reach::Symbol) {
    InstrumentLimits limits;
    for (const InstrumentSetting& row : instrument_settings()) {
      if (is_number(row.slot(limits))) settings.push_back(row.setting);
    }
    settings.push_back({.table = "risk",
                        .key = kRestricted,
                        .need = Need::Optional,
                        .range = {0, 1},
                        .form = Form::Text,
                        .choices = {},
                        .example = {},
                        .purpose = {}});
    return settings;
  }
  Config config;
  for (const ConfigSetting& row : config_settings()) {
    const bool limit = row.setting.table == "risk" && row.setting.key != "limits_version";
    if (limit && is_number(row.slot(config))) settings.push_back(row.setting);
  }
  return settings;
}

Scope parse_scope(const Json& json) {
  Scope scope;
  const auto reach = json.value("scope", std::string{"firm"});
  scope.reach = static_cast<Reach>(index_of(kReachNames, reach, "scope"));
  if (scope.reach == Reach::Symbol) {
    scope.symbol = json.at("symbol").get<std::string>();
    const bool fits = !scope.symbol.empty() && scope.symbol.size() <= 8;
    if (!fits || !form_fault(Form::Symbol, scope.symbol).empty()) {
      throw base::Error::with_exit(EX_DATAERR, "'", scope.symbol, "' is not a symbol");
    }
  }
  if (scope.reach == Reach::Strategy) scope.strategy = json.at("strategy").get<std::uint32_t>();
  return scope;
}

void flatten(const Json& json, const std::string& path,
             std::vector<std::pair<std::string, std::string>>& lines) {
  if (json.is_structured() && !json.empty()) {
    for (const auto& [key, value] : json.items()) {
      flatten(value, path.empty() ? key : fmt::format("{}.{}", path, key), lines);
    }
    return;
  }
  lines.emplace_back(path, json.is_string() ? json.get<std::string>() : json.dump());
}

}  // namespace

LimitChange limit_change(std::string_view text) {
  const std::size_t equals = text.find('=');
  LimitChange change;
  if (equals != std::string_view::npos) {
    change.key = text.substr(0, equals);
    const std::string_view digits = text.substr(equals + 1);
    if (change.key == kRestricted && (digits == "true" || digits == "false")) {
      change.value = digits == "true" ? 1 : 0;
      return change;
    }
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), change.value);
    if (error == std::errc{} && end == digits.data() + digits.size() && !change.key.empty()) {
      return change;
    }
  }
  throw base::Error::with_exit(EX_USAGE, "'", text,
                               "' is not a limit change, write it as max_open_orders=20");
}

void check_change(const LimitChange& change, const Scope& scope) {
  std::vector<std::string_view> known;
  for (const Setting& setting : changeable(scope)) {
    known.push_back(setting.key);
    if (setting.key != change.key) continue;
    const auto [min, max] = setting.range;
    if (change.value >= static_cast<std::int64_t>(min) &&
        change.value <= static_cast<std::int64_t>(max)) {
      return;
    }
    throw base::Error::with_exit(EX_DATAERR, change.key, " is ", change.value, ", must be ", min,
                                 " to ", max);
  }
  throw base::Error::with_exit(EX_DATAERR, "'", change.key, "' is not a limit of ",
                               scope.reach == Reach::Symbol ? "a symbol" : "the firm",
                               did_you_mean(change.key, known));
}

std::string request_line(const Request& request) {
  Json json{{"verb", name_of(request.verb)}};
  if (request.scope != Scope{}) {
    json["scope"] = kReachNames.at(static_cast<std::size_t>(request.scope.reach));
    if (request.scope.reach == Reach::Symbol) json["symbol"] = request.scope.symbol;
    if (request.scope.reach == Reach::Strategy) json["strategy"] = request.scope.strategy;
  }
  for (const auto& [key, value] : request.changes) json["set"][key] = value;
  if (!request.object.empty()) json["object"] = request.object;
  if (!request.step.empty()) json["step"] = request.step;
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Request parse_request(std::string_view line) {
  try {
    const Json json = Json::parse(line);
    if (!json.is_object()) throw base::Error::with_exit(EX_DATAERR, "a request is a JSON object");
    Request request;
    request.verb =
        static_cast<Verb>(index_of(kVerbNames, json.at("verb").get<std::string>(), "verb"));
    request.scope = parse_scope(json);
    if (json.contains("set")) {
      for (const auto& [key, value] : json["set"].items()) {
        if (!value.is_number_integer()) {
          throw base::Error::with_exit(EX_DATAERR, "the limit ", key, " must be an integer");
        }
        request.changes.push_back({key, value.get<std::int64_t>()});
        check_change(request.changes.back(), request.scope);
      }
    }
    if (request.verb == Verb::SetLimits && request.changes.empty()) {
      throw base::Error::with_exit(EX_DATAERR, "set_limits without a limit to set");
    }
    request.object = json.value("object", std::string{});
    request.step = json.value("step", std::string{});
    return request;
  } catch (const nlohmann::json::exception& error) {
    throw base::Error::with_exit(EX_DATAERR, "not a request: ", error.what());
  }
}

std::string answer_line(const Answer& answer) {
  Json json{{"ok", answer.ok}};
  if (answer.ok) {
    json["result"] = answer.result.empty() ? Json::object() : Json::parse(answer.result);
  } else {
    json["exit"] = answer.exit_code;
    json["error"] = answer.error;
  }
  return json.dump(-1, ' ', true, Json::error_handler_t::replace);
}

Answer parse_answer(std::string_view line) {
  try {
    const Json json = Json::parse(line);
    Answer answer{json.at("ok").get<bool>(), 0, {}, {}};
    if (answer.ok) {
      answer.result = json.at("result").dump(2, ' ', false, Json::error_handler_t::replace);
    } else {
      answer.exit_code = json.value("exit", EX_SOFTWARE);
      answer.error = json.value("error", std::string{"no reason given"});
    }
    return answer;
  } catch (const nlohmann::json::exception& error) {
    throw base::Error::with_exit(EX_PROTOCOL,
                                 "the appliance's answer is not understood: ", error.what());
  }
}

std::string plain_text(const std::string& json) {
  std::vector<std::pair<std::string, std::string>> lines;
  const Json parsed = Json::parse(json);
  if (!parsed.empty()) flatten(parsed, "", lines);
  std::size_t width = 0;
  for (const auto& [path, value] : lines) width = std::max(width, path.size());
  std::string text;
  for (const auto& [path, value] : lines) text += fmt::format("{:<{}}  {}\n", path, width, value);
  return text;
}

}  // namespace ridley::control
