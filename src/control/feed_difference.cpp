// SPDX-License-Identifier: Apache-2.0
#include "control/feed_difference.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <cstring>
#include <vector>

#include "control/field_writer.hpp"

namespace ridley::control {
namespace {

using event::MarketEvent;

struct Field {
  std::string_view name;
  std::string value;
};

std::vector<Field> fields_of(const MarketEvent& event) {
  std::vector<Field> fields;
  for_each_field(event, [&](std::string_view name, const auto& value) {
    fmt::memory_buffer text;
    FieldWriter{text, false}(name, value);
    const std::string written = fmt::to_string(text);  // " name=value"
    fields.push_back({name, written.substr(written.find('=') + 1)});
  });
  return fields;
}

std::string both(std::string_view what, std::string_view software, std::string_view card) {
  return fmt::format("{} is {} in the software, {} on the card", what,
                     software.empty() ? "nothing" : software, card.empty() ? "nothing" : card);
}

// A byte that belongs to no field of this kind.
std::string byte_difference(const MarketEvent& software, const MarketEvent& card) {
  const auto* ours = reinterpret_cast<const std::byte*>(&software);
  const auto* theirs = reinterpret_cast<const std::byte*>(&card);
  std::size_t at = 0;
  while (at + 1 < sizeof software && ours[at] == theirs[at]) ++at;
  return both(fmt::format("byte {}", at), fmt::format("0x{:02x}", static_cast<unsigned>(ours[at])),
              fmt::format("0x{:02x}", static_cast<unsigned>(theirs[at])));
}

// The kind comes first: up to it and in the rest of one kind the fields are the same ones.
std::string first_field(const MarketEvent& software, const MarketEvent& card) {
  const std::vector<Field> ours = fields_of(software);
  const std::vector<Field> theirs = fields_of(card);
  for (std::size_t i = 0; i < ours.size() && i < theirs.size(); ++i)
    if (ours[i].value != theirs[i].value) return both(ours[i].name, ours[i].value, theirs[i].value);
  return byte_difference(software, card);
}

}  // namespace

std::string difference_text(const engine::Difference& difference, std::string_view instrument) {
  const MarketEvent& software = difference[static_cast<std::size_t>(engine::Source::Software)];
  const MarketEvent& card = difference[static_cast<std::size_t>(engine::Source::Card)];
  return fmt::format("message {}, {} of {}: {}", software.sequence, name_of(software.kind),
                     instrument, first_field(software, card));
}

}  // namespace ridley::control
