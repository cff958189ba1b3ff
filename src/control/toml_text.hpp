// SPDX-License-Identifier: Apache-2.0
// In: a text in TOML. Out: its values as a tree, each with where it stands, or where it breaks.
// Whoever reads settings walks the tree; nobody else sees the parser, which takes long to compile.
// Any core, cold.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "control/config.hpp"

namespace ridley::control {

class TomlNode;

struct TomlTable {
  struct Entry;
  std::vector<Entry> entries;  // by name
  Place place;

  // Null when there is none of that name.
  [[nodiscard]] const TomlNode* get(std::string_view name) const noexcept;
  [[nodiscard]] bool contains(std::string_view name) const noexcept { return get(name) != nullptr; }
};

struct TomlArray;

// Dates and times have no place in any setting.
struct TomlTime {};

class TomlNode {
 public:
  // What is made of nodes stands elsewhere, and nobody changes it.
  using Value = std::variant<TomlTime, std::string, std::int64_t, double, bool,
                             std::shared_ptr<const TomlArray>, std::shared_ptr<const TomlTable>>;

  TomlNode(Value value, Place place) : value_{std::move(value)}, place_{place} {}

  [[nodiscard]] Place place() const noexcept { return place_; }
  // Of exactly that type: an integer is no number with a fraction.
  template <typename Type>
  [[nodiscard]] const Type* as() const noexcept {
    if constexpr (std::is_same_v<Type, TomlArray> || std::is_same_v<Type, TomlTable>) {
      const auto* shared = std::get_if<std::shared_ptr<const Type>>(&value_);
      return shared != nullptr ? shared->get() : nullptr;
    } else {
      return std::get_if<Type>(&value_);
    }
  }
  // "a text", "a table" ... for messages.
  [[nodiscard]] std::string_view kind() const noexcept;

 private:
  Value value_;
  Place place_;
};

struct TomlTable::Entry {
  std::string name;
  Place place;  // of the name
  TomlNode node;
};

struct TomlArray {
  std::vector<TomlNode> entries;
};

// The whole file, or the one problem for which it has none.
struct TomlFile {
  TomlTable table;
  std::optional<Problem> problem;
};

// Never throws for what stands in the text.
[[nodiscard]] TomlFile parse_toml(std::string_view text, const std::string& file_name);

}  // namespace ridley::control
