// SPDX-License-Identifier: Apache-2.0
#include "control/config_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace ridley::control {
namespace {

constexpr std::size_t kOriginColumn = 60;
constexpr std::size_t kCommentColumns = 96;

std::string toml_list(const std::vector<std::string>& texts) {
  std::string list;
  for (const std::string& text : texts) {
    list += fmt::format("{}{}", list.empty() ? "" : ", ", toml_text(text));
  }
  return fmt::format("[{}]", list);
}

std::string toml_groups(const std::vector<FeedGroup>& groups) {
  std::string list;
  for (const auto& [group, port] : groups) {
    list += fmt::format("{}{{ group = {}, port = {} }}", list.empty() ? "" : ", ", toml_text(group),
                        port);
  }
  return fmt::format("[{}]", list);
}

// Bare where TOML allows it.
std::string toml_key(std::string_view key) {
  const bool bare = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '-';
  });
  return bare ? std::string{key} : toml_text(key);
}

struct ValueText {
  const Setting& setting;

  std::string operator()(const std::string* text) const { return toml_text(*text); }
  std::string operator()(const bool* truth) const { return *truth ? "true" : "false"; }
  std::string operator()(const std::uint8_t* choice) const {
    return toml_text(setting.choices.at(*choice));
  }
  std::string operator()(const std::optional<std::uint32_t>* number) const {
    return *number ? fmt::to_string(**number) : R"("auto")";
  }
  std::string operator()(const std::optional<std::uint64_t>* number) const {
    return *number ? fmt::to_string(**number) : std::string{};
  }
  std::string operator()(const std::vector<std::string>* texts) const { return toml_list(*texts); }
  std::string operator()(const std::vector<FeedGroup>* groups) const {
    return toml_groups(*groups);
  }
  // Tables follow behind the other settings.
  std::string operator()(const Parameters*) const { return {}; }
  std::string operator()(const std::vector<InstrumentLimits>*) const { return {}; }
  template <typename Integer>
  std::string operator()(const Integer* number) const {
    return fmt::to_string(*number);
  }
};

bool is_table(const Slot& slot) {
  return std::holds_alternative<Parameters*>(slot) ||
         std::holds_alternative<std::vector<InstrumentLimits>*>(slot);
}

std::string with_origin(const std::string& assignment, const std::string& origin) {
  return fmt::format("{:<{}}  # {}\n", assignment, kOriginColumn, origin);
}

std::string origin(const CheckedConfig& checked, const std::string& path) {
  const auto written = checked.written.find(path);
  if (written == checked.written.end()) return "default";
  return fmt::format("file, line {}", written->second.line);
}

std::string parameters_toml(const CheckedConfig& checked) {
  const Parameters& parameters = checked.config.strategy.parameters;
  if (parameters.empty()) return {};
  std::string text = "\n[strategy.parameters]\n";
  for (const auto& [name, parameter] : parameters) {
    text += toml_key(name) + " = " + toml_parameter(parameter) + "\n";
  }
  return text;
}

std::string instruments_toml(const CheckedConfig& checked) {
  std::string text;
  for (const InstrumentLimits& limits : checked.config.risk.instruments) {
    text += "\n[[risk.instrument]]\n";
    for (const InstrumentSetting& row : instrument_settings()) {
      const Slot slot = slot_of(row, limits);
      const auto* small = std::get_if<std::optional<std::uint32_t>*>(&slot);
      const auto* large = std::get_if<std::optional<std::uint64_t>*>(&slot);
      const bool absent = (small != nullptr && !**small) || (large != nullptr && !**large);
      if (absent) continue;
      text += fmt::format("{} = {}\n", row.setting.key, toml_value(slot, row.setting));
    }
  }
  return text;
}

// "# " before lines of whole words.
std::string comment(std::string_view text) {
  std::string lines = "#";
  std::size_t column = 1;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (column + 1 + end > kCommentColumns) {
      lines += "\n#";
      column = 1;
    }
    lines.append(" ").append(text.substr(0, end));
    column += end + 1;
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines + "\n";
}

std::string allowed(const Slot& slot, const Setting& setting) {
  std::string text{type_name(slot, setting)};
  for (const std::string_view choice : setting.choices) {
    text += fmt::format("{} \"{}\"", choice == setting.choices.front() ? ":" : ",", choice);
  }
  const auto [min, max] = setting.range;
  if (max == 0 || is_table(slot)) return text;
  if (std::holds_alternative<std::string*>(slot)) {
    return text + (min == max ? fmt::format(" of {} characters", max)
                              : fmt::format(" of {} to {} characters", min, max));
  }
  const bool list = std::holds_alternative<std::vector<std::string>*>(slot) ||
                    std::holds_alternative<std::vector<FeedGroup>*>(slot);
  return text + (list ? fmt::format(" of {} to {} entries", min, max)
                      : fmt::format(", {} to {}", min, max));
}

