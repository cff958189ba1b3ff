// SPDX-License-Identifier: Apache-2.0
// Walks the tables of a file along the table of settings.
#include <algorithm>
#include <limits>
#include <set>
#include <type_traits>

#include "control/config.hpp"
#include "control/config_rules.hpp"
#include "control/config_table.hpp"
#include "control/nearest.hpp"
#include "control/toml_text.hpp"

namespace ridley::control {
namespace {

// What one value is read from and to, and what to call it in a message.
struct Reading {
  const TomlNode& node;
  const Setting& setting;
  std::string path;
};

class Reader {
 public:
  explicit Reader(CheckedConfig& out) : out_{out} {}

  void read(const TomlTable& file);

 private:
  void read_table(std::string_view name, const TomlTable& table);
  void read_instruments(const TomlNode& node);
  void read_instrument(const TomlTable& table, const std::string& path, InstrumentLimits& limits);
  void require(std::string_view table, Place place);

  void value(const Reading& reading, std::string* slot);
  void value(const Reading& reading, bool* slot);
  void value(const Reading& reading, std::uint8_t* slot);
  void value(const Reading& reading, std::optional<std::uint32_t>* slot);
  void value(const Reading& reading, std::optional<std::uint64_t>* slot);
  void value(const Reading& reading, std::vector<std::string>* slot);
  void value(const Reading& reading, std::vector<FeedGroup>* slot);
  void value(const Reading& reading, Parameters* slot);
  void value(const Reading& reading, std::vector<InstrumentLimits>* slot);
  template <typename Integer>
  void value(const Reading& reading, Integer* slot) {
    if (const auto number = integer(reading)) *slot = static_cast<Integer>(*number);
  }

  std::optional<std::uint64_t> integer(const Reading& reading);
  std::optional<std::string> text(const Reading& reading);
  const TomlArray* list(const Reading& reading);
  void feed_group(const Reading& reading, FeedGroup& group);

  template <typename... Parts>
  void problem(Place place, const Parts&... parts) {
    std::string sentence;
    (sentence.append(parts), ...);
    out_.problems.push_back({place, std::move(sentence)});
  }
  void wrong_type(const Reading& reading, std::string_view wanted) {
    problem(reading.node.place(), reading.path, " must be ", wanted, ", not ", reading.node.kind());
  }

