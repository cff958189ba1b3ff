// SPDX-License-Identifier: Apache-2.0
// In: a checked configuration, or nothing. Out: it, or the reference, as JSON. Cold code.
#include <nlohmann/json.hpp>

#include "control/config_text.hpp"

namespace ridley::control {
namespace {

using Json = nlohmann::ordered_json;

Json parameters_json(const Parameters& parameters) {
  Json all = Json::object();
  for (const auto& [name, parameter] : parameters) {
    std::visit([&](const auto& value) { all[name] = value; }, parameter);
  }
  return all;
}

struct ValueJson {
  const Setting& setting;

  Json operator()(const std::string* text) const {
    return setting.form == Form::Secret && !text->empty() ? std::string{kHidden} : *text;
  }
  Json operator()(const bool* truth) const { return *truth; }
  Json operator()(const std::uint8_t* choice) const { return setting.choices.at(*choice); }
  Json operator()(const std::optional<std::uint32_t>* number) const {
    if (*number) return **number;
    return setting.table == "engine" ? Json("auto") : Json(nullptr);
  }
  Json operator()(const std::optional<std::uint64_t>* number) const {
    return *number ? Json(**number) : Json(nullptr);
  }
  Json operator()(const std::vector<std::string>* texts) const { return *texts; }
  Json operator()(const std::vector<FeedGroup>* groups) const {
    Json list = Json::array();
    for (const auto& [group, port] : *groups) list.push_back({{"group", group}, {"port", port}});
    return list;
  }
  Json operator()(const Parameters* parameters) const { return parameters_json(*parameters); }
  Json operator()(const std::vector<InstrumentLimits>* instruments) const;
  template <typename Integer>
  Json operator()(const Integer* number) const {
    return *number;
  }
};

Json ValueJson::operator()(const std::vector<InstrumentLimits>* instruments) const {
  Json list = Json::array();
  for (const InstrumentLimits& limits : *instruments) {
    Json entry = Json::object();
    for (const InstrumentSetting& row : instrument_settings()) {
      Json value = std::visit(ValueJson{row.setting}, slot_of(row, limits));
      if (!value.is_null()) entry[std::string{row.setting.key}] = std::move(value);
    }
    list.push_back(std::move(entry));
  }
  return list;
}

}  // namespace

std::string config_json(const CheckedConfig& original) {
  const CheckedConfig checked = presentable(original);
  Json all = Json::object();
  for (const ConfigSetting& row : config_settings()) {
    const Setting& setting = row.setting;
    const auto written = checked.written.find(setting.path());
    Json entry{{"value", std::visit(ValueJson{setting}, slot_of(row, checked.config))},
               {"origin", written == checked.written.end() ? "default" : "file"}};
    if (written != checked.written.end()) entry["line"] = written->second.line;
    all[std::string{setting.table}][std::string{setting.key}] = std::move(entry);
  }
  return all.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string problems_json(const std::vector<Problem>& problems, const std::string& file_name) {
  Json list = Json::array();
  for (const auto& [place, text] : problems) {
    list.push_back({{"line", place.line}, {"column", place.column}, {"problem", text}});
  }
  const Json all{{"file", file_name}, {"problems", std::move(list)}};
  return all.dump(2, ' ', false, Json::error_handler_t::replace);
}

std::string reference_json() {
  const Config defaults;
  Json all = Json::array();
  for (const ConfigSetting& row : config_settings()) {
    const Setting& setting = row.setting;
    const Slot slot = slot_of(row, defaults);
    Json entry{{"setting", setting.path()},
               {"type", type_name(slot, setting)},
               {"required", setting.need == Need::Required},
               {"purpose", setting.purpose}};
    if (setting.need != Need::Required) entry["default"] = std::visit(ValueJson{setting}, slot);
    if (!setting.choices.empty()) entry["choices"] = setting.choices;
    if (setting.range.max != 0) {
      entry["min"] = setting.range.min;
      entry["max"] = setting.range.max;
    }
    all.push_back(std::move(entry));
  }
  return all.dump(2);
}

}  // namespace ridley::control
