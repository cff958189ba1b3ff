// SPDX-License-Identifier: Apache-2.0
// In: nothing. Out: every setting there is: its name, what it may hold, what it means and where it
// lies in Config. Reading, showing and the reference all come from here. Cold code.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "control/config.hpp"

namespace ridley::control {

// Where a setting lies. std::uint8_t is the representation of an enumeration, in the order of
// Setting::choices.
using Slot = std::variant<std::string*, bool*, std::uint16_t*, std::uint32_t*, std::uint64_t*,
                          std::optional<std::uint32_t>*, std::optional<std::uint64_t>*,
                          std::uint8_t*, std::vector<std::string>*, std::vector<FeedGroup>*,
                          Parameters*, std::vector<InstrumentLimits>*>;

enum class Need : std::uint8_t { Optional, Required };

// What a text, or each text of a list, must look like.
enum class Form : std::uint8_t {
  Text,
  Name,       // letters, digits, '-', '_', '.'
  Folder,     // an absolute path
  Host,       // a name or an address
  Endpoint,   // a host, a colon and a port, or nothing
  Multicast,  // an IPv4 group
  Address,    // an IPv4 address, or nothing
  Network,    // an IPv4 address with the length of its network's prefix, or nothing
  Symbol,     // up to eight capital letters, digits and the signs of the symbol directory
  Mpid,       // four capital letters or digits
  Alphanumeric,
  Secret,  // never shown
};

// Of a number; of the length of a text; of the entries of a list.
struct Range {
  std::uint64_t min = 0;
  std::uint64_t max = 0;
};

struct Setting {
  std::string_view table;
  std::string_view key;
  Need need = Need::Optional;
  Range range = {};
  Form form = Form::Text;
  std::vector<std::string_view> choices = {};
  std::string_view example = {};  // TOML, for what has no default
  std::string_view purpose = {};

  [[nodiscard]] std::string path() const;
};

struct ConfigSetting {
  Setting setting;
  Slot (*slot)(Config&);
};

// Of a [[risk.instrument]] table.
struct InstrumentSetting {
  Setting setting;
  Slot (*slot)(InstrumentLimits&);
};

[[nodiscard]] std::span<const ConfigSetting> config_settings();
// Those of [feed] and [recovery], and those of [order] and [drop_copy], in files of their own.
[[nodiscard]] std::span<const ConfigSetting> feed_settings();
[[nodiscard]] std::span<const ConfigSetting> order_settings();
[[nodiscard]] std::span<const InstrumentSetting> instrument_settings();

// In the order of the reference.
[[nodiscard]] std::span<const std::string_view> config_tables();

// "text", "integer", ... for messages and the reference.
[[nodiscard]] std::string_view type_name(const Slot& slot, const Setting& setting);

// An enumeration is read and written through its byte.
template <typename Enumeration>
[[nodiscard]] Slot choice(Enumeration& value) {
  static_assert(sizeof(Enumeration) == 1);
  return reinterpret_cast<std::uint8_t*>(&value);
}

// Empty, or what is wrong with the text: "must be an IPv4 multicast group".
[[nodiscard]] std::string_view form_fault(Form form, std::string_view text);

}  // namespace ridley::control