  CheckedConfig& out_;
};

void Reader::read(const TomlTable& file) {
  const auto tables = config_tables();
  for (const auto& [name, place, node] : file.entries) {
    if (std::find(tables.begin(), tables.end(), name) == tables.end()) {
      problem(place, "unknown table [", name, "]",
              did_you_mean(name, {tables.begin(), tables.end()}));
    } else if (node.as<TomlTable>() == nullptr) {
      problem(node.place(), name, " must be a table, not ", node.kind());
    } else {
      out_.written[name] = node.place();
      read_table(name, *node.as<TomlTable>());
    }
  }
  for (const std::string_view name : tables) {
    const TomlNode* node = file.get(name);
    require(name, node != nullptr ? node->place() : Place{});
  }
}

void Reader::read_table(std::string_view name, const TomlTable& table) {
  std::vector<std::string_view> known;
  for (const ConfigSetting& row : config_settings()) {
    if (row.setting.table == name) known.push_back(row.setting.key);
  }
  for (const auto& [key, place, node] : table.entries) {
    const std::string_view word = key;
    const auto settings = config_settings();
    const auto row = std::find_if(settings.begin(), settings.end(), [&](const ConfigSetting& each) {
      return each.setting.table == name && each.setting.key == word;
    });
    if (row == settings.end()) {
      problem(place, "unknown key '", word, "' in [", name, "]", did_you_mean(word, known));
      continue;
    }
    const Reading reading{node, row->setting, row->setting.path()};
    out_.written[reading.path] = place;
    std::visit([&](auto* slot) { value(reading, slot); }, row->slot(out_.config));
  }
}

void Reader::require(std::string_view table, Place place) {
  for (const ConfigSetting& row : config_settings()) {
    const Setting& setting = row.setting;
    if (setting.table != table || setting.need != Need::Required) continue;
    if (out_.written.contains(setting.path())) continue;
    problem(place, setting.path(), " is missing, for example ", setting.key, " = ",
            setting.example);
  }
}

void Reader::value(const Reading& reading, std::string* slot) {
  if (auto word = text(reading)) *slot = std::move(*word);
}

void Reader::value(const Reading& reading, bool* slot) {
  const auto* truth = reading.node.as<bool>();
  if (truth == nullptr) return wrong_type(reading, "true or false");
  *slot = *truth;
}

void Reader::value(const Reading& reading, std::uint8_t* slot) {
  const auto* word = reading.node.as<std::string>();
  if (word == nullptr) return wrong_type(reading, "a text");
  const auto& choices = reading.setting.choices;
  const auto found = std::find(choices.begin(), choices.end(), *word);
  if (found != choices.end()) {
    *slot = static_cast<std::uint8_t>(found - choices.begin());
    return;
  }
  std::string allowed;
  for (const std::string_view choice : choices) {
    allowed.append(allowed.empty() ? "'" : ", '").append(choice).append("'");
  }
  problem(reading.node.place(), reading.path, " is '", *word, "', must be one of ", allowed,
          did_you_mean(*word, choices));
}

void Reader::value(const Reading& reading, std::optional<std::uint32_t>* slot) {
  const bool may_be_auto = reading.setting.table == "engine";
  const auto* word = reading.node.as<std::string>();
  if (may_be_auto && word != nullptr && *word == "auto") {
    slot->reset();
  } else if (may_be_auto && reading.node.as<std::int64_t>() == nullptr) {
    wrong_type(reading, "\"auto\" or an integer");
  } else if (const auto number = integer(reading)) {
    *slot = static_cast<std::uint32_t>(*number);
  }
}

void Reader::value(const Reading& reading, std::optional<std::uint64_t>* slot) {
  if (const auto number = integer(reading)) *slot = *number;
}

void Reader::value(const Reading& reading, std::vector<std::string>* slot) {
  const TomlArray* entries = list(reading);
  if (entries == nullptr) return;
  slot->clear();
  // Of the entries, not of the list.
  Setting entry = reading.setting;
  entry.range = {1, entry.form == Form::Symbol ? kSymbolLength : kTextLengthMax};
  std::set<std::string> seen;
  for (std::size_t i = 0; i < entries->entries.size(); ++i) {
    const Reading each{entries->entries[i], entry, reading.path + "[" + std::to_string(i) + "]"};
    auto word = text(each);
    if (!word) continue;
    if (!seen.insert(*word).second) {
      problem(each.node.place(), each.path, ": '", *word, "' stands there twice");
    }
    slot->push_back(std::move(*word));
  }
}

void Reader::value(const Reading& reading, std::vector<FeedGroup>* slot) {
  const TomlArray* entries = list(reading);
  if (entries == nullptr) return;
  slot->clear();
  for (std::size_t i = 0; i < entries->entries.size(); ++i) {
    const std::string path = reading.path + "[" + std::to_string(i) + "]";
    feed_group({entries->entries[i], reading.setting, path}, slot->emplace_back());
  }
}

void Reader::feed_group(const Reading& reading, FeedGroup& group) {
  const TomlTable* table = reading.node.as<TomlTable>();
  if (table == nullptr) return wrong_type(reading, "{ group = \"...\", port = ... }");
  for (const auto& [key, place, node] : table->entries) {
    const std::string path = reading.path + "." + key;
    if (key == "group") {
      Setting address;
      address.range = {7, 15};
      address.form = Form::Multicast;
      value({node, address, path}, &group.group);
    } else if (key == "port") {
      Setting port;
      port.range = {1, std::numeric_limits<std::uint16_t>::max()};
      value({node, port, path}, &group.port);
    } else {
      problem(place, "unknown key '", key, "' in ", reading.path,
              did_you_mean(key, {"group", "port"}));
    }
  }
  for (const char* needed : {"group", "port"}) {
    if (table->contains(needed)) continue;
    problem(table->place, reading.path, ".", needed, " is missing");
  }
}

void Reader::value(const Reading& reading, Parameters* slot) {
  const TomlTable* table = reading.node.as<TomlTable>();
  if (table == nullptr) return wrong_type(reading, "a table");
  if (table->entries.size() > reading.setting.range.max) {
    problem(table->place, reading.path, " has more than ",
            std::to_string(reading.setting.range.max), " entries");
  }
  for (const auto& [key, place, node] : table->entries) {
    Parameter& parameter = (*slot)[key];
    if (const auto* truth = node.as<bool>()) {
      parameter = *truth;
    } else if (const auto* number = node.as<std::int64_t>()) {
      parameter = *number;
    } else if (const auto* fraction = node.as<double>()) {
      parameter = *fraction;
    } else if (const auto* word = node.as<std::string>()) {
      parameter = *word;
    } else {
      wrong_type({node, reading.setting, reading.path + "." + key},
                 "a number, a text or a truth value");
    }
  }
}

void Reader::value(const Reading& reading, std::vector<InstrumentLimits>* slot) {
  const TomlArray* entries = list(reading);
  if (entries == nullptr) return;
  slot->clear();
  for (std::size_t i = 0; i < entries->entries.size(); ++i) {
    const std::string path = reading.path + "[" + std::to_string(i) + "]";
    const TomlNode& entry = entries->entries[i];
    if (const TomlTable* table = entry.as<TomlTable>()) {
      read_instrument(*table, path, slot->emplace_back());
    } else {
      wrong_type({entry, reading.setting, path}, "a table");
    }
  }
}

void Reader::read_instrument(const TomlTable& table, const std::string& path,
                             InstrumentLimits& limits) {
  out_.written[path] = table.place;
  std::vector<std::string_view> known;
  for (const InstrumentSetting& row : instrument_settings()) {
    known.push_back(row.setting.key);
    const std::string setting_path = path + "." + std::string{row.setting.key};
    if (const TomlNode* node = table.get(row.setting.key)) {
      out_.written[setting_path] = node->place();
      std::visit([&](auto* slot) { value({*node, row.setting, setting_path}, slot); },
                 row.slot(limits));
    } else if (row.setting.need == Need::Required) {
      problem(table.place, setting_path, " is missing");
    }
  }
  for (const auto& [key, place, node] : table.entries) {
    if (std::find(known.begin(), known.end(), key) != known.end()) continue;
    problem(place, "unknown key '", key, "' in [[risk.instrument]]", did_you_mean(key, known));
  }
}

std::optional<std::uint64_t> Reader::integer(const Reading& reading) {
  const auto* number = reading.node.as<std::int64_t>();
  if (number == nullptr) {
    wrong_type(reading, "an integer");
    return {};
  }
  const auto [min, max] = reading.setting.range;
  if (*number < 0 || static_cast<std::uint64_t>(*number) < min ||
      static_cast<std::uint64_t>(*number) > max) {
    problem(reading.node.place(), reading.path, " is ", std::to_string(*number), ", must be ",
            std::to_string(min), " to ", std::to_string(max));
    return {};
  }
  return static_cast<std::uint64_t>(*number);
}

std::optional<std::string> Reader::text(const Reading& reading) {
  const auto* word = reading.node.as<std::string>();
  if (word == nullptr) {
    wrong_type(reading, "a text");
    return {};
  }
  const Place place = reading.node.place();
  const auto [min, max] = reading.setting.range;
  if (word->size() < min || word->size() > max) {
    problem(place, reading.path, " has ", std::to_string(word->size()), " characters, must have ",
            min == max ? "" : std::to_string(min) + " to ", std::to_string(max));
    return {};
  }
  const std::string_view fault = form_fault(reading.setting.form, *word);
  if (!fault.empty()) {
    problem(place, reading.path, " ", fault);
    return {};
  }
  return *word;
}

const TomlArray* Reader::list(const Reading& reading) {
  const TomlArray* entries = reading.node.as<TomlArray>();
  if (entries == nullptr) {
    wrong_type(reading, "a list");
    return nullptr;
  }
  const auto [min, max] = reading.setting.range;
  if (entries->entries.size() < min || entries->entries.size() > max) {
    problem(reading.node.place(), reading.path, " has ", std::to_string(entries->entries.size()),
            " entries, must have ", std::to_string(min), " to ", std::to_string(max));
  }
  return entries;
}

}  // namespace

CheckedConfig check_config(std::string_view text, const std::string& file_name) {
  CheckedConfig checked;
  const TomlFile file = parse_toml(text, file_name);
  if (file.problem) {
    checked.problems.push_back(*file.problem);
  } else {
    Reader{checked}.read(file.table);
    check_rules(checked, file_name);
  }
  // In the order of the file; what is missing altogether comes last.
  std::stable_sort(checked.problems.begin(), checked.problems.end(),
                   [](const Problem& left, const Problem& right) {
                     const auto key = [](const Place& place) {
                       return std::pair{place.line - 1, place.column};
                     };
                     return key(left.place) < key(right.place);
                   });
  return checked;
}

}  // namespace ridley::control
