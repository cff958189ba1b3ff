// SPDX-License-Identifier: Apache-2.0
// The one place that sees toml++: walks the file's tables along the table of settings.
namespace ridley::control {
[[noreturn]] void throw_broken_name();  // see config_characters.hpp
}
#undef NDEBUG  // or the parser's assertions become assumptions
#define TOML_ASSERT(expr) ((expr) ? static_cast<void>(0) : ::ridley::control::throw_broken_name())

#include <toml++/toml.h>

#include <algorithm>
#include <limits>
#include <set>
#include <type_traits>

#include "control/config.hpp"
#include "control/config_characters.hpp"
#include "control/config_rules.hpp"
#include "control/config_table.hpp"
#include "control/nearest.hpp"

namespace ridley::control {
namespace {

Place place_of(const toml::source_region& source) {
  return {source.begin.line, source.begin.column};
}

std::string_view kind_name(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string: return "a text";
    case toml::node_type::integer: return "an integer";
    case toml::node_type::floating_point: return "a number with a fraction";
    case toml::node_type::boolean: return "a truth value";
    case toml::node_type::array: return "a list";
    case toml::node_type::table: return "a table";
    default: return "a date or a time";
  }
}

// What one value is read from and to, and what to call it in a message.
struct Reading {
  const toml::node& node;
  const Setting& setting;
  std::string path;
};

class Reader {
 public:
  explicit Reader(CheckedConfig& out) : out_{out} {}

  void read(const toml::table& file);

 private:
  void read_table(std::string_view name, const toml::table& table);
  void read_instruments(const toml::node& node);
  void read_instrument(const toml::table& table, const std::string& path, InstrumentLimits& limits);
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
  const toml::array* list(const Reading& reading);
  void feed_group(const Reading& reading, FeedGroup& group);

  template <typename... Parts>
  void problem(Place place, const Parts&... parts) {
    std::string sentence;
    (sentence.append(parts), ...);
    out_.problems.push_back({place, std::move(sentence)});
  }
  void wrong_type(const Reading& reading, std::string_view wanted) {
    problem(place_of(reading.node.source()), reading.path, " must be ", wanted, ", not ",
            kind_name(reading.node));
  }

  CheckedConfig& out_;
};

void Reader::read(const toml::table& file) {
  const auto tables = config_tables();
  for (auto&& [key, node] : file) {
    const std::string_view name = key.str();
    if (std::find(tables.begin(), tables.end(), name) == tables.end()) {
      problem(place_of(key.source()), "unknown table [", name, "]",
              did_you_mean(name, {tables.begin(), tables.end()}));
    } else if (!node.is_table()) {
      problem(place_of(node.source()), name, " must be a table, not ", kind_name(node));
    } else {
      out_.written[std::string{name}] = place_of(node.source());
      read_table(name, *node.as_table());
    }
  }
  for (const std::string_view name : tables) {
    const toml::node* node = file.get(name);
    require(name, node != nullptr ? place_of(node->source()) : Place{});
  }
}

void Reader::read_table(std::string_view name, const toml::table& table) {
  std::vector<std::string_view> known;
  for (const ConfigSetting& row : config_settings()) {
    if (row.setting.table == name) known.push_back(row.setting.key);
  }
  for (auto&& [key, node] : table) {
    const std::string_view word = key.str();
    const auto settings = config_settings();
    const auto row = std::find_if(settings.begin(), settings.end(), [&](const ConfigSetting& each) {
      return each.setting.table == name && each.setting.key == word;
    });
    if (row == settings.end()) {
      problem(place_of(key.source()), "unknown key '", word, "' in [", name, "]",
              did_you_mean(word, known));
      continue;
    }
    const Reading reading{node, row->setting, row->setting.path()};
    out_.written[reading.path] = place_of(key.source());
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
  const auto truth = reading.node.value_exact<bool>();
  if (!truth) return wrong_type(reading, "true or false");
  *slot = *truth;
}

void Reader::value(const Reading& reading, std::uint8_t* slot) {
  const auto word = reading.node.value_exact<std::string>();
  if (!word) return wrong_type(reading, "a text");
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
  problem(place_of(reading.node.source()), reading.path, " is '", *word, "', must be one of ",
          allowed, did_you_mean(*word, choices));
}

void Reader::value(const Reading& reading, std::optional<std::uint32_t>* slot) {
  const bool may_be_auto = reading.setting.table == "engine";
  if (may_be_auto && reading.node.value_exact<std::string>() == "auto") {
    slot->reset();
  } else if (may_be_auto && !reading.node.is_integer()) {
    wrong_type(reading, "\"auto\" or an integer");
  } else if (const auto number = integer(reading)) {
    *slot = static_cast<std::uint32_t>(*number);
  }
}

void Reader::value(const Reading& reading, std::optional<std::uint64_t>* slot) {
  if (const auto number = integer(reading)) *slot = *number;
}

void Reader::value(const Reading& reading, std::vector<std::string>* slot) {
  const toml::array* entries = list(reading);
  if (entries == nullptr) return;
  slot->clear();
  // Of the entries, not of the list.
  Setting entry = reading.setting;
  entry.range = {1, entry.form == Form::Symbol ? kSymbolLength : kTextLengthMax};
  std::set<std::string> seen;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const Reading each{*entries->get(i), entry, reading.path + "[" + std::to_string(i) + "]"};
    auto word = text(each);
    if (!word) continue;
    if (!seen.insert(*word).second) {
      problem(place_of(each.node.source()), each.path, ": '", *word, "' stands there twice");
    }
    slot->push_back(std::move(*word));
  }
}

void Reader::value(const Reading& reading, std::vector<FeedGroup>* slot) {
  const toml::array* entries = list(reading);
  if (entries == nullptr) return;
  slot->clear();
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const std::string path = reading.path + "[" + std::to_string(i) + "]";
    feed_group({*entries->get(i), reading.setting, path}, slot->emplace_back());
  }
}