std::string reference_of(const ConfigSetting& row, const Config& defaults) {
  const Setting& setting = row.setting;
  const Slot slot = slot_of(row, defaults);
  std::string text = comment(setting.purpose);
  const bool needed = setting.need == Need::Required;
  text += comment(allowed(slot, setting) + (needed ? "; has no default." : "."));
  const std::string value =
      setting.example.empty() ? toml_value(slot, setting) : std::string{setting.example};
  // What may be left out is only shown: its example may ask for others. One of the passwords has to
  // be written.
  const bool shown = !needed && !setting.example.empty() && setting.form != Form::Secret;
  return text + fmt::format("{}{} = {}\n", shown ? "# " : "", setting.key, value);
}

std::string instrument_reference() {
  std::string text;
  for (const InstrumentSetting& row : instrument_settings()) {
    static const InstrumentLimits kNone;
    const Setting& setting = row.setting;
    const Slot slot = slot_of(row, kNone);
    text +=
        fmt::format("#\n#{}#{}", comment(setting.purpose), comment(allowed(slot, setting) + "."));
    text += fmt::format("# {} = {}\n", setting.key,
                        setting.example.empty() ? std::string{"1"} : std::string{setting.example});
  }
  return text;
}

}  // namespace

std::string toml_text(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      quoted += '\\';
      quoted += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      quoted += fmt::format("\\u{:04X}", static_cast<unsigned char>(c));
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

std::string toml_parameter(const Parameter& parameter) {
  if (const bool* truth = std::get_if<bool>(&parameter)) return *truth ? "true" : "false";
  if (const auto* number = std::get_if<std::int64_t>(&parameter)) return fmt::to_string(*number);
  if (const auto* text = std::get_if<std::string>(&parameter)) return toml_text(*text);
  const double fraction = std::get<double>(parameter);
  if (std::isnan(fraction)) return "nan";
  if (std::isinf(fraction)) return fraction > 0 ? "inf" : "-inf";
  std::string text = fmt::to_string(fraction);
  // Without a point or an exponent it would be read back as an integer.
  if (text.find_first_of(".e") == std::string::npos) text += ".0";
  return text;
}

std::string toml_value(const Slot& slot, const Setting& setting) {
  if (setting.form == Form::Secret) {
    const bool empty = std::get<std::string*>(slot)->empty();
    return empty ? R"("")" : toml_text(kHidden);
  }
  return std::visit(ValueText{setting}, slot);
}

CheckedConfig presentable(CheckedConfig checked) {
  // What was read from the password file is not of the configuration.
  if (!checked.config.order.password_file.empty()) checked.config.order.password.clear();
  return checked;
}

std::string config_toml(const CheckedConfig& original) {
  const CheckedConfig checked = presentable(original);
  std::string text;
  for (const std::string_view table : config_tables()) {
    text += fmt::format("{}[{}]\n", text.empty() ? "" : "\n", table);
    for (const ConfigSetting& row : config_settings()) {
      const Slot slot = slot_of(row, checked.config);
      if (row.setting.table != table || is_table(slot)) continue;
      text += with_origin(fmt::format("{} = {}", row.setting.key, toml_value(slot, row.setting)),
                          origin(checked, row.setting.path()));
    }
    if (table == "strategy") text += parameters_toml(checked);
    if (table == "risk") text += instruments_toml(checked);
  }
  return text;
}

std::string reference_toml() {
  const Config defaults;
  std::string text = "# SPDX-License-Identifier: Apache-2.0\n";
  for (const std::string_view table : config_tables()) {
    text += fmt::format("\n[{}]\n", table);
    for (const ConfigSetting& row : config_settings()) {
      if (row.setting.table != table || is_table(slot_of(row, defaults))) continue;
      text += fmt::format("\n{}", reference_of(row, defaults));
    }
    if (table == "strategy") {
      text +=
          "\n# The strategy's own settings, given to it as they stand; each a number, a text or a "
          "truth\n"
          "# value.\n[strategy.parameters]\n";
    }
    if (table == "risk") {
      text += "\n# Tighter limits of single instruments, one table each:\n# [[risk.instrument]]\n" +
              instrument_reference();
    }
  }
  return text;
}

}  // namespace ridley::control
