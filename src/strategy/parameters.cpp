// SPDX-License-Identifier: Apache-2.0
#include "strategy/parameters.hpp"

#include <algorithm>
#include <numeric>
#include <sstream>

#include "base/error.hpp"

namespace ridley::strategy {
namespace {

template <typename... Parts>
base::Error wrong(const Parts&... parts) {
  return base::Error::with_exit(EX_CONFIG, "strategy.parameters: ", parts...);
}

const char* kind_name(std::uint32_t kind) {
  switch (kind) {
    case RIDLEY_PARAMETER_FLAG: return "true or false";
    case RIDLEY_PARAMETER_INTEGER: return "a whole number";
    case RIDLEY_PARAMETER_NUMBER: return "a number";
    case RIDLEY_PARAMETER_TEXT: return "a text";
  }
  return "of a kind unknown here";
}

// Letters inserted, dropped or changed.
std::size_t distance(std::string_view from, std::string_view to) {
  std::vector<std::size_t> row(to.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < from.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i + 1;
    for (std::size_t j = 0; j < to.size(); ++j) {
      const std::size_t change = diagonal + (from[i] == to[j] ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({row[j] + 1, diagonal + 1, change});
    }
  }
  return row.back();
}

base::Error unknown(std::span<const ridley_parameter> declared, std::string_view key) {
  if (declared.empty()) return wrong("'", key, "': this strategy has no parameters");
  const auto nearest = std::ranges::min_element(
      declared, {}, [&](const ridley_parameter& one) { return distance(key, one.name); });
  return wrong("there is no '", key, "'; the nearest is '", nearest->name, "'");
}

template <typename Number>
void require_range(const ridley_parameter& declared, Number value, Number min, Number max) {
  if (value >= min && value <= max) return;
  throw wrong(declared.name, " = ", value, " is outside ", min, " to ", max);
}

}  // namespace

ParameterValues::ParameterValues(std::span<const ridley_parameter> declared,
                                 const Parameters& given) {
  for (const auto& [key, ignored] : given) {
    const std::string_view name = key;
    const auto same = [name](const ridley_parameter& one) { return name == one.name; };
    if (std::ranges::none_of(declared, same)) throw unknown(declared, name);
  }
  for (const ridley_parameter& one : declared) {
    const auto found = given.find(one.name);
    values_.push_back(found == given.end() ? one.standard : checked(one, found->second));
  }
}

ridley_value ParameterValues::checked(const ridley_parameter& declared, const Parameter& given) {
  ridley_value value{};
  const auto* flag = std::get_if<bool>(&given);
  const auto* integer = std::get_if<std::int64_t>(&given);
  const auto* number = std::get_if<double>(&given);
  const auto* text = std::get_if<std::string>(&given);
  if (declared.kind == RIDLEY_PARAMETER_FLAG && flag != nullptr) {
    value.integer = *flag ? 1 : 0;
  } else if (declared.kind == RIDLEY_PARAMETER_INTEGER && integer != nullptr) {
    require_range(declared, *integer, declared.min.integer, declared.max.integer);
    value.integer = *integer;
  } else if (declared.kind == RIDLEY_PARAMETER_NUMBER &&
             (number != nullptr || integer != nullptr)) {
    value.number = number != nullptr ? *number : static_cast<double>(*integer);
    require_range(declared, value.number, declared.min.number, declared.max.number);
  } else if (declared.kind == RIDLEY_PARAMETER_TEXT && text != nullptr) {
    const auto length = static_cast<std::int64_t>(text->size());
    if (length < declared.min.integer || length > declared.max.integer) {
      throw wrong(declared.name, " has ", length, " letters, not ", declared.min.integer, " to ",
                  declared.max.integer);
    }
    value.text = texts_.emplace_back(*text).c_str();
  } else {
    throw wrong(declared.name, " must be ", kind_name(declared.kind));
  }
  return value;
}

std::string describe(std::span<const ridley_parameter> declared) {
  std::ostringstream text;
  for (const ridley_parameter& one : declared) {
    text << one.name << ": " << kind_name(one.kind);
    switch (one.kind) {
      case RIDLEY_PARAMETER_FLAG:
        text << ", standard " << (one.standard.integer != 0 ? "true" : "false");
        break;
      case RIDLEY_PARAMETER_INTEGER:
        text << " from " << one.min.integer << " to " << one.max.integer << ", standard "
             << one.standard.integer;
        break;
      case RIDLEY_PARAMETER_NUMBER:
        text << " from " << one.min.number << " to " << one.max.number << ", standard "
             << one.standard.number;
        break;
      default: text << ", standard '" << one.standard.text << "'";
    }
    text << ". " << one.doc << '\n';
  }
  return text.str();
}

}  // namespace ridley::strategy