void Reader::feed_group(const Reading& reading, FeedGroup& group) {
  const toml::table* table = reading.node.as_table();
  if (table == nullptr) return wrong_type(reading, "{ group = \"...\", port = ... }");
  for (auto&& [key, node] : *table) {
    const std::string path = reading.path + "." + std::string{key.str()};
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
      problem(place_of(key.source()), "unknown key '", key.str(), "' in ", reading.path,
              did_you_mean(key.str(), {"group", "port"}));
    }
  }
  for (const char* needed : {"group", "port"}) {
    if (table->contains(needed)) continue;
    problem(place_of(table->source()), reading.path, ".", needed, " is missing");
  }
}

void Reader::value(const Reading& reading, Parameters* slot) {
  const toml::table* table = reading.node.as_table();
  if (table == nullptr) return wrong_type(reading, "a table");
  if (table->size() > reading.setting.range.max) {
    problem(place_of(table->source()), reading.path, " has more than ",
            std::to_string(reading.setting.range.max), " entries");
  }
  for (auto&& [key, node] : *table) {
    Parameter& parameter = (*slot)[std::string{key.str()}];
    if (const auto* truth = node.as_boolean()) {
      parameter = truth->get();
    } else if (const auto* number = node.as_integer()) {
      parameter = number->get();
    } else if (const auto* fraction = node.as_floating_point()) {
      parameter = fraction->get();
    } else if (const auto* word = node.as_string()) {
      parameter = word->get();
    } else {
      wrong_type({node, reading.setting, reading.path + "." + std::string{key.str()}},
                 "a number, a text or a truth value");
    }
  }
}

void Reader::value(const Reading& reading, std::vector<InstrumentLimits>* slot) {
  const toml::array* entries = list(reading);
  if (entries == nullptr) return;
  slot->clear();
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const std::string path = reading.path + "[" + std::to_string(i) + "]";
    const toml::node& entry = *entries->get(i);
    if (const toml::table* table = entry.as_table()) {
      read_instrument(*table, path, slot->emplace_back());
    } else {
      wrong_type({entry, reading.setting, path}, "a table");
    }
  }
}

void Reader::read_instrument(const toml::table& table, const std::string& path,
                             InstrumentLimits& limits) {
  out_.written[path] = place_of(table.source());
  std::vector<std::string_view> known;
  for (const InstrumentSetting& row : instrument_settings()) {
    known.push_back(row.setting.key);
    const Reading reading{table, row.setting, path + "." + std::string{row.setting.key}};
    if (const toml::node* node = table.get(row.setting.key)) {
      out_.written[reading.path] = place_of(node->source());
      std::visit([&](auto* slot) { value({*node, row.setting, reading.path}, slot); },
                 row.slot(limits));
    } else if (row.setting.need == Need::Required) {
      problem(place_of(table.source()), reading.path, " is missing");
    }
  }
  for (auto&& [key, node] : table) {
    if (std::find(known.begin(), known.end(), key.str()) != known.end()) continue;
    problem(place_of(key.source()), "unknown key '", key.str(), "' in [[risk.instrument]]",
            did_you_mean(key.str(), known));
  }
}

std::optional<std::uint64_t> Reader::integer(const Reading& reading) {
  const auto number = reading.node.value_exact<std::int64_t>();
  if (!number) {
    wrong_type(reading, "an integer");
    return {};
  }
  const auto [min, max] = reading.setting.range;
  if (*number < 0 || static_cast<std::uint64_t>(*number) < min ||
      static_cast<std::uint64_t>(*number) > max) {
    problem(place_of(reading.node.source()), reading.path, " is ", std::to_string(*number),
            ", must be ", std::to_string(min), " to ", std::to_string(max));
    return {};
  }
  return static_cast<std::uint64_t>(*number);
}

std::optional<std::string> Reader::text(const Reading& reading) {
  auto word = reading.node.value_exact<std::string>();
  if (!word) {
    wrong_type(reading, "a text");
    return {};
  }
  const Place place = place_of(reading.node.source());
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
  return word;
}

const toml::array* Reader::list(const Reading& reading) {
  const toml::array* entries = reading.node.as_array();
  if (entries == nullptr) {
    wrong_type(reading, "a list");
    return nullptr;
  }
  const auto [min, max] = reading.setting.range;
  if (entries->size() < min || entries->size() > max) {
    problem(place_of(reading.node.source()), reading.path, " has ", std::to_string(entries->size()),
            " entries, must have ", std::to_string(min), " to ", std::to_string(max));
  }
  return entries;
}

bool has_broken_name(std::string_view text) {
  try {
    (void)toml::parse(text);
  } catch (const toml::parse_error&) {
    return false;  // cut off, or told when the whole text was parsed
  } catch (const BrokenName&) {
    return true;
  }
  return false;
}

}  // namespace

CheckedConfig check_config(std::string_view text, const std::string& file_name) {
  CheckedConfig checked;
  if (const auto refused = refused_character(text)) {
    checked.problems.push_back(*refused);
    return checked;
  }
  try {
    const toml::table file = toml::parse(text, file_name);
    Reader{checked}.read(file);
    check_rules(checked, file_name);
  } catch (const toml::parse_error& error) {
    checked.problems.push_back({place_of(error.source()), std::string{error.description()}});
  } catch (const BrokenName&) {
    checked.problems.push_back(
        {{first_line_with(text, has_broken_name), 1}, "a name is broken here"});
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
